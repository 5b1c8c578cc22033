import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "@/api/queries";
import type { ChangeDetail, ChangeItemRow } from "@/api/types";
import { Copy } from "@/parts/copy";
import { Drawer, Facts } from "@/parts/drawer";
import { A, Out } from "@/parts/link";
import { PathText } from "@/parts/path";
import { Answer } from "@/parts/states";
import { When } from "@/parts/when";
import { useView } from "@/url/view";
import { commit, many, plain } from "@/words/say";
import { exact } from "@/words/time";
import "./changes.css";

export function ChangeDrawer({ id }: { id: string }) {
  const asked = useQuery(ask.change(id));
  return (
    <Drawer label="Change" title={asked.data?.change.summary || asked.data?.change.title || "Change"}>
      <Answer asked={asked}>{(detail) => <Detail detail={detail} />}</Answer>
    </Drawer>
  );
}

function Detail({ detail }: { detail: ChangeDetail }) {
  const { change } = detail;
  const view = useView();
  return (
    <>
      <section className="section stack">
        <p className="sentence">{change.title}</p>
        {detail.body && <p className="dim pre">{detail.body}</p>}
        {change.undone_by && <p className="amber">It was undone by <A href={`/changes?open=${change.undone_by}`}>a later landing</A>.</p>}
        {change.undoes && <p>It undoes <A href={`/changes?open=${change.undoes}`}>an earlier landing</A>.</p>}
        {change.chart && <p>It landed on the chart’s branch that these commons follow, so it deployed without a landing in the fleet’s own repository.</p>}
      </section>
      <Facts facts={[
        ["Landed", <span key="t">{exact(change.time)} <span className="dim">(<When time={change.time} />)</span></span>],
        ["By", change.authors.join(", ") || change.author], ["Class", plain(change.class)],
        ["Pull request", change.pull_request && (change.pull_request_url ? <Out href={change.pull_request_url}>#{change.pull_request}</Out> : `#${String(change.pull_request)}`)],
        ["Commit", <span key="c" className="row"><Copy text={change.commit}>{commit(change.commit)}</Copy>{change.commit_url && <Out href={change.commit_url}>Git</Out>}<button type="button" className="bare link" onClick={() => { view.set({ at: change.commit, open: undefined }, true); }}>see the fleet as of it</button></span>],
        ["Source", change.source_name],
      ]} />
      <Items items={detail.items} cut={detail.cut} total={change.items} />
      <section className="section">
        <header><h2>Files</h2><span className="dim">{detail.files.length}</span></header>
        <ul>{detail.files.map((file) => <li key={file.path} className="row"><span className="dim file-change">{file.change}</span><Copy text={file.path}><PathText text={file.path} /></Copy></li>)}</ul>
      </section>
    </>
  );
}

interface Same { text: string; items: ChangeItemRow[] }

/** The same thing done to several commons is said once. */
export function together(items: ChangeItemRow[]): Same[] {
  const groups = new Map<string, Same>();
  for (const item of items) {
    const text = JSON.stringify([item.kind, item.service, item.path, item.before, item.after]);
    const group = groups.get(text);
    if (group) group.items.push(item);
    else groups.set(text, { text, items: [item] });
  }
  return [...groups.values()];
}

function Items({ items, cut, total }: { items: ChangeItemRow[]; cut: boolean; total: number }) {
  const groups = together(items);
  return (
    <section className="section">
      <header><h2>What it did</h2><span className="dim">{many(total, "item")}</span></header>
      {groups.length === 0 && <p className="dim">Nothing that changes an effective value: comments, order, or files that no commons reads.</p>}
      <ul>{groups.map((group) => <Item key={group.text} group={group} />)}</ul>
      {cut && <p className="dim">Only the first {items.length} are shown; the pull request has them all.</p>}
    </section>
  );
}

function Item({ group }: { group: Same }) {
  const [all, setAll] = useState(false);
  const [item] = group.items;
  if (!item) return null;
  const places = group.items.flatMap((one) => (one.commons ? [{ id: one.commons.id, name: one.commons.name, href: `/commons/${one.commons.id}` }] : one.cluster ? [{ id: one.cluster.id, name: one.cluster.name, href: `/clusters/${one.cluster.id}` }] : []));
  const shown = all ? places : places.slice(0, 3);
  return (
    <li className="item">
      <div className="row wrap"><span className="item-kind">{plain(item.kind)}</span><Copy text={item.path || (item.service ?? "")} /></div>
      {(item.before !== null || item.after !== null) && (
        <div className="item-values mono">{item.secret ? <span className="secret">•••• changed</span> : <>{item.before ? <span className="before">{item.before}</span> : <span className="faint">none</span>}<span className="dim"> → </span>{item.after ? <span className="after">{item.after}</span> : <span className="faint">none</span>}</>}</div>
      )}
      <div className="dim">
        {shown.map((place, i) => <span key={place.id}>{i > 0 && ", "}<A href={place.href} className="plain">{place.name}</A></span>)}
        {places.length > shown.length && <button type="button" className="bare link" onClick={() => { setAll(true); }}> and {places.length - shown.length} more</button>}
        {group.items.length === 1 && item.file && <span className="mono item-file"> {item.file}{item.line ? `:${String(item.line)}` : ""}</span>}
      </div>
    </li>
  );
}
