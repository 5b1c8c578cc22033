import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import type { CommonsDetail, ValuesTree } from "@/api/types";
import { useScope } from "@/app/scope";
import { Copy } from "@/parts/copy";
import { Drawer, Facts } from "@/parts/drawer";
import { A } from "@/parts/link";
import { Place } from "@/parts/place";
import { Answer, Empty } from "@/parts/states";
import { useView } from "@/url/view";
import { Value } from "./value";

/** One value whole: where it comes from, what it overrode, what stands on the other side. */
export function Leaf({ detail, path, against }: { detail: CommonsDetail; path: string; against: string | undefined }) {
  const scope = useScope();
  const asked = useQuery(ask.values(detail.commons.id, { path, against, at: scope.at }));
  return (
    <Drawer label="Value" title={<Copy text={path} />}>
      <Answer asked={asked}>{(data) => <One data={data} detail={detail} path={path} />}</Answer>
    </Drawer>
  );
}

function One({ data, detail, path }: { data: ValuesTree; detail: CommonsDetail; path: string }) {
  const view = useView();
  const row = data.rows.find((one) => one.path === path) ?? data.rows[0];
  if (!row) return <Empty title="This value is not there">At this moment, {detail.commons.name} states nothing at {path}.</Empty>;
  const prefix = detail.file_url_prefix;
  return (
    <>
      <section className="section stack">
        {row.secret || row.value === null || row.value === undefined ? <Value row={row} /> : <div className="row top"><pre className="pre mono grow">{row.value}</pre><Copy text={row.value} label="the value">copy</Copy></div>}
        {row.secret && <p className="dim">A secret: neither its text nor its length leaves the server. Equality is told by a keyed digest.</p>}
      </section>
      <Facts facts={[
        ["Type", row.type],
        ["Comes from", row.origin ? <Place key="o" path={row.origin.path} line={row.origin.line} prefix={prefix} /> : "the chart’s default"],
        ["Written as", row.written !== row.value ? row.written : undefined],
        [data.against ?? "Other side", data.against && (row.difference === "same" ? "the same" : row.secret ? "another secret" : (row.other ?? "not there"))],
        ["Stated there in", row.other_origin && <Place key="p" path={row.other_origin.path} line={row.other_origin.line} />],
        ["Findings", row.findings.length > 0 && <ul key="f">{row.findings.map((id) => <li key={id}><A href={`/commons/${detail.commons.id}/findings?open=${id}`}>open the finding</A></li>)}</ul>],
      ]} />
      <section className="section">
        <header><h2>Overrode</h2></header>
        {row.overrode.length === 0 ? <p className="dim">Nothing: no earlier file states it.</p> : <ol>{row.overrode.map((one) => <li key={`${one.path}:${String(one.line)}`} className="stack tight over-line"><span className="mono">{one.value ?? "••••"}</span><Place path={one.path} line={one.line} prefix={prefix} /></li>)}</ol>}
      </section>
      <button type="button" className="bare link" onClick={() => { view.go(`/changes?filter=${encodeURIComponent(`commons:${detail.commons.name}`)}`); }}>Changes of this commons</button>
    </>
  );
}
