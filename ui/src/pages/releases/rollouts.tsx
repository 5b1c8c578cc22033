// Rollouts as lines: share of the commons over days, each with who is still missing, by name.
import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import type { RolloutRow } from "@/api/types";
import { useScope } from "@/app/scope";
import { useTitle } from "@/app/title";
import { Drawer } from "@/parts/drawer";
import { A } from "@/parts/link";
import { useRows } from "@/parts/list-page";
import { Answer, Empty, Skeleton } from "@/parts/states";
import { Table } from "@/parts/table/table";
import type { Column } from "@/parts/table/columns";
import { When } from "@/parts/when";
import { useView } from "@/url/view";
import { day, span } from "@/words/time";
import { many } from "@/words/say";
import { Courses } from "./courses";
import "./releases.css";

export const rolloutName = (row: RolloutRow): string => (row.kind === "release" ? `release ${row.tag}` : `${row.service ?? ""} ${row.tag}`);
const took = (row: RolloutRow): string => span(Date.parse(row.last_at) - Date.parse(row.first_at));

const columns: Column<RolloutRow>[] = [
  { id: "what", head: "Rollout", width: 210, phone: true, cell: (row) => <span className="strong">{rolloutName(row)}</span> },
  { id: "share", head: "Reached", width: 150, phone: true, cell: (row) => <span className="row"><span className="share" aria-hidden><i style={{ width: `${String((row.commons / Math.max(1, row.of)) * 100)}%` }} /></span>{row.commons} of {row.of}</span> },
  { id: "first", head: "First", width: 92, cell: (row) => day(row.first_at) },
  { id: "half", wide: true, head: "Half", width: 92, cell: (row) => (row.half_at ? day(row.half_at) : <span className="faint">not yet</span>) },
  { id: "last", head: "Last", width: 92, cell: (row) => day(row.last_at) },
  { id: "took", wide: true, head: "Took", width: 64, cell: took },
  { id: "missing", head: "Missing", cell: (row) => row.missing.length === 0 ? <span className="dim">nobody</span> : <><b>{row.missing.length}</b> <span className="dim">{row.missing.slice(0, 4).map((one) => one.name).join(", ")}{row.missing.length > 4 && " …"}</span></> },
  { id: "landings", wide: true, head: "Landings", width: 72, align: "end", cell: (row) => row.landings },
  { id: "people", wide: true, head: "By", width: 150, cell: (row) => <span className="dim">{row.people.join(", ")}</span> },
];

export function RolloutsPage() {
  useTitle("Rollouts");
  const scope = useScope();
  const view = useView();
  const { asked, rows, total, more } = useRows(ask.rollouts(scope.view({ limit: 100 })));
  const open = view.get("open");
  return (
    <div className="page">
      <div className="page-head"><h1>Rollouts</h1><span className="count" role="status">{total}</span><span className="grow" /><A href="/releases">Matrix</A></div>
      <div className="page-body">
        <div className="page grow">
          <Answer asked={asked} skeleton={<Skeleton lines={16} />}>
            {() => rows.length === 0
              ? <Empty title="No rollout yet">When one tag reaches several commons within some weeks, the landings are drawn together here as one rollout.</Empty>
              : <><Courses rollouts={rows.slice(0, 8)} /><Table label="Rollouts" rows={rows} rowKey={(row) => row.id} rowName={rolloutName} columns={columns} panel more={more} /></>}
          </Answer>
        </div>
        {open && <OneRollout key={open} id={open} />}
      </div>
    </div>
  );
}

function OneRollout({ id }: { id: string }) {
  const asked = useQuery(ask.rollout(id));
  return (
    <Drawer label="Rollout" title={asked.data ? rolloutName(asked.data.rollout) : "Rollout"}>
      <Answer asked={asked}>
        {({ rollout, steps }) => (
          <>
            <section className="section"><p className="sentence">It reached {rollout.commons} of {rollout.of} commons in {took(rollout)}, with {many(rollout.landings, "landing")} by {rollout.people.join(", ")}.</p></section>
            <section className="section"><header><h2>Missing</h2><span className="dim">{rollout.missing.length}</span></header>
              {rollout.missing.length === 0 ? <p className="dim">Every commons that could take it has it.</p> : <ul className="names">{rollout.missing.map((one) => <li key={one.id}><A href={`/commons/${one.id}`} className="plain mono">{one.name}</A> <span className="dim">{one.tier}</span></li>)}</ul>}
            </section>
            <section className="section"><header><h2>Steps</h2><span className="dim">{steps.length}</span></header>
              <ol>{steps.map((step) => (
                <li key={step.commons.id + step.commit} className="line"><span className="dim line-when"><When time={step.at} /></span><A href={`/commons/${step.commons.id}`} className="plain mono cut grow">{step.commons.name}</A>
                  <span className="dim mono nowrap">{step.before ? `from ${step.before}` : "new"}</span><A href={`/changes?open=${step.change}`} className="nowrap">{step.pull_request ? `#${String(step.pull_request)}` : step.commit.slice(0, 7)}</A></li>
              ))}</ol>
            </section>
          </>
        )}
      </Answer>
    </Drawer>
  );
}
