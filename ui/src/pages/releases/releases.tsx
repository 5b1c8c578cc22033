// The matrix: which service runs which tag in which commons, and how far behind it is.
import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import type { Matrix, ReleaseList } from "@/api/types";
import { useScope } from "@/app/scope";
import { useTitle } from "@/app/title";
import { FilterBar } from "@/parts/filter/bar";
import { A } from "@/parts/link";
import { AddSourceButton } from "@/parts/no-fleet";
import { SaveView } from "@/parts/save-view";
import { Answer, Empty, Skeleton } from "@/parts/states";
import { Segments, Tick } from "@/parts/switches";
import { useView } from "@/url/view";
import { facetsOf } from "@/url/filter";
import { CellDrawer } from "./cell";
import { Grid } from "./grid";
import { pickRows } from "./pick";
import "./releases.css";

export function ReleasesPage() {
  useTitle("Releases");
  const scope = useScope();
  const view = useView();
  const matrix = useQuery(ask.matrix(scope.list({ sort: undefined })));
  const releases = useQuery(ask.releases(scope.view()));
  const rows = matrix.data?.rows ?? [];
  const facets = facetsOf(rows, { tier: (row) => row.tier, cluster: (row) => row.cluster, release: (row) => row.release, name: (row) => row.name });
  const [commons, service] = view.get("open")?.split("|") ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>Releases</h1>
        <span className="count" role="status">{matrix.data && `${String(rows.length)} commons × ${String(matrix.data.columns.length)}`}</span>
        <FilterBar names={{ tier: "production, staging …", cluster: "where it runs", release: "mode release", behind: "releases behind, >2", service: "columns and who runs it", name: "hostname" }} facets={facets} placeholder="Filter commons" />
        <span className="row wrap">
          <Segments name="show" label="Cells show" options={[["", "tag"], ["lag", "lag"]]} />
          <Tick name="differences" label="only differences" />
          <Tick name="production" label="production only" />
          <SaveView />
        </span>
      </div>
      <ReleaseStrip asked={releases} />
      <div className="page-body">
        <div className="page grow">
          <Answer asked={matrix} skeleton={<Skeleton lines={22} height={23} />}>{(data) => <Body data={data} />}</Answer>
        </div>
        {commons && service && <CellDrawer key={`${commons}|${service}`} commons={commons} service={service} />}
      </div>
    </div>
  );
}

function Body({ data }: { data: Matrix }) {
  const view = useView();
  const shown = pickRows(data, { production: view.get("production") === "yes", differences: view.get("differences") === "yes" });
  if (data.rows.length === 0) return <Empty title="No commons to compare" action={<AddSourceButton />}>Commons appear here once a source that declares them has been read, and the filter and scope let them through.</Empty>;
  if (shown.rows.length === 0 || shown.columns.length === 0) return <Empty title="Nothing differs" action={<button type="button" className="bare link" onClick={() => { view.set({ differences: undefined, production: undefined }); }}>Show all</button>}>Every service runs one and the same tag in these commons.</Empty>;
  return <Grid matrix={shown} lag={view.get("show") === "lag"} unreadable={data.unreadable} />;
}

function ReleaseStrip({ asked }: { asked: { data: ReleaseList | undefined } }) {
  const list = asked.data;
  if (!list) return <div className="strip" />;
  const shown = list.releases.filter((one) => one.commons > 0 || one.release === list.newest || one.state === "upcoming").slice(0, 14);
  return (
    <div className="strip">
      <span title={list.newest_why ?? undefined}>{list.newest ? <>newest <b>{list.newest}</b></> : "the newest release is not known"}</span>
      <ul>{shown.map((one) => (
        <li key={one.release} className={one.state === "upcoming" ? "upcoming" : undefined} title={one.state === "upcoming" ? "Tags exist; it is not released yet" : undefined}>
          <A href={`/commons?filter=release:${one.release}`} className="plain">{one.release} {one.state === "upcoming" ? "upcoming" : <b>{one.commons}</b>}</A>
        </li>
      ))}</ul>
      <A href="/releases/rollouts">Rollouts</A>
    </div>
  );
}
