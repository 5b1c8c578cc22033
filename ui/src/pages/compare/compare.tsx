// Two commons, or one at two moments, by effective value. What belongs to an environment is left out.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import type { CommonsRow, DiffResult, DiffRow } from "@/api/types";
import { useScope } from "@/app/scope";
import { useTitle } from "@/app/title";
import { Copy } from "@/parts/copy";
import { Drawer, Facts } from "@/parts/drawer";
import { A } from "@/parts/link";
import { Ended } from "@/parts/path";
import { Place } from "@/parts/place";
import { AddSourceButton } from "@/parts/no-fleet";
import { SaveView } from "@/parts/save-view";
import { Answer, Empty, Skeleton } from "@/parts/states";
import { Tick } from "@/parts/switches";
import { Table } from "@/parts/table/table";
import type { Column } from "@/parts/table/columns";
import { useView } from "@/url/view";
import { commit, many } from "@/words/say";
import { segments } from "../one/config/tree";
import { day } from "@/words/time";
import "./compare.css";

const side = (id: string | undefined, at: string | undefined): string | undefined => (id ? `commons:${id}${at ? `@${at}` : ""}` : undefined);

export function ComparePage() {
  useTitle("Compare");
  const view = useView();
  const scope = useScope();
  const everyone = useInfiniteQuery(ask.commons(scope.view({ limit: 500, at: undefined })));
  const rows = everyone.data?.pages.flatMap((page) => page.items) ?? [];
  const left = side(view.get("left"), view.get("leftAt") ?? view.get("at"));
  const right = side(view.get("right"), view.get("rightAt") ?? view.get("at"));
  const asked = useQuery({ ...ask.diff({ left, right, all: view.get("all") === "yes" || undefined }), enabled: left !== undefined && right !== undefined });
  return (
    <div className="page">
      <div className="page-head">
        <h1>Compare</h1>
        <Side name="left" label="Left" rows={rows} /><span className="dim">with</span><Side name="right" label="Right" rows={rows} />
        <Suggest rows={rows} />
        <span className="grow" />
        <Tick name="all" label="with what belongs to an environment" />
        <SaveView />
      </div>
      {left && right ? <Answer asked={asked} skeleton={<Skeleton lines={18} />}>{(data) => <Differences data={data} />}</Answer>
        : everyone.data && rows.length === 0 ? <Empty title="Nothing to compare yet" action={<AddSourceButton />}>Two commons, or one at two moments, are compared by effective value once a source that declares them has been read.</Empty>
        : <Empty title="Choose two sides">Two commons, most usefully a commons and its twin, or one commons at two moments. What differs is listed by effective value, with the file and line each side comes from.</Empty>}
    </div>
  );
}

function Side({ name, label, rows }: { name: "left" | "right"; label: string; rows: CommonsRow[] }) {
  const view = useView();
  const when = `${name}At`;
  return (
    <span className="row side">
      <select aria-label={`${label} commons`} value={view.get(name) ?? ""} onChange={(event) => { view.set({ [name]: event.target.value || undefined, open: undefined }); }}>
        <option value="">choose a commons</option>
        {rows.map((row) => <option key={row.id} value={row.id}>{row.name}</option>)}
      </select>
      <span className="dim nowrap">as of</span>
      <input type="date" className={view.get(when) ? "date" : "date unset"} aria-label={`${label} at the end of this day, empty for now`} title="At the end of this day; empty for now" value={view.get(when)?.slice(0, 10) ?? ""}
        onChange={(event) => { view.set({ [when]: event.target.value || undefined, open: undefined }); }} />
    </span>
  );
}

/** The other side that one most often wants. */
function Suggest({ rows }: { rows: CommonsRow[] }) {
  const view = useView();
  const left = rows.find((row) => row.id === view.get("left"));
  if (!left?.twin || view.get("right") === left.twin.id) return null;
  const twin = left.twin;
  return <button type="button" className="bare link" onClick={() => { view.set({ right: twin.id }); }}>its twin {twin.name}</button>;
}

const columns: Column<DiffRow>[] = [
  { id: "path", head: "Path", phone: true, cell: (row) => <Path path={row.path} /> },
  { id: "difference", head: "Difference", wide: true, width: 96, cell: (row) => <span className="dim">{row.difference === "added" ? "only right" : row.difference === "removed" ? "only left" : row.difference}</span> },
  { id: "left", head: "Left", phone: true, cell: (row) => <Shown row={row} value={row.left} which="before" /> },
  { id: "right", head: "Right", phone: true, cell: (row) => <Shown row={row} value={row.right} which="after" /> },
];

/** The end of a path tells most: it stays. */
function Path({ path }: { path: string }) {
  const parts = segments(path);
  const tail = parts.slice(-2).reduce((text, part) => (part.startsWith("[") || text === "" ? text + part : `${text}.${part}`), "");
  return <Ended head={path.endsWith(tail) ? path.slice(0, path.length - tail.length) : ""} tail={path.endsWith(tail) ? tail : path} title={path} />;
}

function Shown({ row, value, which }: { row: DiffRow; value: string | null | undefined; which: string }) {
  if (row.secret) return <span className="secret">••••</span>;
  if (value === null || value === undefined) return <span className="faint">not there</span>;
  return <span className={`mono ${which}`} title={value}>{value === "" ? '""' : value}</span>;
}

function Differences({ data }: { data: DiffResult }) {
  const view = useView();
  const open = data.rows.find((row) => row.path === view.get("open"));
  return (
    <>
      <p className="note">
        <span><b>{many(data.rows.length, "difference")}</b> between <A href={`/commons/${data.left.commons}`} className="plain mono">{data.left.name}</A> at <Stand side={data.left} /> and <A href={`/commons/${data.right.commons}`} className="plain mono">{data.right.name}</A> at <Stand side={data.right} /></span>
        {data.ignored > 0 && <span className="dim" title={data.ignored_patterns.join("\n")}>{data.ignored} left out because they belong to an environment (<A href="/settings/environment">edit</A>)</span>}
      </p>
      <div className="page-body">
        <div className="page grow">
          {data.rows.length === 0
            ? <Empty title="No difference">Every effective value is the same{data.ignored > 0 ? `, but for ${String(data.ignored)} that belong to an environment` : ""}.</Empty>
            : <Table label="Differences" rows={data.rows} rowKey={(row) => row.path} rowName={(row) => row.path} columns={columns} panel copy={(row) => row.path} />}
        </div>
        {open && <One key={open.path} row={open} />}
      </div>
    </>
  );
}

const Stand = ({ side: one }: { side: DiffResult["left"] }) => <span title={one.commit}>{one.time ? day(one.time) : commit(one.commit)}</span>;

function One({ row }: { row: DiffRow }) {
  return (
    <Drawer label="Difference" title={<Copy text={row.path} />}>
      {(["left", "right"] as const).map((which) => {
        const at = which === "left" ? row.left_at : row.right_at;
        return (
          <section key={which} className="section stack">
            <h2>{which === "left" ? "Left" : "Right"}</h2>
            {row.secret ? <p className="secret">••••</p> : row[which] === null || row[which] === undefined ? <p className="dim">It is not there.</p> : <pre className="pre mono">{row[which]}</pre>}
            {at && <Place path={at.path} line={at.line} />}
          </section>
        );
      })}
      <Facts facts={[["Service", row.service], ["Difference", row.difference]]} />
    </Drawer>
  );
}
