import { useInfiniteQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import type { CommonsDetail } from "@/api/types";
import { useMay } from "@/app/me";
import { Facts } from "@/parts/drawer";
import { A } from "@/parts/link";
import { Place } from "@/parts/place";
import { Severity } from "@/parts/state";
import { Answer, Skeleton } from "@/parts/states";
import { When } from "@/parts/when";
import { plain } from "@/words/say";
import { ofCommons } from "@/url/filter";

export function Overview({ detail }: { detail: CommonsDetail }) {
  return (
    <div className="page-scroll">
      <div className="overview">
        <div><Todo detail={detail} /><Changes detail={detail} /></div>
        <div><ServiceGrid detail={detail} /><Files detail={detail} /><Identity detail={detail} /></div>
      </div>
    </div>
  );
}

function Todo({ detail }: { detail: CommonsDetail }) {
  const may = useMay();
  const id = detail.commons.id;
  const allowed = may("finding:read", detail.commons.organization);
  const asked = useInfiniteQuery({ ...ask.findings({ filter: `${ofCommons(detail.commons.name)} state:open`, limit: 8, sort: "severity" }), enabled: allowed });
  if (!allowed) return null;
  return (
    <section className="section">
      <header><h2>What needs doing</h2>{asked.data && <A href={`/commons/${id}/findings`} className="dim">{asked.data.pages[0]?.total}</A>}</header>
      <Answer asked={asked} skeleton={<Skeleton lines={4} height={30} />}>
        {(data) => {
          const findings = data.pages[0]?.items ?? [];
          if (findings.length === 0) return <p className="dim">Nothing is open. Findings appear here when a rule finds something in the files of this commons.</p>;
          return <ul>{findings.map((finding) => (
            <li key={finding.id} className="todo"><Severity severity={finding.severity} /><A href={`/commons/${id}/findings?open=${finding.id}`} className="plain">{finding.message}</A><span className="dim nowrap">since <When time={finding.first_seen_at} bare /></span></li>
          ))}</ul>;
        }}
      </Answer>
    </section>
  );
}

function Changes({ detail }: { detail: CommonsDetail }) {
  const id = detail.commons.id;
  const asked = useInfiniteQuery(ask.changes({ commons: id, limit: 10 }));
  return (
    <section className="section">
      <header><h2>Last changes</h2>{asked.data && <A href={`/commons/${id}/timeline`} className="dim">{asked.data.pages[0]?.total}</A>}</header>
      <Answer asked={asked} skeleton={<Skeleton lines={6} height={26} />}>
        {(data) => {
          const changes = data.pages[0]?.items ?? [];
          if (changes.length === 0) return <p className="dim">No landing has touched this commons since its source was registered.</p>;
          return <ul>{changes.map((change) => (
            <li key={change.id} className="line"><span className="dim line-when"><When time={change.time} /></span><A href={`/changes?open=${change.id}`} className="plain cut grow">{change.summary || change.title}</A><span className="dim cut line-who">{change.author}</span></li>
          ))}</ul>;
        }}
      </Answer>
    </section>
  );
}

function ServiceGrid({ detail }: { detail: CommonsDetail }) {
  const on = detail.services.filter((service) => service.enabled);
  return (
    <section className="section">
      <header><h2>Services</h2><A href={`/commons/${detail.commons.id}/services`} className="dim">{on.length}</A></header>
      {on.length === 0 && <p className="dim">No service is enabled in the values that could be read.</p>}
      <ul className="service-grid">
        {on.map((service) => (
          <li key={`${service.service}/${service.component ?? ""}`} className="row">
            <A href={`/commons/${detail.commons.id}/services?open=${service.service}${service.component ? `/${service.component}` : ""}`} className="plain cut grow">{service.service}{service.component && <span className="dim"> {service.component}</span>}</A>
            <span className={`mono nowrap cut ${service.tag_class === "moving" || service.tag_class === "feature" ? "amber" : service.pin ? "strong" : "dim"} ${service.origin === "assumed" ? "assumed" : ""}`} title={`${service.tag ?? "no tag"}\n${service.reason}`}>{service.tag ?? "no tag"}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Files({ detail }: { detail: CommonsDetail }) {
  const odd = (state: string) => state !== "read" && state !== "missing_ignored" && state !== "empty";
  return (
    <section className="section">
      <header><h2>Where its values come from</h2></header>
      {detail.value_files.length === 0 && <p className="dim">It names no values file.</p>}
      <ol>
        {detail.value_files.map((file, i) => (
          <li key={`${file.written} ${String(i)}`} className="line">
            <span className="dim line-n">{i + 1}</span><span className="grow"><Place path={file.path ?? file.written} prefix={file.path ? detail.file_url_prefix : null} /></span>
            <span className={odd(file.state) ? "amber" : "dim"} title={file.detail ?? undefined}>{plain(file.state)}</span>
          </li>
        ))}
      </ol>
      {detail.chart && <p className="dim chart-line">Chart <span className="mono">{detail.chart.path || detail.chart.repository}</span> at <span className={detail.chart.revision_kind === "branch" ? "mono amber" : "mono"}>{detail.chart.revision}</span> ({detail.chart.revision_kind}); {detail.chart.at_hand ? "its defaults are real" : "it is not at hand, so defaults are assumed from the built-in catalogue"}.</p>}
    </section>
  );
}

function Identity({ detail }: { detail: CommonsDetail }) {
  return (
    <section className="section">
      <header><h2>Identity</h2></header>
      <Facts facts={[
        ["Organization", detail.commons.organization_name],
        ["Programme", detail.commons.programme],
        ["Namespace", detail.namespace], ["Application", detail.application], ["Release name", detail.release_name],
        ["Account", detail.account && <span key="a" className="stack tight"><span className="mono">{detail.account.value}</span><Place path={detail.account.path} line={detail.account.line} prefix={detail.file_url_prefix} /></span>],
        ["Environment", detail.environment?.value],
        ["First seen", <When key="f" time={detail.first_seen_at} />],
        ["Claims", detail.claims.length > 1 && <ul key="c">{detail.claims.map((claim) => <li key={`${claim.folder} ${claim.cluster ?? ""}`}><span className="mono">{claim.folder}</span> <span className={claim.state === "conflict" ? "amber" : "dim"}>{claim.state}, seen <When time={claim.last_seen_at} /></span></li>)}</ul>],
      ]} />
    </section>
  );
}
