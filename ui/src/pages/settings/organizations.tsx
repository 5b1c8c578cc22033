import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import type { OrganizationRow } from "@/api/types";
import { useMay } from "@/app/me";
import { Drawer } from "@/parts/drawer";
import { A } from "@/parts/link";
import { ListPage } from "@/parts/list-page";
import { Failed } from "@/parts/states";
import type { Column } from "@/parts/table/columns";
import { When } from "@/parts/when";
import { useView } from "@/url/view";

const columns: Column<OrganizationRow>[] = [
  { id: "name", head: "Organization", sort: "name", phone: true, cell: (row) => <span className="strong">{row.name}</span> },
  { id: "commons", head: "Commons", width: 90, sort: "commons", align: "end", phone: true, cell: (row) => <A className="plain" href={`/commons?organization=${row.id}`}>{row.commons}</A> },
  { id: "clusters", head: "Clusters", width: 90, sort: "clusters", align: "end", cell: (row) => <A className="plain" href={`/clusters?organization=${row.id}`}>{row.clusters}</A> },
  { id: "sources", head: "Sources", width: 90, align: "end", cell: (row) => <A className="plain" href={`/settings/sources?organization=${row.id}`}>{row.sources}</A> },
  { id: "people", head: "People", width: 90, sort: "people", align: "end", cell: (row) => <A className="plain" href={`/settings/people?filter=organization:${encodeURIComponent(`"${row.name}"`)}`}>{row.people}</A> },
  { id: "created", head: "Made", width: 110, sort: "created", cell: (row) => <span className="dim"><When time={row.created_at} /></span> },
];

export function Organizations() {
  const view = useView();
  const may = useMay();
  const add = may("organization:edit") && <Button onClick={() => { view.set({ open: "new" }, true); }}>Add an organization</Button>;
  return (
    <ListPage<OrganizationRow>
      title="Organizations" intro="Who owns commons. What belongs to one cannot be seen, counted or guessed by people of another." noun="organization" ask={ask.organizationList()}
      rowKey={(row) => row.id} rowName={(row) => row.name} columns={columns}
      panel={(id, rows) => {
        const row = rows.find((one) => one.id === id);
        return (id === "new" || row) && may("organization:edit") && <Drawer key={id} label="Organization" title={row ? row.name : "Add an organization"}><Form row={row} /></Drawer>;
      }}
      filters={{}}
      here={{
        values: () => [], words: (row) => row.name,
        sorts: { name: (a, b) => a.name.localeCompare(b.name), commons: (a, b) => a.commons - b.commons, clusters: (a, b) => a.clusters - b.clusters, people: (a, b) => a.people - b.people, created: (a, b) => a.created_at.localeCompare(b.created_at) },
      }}
      tools={add}
      none={{ title: "No organization yet", why: "Commons, clusters and sources belong to one. Make the first, then add its source.", action: add }}
    />
  );
}

function Form({ row }: { row: OrganizationRow | undefined }) {
  const view = useView();
  const [name, setName] = useState(row?.name ?? "");
  const done = () => { view.set({ open: undefined }); };
  const save = useMutation({ mutationFn: () => (row ? api.patch(`/organizations/${row.id}`, { name }) : api.post("/organizations", { name })), onSuccess: done });
  const remove = useMutation({ mutationFn: () => api.remove(`/organizations/${row?.id ?? ""}`), onSuccess: done });
  const empty = row && row.commons + row.sources + row.people === 0;
  return (
    <form className="form section" onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <TextInput label="Name" required maxLength={80} value={name} onChange={(event) => { setName(event.target.value); }} />
      {(save.error ?? remove.error) && <Failed error={save.error ?? remove.error} compact />}
      <div className="row"><Button type="submit" loading={save.isPending}>{row ? "Rename" : "Add the organization"}</Button>{empty && <Button variant="default" onClick={() => { remove.mutate(); }}>Remove</Button>}</div>
    </form>
  );
}
