// Rollouts as lines: share of the commons over days, each with who is still missing, by name.
import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import type { RolloutRow } from "@/api/types";
import { useScope } from "@/app/scope";
import { Drawer } from "@/parts/drawer";
import { A, Here } from "@/parts/link";
import { ListPage } from "@/parts/list-page";
import { Answer } from "@/parts/states";
import type { Column } from "@/parts/table/columns";
import { AddSourceButton, useNoFleet } from "@/parts/no-fleet";
import { When } from "@/parts/when";
import { facetsOf } from "@/url/filter";
import { day, exact, span } from "@/words/time";
import { many } from "@/words/say";
import { Courses } from "./courses";
import { rolloutName } from "./rollout-name";
import "./releases.css";

const length = (row: RolloutRow): number => Date.parse(row.last_at) - Date.parse(row.first_at);
const took = (row: RolloutRow): string => span(length(row));
const doneOf = (row: RolloutRow): string => (row.done ? "yes" : "no");

const columns: Column<RolloutRow>[] = [
  { id: "what", head: "Rollout", width: 210, phone: true, cell: (row) => <span className="strong">{rolloutName(row)}</span> },
  { id: "share", head: "Reached", width: 150, sort: "reached", phone: true, cell: (row) => <span className="row"><span className="share" aria-hidden><i style={{ width: `${String((row.commons / Math.max(1, row.of)) * 100)}%` }} /></span>{row.commons} of {row.of}</span> },
  { id: "first", head: "First", width: 98, sort: "first", cell: (row) => <time dateTime={row.first_at} title={exact(row.first_at)}>{day(row.first_at)}</time> },
  { id: "half", wide: true, head: "Half", width: 92, cell: (row) => (row.half_at ? day(row.half_at) : <span className="faint">not yet</span>) },
  { id: "last", head: "Last", width: 98, sort: "last", cell: (row) => <time dateTime={row.last_at} title={exact(row.last_at)}>{day(row.last_at)}</time> },
  { id: "took", wide: true, head: "Took", width: 72, sort: "took", align: "end", cell: took },
  { id: "missing", head: "Missing", sort: "missing", cell: (row) => row.missing.length === 0 ? <span className="dim">nobody</span> : <span title={row.missing.map((one) => one.name).join("\n")}><Here open={row.id} className="plain strong">{row.missing.length}</Here> <span className="dim">{row.missing.slice(0, 4).map((one) => one.name).join(", ")}{row.missing.length > 4 && " …"}</span></span> },
  { id: "landings", wide: true, head: "Landings", width: 80, align: "end", cell: (row) => <Here open={row.id} className="plain">{row.landings}</Here> },
  { id: "people", optional: true, head: "By", width: 150, cell: (row) => <span className="dim">{row.people.join(", ")}</span> },
];

export function RolloutsPage() {
  const scope = useScope();
  const nothingRead = useNoFleet();
  return (
    <ListPage<RolloutRow>
      title="Rollouts" noun="rollout" ask={ask.rollouts({ organization: scope.organization, limit: 500 })} rowKey={(row) => row.id} rowName={rolloutName} columns={columns}
      panel={(id) => <OneRollout key={id} id={id} />}
      filters={{ service: "fence, guppy …", tag: "2026.*", kind: "release, service", done: "yes, no", missing: "hostname it has not reached, *", by: "who" }}
      facets={(rows) => facetsOf(rows, { kind: (row) => row.kind, service: (row) => row.service, tag: (row) => row.tag, done: (row) => doneOf(row), missing: (row) => row.missing.map((one) => one.name), by: (row) => row.people })}
      facetMenus={[["kind", "kind"], ["service", "service"], ["missing", "missing"]]}
      here={{
        values: (row, name) => ({ kind: [row.kind], service: [row.service], tag: [row.tag], done: [doneOf(row)], missing: row.missing.map((one) => one.name), by: row.people }[name] ?? []), words: rolloutName,
        sorts: {
          reached: (a, b) => a.commons / Math.max(1, a.of) - b.commons / Math.max(1, b.of), first: (a, b) => a.first_at.localeCompare(b.first_at), last: (a, b) => a.last_at.localeCompare(b.last_at),
          took: (a, b) => length(a) - length(b), missing: (a, b) => a.missing.length - b.missing.length,
        },
      }}
      above={(rows) => <Courses rollouts={rows.slice(0, 8)} />}
      groups={{ kind: (row) => row.kind, service: (row) => row.service ?? "whole releases" }}
      tools={<A href="/releases">Matrix</A>}
      none={{ title: "No rollout yet", why: "When one tag reaches several commons within some weeks, the landings are drawn together here as one rollout.", ...(nothingRead ? { action: <AddSourceButton /> } : {}) }}
    />
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
