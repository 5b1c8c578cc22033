import type { ChangeRow, Now } from "@/api/types";
import { A } from "@/parts/link";
import { clock, day, exact } from "@/words/time";
import { many } from "@/words/say";

/** What landed lately, on one axis and as lines below. */
export function Day({ now }: { now: Now }) {
  const end = Date.parse(now.as_of);
  const last = now.changes[0] ? Date.parse(now.changes[0].time) : end;
  const length = now.changes_hours * 3_600_000;
  // A quiet fleet shows the time up to its last landing, and says so.
  const quiet = last < end - length;
  const until = quiet ? last : end;
  const from = until - length;
  const long = now.changes_hours > 24;
  const spell = long ? many(Math.round(now.changes_hours / 24), "day") : many(now.changes_hours, "hour");
  return (
    <section className="day" aria-labelledby="day">
      <header className="now-title"><h2 id="day">{quiet ? `${spell} up to the last landing` : `Last ${spell}`} <A href={`/changes?since=${new Date(from).toISOString()}${quiet ? `&until=${new Date(until + 1000).toISOString()}` : ""}`} className="dim">{now.changes_total}</A></h2>{quiet && <span className="dim tiny">quiet since {day(last)}</span>}</header>
      <div className="axis" aria-hidden>
        {now.changes.map((change) => <i key={change.id} className={change.undone_by ? "undone" : ""} title={change.summary} style={{ left: `${String(Math.max(0, Math.min(100, ((Date.parse(change.time) - from) / (until - from)) * 100)))}%` }} />)}
        <span>{long ? day(from) : clock(new Date(from).toISOString())}</span><span>{long ? day(until) : clock(new Date(until).toISOString())}</span>
      </div>
      {now.changes.length === 0 && <p className="dim">Nothing landed.</p>}
      <ul>{now.changes.slice(0, 12).map((change) => <Line key={change.id} change={change} long={long} />)}</ul>
    </section>
  );
}

function Line({ change, long }: { change: ChangeRow; long: boolean }) {
  const where = change.commons.length === 1 ? change.commons[0]?.name : change.commons.length ? many(change.commons.length, "commons") : change.clusters.map((one) => one.name).join(", ");
  return (
    <li className="day-line">
      <time className="dim" dateTime={change.time} title={exact(change.time)}>{long ? day(change.time).slice(5) : clock(change.time)}</time>
      <A href={`/changes?open=${change.id}`} className="plain cut grow" title={`${change.title}\n${change.summary}`}>{change.summary || change.title}</A>
      <span className="dim cut day-where" title={[...change.commons, ...change.clusters].map((one) => one.name).join("\n")}>{where}</span>
    </li>
  );
}
