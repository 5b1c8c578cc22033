import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ask } from "@/api/queries";
import type { ClusterDetail, Shapes } from "@/api/types";
import { useScope } from "@/app/scope";
import { useTitle } from "@/app/title";
import { Copy } from "@/parts/copy";
import { A } from "@/parts/link";
import { Place } from "@/parts/place";
import { Severities, StateMark } from "@/parts/state";
import { Answer, Skeleton } from "@/parts/states";
import { Tick } from "@/parts/switches";
import { When } from "@/parts/when";
import { useView } from "@/url/view";
import "../one/one.css";

type AddOn = Shapes["AddOnRow"];

export function ClusterPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const scope = useScope();
  const asked = useQuery(ask.cluster(id, { at: scope.at }));
  useTitle(asked.data?.cluster.name ?? "Cluster");
  return <div className="page"><Answer asked={asked} skeleton={<><div className="one-head" /><Skeleton lines={12} /></>}>{(detail) => <Filled detail={detail} />}</Answer></div>;
}

function Filled({ detail }: { detail: ClusterDetail }) {
  const { cluster } = detail;
  const said = (row: Shapes["SaidRow"] | null | undefined, fallback: string | null | undefined) => row ? <span className="said"><Copy text={row.value} /><span className="dim"><Place path={row.path} line={row.line} prefix={detail.file_url_prefix} /></span></span> : fallback ? <Copy text={fallback} /> : <span className="dim">not stated</span>;
  return (
    <>
      <header className="one-head">
        <h1 className="mono one-name"><Copy text={cluster.name} /></h1>
        <div className="one-facts">
          <span className="dim">{cluster.link === "none" ? "No agent: the live state is unknown, this is what the files say" : cluster.link}</span>
          <span>{cluster.kubernetes ? <>Kubernetes {cluster.kubernetes}</> : <span className="dim">Kubernetes version unknown</span>}</span>
          <Severities counts={cluster.findings} href={(severity) => `/findings?filter=cluster:${cluster.name}%20severity:${severity}`} />
          <span className="dim">last change <A href={`/changes?filter=cluster:${cluster.name}`} className="plain"><When time={cluster.last_change_at} never="not known" /></A></span>
        </div>
      </header>
      <div className="page-scroll">
        <div className="overview cluster-page">
          <section className="section"><AddOns detail={detail} /></section>
          <div>
            <section className="section">
              <header><h2>Commons</h2><A href={`/commons?filter=cluster:${cluster.name}`} className="dim">{detail.commons.length}</A></header>
              {detail.commons.length === 0 && <p className="dim">No commons is declared on it.</p>}
              <ul>{detail.commons.map((one) => <li key={one.id} className="line"><A href={`/commons/${one.id}`} className="plain mono cut grow">{one.name}</A><span className="dim">{one.tier}</span><span className="dim nowrap line-release">{one.release ?? "no monthly tag"}</span><StateMark state={one.state} /></li>)}</ul>
            </section>
            <section className="section">
              <header><h2>What the files say</h2></header>
              <dl className="facts">
                <div><dt>Account</dt><dd>{said(detail.account, cluster.account)}</dd></div>
                <div><dt>Project</dt><dd>{said(detail.project, cluster.project)}</dd></div>
                <div><dt>Node image</dt><dd>{said(detail.node_image, cluster.node_image)}</dd></div>
                {cluster.stated_name && cluster.stated_name !== cluster.name && <div><dt>Calls itself</dt><dd className="amber">{cluster.stated_name}</dd></div>}
                <div><dt>Folder</dt><dd><Copy text={cluster.folder} /></dd></div>
                <div><dt>Values</dt><dd><Place path={detail.values_path} prefix={detail.file_url_prefix} /></dd></div>
              </dl>
            </section>
          </div>
        </div>
      </div>
    </>
  );
}

const differs = (one: AddOn): boolean => one.enabled && Boolean(one.revision) && one.baseline !== null && one.baseline !== undefined && one.revision !== one.baseline;

function AddOns({ detail }: { detail: ClusterDetail }) {
  const view = useView();
  const all = view.get("show") === "all";
  const off = detail.add_ons.filter(differs).length;
  const stated = detail.add_ons.some((one) => one.file);
  const rows = detail.add_ons.filter((one) => (view.get("show") === "off" ? differs(one) : all || one.enabled || one.configured)).sort((a, b) => Number(b.enabled) - Number(a.enabled) || a.name.localeCompare(b.name));
  return (
    <>
      <header><h2>Add-ons</h2><span className="dim">{detail.add_ons.filter((one) => one.enabled).length} on, {off} not as most of the fleet has them</span><span className="grow" />
        {off > 0 && <Tick name="show" on="off" label="only those" />}<Tick name="show" on="all" label={`all ${String(detail.add_ons.length)}`} /></header>
      {rows.length === 0 ? <p className="dim">No add-on is configured in the files.</p> : (
        <table className="plain-table" aria-label="Add-ons">
          <thead><tr><th scope="col">Add-on</th><th scope="col">State</th><th scope="col">Revision</th><th scope="col">Most of the fleet</th><th scope="col" className="num">Clusters</th>{stated && <th scope="col">Stated in</th>}</tr></thead>
          <tbody>{rows.map((one) => (
            <tr key={one.name}>
              <th scope="row" className={one.enabled ? "" : "dim"}>{one.name}</th><td className="dim">{one.enabled ? "on" : "off"}</td>
              <td className={differs(one) ? "strong" : undefined}>{one.revision ? <Copy text={one.revision} /> : <span className="faint">not stated</span>}</td>
              <td className="dim">{one.baseline ? (/\d/.test(one.baseline) ? <Copy text={one.baseline} /> : "the chart’s own") : ""}</td>
              <td className="dim num nowrap">{one.baseline_share}</td>
              {stated && <td><Place short path={one.file} line={one.line} prefix={detail.file_url_prefix} /></td>}
            </tr>
          ))}</tbody>
        </table>
      )}
    </>
  );
}
