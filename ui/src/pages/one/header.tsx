import type { CommonsDetail } from "@/api/types";
import { Copy } from "@/parts/copy";
import { A, Out } from "@/parts/link";
import { StateMark } from "@/parts/state";
import { behindWords, commit, many } from "@/words/say";
import { Correct } from "./correct";

export function Header({ detail }: { detail: CommonsDetail }) {
  const { commons } = detail;
  const source = commons.folder.split("/").at(-1);
  return (
    <header className="one-head">
      <div className="row wrap">
        <h1 className="mono one-name"><Copy text={commons.hostname ?? commons.name} /></h1>
        {commons.hostname && <Out href={`https://${commons.hostname}/`} aria-label={`Open ${commons.hostname}`}>open</Out>}
        <span className="chip">{commons.tier}</span>
        {commons.management === "associated" && <span className="chip">watched only</span>}
        {detail.gone_at && <span className="chip amber">gone from Git</span>}
        <span className="grow" />
        <Correct detail={detail} />
      </div>
      <div className="one-facts">
        <StateMark state={commons.state} />
        <span>{commons.release ? <A href={`/commons/${commons.id}/services`} className="plain">{commons.release}{commons.pins > 0 && ` + ${many(commons.pins, "pin")}`}</A> : "no monthly tag"}{commons.behind ? <span className="dim"> {behindWords(commons.behind)}</span> : null}</span>
        {commons.cluster && <span><span className="dim">on </span><A href={`/clusters/${commons.cluster.id}`}>{commons.cluster.name}</A></span>}
        {commons.twin && <span><span className="dim">twin </span><A href={`/commons/${commons.twin.id}`}>{commons.twin.name}</A> <A href={`/compare?left=${commons.id}&right=${commons.twin.id}`} className="dim">compare</A></span>}
        {commons.owners.length > 0 && <span><span className="dim">owners </span>{commons.owners.join(", ")}</span>}
        <span className="dim">{source && <>declared in <Copy text={commons.folder} /> </>}at <Copy text={detail.commit}>{commit(detail.commit)}</Copy></span>
      </div>
      {commons.state.reasons.slice(0, 3).map((reason) => <p key={reason} className="one-reason">{reason}</p>)}
    </header>
  );
}
