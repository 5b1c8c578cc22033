import { Button } from "@mantine/core";
import { useMemo } from "react";
import { ask } from "@/api/queries";
import type { FindingRow } from "@/api/types";
import { useMay } from "@/app/me";
import { useScope } from "@/app/scope";
import { A } from "@/parts/link";
import { PathText } from "@/parts/path";
import { ListPage } from "@/parts/list-page";
import { Severity, SEVERITIES } from "@/parts/state";
import type { Column } from "@/parts/table/columns";
import { useSelection } from "@/parts/table/selection";
import { AddSourceButton, useNoFleet } from "@/parts/no-fleet";
import { When } from "@/parts/when";
import { facetsOf, joinFilter, readFilter } from "@/url/filter";
import { useView } from "@/url/view";
import { FindingDrawer } from "./drawer";
import { BulkActions } from "./bulk";
import "./findings.css";

export const subject = (row: FindingRow): string => row.commons?.name ?? row.cluster?.name ?? row.organization_name;

const columns: Column<FindingRow>[] = [
  { id: "severity", head: "Severity", width: 100, sort: "severity", phone: 38, cell: (row) => <Severity severity={row.severity} /> },
  { id: "message", head: "Finding", phone: true, cell: (row) => <span title={row.message} className={row.state === "open" ? undefined : "dim"}>{row.message}{row.waiver && <span className="chip gap" title={row.waiver.reason}>waived until {row.waiver.until.slice(0, 10)}</span>}{row.state === "resolved" && <span className="chip gap">resolved</span>}</span> },
  { id: "commons", head: "Where", width: 214, sort: "commons", cell: (row) => row.commons ? <A href={`/commons/${row.commons.id}/findings`} className="plain mono">{row.commons.name}</A> : row.cluster ? <A href={`/clusters/${row.cluster.id}`} className="plain mono">{row.cluster.name}</A> : <span className="dim">{row.organization_name}</span> },
  { id: "rule", wide: true, head: "Rule", width: 158, sort: "rule", cell: (row) => <A href={`/findings?filter=rule:${row.rule}`} className="plain dim" title={row.rule_title}>{row.rule}</A> },
  { id: "place", wide: true, head: "Place", width: 168, cell: (row) => <span className="dim place-end"><PathText text={`${row.path}:${String(row.line)}`} /></span> },
  { id: "first", head: "Since", width: 76, sort: "since", cell: (row) => <span className="dim" title={row.since ? `written by ${row.since.by}` : undefined}><When time={row.since?.at ?? row.first_seen_at} bare /></span> },
  { id: "last", head: "Last seen", width: 90, optional: true, cell: (row) => <span className="dim"><When time={row.last_seen_at} /></span> },
];

export function FindingsPage() {
  return <FindingsList title="Findings" />;
}

/** `fixed` narrows to one commons, on its own tab. */
export function FindingsList({ title, fixed }: { title: string; fixed?: string }) {
  const scope = useScope();
  const view = useView();
  const may = useMay();
  const selection = useSelection();
  const nothingRead = useNoFleet();
  const stated = readFilter(view.get("filter")).some((token) => token.name === "state");
  const query = useMemo(() => {
    const base = scope.list({ at: undefined });
    return { ...base, filter: joinFilter(base.filter as string | undefined, fixed, stated ? undefined : "state:open") };
  }, [scope, fixed, stated]);
  return (
    <ListPage<FindingRow>
      title={title} noun="finding" ask={ask.findings(query)} rowKey={(row) => row.id} rowName={(row) => `${subject(row)}: ${row.message}`}
      columns={fixed ? columns.filter((column) => column.id !== "commons") : columns}
      copy={(row) => `${row.path}:${String(row.line)}`} panel={(id) => <FindingDrawer id={id} key={id} />}
      filters={{ severity: "critical, high …", rule: "id, *", commons: "hostname, *", cluster: "where", tier: "production …", state: "open, waived, resolved", path: "file" }}
      facets={(rows) => facetsOf(rows, {
        severity: (row) => row.severity, rule: (row) => row.rule, commons: (row) => row.commons?.name, cluster: (row) => row.cluster?.name, tier: (row) => row.commons?.tier, state: (row) => row.state,
      })}
      facetMenus={fixed ? [["severity", "severity"], ["rule", "rule"]] : [["severity", "severity"], ["rule", "rule"], ["commons", "commons"]]}
      groups={{ severity: (row) => row.severity, rule: (row) => row.rule_title, commons: subject }} groupOrder={[...SEVERITIES]}
      {...(may("finding:waive") ? { selection } : {})}
      actions={<BulkActions selection={selection} />}
      tools={<span className="row"><StateChoice /><A href="/findings/rules">Rules</A></span>}
      none={nothingRead ? { title: "Nothing is checked yet", why: "No source is registered, so no file was read and no rule had anything to look at.", action: <AddSourceButton /> } : {
        title: "Nothing open", why: "No rule finds anything in the files of this scope. Waived and resolved findings stay listed under their states; Rules says what is checked and what could not be.",
        action: <Button variant="default" onClick={() => { view.go("/findings/rules"); }}>See the rules</Button>,
      }}
    />
  );
}

function StateChoice() {
  const view = useView();
  const tokens = readFilter(view.get("filter"));
  const now = tokens.find((token) => token.name === "state")?.value ?? "open";
  const rest = tokens.filter((token) => token.name !== "state");
  const set = (state: string) => {
    const others = rest.map((token) => `${token.not ? "-" : ""}${token.name ? `${token.name}:` : ""}${/\s/.test(token.value) ? `"${token.value}"` : token.value}`);
    view.set({ filter: [...others, ...(state === "open" ? [] : [`state:${state}`])].join(" ") || undefined });
  };
  return <span className="segments" role="group" aria-label="State">{["open", "waived", "resolved"].map((state) => <button key={state} type="button" aria-pressed={now === state} onClick={() => { set(state); }}>{state}</button>)}</span>;
}
