// One axis, a lane each for rollouts, landings and findings, a brush to look closer, and the list below that follows.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { ask } from "@/api/queries";
import type { CommonsDetail } from "@/api/types";
import { useMay } from "@/app/me";
import { useRows } from "@/parts/list-page";
import { Answer, Empty, Skeleton } from "@/parts/states";
import { Table } from "@/parts/table/table";
import { useView } from "@/url/view";
import { day } from "@/words/time";
import { ChangeDrawer } from "../../changes/drawer";
import { changeColumns } from "../../changes/list";
import { Lanes, type Mark } from "./lanes";
import { useRolloutMarks } from "./rollouts";
import { ofCommons } from "@/url/filter";
import "./timeline.css";

const columns = changeColumns.filter((column) => column.id !== "where");
const DAY = 86_400_000;

export function Timeline({ detail }: { detail: CommonsDetail }) {
  const view = useView();
  const may = useMay();
  const id = detail.commons.id;
  const since = view.get("since");
  const until = view.get("until");
  const all = useInfiniteQuery(ask.changes({ commons: id, limit: 500 }));
  const list = useRows(ask.changes({ commons: id, since, until }));
  const findings = useInfiniteQuery({ ...ask.findings({ filter: `${ofCommons(detail.commons.name)} state:open state:waived state:resolved`, limit: 500 }), enabled: may("finding:read", detail.commons.organization) });
  const changes = useMemo(() => all.data?.pages.flatMap((page) => page.items) ?? [], [all.data]);
  const rollouts = useRolloutMarks(detail, changes);
  const [lit, setLit] = useState<string>();
  const marks = useMemo(() => {
    const landings: Mark[] = changes.map((change) => ({
      landing: change.id,
      lane: change.class === "version_bump" ? "versions" : change.chart ? "chart" : "landings", at: Date.parse(change.time), id: change.id, text: change.summary || change.title, odd: Boolean(change.undone_by),
    }));
    const found: Mark[] = (findings.data?.pages.flatMap((page) => page.items) ?? []).map((finding) => ({
      lane: "findings", at: Date.parse(finding.since?.at ?? finding.first_seen_at), end: finding.resolved_at ? Date.parse(finding.resolved_at) : Date.now(), id: finding.id, text: `${finding.severity}: ${finding.message}`, odd: finding.state === "open",
    }));
    return [...rollouts, ...landings, ...found];
  }, [changes, rollouts, findings.data]);
  const first = Math.min(Date.now() - 30 * DAY, ...changes.map((change) => Date.parse(change.time)));
  const open = view.get("open");
  return (
    <>
      <Lanes marks={marks} from={since ? Date.parse(since) : first} until={until ? Date.parse(until) : Date.now()}
        zoom={(a, b) => { view.set({ since: new Date(a).toISOString(), until: new Date(b).toISOString() }, true); }} zoomed={Boolean(since ?? until)} reset={() => { view.set({ since: undefined, until: undefined }); }}
        lit={lit} light={setLit}
        pick={(mark) => { if (mark.lane === "rollouts") view.go(`/releases/rollouts?open=${mark.id}`); else if (mark.lane === "findings") view.go(`/commons/${id}/findings?filter=state:open%20state:waived%20state:resolved&open=${mark.id}`); else view.set({ open: mark.id }); }} />
      <div className="page-body">
        <div className="page grow">
          <Answer asked={list.asked} skeleton={<Skeleton lines={12} />}>
            {() => list.rows.length === 0
              ? <Empty title={since ? `Nothing landed between ${day(since)} and ${day(until ?? Date.now())}` : "Nothing has landed here yet"}>Landings that change an effective value of this commons stand here, newest first.</Empty>
              : <Table label="Changes of this commons" rows={list.rows} rowKey={(row) => row.id} rowName={(row) => row.summary || row.title} columns={columns} panel copy={(row) => row.commit} more={list.more} lit={lit} onLit={setLit} />}
          </Answer>
        </div>
        {open && <ChangeDrawer key={open} id={open} />}
      </div>
    </>
  );
}
