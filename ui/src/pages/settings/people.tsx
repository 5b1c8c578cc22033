import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import type { PersonRow, Shapes } from "@/api/types";
import { useMay } from "@/app/me";
import { Copy } from "@/parts/copy";
import { Drawer, Facts } from "@/parts/drawer";
import { Answer, Empty, Failed, Skeleton } from "@/parts/states";
import { Table } from "@/parts/table/table";
import type { Column } from "@/parts/table/columns";
import { When } from "@/parts/when";
import { useView } from "@/url/view";

const columns: Column<PersonRow>[] = [
  { id: "name", head: "Name", width: 200, phone: true, cell: (row) => <span className={row.disabled ? "dim" : "strong"}>{row.name}</span> },
  { id: "display", head: "Called", width: 200, cell: (row) => row.display_name },
  { id: "roles", head: "Roles", phone: true, cell: (row) => row.roles.length ? row.roles.map((role) => `${role.role}${role.organization_name ? ` of ${role.organization_name}` : ""}`).join(", ") : <span className="faint">none: sees nothing</span> },
  { id: "state", head: "State", width: 90, cell: (row) => <span className="dim">{row.disabled ? "disabled" : "active"}</span> },
  { id: "seen", head: "Last seen", width: 100, cell: (row) => <span className="dim"><When time={row.last_seen_at} /></span> },
  { id: "sessions", head: "Sessions", width: 76, align: "end", cell: (row) => row.sessions },
  { id: "tokens", head: "Tokens", width: 70, align: "end", cell: (row) => row.tokens },
];

export function People() {
  const asked = useQuery(ask.people());
  const view = useView();
  const may = useMay();
  const open = view.get("open");
  const row = asked.data?.items.find((one) => one.id === open);
  const add = may("people:edit") && <Button onClick={() => { view.set({ open: "new" }, true); }}>Add a person</Button>;
  return (
    <>
      <div className="page-head slim"><span className="dim grow">Who may sign in, and with which role where.</span>{add}</div>
      <div className="page-body">
        <div className="page grow"><Answer asked={asked} skeleton={<Skeleton lines={6} />}>
          {({ items: rows }) => rows.length === 0 ? <Empty title="Nobody" action={add}>People of organizations you may read stand here.</Empty> : <Table label="People" rows={rows} rowKey={(one) => one.id} rowName={(one) => one.name} columns={columns} panel copy={(one) => one.name} />}
        </Answer></div>
        {open === "new" && <Drawer label="New person" title="Add a person"><NewPerson /></Drawer>}
        {row && <OnePerson key={row.id} row={row} />}
      </div>
    </>
  );
}

type Grant = { role: string; organization: string };
const grants = (list: Grant[]) => list.map((one) => ({ role: one.role, organization: one.organization || null }));

function Roles({ value, change }: { value: Grant[]; change: (next: Grant[]) => void }) {
  const organizations = useQuery(ask.organizations());
  const where = [{ value: "", label: "the whole installation" }, ...(organizations.data ?? []).map((one) => ({ value: one.id, label: one.name }))];
  const put = (i: number, part: Partial<Grant>) => { change(value.map((one, j) => (j === i ? { ...one, ...part } : one))); };
  return (
    <fieldset className="plain-set stack"><legend className="strong">Roles</legend>
      {value.map((one, i) => (
        <div key={i} className="row">
          <NativeSelect aria-label="Role" value={one.role} data={["viewer", "operator", "admin"]} onChange={(event) => { put(i, { role: event.target.value }); }} /><span className="dim">of</span>
          <NativeSelect aria-label="Where" value={one.organization} data={where} onChange={(event) => { put(i, { organization: event.target.value }); }} />
          <button type="button" className="bare icon" aria-label="Take this role away" onClick={() => { change(value.filter((_, j) => j !== i)); }}>✕</button>
        </div>
      ))}
      <div><Button size="compact-xs" variant="default" onClick={() => { change([...value, { role: "viewer", organization: "" }]); }}>Add a role</Button></div>
    </fieldset>
  );
}

function OneTime({ made }: { made: Shapes["PersonCreated"] }) {
  return <div className="once" role="status"><span>One-time password of <b>{made.person.name}</b>, shown this once. It must be changed at the first sign-in.</span><Copy text={made.one_time_password} /></div>;
}

function NewPerson() {
  const [name, setName] = useState("");
  const [display, setDisplay] = useState("");
  const [roles, setRoles] = useState<Grant[]>([{ role: "viewer", organization: "" }]);
  const make = useMutation({ mutationFn: () => api.post<Shapes["PersonCreated"]>("/people", { name, display_name: display || null, roles: grants(roles) }) });
  if (make.data) return <div className="section"><OneTime made={make.data} /></div>;
  return (
    <form className="form section" onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
      <TextInput label="Name" description="To sign in with; it cannot be changed later" required value={name} onChange={(event) => { setName(event.target.value.trim()); }} />
      <TextInput label="Called" value={display} onChange={(event) => { setDisplay(event.target.value); }} />
      <Roles value={roles} change={setRoles} />
      {make.error && <Failed error={make.error} compact />}
      <div><Button type="submit" loading={make.isPending}>Add {name || "the person"}</Button></div>
    </form>
  );
}

function OnePerson({ row }: { row: PersonRow }) {
  const may = useMay();
  const [roles, setRoles] = useState<Grant[]>(row.roles.map((role) => ({ role: role.role, organization: role.organization ?? "" })));
  const patch = useMutation({ mutationFn: (body: Record<string, unknown>) => api.patch(`/people/${row.id}`, body) });
  const reset = useMutation({ mutationFn: () => api.post<Shapes["PersonCreated"]>(`/people/${row.id}/password`) });
  const error = patch.error ?? reset.error;
  return (
    <Drawer label="Person" title={row.display_name || row.name}>
      <section className="section"><Facts facts={[["Name", row.name], ["Added", <When key="c" time={row.created_at} />], ["Last seen", <When key="s" time={row.last_seen_at} />], ["Sessions", row.sessions], ["Tokens", row.tokens], ["State", row.disabled ? "disabled: cannot sign in" : "active"]]} /></section>
      {may("people:edit") && (
        <section className="section stack wide">
          <Roles value={roles} change={setRoles} />
          {reset.data && <OneTime made={reset.data} />}
          {error && <Failed error={error} compact />}
          <div className="row wrap">
            <Button loading={patch.isPending} onClick={() => { patch.mutate({ roles: grants(roles) }); }}>Save the roles</Button>
            <Button variant="default" onClick={() => { reset.mutate(); }}>New one-time password</Button>
            <Button variant="default" onClick={() => { patch.mutate({ disabled: !row.disabled }); }}>{row.disabled ? "Enable again" : "Disable and sign out"}</Button>
          </div>
        </section>
      )}
    </Drawer>
  );
}
