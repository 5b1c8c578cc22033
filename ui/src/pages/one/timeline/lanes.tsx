import { useRef, useState, type PointerEvent } from "react";
import { useElementSize } from "@mantine/hooks";
import { day, exact } from "@/words/time";

export interface Mark { lane: string; at: number; end?: number; id: string; text: string; odd: boolean }

const LANES = ["versions", "landings", "chart", "findings"];
const LANE = 26;
const LEFT = 76;
const DAY = 86_400_000;

/** About eight round dates between two moments. */
export function ticks(from: number, until: number): number[] {
  const steps = [1, 2, 7, 14, 30.4375, 61, 91.3125, 182.6, 365.25].map((n) => n * DAY);
  const step = steps.find((one) => (until - from) / one <= 8) ?? 365.25 * DAY;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((until - first) / step) + 1) }, (_, i) => first + i * step);
}

interface Props { marks: Mark[]; from: number; until: number; zoomed: boolean; zoom: (from: number, until: number) => void; reset: () => void; pick: (mark: Mark) => void }

export function Lanes({ marks, from, until, zoomed, zoom, reset, pick }: Props) {
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
        {ticks(from, until).map((tick) => <g key={tick}><line x1={x(tick)} x2={x(tick)} y1={0} y2={lanes.length * LANE} className="lane-tick" /><text x={x(tick)} y={height - 8} textAnchor="middle" className="lane-date">{day(tick).slice(2)}</text></g>)}
        {lanes.map((lane, i) => (
          <g key={lane} transform={`translate(0 ${String(i * LANE)})`}>
            <text x={0} y={17} className="lane-name">{lane}</text><line x1={LEFT} x2={LEFT + wide} y1={LANE} y2={LANE} className="lane-line" />
            {marks.filter((mark) => mark.lane === lane && (mark.end ?? mark.at) >= from && mark.at <= until).map((mark) => (
              // The same landings stand in the table below, which the keyboard reaches.
               
              <g key={mark.id} className={mark.odd ? "mark odd" : "mark"} onClick={() => { pick(mark); }}>
                <title>{`${exact(new Date(mark.at).toISOString())}\n${mark.text}`}</title>
                {mark.end === undefined ? <rect x={x(mark.at) - 1.5} y={6} width={3} height={15} /> : <rect x={x(Math.max(from, mark.at))} y={10} width={Math.max(3, x(Math.min(until, mark.end)) - x(Math.max(from, mark.at)))} height={7} opacity={0.35} />}
              </g>
            ))}
          </g>
        ))}
        {brush && <rect x={Math.min(...brush)} width={Math.abs(brush[1] - brush[0])} y={0} height={lanes.length * LANE} className="brush" />}
      </svg>
    </div></figure>
  );
}
