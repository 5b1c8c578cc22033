import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import type { RuleRow } from "@/api/types";
import { useScope } from "@/app/scope";
import { useTitle } from "@/app/title";
import { Drawer } from "@/parts/drawer";
import { A } from "@/parts/link";
import { Severity } from "@/parts/state";
import { Answer, Empty, Skeleton } from "@/parts/states";
import { Table } from "@/parts/table/table";
import type { Column } from "@/parts/table/columns";
import { useView } from "@/url/view";

const columns: Column<RuleRow>[] = [
  { id: "rule", head: "Rule", width: 230, phone: true, cell: (row) => <span className="mono">{row.id}</span> },
  { id: "severity", head: "Severity", width: 100, cell: (row) => <Severity severity={row.severity} /> },
  { id: "title", head: "What it finds", cell: (row) => row.title },
  { id: "open", head: "Open", width: 60, align: "end", phone: true, cell: (row) => row.open ? <A className="plain strong" href={`/findings?filter=rule:${row.id}`}>{row.open}</A> : <span className="faint">0</span> },
  { id: "waived", head: "Waived", width: 66, align: "end", phone: true, cell: (row) => row.waived ? <A className="plain" href={`/findings?filter=rule:${row.id}%20state:waived`}>{row.waived}</A> : <span className="faint">0</span> },
  { id: "evaluated", wide: true, head: "Not evaluated", width: 330, cell: (row) => row.not_evaluated.length ? <span className="amber" title={row.not_evaluated.join("\n")}>{row.not_evaluated.length > 1 && `${String(row.not_evaluated.length)}: `}{row.not_evaluated[0]}</span> : "" },
];

export function RulesPage() {
  useTitle("Rules");
  const scope = useScope();
  const view = useView();
  const asked = useQuery(ask.rules(scope.view({ at: undefined })));
  const open = asked.data?.find((rule) => rule.id === view.get("open"));
  return (
    <div className="page">
      <div className="page-head"><h1>Rules</h1><span className="count" role="status">{asked.data?.length}</span><span className="grow" /><A href="/findings">Findings</A></div>
      <div className="page-body">
        <div className="page grow"><Answer asked={asked} skeleton={<Skeleton lines={18} />}>
          {(rules) => rules.length === 0 ? <Empty title="No rules">This server checks nothing; that is a fault of its build.</Empty>
            : <Table label="Rules" rows={rules} rowKey={(row) => row.id} rowName={(row) => row.id} columns={columns} panel copy={(row) => row.id} />}
        </Answer></div>
        {open && (
          <Drawer key={open.id} label="Rule" title={open.title}>
            <section className="section stack"><p className="row"><Severity severity={open.severity} /><code>{open.id}</code></p><h2>Why it matters</h2><p className="sentence">{open.why}</p><h2>How to mend it</h2><p className="sentence">{open.help}</p>
              {open.needs_chart && <p className="dim">It needs the chart: without one it is not evaluated.</p>}</section>
            {open.not_evaluated.length > 0 && <section className="section stack"><h2>Not evaluated</h2><ul>{open.not_evaluated.map((why) => <li key={why}>{why}</li>)}</ul></section>}
            <A href={`/findings?filter=rule:${open.id}`}>{open.open} open</A>
          </Drawer>
        )}
      </div>
    </div>
  );
}
