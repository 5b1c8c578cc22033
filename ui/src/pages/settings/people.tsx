import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import type { PersonRow, Shapes } from "@/api/types";
import { useMay } from "@/app/me";
import { Copy } from "@/parts/copy";
import { Drawer, Facts } from "@/parts/drawer";
import { A, Here } from "@/parts/link";
import { ListPage } from "@/parts/list-page";
import { Failed } from "@/parts/states";
import type { Column } from "@/parts/table/columns";
import { When } from "@/parts/when";
import { facetsOf } from "@/url/filter";
import { useView } from "@/url/view";

const columns: Column<PersonRow>[] = [
  { id: "name", head: "Name", width: 200, sort: "name", phone: true, cell: (row) => <span className={row.disabled ? "dim" : "strong"}>{row.name}</span> },
  { id: "display", head: "Called", width: 200, cell: (row) => row.display_name },
  { id: "roles", head: "Roles", phone: true, cell: (row) => row.roles.length ? row.roles.map((role) => `${role.role}${role.organization_name ? ` of ${role.organization_name}` : ""}`).join(", ") : <span className="faint">none: sees nothing</span> },
  { id: "state", head: "State", width: 90, cell: (row) => <span className="dim">{row.disabled ? "disabled" : "active"}</span> },
  { id: "seen", head: "Last seen", width: 100, sort: "seen", cell: (row) => <span className="dim"><When time={row.last_seen_at} /></span> },
  { id: "sessions", head: "Sessions", width: 82, align: "end", cell: (row) => row.sessions ? <Here open={row.id} className="plain">{row.sessions}</Here> : <span className="faint">0</span> },
  { id: "tokens", head: "Tokens", width: 82, align: "end", cell: (row) => row.tokens ? <A className="plain" href={`/settings/tokens?all=yes&filter=of:${encodeURIComponent(row.name)}`}>{row.tokens}</A> : <span className="faint">0</span> },
];

const stateOf = (row: PersonRow): string => (row.disabled ? "disabled" : "active");

export function People() {
  const view = useView();
  const may = useMay();
  const add = may("people:edit") && <Button onClick={() => { view.set({ open: "new" }, true); }}>Add a person</Button>;
  return (
    <ListPage<PersonRow>
      title="People" intro="Who may sign in, and with which role where." noun="person" ask={ask.people()} rowKey={(row) => row.id} rowName={(row) => row.name} columns={columns} copy={(row) => row.name}
      panel={(id, rows) => {
        const row = rows.find((one) => one.id === id);
        if (id === "new") return <Drawer label="New person" title="Add a person"><NewPerson /></Drawer>;
        return row && <OnePerson key={id} row={row} />;
      }}
      filters={{ role: "viewer, operator, admin", organization: "of which organization", state: "active, disabled" }}
      facets={(rows) => facetsOf(rows, { role: (row) => row.roles.map((role) => role.role), organization: (row) => row.roles.map((role) => role.organization_name), state: stateOf })}
      facetMenus={[["role", "role"], ["state", "state"]]}
      here={{
        values: (row, name) => ({ role: row.roles.map((role) => role.role), organization: row.roles.map((role) => role.organization_name), state: [stateOf(row)] }[name] ?? []), words: (row) => `${row.name} ${row.display_name ?? ""}`,
        sorts: { name: (a, b) => a.name.localeCompare(b.name), seen: (a, b) => (a.last_seen_at ?? "").localeCompare(b.last_seen_at ?? "") },
      }}
      tools={add}
      none={{ title: "Nobody to show", why: "People of organizations you may read stand here.", action: add }}
    />
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
