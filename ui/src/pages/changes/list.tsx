import { Button } from "@mantine/core";
import { ask } from "@/api/queries";
import type { ChangeRow } from "@/api/types";
import { useScope } from "@/app/scope";
import { Copy } from "@/parts/copy";
import { A, Here, Out } from "@/parts/link";
import { ListPage } from "@/parts/list-page";
import type { Column } from "@/parts/table/columns";
import { When } from "@/parts/when";
import { facetsOf } from "@/url/filter";
import { useView } from "@/url/view";
import { many, plain } from "@/words/say";
import { ChangeDrawer } from "./drawer";

function Where({ row }: { row: ChangeRow }) {
  const [first] = row.commons;
  if (row.commons.length === 1 && first) return <A href={`/commons/${first.id}`} className="plain mono">{first.name}</A>;
  if (row.commons.length > 1) return <Here open={row.id} className="plain" title={row.commons.map((one) => one.name).join("\n")}>{many(row.commons.length, "commons")}</Here>;
  const [cluster] = row.clusters;
  if (row.clusters.length === 1 && cluster) return <A href={`/clusters/${cluster.id}`} className="plain mono">{cluster.name}</A>;
  return row.clusters.length ? <Here open={row.id} className="plain" title={row.clusters.map((one) => one.name).join("\n")}>{many(row.clusters.length, "cluster")}</Here> : <span className="faint">none</span>;
}

export const changeColumns: Column<ChangeRow>[] = [
  { id: "summary", head: "What", phone: true, cell: (row) => (
    <span title={row.title}>
      <Here open={row.id} className="plain">{row.summary || row.title}</Here>
      {row.undone_by && <span className="chip amber gap">undone</span>}{row.undoes && <span className="chip gap">undoes</span>}{row.chart && <span className="chip gap">chart</span>}
    </span>
  ) },
  { id: "where", head: "Where", width: 236, cell: (row) => <Where row={row} /> },
  { id: "class", wide: true, head: "Class", width: 110, cell: (row) => <span className="dim">{plain(row.class)}</span> },
  { id: "author", wide: true, head: "By", width: 140, cell: (row) => <span title={row.authors.join(", ")}>{row.author}</span> },
  { id: "pull", head: "Landing", width: 92, cell: (row) => row.pull_request && row.pull_request_url ? <Out href={row.pull_request_url}>#{row.pull_request}</Out> : row.pull_request ? <Copy text={`#${String(row.pull_request)}`} mono={false} /> : <span className="dim"><Copy text={row.commit}>{row.commit.slice(0, 7)}</Copy></span> },
  { id: "items", wide: true, head: "Items", width: 66, align: "end", cell: (row) => <Here open={row.id} className="plain">{row.items.toLocaleString("en")}</Here> },
  { id: "source", head: "Source", width: 120, optional: true, cell: (row) => row.source_name },
  { id: "time", head: "Landed", width: 90, phone: true, cell: (row) => <span className="dim"><When time={row.time} /></span> },
];

export function ChangesPage() {
  const scope = useScope();
  const view = useView();
  return (
    <ListPage<ChangeRow>
      title="Changes" noun="change" ask={ask.changes(scope.list({ since: view.get("since"), until: view.get("until"), sort: undefined, at: undefined }))}
      rowKey={(row) => row.id} rowName={(row) => row.summary || row.title} columns={changeColumns} copy={(row) => row.commit}
      panel={(id) => <ChangeDrawer id={id} key={id} />}
      filters={{ commons: "hostname, *", service: "fence, guppy …", class: "version_bump, infra …", author: "who", tag: "a tag it set", cluster: "where", tier: "production …", undone: "yes" }}
      facets={(rows) => facetsOf(rows, {
        class: (row) => row.class, author: (row) => row.authors, commons: (row) => row.commons.map((one) => one.name), cluster: (row) => row.clusters.map((one) => one.name), source: (row) => row.source_name,
      })}
      facetMenus={[["class", "class"], ["author", "author"], ["commons", "commons"]]}
      groups={{ day: (row) => row.time.slice(0, 10), class: (row) => plain(row.class), author: (row) => row.author }}
      none={{
        title: "No change yet", why: "Every landing on a source’s branch becomes a change: what it did to which commons and services. They appear once a source has been read.",
        action: <Button onClick={() => { view.go("/settings/sources"); }}>Look at the sources</Button>,
      }}
    />
  );
}
