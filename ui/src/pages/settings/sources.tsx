import { Button } from "@mantine/core";
import { ask } from "@/api/queries";
import type { SourceRow } from "@/api/types";
import { useMay } from "@/app/me";
import { useScope } from "@/app/scope";
import { Drawer } from "@/parts/drawer";
import { A, Here } from "@/parts/link";
import { ListPage } from "@/parts/list-page";
import type { Column } from "@/parts/table/columns";
import { When } from "@/parts/when";
import { facetsOf } from "@/url/filter";
import { useView } from "@/url/view";
import { commit } from "@/words/say";
import { AddSource } from "./source-add";
import { OneSource, Phase } from "./source";

const columns: Column<SourceRow>[] = [
  { id: "name", head: "Source", width: 190, sort: "name", phone: true, cell: (row) => <span className="strong">{row.name}</span> },
  { id: "kind", wide: true, head: "Kind", width: 76, cell: (row) => row.kind },
  { id: "location", head: "Location", cell: (row) => <span className="mono" title={row.location}>{row.location}</span> },
  { id: "branch", wide: true, head: "Branch", width: 110, cell: (row) => <span className="mono">{row.branch}</span> },
  { id: "state", head: "State", width: 150, phone: true, cell: (row) => <Phase row={row} /> },
  { id: "head", head: "Shown", width: 84, cell: (row) => row.state.head ? <A className="plain mono" href={`/changes?organization=${row.organization}`} title={row.state.head_title ?? undefined}>{commit(row.state.head)}</A> : <span className="faint">nothing</span> },
  { id: "fetched", wide: true, head: "Fetched", width: 92, sort: "fetched", cell: (row) => <span className="dim"><When time={row.state.fetched_at} /></span> },
  { id: "commons", head: "Commons", width: 86, sort: "commons", align: "end", phone: true, cell: (row) => <A className="plain" href={`/commons?organization=${row.organization}`}>{row.commons}</A> },
  { id: "unread", wide: true, head: "Not read", width: 76, align: "end", cell: (row) => row.state.unread.length ? <Here open={row.id} className="plain amber">{row.state.unread.length}</Here> : <span className="faint">0</span> },
  { id: "organization", wide: true, head: "Organization", width: 120, cell: (row) => row.organization_name },
];

const phaseOf = (row: SourceRow): string => (row.paused ? "paused" : row.state.phase);

export function Sources() {
  const scope = useScope();
  const view = useView();
  const may = useMay();
  const add = may("source:edit") && <Button onClick={() => { view.set({ open: "new" }, true); }}>Add a source</Button>;
  return (
    <ListPage<SourceRow>
      title="Sources" intro="Git repositories that declare commons, hold their charts, or list releases. They are only read." noun="source" ask={ask.sources({ organization: scope.organization })}
      again={(rows) => (rows.some((row) => row.state.progress) ? 1000 : false)}
      rowKey={(row) => row.id} rowName={(row) => row.name} columns={columns} copy={(row) => row.location}
      panel={(id, rows) => {
        const row = rows.find((one) => one.id === id);
        if (id === "new" && may("source:edit")) return <Drawer label="New source" title="Add a source"><AddSource /></Drawer>;
        return row && <OneSource key={id} row={row} />;
      }}
      filters={{ kind: "fleet, chart, releases", state: "ready, failing, paused …", organization: "who owns it", branch: "main" }}
      facets={(rows) => facetsOf(rows, { kind: (row) => row.kind, state: phaseOf, organization: (row) => row.organization_name, branch: (row) => row.branch })}
      facetMenus={[["state", "state"], ["organization", "organization"]]}
      here={{
        values: (row, name) => [{ kind: row.kind, state: phaseOf(row), organization: row.organization_name, branch: row.branch }[name]], words: (row) => `${row.name} ${row.location}`,
        sorts: { name: (a, b) => a.name.localeCompare(b.name), commons: (a, b) => a.commons - b.commons, fetched: (a, b) => (a.state.fetched_at ?? "").localeCompare(b.state.fetched_at ?? "") },
      }}
      tools={add}
      none={{ title: "No source yet", why: "Add the repository that declares your commons: an HTTPS or SSH address, or a path on the server. It is looked at before anything is kept.", action: add }}
    />
  );
}
