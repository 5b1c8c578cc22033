import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api, withQuery } from "@/api/client";
import { ask } from "@/api/queries";
import type { AuditRow, AuditVerification } from "@/api/types";
import { useScope } from "@/app/scope";
import { Copy } from "@/parts/copy";
import { Drawer, Facts } from "@/parts/drawer";
import { ListPage, useRows } from "@/parts/list-page";
import { Empty } from "@/parts/states";
import type { Column } from "@/parts/table/columns";
import { When } from "@/parts/when";
import { facetsOf } from "@/url/filter";
import { useView } from "@/url/view";
import { many } from "@/words/say";
import { exact } from "@/words/time";

const columns: Column<AuditRow>[] = [
  { id: "time", head: "When", width: 158, phone: true, cell: (row) => <time dateTime={row.time} className="dim">{exact(row.time).slice(0, 19)}</time> },
  { id: "actor", head: "Who", width: 150, cell: (row) => <>{row.actor} {row.credential !== "session" && <span className="dim">{row.credential}</span>}</> },
  { id: "action", head: "Action", width: 170, phone: true, cell: (row) => <span className="mono">{row.action}</span> },
  { id: "object", head: "On", cell: (row) => <span><span className="dim">{row.object_kind}</span> {row.object_name ?? <span className="mono dim">{row.object_id?.slice(0, 8)}</span>}</span> },
  { id: "result", head: "Result", width: 96, cell: (row) => <span className={row.result === "ok" ? "dim" : "strong"}>{row.result}</span> },
  { id: "address", wide: true, head: "From", width: 130, cell: (row) => row.address ? <Copy text={row.address} /> : "" },
  { id: "request", head: "Request", width: 120, optional: true, cell: (row) => row.request_id ? <Copy text={row.request_id} /> : "" },
  { id: "seq", wide: true, head: "Row", width: 70, align: "end", cell: (row) => <span className="dim">{row.seq}</span> },
];

export function AuditPage() {
  const scope = useScope();
  const view = useView();
  const query = { filter: view.get("filter"), organization: scope.organization, since: view.get("since"), until: view.get("until") };
  return (
    <ListPage<AuditRow>
      title="Audit" noun="row" ask={ask.audit(query)} rowKey={(row) => String(row.seq)} rowName={(row) => `${row.action} by ${row.actor}`} columns={columns} copy={(row) => row.hash}
      panel={(id) => <AuditDrawer id={id} key={id} />}
      filters={{ actor: "who", action: "source.*", result: "ok, refused, failed", object: "source, person …" }}
      facets={(rows) => facetsOf(rows, { actor: (row) => row.actor, action: (row) => row.action, result: (row) => row.result, object: (row) => row.object_kind })}
      facetMenus={[["actor", "who"], ["action", "action"], ["result", "result"]]}
      groups={{ day: (row) => row.time.slice(0, 10), actor: (row) => row.actor }}
      tools={<span className="row"><Verify /><Button size="compact-sm" component="a" variant="default" href={withQuery("/api/v1/audit/export", query)} download>Export the rows</Button></span>}
      none={{ title: "No row yet", why: "Every change and every refusal is recorded here: who, from where, what, on what, with which result." }}
    />
  );
}

/** Reckons the chain anew on the server and says what it found. */
function Verify() {
  const verify = useMutation({ mutationFn: () => api.get<AuditVerification>("/audit/verify") });
  const found = verify.data;
  return (
    <>
      <span role="status" className={found && !found.ok ? "red strong" : "dim"} title={found?.problems.join("\n")}>
        {verify.error ? verify.error.message : found ? (found.ok ? `the chain holds: ${many(found.rows, "row")}, ${many(found.checkpoints, "signed mark")}` : found.problems[0]) : ""}
      </span>
      <Button size="compact-sm" variant="default" loading={verify.isPending} onClick={() => { verify.mutate(); }}>Verify the chain</Button>
    </>
  );
}

function AuditDrawer({ id }: { id: string }) {
  const view = useView();
  const scope = useScope();
  const { rows } = useRows(ask.audit({ filter: view.get("filter"), organization: scope.organization, since: view.get("since"), until: view.get("until") }));
  const row = rows.find((one) => String(one.seq) === id);
  return (
    <Drawer label="Audit row" title={row?.action ?? `Row ${id}`}>
      {!row ? <Empty title="Not among the rows shown">Scroll further down the list, or take the filter away.</Empty> : (
        <>
          <section className="section"><Facts facts={[
            ["When", <span key="t">{exact(row.time)} <span className="dim">(<When time={row.time} />)</span></span>], ["Who", row.actor], ["By", row.credential], ["From", row.address && <Copy key="a" text={row.address} />],
            ["On", `${row.object_kind} ${row.object_name ?? ""}`], ["Id", row.object_id && <Copy key="i" text={row.object_id} />], ["Result", row.result],
            ["Request", row.request_id && <Copy key="r" text={row.request_id} />], ["Row", row.seq], ["Chain", <Copy key="h" text={row.hash}>{row.hash.slice(0, 16)}…</Copy>],
          ]} /></section>
          <section className="section"><header><h2>Detail</h2></header><pre className="pre mono">{JSON.stringify(row.detail, null, 2)}</pre></section>
        </>
      )}
    </Drawer>
  );
}
