import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import type { SourceRow } from "@/api/types";
import { useMay } from "@/app/me";
import { useScope } from "@/app/scope";
import { Drawer } from "@/parts/drawer";
import { A } from "@/parts/link";
import { Answer, Empty, Skeleton } from "@/parts/states";
import { Table } from "@/parts/table/table";
import type { Column } from "@/parts/table/columns";
import { When } from "@/parts/when";
import { useView } from "@/url/view";
import { commit } from "@/words/say";
import { AddSource } from "./source-add";
import { OneSource, Phase } from "./source";

const columns: Column<SourceRow>[] = [
  { id: "name", head: "Source", width: 190, phone: true, cell: (row) => <span className="strong">{row.name}</span> },
  { id: "kind", wide: true, head: "Kind", width: 76, cell: (row) => row.kind },
  { id: "location", head: "Location", cell: (row) => <span className="mono" title={row.location}>{row.location}</span> },
  { id: "branch", wide: true, head: "Branch", width: 110, cell: (row) => <span className="mono">{row.branch}</span> },
  { id: "state", head: "State", width: 150, phone: true, cell: (row) => <Phase row={row} /> },
  { id: "head", head: "Shown", width: 84, cell: (row) => row.state.head ? <A className="plain mono" href="/changes">{commit(row.state.head)}</A> : <span className="faint">nothing</span> },
  { id: "fetched", wide: true, head: "Fetched", width: 90, cell: (row) => <span className="dim"><When time={row.state.fetched_at} /></span> },
  { id: "commons", head: "Commons", width: 76, align: "end", phone: true, cell: (row) => <A className="plain" href="/commons">{row.commons}</A> },
  { id: "unread", wide: true, head: "Not read", width: 72, align: "end", cell: (row) => row.state.unread.length || <span className="faint">0</span> },
  { id: "organization", wide: true, head: "Organization", width: 120, cell: (row) => row.organization_name },
];

export function Sources() {
  const scope = useScope();
  const view = useView();
  const may = useMay();
  const asked = useQuery({ ...ask.sources({ organization: scope.organization }), refetchInterval: (query) => (query.state.data?.some((row) => row.state.progress) ? 1000 : false) });
  const open = view.get("open");
  const row = asked.data?.find((one) => one.id === open);
  const add = may("source:edit") && <Button onClick={() => { view.set({ open: "new" }, true); }}>Add a source</Button>;
  return (
    <>
      <div className="page-head slim"><span className="dim grow">Git repositories that declare commons, hold their charts, or list releases. They are only read.</span>{add}</div>
      <div className="page-body">
        <div className="page grow"><Answer asked={asked} skeleton={<Skeleton lines={6} />}>
          {(rows) => rows.length === 0
            ? <Empty title="No source yet" action={add}>Add the repository that declares your commons: an HTTPS or SSH address, or a path on the server. It is looked at before anything is kept.</Empty>
            : <Table label="Sources" rows={rows} rowKey={(one) => one.id} rowName={(one) => one.name} columns={columns} panel copy={(one) => one.location} />}
        </Answer></div>
        {open === "new" && may("source:edit") && <Drawer label="New source" title="Add a source"><AddSource /></Drawer>}
        {row && <OneSource key={row.id} row={row} />}
      </div>
    </>
  );
}
