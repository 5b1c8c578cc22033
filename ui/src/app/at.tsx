// The time machine: pick a moment or a landing, and every page shows the fleet as it was then.
import { Button, Popover } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "@/api/queries";
import { useView } from "@/url/view";
import { commit } from "@/words/say";
import { day, exact } from "@/words/time";

const moment = (at: string): string => (/^\d{4}-\d\d-\d\d/.test(at) ? (at.length > 10 ? exact(at) : at) : `commit ${commit(at)}`);

export function Banner() {
  const view = useView();
  const at = view.get("at");
  if (!at) return null;
  const present = ["/", "/findings", "/clusters", "/audit"].includes(view.path) || view.path.startsWith("/settings");
  return (
    <div className="note as-of" role="status">
      <span>As of <b>{moment(at)}</b>. {present ? "This page always shows the present; commons, config and the matrix show the files as they were then." : "This page shows the files as they were then; findings are today’s."}</span>
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
        <button type="button" className={at ? "menu-button on" : "menu-button"} title="Time machine: see the fleet as it was" onClick={() => { setOpen(!open); }}><span className="hidden-text">Time machine: </span>{at ? `as of ${at.length > 10 ? commit(at) : at}` : "now"}<span aria-hidden> ▾</span></button>
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
