// The time machine: pick a moment or a landing, and every page shows the fleet as it was then.
import { Button, Popover } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "@/api/queries";
import { useView } from "@/url/view";
import { commit } from "@/words/say";
import { day, exact } from "@/words/time";

const moment = (at: string): string => (/^\d{4}-\d\d-\d\d/.test(at) ? (at.length > 10 ? exact(at) : at) : `commit ${commit(at)}`);

interface Then { past: boolean; words: string }

/** What each page can show of another time. The present is never passed off as the past. */
export function shownThen(path: string): Then {
  const [, section, id, tab] = path.split("/");
  if (section === "commons" && id) {
    if (tab === "timeline") return { past: false, words: "The timeline has every landing; choose a stretch of it below." };
    if (tab === "findings") return { past: false, words: "Findings are of the files as they are now." };
    return { past: true, words: "The files as they were then; findings and changes beside them are today’s." };
  }
  if (section === "commons" || (section === "releases" && !id)) return { past: true, words: "The files as they were then; counts of findings are today’s." };
  if (section === "compare") return { past: true, words: "A side without a date of its own is shown as it was then." };
  const PRESENT: Record<string, string> = {
    "": "Commons and Releases can show the files as they were then.", clusters: "Clusters are known as they are now; Commons and Releases can show the files as they were then.",
    releases: "Rollouts are counted over the whole time.", changes: "Every landing is listed, also later ones.", findings: "Findings are of the files as they are now.", audit: "The audit is never shown as of another time.",
  };
  return { past: false, words: PRESENT[section ?? ""] ?? "It does not depend on the time chosen." };
}

export function Banner() {
  const view = useView();
  const at = view.get("at");
  if (!at) return null;
  const then = shownThen(view.path);
  return (
    <div className={then.past ? "note as-of" : "note as-of present"} role="status">
      <span>{then.past ? <>As of <b>{moment(at)}</b>. </> : <><b>This page shows the present</b>, not {moment(at)}. </>}{then.words}</span>
      <Button size="compact-xs" variant="default" onClick={() => { view.set({ at: undefined }); }}>Back to now</Button>
    </div>
  );
}

export function AtPicker() {
  const view = useView();
  const at = view.get("at");
  const [open, setOpen] = useState(false);
  const choose = (value: string | undefined) => {
    view.set({ at: value }, true);
    setOpen(false);
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="md" trapFocus transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <button type="button" className={at ? "menu-button on" : "menu-button"} title="Time machine: see the fleet as it was" onClick={() => { setOpen(!open); }}><span className="hidden-text">Time machine: </span>as of {at ? (at.length > 10 ? commit(at) : at) : "now"}<span aria-hidden> ▾</span></button>
      </Popover.Target>
      <Popover.Dropdown className="at-picker" aria-label="Time machine">{open && <Choices choose={choose} at={at} />}</Popover.Dropdown>
    </Popover>
  );
}

function Choices({ choose, at }: { choose: (at: string | undefined) => void; at: string | undefined }) {
  const landings = useInfiniteQuery(ask.changes({ limit: 30 }));
  const today = day(Date.now());
  return (
    <div className="stack">
      <label className="stack tight"><span className="dim">The end of this day (UTC)</span>
        <input type="date" max={today} defaultValue={at?.slice(0, 10) ?? ""} onChange={(event) => { if (/^20\d\d-/.test(event.target.value)) choose(event.target.value); }} />
      </label>
      <span className="dim">or right after a landing</span>
      <ul className="landings">
        {landings.data?.pages[0]?.items.map((change) => (
          <li key={change.id}><button type="button" className="bare" onClick={() => { choose(change.commit); }}>
            <span className="dim nowrap">{day(change.time)}</span><span className="cut">{change.summary || change.title}</span>
          </button></li>
        ))}
      </ul>
      {at && <Button variant="default" onClick={() => { choose(undefined); }}>Back to now</Button>}
    </div>
  );
}
