import { useRef, useState, type PointerEvent } from "react";
import { useElementSize } from "@mantine/hooks";
import { day, exact } from "@/words/time";

export interface Mark {
  lane: string;
  at: number;
  end?: number;
  id: string;
  text: string;
  odd: boolean;
  /** When a thing that lasts reached this commons. */
  here?: number | undefined;
  /** The landing it belongs to, lit together with it. */
  landing?: string | undefined;
}

const LANES = ["rollouts", "versions", "landings", "chart", "findings"];
const LANE = 26;
const LEFT = 76;
const DAY = 86_400_000;

/** At most `most` round dates between two moments: days and weeks, then the first of months. */
export function ticks(from: number, until: number, most = 8): number[] {
  const days = [1, 2, 7, 14].find((n) => (until - from) / (n * DAY) <= most);
  if (days) {
    const step = days * DAY;
    const first = Math.ceil(from / step) * step;
    return Array.from({ length: Math.max(0, Math.floor((until - first) / step) + 1) }, (_, i) => first + i * step);
  }
  const months = [1, 2, 3, 6, 12, 24, 60].find((n) => (until - from) / (n * 30.4 * DAY) <= most) ?? 120;
  const found: number[] = [];
  const begin = new Date(from);
  // Months are counted from January, so that a step of three gives the quarters.
  let month = Math.ceil((begin.getUTCMonth() + 1) / months) * months;
  for (let at = Date.UTC(begin.getUTCFullYear(), month, 1); at <= until; at = Date.UTC(begin.getUTCFullYear(), month, 1)) {
    found.push(at);
    month += months;
  }
  return found;
}

interface Props { marks: Mark[]; from: number; until: number; zoomed: boolean; zoom: (from: number, until: number) => void; reset: () => void; pick: (mark: Mark) => void; lit: string | undefined; light: (landing: string | undefined) => void }

export function Lanes({ marks, from, until, zoomed, zoom, reset, pick, lit, light }: Props) {
  const { ref, width } = useElementSize();
  const drag = useRef<number>(undefined);
  const [brush, setBrush] = useState<[number, number]>();
  const lanes = LANES.filter((lane) => marks.some((mark) => mark.lane === lane));
  const wide = Math.max(200, (width || 900) - LEFT - 24);
  const x = (time: number) => LEFT + ((time - from) / Math.max(1, until - from)) * wide;
  const height = lanes.length * LANE + 24;
  const place = (event: PointerEvent<SVGSVGElement>) => Math.max(LEFT, Math.min(LEFT + wide, event.clientX - event.currentTarget.getBoundingClientRect().left));
  const time = (px: number) => from + ((px - LEFT) / wide) * (until - from);
  const end = () => {
    if (brush && Math.abs(brush[1] - brush[0]) > 6) zoom(time(Math.min(...brush)), time(Math.max(...brush)));
    drag.current = undefined;
    setBrush(undefined);
  };
  return (
    <figure className="lanes"><div ref={ref}>
      <figcaption className="lanes-head"><span className="dim">{day(from)} to {day(until)}</span><span className="dim tiny wide-only">drag to look closer; the list below follows</span>{zoomed && <button type="button" className="bare link" onClick={reset}>Whole time</button>}</figcaption>
      <svg height={height} width="100%" role="group" aria-label="Timeline" onPointerDown={(event) => { drag.current = place(event); }} onPointerMove={(event) => { if (drag.current !== undefined) setBrush([drag.current, place(event)]); }} onPointerUp={end} onPointerLeave={end}>
        {ticks(from, until, Math.min(8, Math.floor(wide / 90))).map((tick) => <g key={tick}><line x1={x(tick)} x2={x(tick)} y1={0} y2={lanes.length * LANE} className="lane-tick" /><text x={x(tick)} y={height - 8} textAnchor="middle" className="lane-date">{day(tick).slice(2)}</text></g>)}
        {lanes.map((lane, i) => (
          <g key={lane} transform={`translate(0 ${String(i * LANE)})`}>
            <text x={0} y={17} className="lane-name">{lane}</text><line x1={LEFT} x2={LEFT + wide} y1={LANE} y2={LANE} className="lane-line" />
            {marks.filter((mark) => mark.lane === lane && (mark.end ?? mark.at) >= from && mark.at <= until).map((mark) => (
              // The same landings stand in the table below, which the keyboard reaches.
               
              <g key={mark.id} className={["mark", mark.odd && "odd", lit !== undefined && mark.landing === lit && "lit"].filter(Boolean).join(" ")} onClick={() => { pick(mark); }}
                onPointerEnter={() => { light(mark.landing); }} onPointerLeave={() => { light(undefined); }}>
                <title>{`${exact(new Date(mark.at).toISOString())}\n${mark.text}`}</title>
                {mark.end === undefined ? <rect x={x(mark.at) - 1.5} y={6} width={3} height={15} /> : <Bar left={x(Math.max(from, mark.at))} right={x(Math.min(until, mark.end))} at={mark.here !== undefined && mark.here >= from && mark.here <= until ? x(mark.here) : undefined} />}
              </g>
            ))}
          </g>
        ))}
        {brush && <rect x={Math.min(...brush)} width={Math.abs(brush[1] - brush[0])} y={0} height={lanes.length * LANE} className="brush" />}
      </svg>
    </div></figure>
  );
}

/** Something that lasts, with the moment in it that was this commons' own. */
function Bar({ left, right, at }: { left: number; right: number; at: number | undefined }) {
  return <><rect x={left} y={10} width={Math.max(3, right - left)} height={7} opacity={0.35} />{at !== undefined && <rect x={at - 1.5} y={6} width={3} height={15} />}</>;
}
