// The effective values of a commons: what holds, where each comes from, what it overrode, and what is
// different elsewhere.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import { ask } from "@/api/queries";
import type { CommonsDetail, ValuesTree } from "@/api/types";
import { useScope } from "@/app/scope";
import { Answer, Empty, Skeleton } from "@/parts/states";
import { Tick } from "@/parts/switches";
import { useView } from "@/url/view";
import { many } from "@/words/say";
import { Leaf } from "./leaf";
import { Values } from "./values";
import "@/parts/filter/filter.css";
import "./config.css";

export function Config({ detail }: { detail: CommonsDetail }) {
  const view = useView();
  const scope = useScope();
  const against = view.get("against");
  const only = view.get("only") === "different";
  const asked = useQuery(ask.values(detail.commons.id, { q: view.get("q"), against, only: only && against ? "different" : undefined, at: scope.at }));
  const open = view.get("open");
  return (
    <>
      <div className="page-head slim">
        <Search />
        <span className="count" role="status">{asked.data && many(asked.data.total, "value")}</span>
        <Against detail={detail} />
        {against && <Tick name="only" on="different" label="only what differs" />}
        <Fold data={asked.data} />
      </div>
      <div className="page-body">
        <div className="page grow">
          <Answer asked={asked} skeleton={<Skeleton lines={20} height={25} />}>
            {(data) => (
              <>
                {(data.note ?? !data.complete) && data.rows.length > 0 && <p className="note dim">{data.note ?? "The chart is not at hand: these are the values the files state, without the chart’s defaults."}</p>}
                {data.rows.length === 0 ? <None data={data} filtered={Boolean(view.get("q")) || only} /> : <Values data={data} prefix={detail.file_url_prefix} />}
              </>
            )}
          </Answer>
        </div>
        {open && <Leaf key={open} detail={detail} path={open} against={against} />}
      </div>
    </>
  );
}

function Search() {
  const view = useView();
  const [text, setText] = useState(view.get("q") ?? "");
  const put = useDebouncedCallback((q: string) => { view.set({ q: q || undefined, open: undefined }); }, 200);
  return (
    <div className="filter narrow" role="search">
      <input data-filter type="search" value={text} placeholder="Find a path or a value  /" aria-label="Find a path or a value" spellCheck={false} onChange={(event) => { setText(event.target.value); put(event.target.value); }} />
    </div>
  );
}

function Against({ detail }: { detail: CommonsDetail }) {
  const view = useView();
  const now = view.get("against") ?? "";
  const others = useInfiniteQuery(ask.commons({ limit: 500 }));
  const list = others.data?.pages.flatMap((page) => page.items).filter((one) => one.id !== detail.commons.id) ?? [];
  const time = now.startsWith("at:") ? now.slice(3) : "";
  return (
    <span className="row">
      <label className="row"><span className="dim">against</span>
        <select value={time ? "at" : now} onChange={(event) => {
          const value = event.target.value;
          view.set({ against: value === "at" ? `at:${new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10)}` : value || undefined, only: value ? "different" : undefined, open: undefined });
        }}>
          <option value="">nothing</option>
          <option value="default">the chart’s defaults</option>
          {detail.commons.twin && <option value="twin">its twin {detail.commons.twin.name}</option>}
          <option value="at">itself at another time</option>
          <optgroup label="another commons">{list.map((one) => <option key={one.id} value={`commons:${one.id}`}>{one.name}</option>)}</optgroup>
        </select>
      </label>
      {time && <input type="date" aria-label="Time to compare with" defaultValue={time.slice(0, 10)} onChange={(event) => { if (/^20/.test(event.target.value)) view.set({ against: `at:${event.target.value}` }); }} />}
    </span>
  );
}

function Fold({ data }: { data: ValuesTree | undefined }) {
  const view = useView();
  if (!data) return null;
  const folded = view.get("fold") === "all";
  return <button type="button" className="menu-button" onClick={() => { view.set({ fold: folded ? undefined : "all" }); }}>{folded ? "unfold all" : "fold all"}</button>;
}

function None({ data, filtered }: { data: ValuesTree; filtered: boolean }) {
  const view = useView();
  if (filtered) return <Empty title={view.get("only") ? "Nothing differs" : "No value matches"} action={<button type="button" className="bare link" onClick={() => { view.set({ q: undefined, only: undefined }); }}>Show all</button>}>{data.against ? `Compared with ${data.against}, by effective value.` : "Paths and values are searched; secrets only by their path."}</Empty>;
  if (data.note && !data.complete && data.rows.length === 0) return <Empty title="Its values are not known">{data.note} Nothing is assumed in their place.</Empty>;
  return <Empty title="It states no values">None of its values files could be read, or they are empty. Overview says which files it names and what became of each.</Empty>;
}
