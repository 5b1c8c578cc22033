import { Button } from "@mantine/core";
import { ask } from "@/api/queries";
import type { CommonsRow } from "@/api/types";
import { useScope } from "@/app/scope";
import { TIERS } from "@/words/tiers";
import { Copy } from "@/parts/copy";
import { A } from "@/parts/link";
import { ListPage } from "@/parts/list-page";
import { Severities, shownState, StateMark } from "@/parts/state";
import { STATE_WORDS } from "@/parts/glyph";
import type { Column } from "@/parts/table/columns";
import { When } from "@/parts/when";
import { facetsOf } from "@/url/filter";
import { useView } from "@/url/view";
import { Glance } from "./glance";
import { Conflicts } from "./conflicts";

const release = (row: CommonsRow): string => (row.release ? `${row.release}${row.pins ? ` + ${String(row.pins)} ${row.pins === 1 ? "pin" : "pins"}` : ""}` : "");

export const commonsColumns: Column<CommonsRow>[] = [
  { id: "name", head: "Commons", width: 286, sort: "name", phone: true, cell: (row) => <A href={`/commons/${row.id}`} className="strong-link mono">{row.name}</A> },
  { id: "state", head: "State", width: 138, sort: "state", phone: true, cell: (row) => <StateMark state={row.state} /> },
  { id: "tier", head: "Tier", width: 108, sort: "tier", cell: (row) => <span>{row.tier}{row.twin && <A href={`/commons/${row.twin.id}`} className="dim twin" title={`Twin: ${row.twin.name}, ${row.twin.tier}`} aria-label={`Twin ${row.twin.name}`}>⇄</A>}{row.management === "associated" && <span className="dim"> (watched)</span>}</span> },
  { id: "twin", head: "Twin", width: 200, optional: true, cell: (row) => row.twin ? <A href={`/commons/${row.twin.id}`} className="plain dim mono">{row.twin.name}</A> : "" },
  { id: "organization", head: "Organization", width: 120, sort: "organization", optional: true, cell: (row) => row.organization_name },
  { id: "cluster", wide: true, head: "Cluster", width: 146, sort: "cluster", cell: (row) => row.cluster ? <A href={`/clusters/${row.cluster.id}`} className="plain mono">{row.cluster.name}</A> : <span className="faint">none</span> },
  { id: "release", head: "Release", width: 124, sort: "release", cell: (row) => row.release ? <A href={`/commons/${row.id}/services`} className="plain">{release(row)}</A> : <span className="faint">no monthly tag</span> },
  { id: "behind", head: "Behind", width: 72, sort: "behind", align: "end", phone: true, cell: (row) => row.behind === null || row.behind === undefined ? <span className="faint" aria-label="cannot be told">–</span> : <span className={row.behind >= 3 ? "strong" : row.behind === 0 ? "faint" : ""}>{row.behind}</span> },
  { id: "services", head: "Services", width: 72, align: "end", optional: true, cell: (row) => <A className="plain" href={`/commons/${row.id}/services`}>{row.services_enabled}</A> },
  { id: "findings", head: "Findings", width: 132, sort: "findings", cell: (row) => <Severities counts={row.findings} href={(severity) => `/commons/${row.id}/findings?filter=severity:${severity}`} /> },
  { id: "change", wide: true, head: "Last change", sort: "last_change", cell: (row) => <A href={`/commons/${row.id}/timeline`} className="plain" title={row.last_change_title ?? undefined}><span className="dim last-when"><When time={row.last_change_at} never="none known" /></span>{row.last_change_title}</A> },
  { id: "owners", head: "Owners", width: 140, optional: true, cell: (row) => row.owners.join(", ") },
  { id: "folder", head: "Folder", width: 220, optional: true, cell: (row) => <Copy text={row.folder} /> },
  { id: "seen", wide: true, head: "Seen", width: 86, cell: (row) => <span className="dim"><When time={row.seen_at} /></span> },
];

const FILTERS = {
  tier: "production, staging, qa, dev", state: "needs_work, degraded …", organization: "who owns it", cluster: "where it runs", service: "runs this service",
  tag: "runs this tag", release: "mode release", behind: "releases behind, >2", finding: "critical, high … or >3", rule: "an open finding of this rule", pins: "services off its release, >2", seen: "age of the evidence, >10m", changed: "since its last change, <7d", owner: "who looks after it",
};

export function CommonsPage() {
  const scope = useScope();
  const view = useView();
  return (
    <ListPage<CommonsRow>
      title="Commons" noun="commons" ask={ask.commons({ ...scope.list(), limit: 500 })}
      rowKey={(row) => row.id} rowName={(row) => row.name} columns={commonsColumns}
      page={(row) => `/commons/${row.id}`} copy={(row) => row.hostname ?? row.name}
      panel={(id) => <Glance id={id} key={id} />}
      filters={FILTERS}
      facets={(rows) => facetsOf(rows, {
        tier: (row) => row.tier, state: (row) => shownState(row.state), organization: (row) => row.organization_name, cluster: (row) => row.cluster?.name,
        release: (row) => row.release, owner: (row) => row.owners, programme: (row) => row.programme,
      })}
      facetMenus={[["tier", "tier"], ["state", "state"], ["cluster", "cluster"], ["release", "release"]]}
      groups={{
        tier: (row) => row.tier, cluster: (row) => row.cluster?.name ?? "no cluster", organization: (row) => row.organization_name,
        release: (row) => row.release ?? "no monthly tag", programme: (row) => row.programme ?? "no programme", state: (row) => STATE_WORDS[shownState(row.state)] ?? "",
      }}
      groupOrder={TIERS}
      tools={<Conflicts />}
      none={{
        title: "No commons yet",
        why: "Commons are read from Git. Register the repository that declares them, and each folder, Application or manifest becomes a row here.",
        action: <Button onClick={() => { view.go("/settings/sources?open=new"); }}>Add a source</Button>,
      }}
    />
  );
}
