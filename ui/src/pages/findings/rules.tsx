import { ask } from "@/api/queries";
import type { RuleRow } from "@/api/types";
import { useScope } from "@/app/scope";
import { Drawer } from "@/parts/drawer";
import { A, Here } from "@/parts/link";
import { ListPage } from "@/parts/list-page";
import { useNoFleet } from "@/parts/no-fleet";
import { Severity, SEVERITIES } from "@/parts/state";
import type { Column } from "@/parts/table/columns";
import { facetsOf } from "@/url/filter";
import { many } from "@/words/say";

const columns: Column<RuleRow>[] = [
  { id: "rule", head: "Rule", width: 230, sort: "rule", phone: true, cell: (row) => <span className="mono">{row.id}</span> },
  { id: "severity", head: "Severity", width: 100, sort: "severity", cell: (row) => <Severity severity={row.severity} /> },
  { id: "title", head: "What it finds", cell: (row) => row.title },
  { id: "open", head: "Open", width: 76, sort: "open", align: "end", phone: true, cell: (row) => row.open ? <A className="plain strong" href={`/findings?filter=rule:${row.id}`}>{row.open}</A> : <span className="faint">0</span> },
  { id: "waived", head: "Waived", width: 84, sort: "waived", align: "end", phone: true, cell: (row) => row.waived ? <A className="plain" href={`/findings?filter=rule:${row.id}%20state:waived`}>{row.waived}</A> : <span className="faint">0</span> },
  { id: "evaluated", head: "Not evaluated", width: 126, align: "end", sort: "not_evaluated", cell: (row) => row.not_evaluated.length ? <Here open={row.id} className="plain amber" title={row.not_evaluated.join("\n")}>{many(row.not_evaluated.length, "place")}</Here> : <span className="faint">–</span> },
];

const weight = (row: RuleRow): number => SEVERITIES.length - SEVERITIES.findIndex((one) => one === row.severity);

export function RulesPage() {
  const scope = useScope();
  const nothingRead = useNoFleet();
  return (
    <ListPage<RuleRow>
      title="Rules" noun="rule" ask={ask.rules({ organization: scope.organization })} rowKey={(row) => row.id} rowName={(row) => row.id} columns={columns} copy={(row) => row.id}
      panel={(id, rows) => { const row = rows.find((one) => one.id === id); return row && <RuleDrawer key={id} row={row} />; }}
      filters={{ severity: "critical, high …", found: "yes, no: anything open", evaluated: "all, in_part" }}
      facets={(rows) => facetsOf(rows, { severity: (row) => row.severity, found: (row) => foundOf(row), evaluated: (row) => evaluatedOf(row) })}
      facetMenus={[["severity", "severity"], ["found", "found"], ["evaluated", "evaluated"]]}
      here={{
        values: (row, name) => [{ severity: row.severity, found: foundOf(row), evaluated: evaluatedOf(row) }[name]], words: (row) => `${row.id} ${row.title}`,
        sorts: { rule: (a, b) => a.id.localeCompare(b.id), severity: (a, b) => weight(a) - weight(b), open: (a, b) => a.open - b.open, waived: (a, b) => a.waived - b.waived, not_evaluated: (a, b) => a.not_evaluated.length - b.not_evaluated.length },
      }}
      above={() => nothingRead && <p className="note">No source is registered: nothing was checked, and a zero here is no good sign.</p>}
      groups={{ severity: (row) => row.severity }} groupOrder={[...SEVERITIES]}
      tools={<A href="/findings">Findings</A>}
      none={{ title: "No rules", why: "This server checks nothing; that is a fault of its build." }}
    />
  );
}

const foundOf = (row: RuleRow): string => (row.open > 0 ? "yes" : "no");
const evaluatedOf = (row: RuleRow): string => (row.not_evaluated.length > 0 ? "in_part" : "all");

function RuleDrawer({ row }: { row: RuleRow }) {
  return (
    <Drawer label="Rule" title={row.title}>
      <section className="section stack"><p className="row"><Severity severity={row.severity} /><code>{row.id}</code></p><h2>Why it matters</h2><p className="sentence">{row.why}</p><h2>How to mend it</h2><p className="sentence">{row.help}</p>
        {row.needs_chart && <p className="dim">It needs the chart: without one it is not evaluated.</p>}
        <p className="row"><A href={`/findings?filter=rule:${row.id}`}>{row.open} open</A><A href={`/findings?filter=rule:${row.id}%20state:waived`}>{row.waived} waived</A></p></section>
      {row.not_evaluated.length > 0 && <section className="section"><header><h2>Not evaluated</h2><span className="dim">{row.not_evaluated.length}</span></header><ul>{row.not_evaluated.map((why) => <li key={why} className="not-evaluated">{why}</li>)}</ul></section>}
    </Drawer>
  );
}
