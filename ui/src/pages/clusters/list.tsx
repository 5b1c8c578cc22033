import { Button } from "@mantine/core";
import { ask } from "@/api/queries";
import type { ClusterRow } from "@/api/types";
import { useScope } from "@/app/scope";
import { Copy } from "@/parts/copy";
import { A } from "@/parts/link";
import { ListPage } from "@/parts/list-page";
import { Severities } from "@/parts/state";
import type { Column } from "@/parts/table/columns";
import { When } from "@/parts/when";
import { facetsOf } from "@/url/filter";
import { useView } from "@/url/view";
import { plain } from "@/words/say";

const columns: Column<ClusterRow>[] = [
  { id: "name", head: "Cluster", width: 220, sort: "name", phone: true, cell: (row) => <A href={`/clusters/${row.id}`} className="strong-link mono">{row.name}</A> },
  { id: "link", wide: true, head: "Link", width: 78, cell: (row) => <span className="dim" title={row.link === "none" ? "No agent runs in this cluster: what is shown is what the files say" : undefined}>{row.link === "none" ? "no agent" : plain(row.link)}</span> },
  { id: "commons", head: "Commons", width: 90, align: "end", sort: "commons", phone: true, cell: (row) => row.commons ? <A href={`/commons?filter=cluster:${row.name}`} className="plain">{row.commons}</A> : <span className="faint">0</span> },
  { id: "kubernetes", head: "Kubernetes", width: 100, sort: "kubernetes", phone: true, cell: (row) => row.kubernetes ?? <span className="faint" title="The node image does not tell it">unknown</span> },
  { id: "image", wide: true, head: "Node image", cell: (row) => row.node_image ? <Copy text={row.node_image} /> : <span className="faint">not stated</span> },
  { id: "add_ons", head: "Add-ons", width: 76, align: "end", cell: (row) => <A href={`/clusters/${row.id}`} className="plain">{row.add_ons_enabled}</A> },
  { id: "account", wide: true, head: "Account", width: 122, cell: (row) => row.account ? <Copy text={row.account} /> : "" },
  { id: "project", wide: true, head: "Project", width: 112, cell: (row) => row.project ?? "" },
  { id: "findings", head: "Findings", width: 142, sort: "findings", cell: (row) => <Severities counts={row.findings} href={(severity) => `/findings?filter=cluster:${row.name}%20severity:${severity}`} /> },
  { id: "folder", head: "Folder", width: 220, optional: true, cell: (row) => <Copy text={row.folder} /> },
  { id: "organization", head: "Organization", width: 120, optional: true, cell: (row) => row.organization_name },
  { id: "change", head: "Last change", width: 102, sort: "last_change", cell: (row) => <A href={`/changes?filter=cluster:${row.name}`} className="plain dim"><When time={row.last_change_at} never="not known" /></A> },
];

const weight = ({ findings: f }: ClusterRow): number => ((f.critical * 100 + f.high) * 100 + f.medium) * 100 + f.low;

export function ClustersPage() {
  const scope = useScope();
  const view = useView();
  return (
    <ListPage<ClusterRow>
      title="Clusters" noun="cluster" ask={ask.clusters({ organization: scope.organization, limit: 500 })} rowKey={(row) => row.id} rowName={(row) => row.name} columns={columns} page={(row) => `/clusters/${row.id}`} copy={(row) => row.name}
      here={{
        values: (row, name) => [{ name: row.name, account: row.account, project: row.project, kubernetes: row.kubernetes, organization: row.organization_name }[name]], words: (row) => `${row.name} ${row.folder}`,
        sorts: {
          name: (a, b) => a.name.localeCompare(b.name), commons: (a, b) => a.commons - b.commons, kubernetes: (a, b) => (a.kubernetes ?? "").localeCompare(b.kubernetes ?? "", "en", { numeric: true }),
          findings: (a, b) => weight(a) - weight(b), last_change: (a, b) => (a.last_change_at ?? "").localeCompare(b.last_change_at ?? ""),
        },
      }}
      filters={{ account: "cloud account", project: "project", kubernetes: "1.35", organization: "who owns it", name: "name, *" }}
      facets={(rows) => facetsOf(rows, { account: (row) => row.account, project: (row) => row.project, kubernetes: (row) => row.kubernetes, organization: (row) => row.organization_name })}
      facetMenus={[["kubernetes", "Kubernetes"], ["account", "account"]]}
      groups={{ Kubernetes: (row) => row.kubernetes ?? "unknown", account: (row) => row.account ?? "not stated", organization: (row) => row.organization_name }}
      none={{ title: "No cluster yet", why: "Clusters are read from the same Git repositories as commons: the folder, the Application’s destination or the cluster’s values name them.", action: <Button onClick={() => { view.go("/settings/sources?open=new"); }}>Add a source</Button> }}
    />
  );
}
