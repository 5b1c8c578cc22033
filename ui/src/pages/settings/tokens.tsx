import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import type { Shapes, TokenRow } from "@/api/types";
import { useMay, useMe } from "@/app/me";
import { Copy } from "@/parts/copy";
import { Drawer } from "@/parts/drawer";
import { ListPage } from "@/parts/list-page";
import { Failed } from "@/parts/states";
import { Tick } from "@/parts/switches";
import type { Column } from "@/parts/table/columns";
import { When } from "@/parts/when";
import { facetsOf } from "@/url/filter";
import { useView } from "@/url/view";
import { day } from "@/words/time";

function Revoke({ row }: { row: TokenRow }) {
  const revoke = useMutation({ mutationFn: () => api.remove(`/tokens/${row.id}`) });
  return row.revoked_at ? <span className="dim">revoked</span> : <Button size="compact-xs" variant="default" loading={revoke.isPending} aria-label={`Revoke ${row.name}`} onClick={() => { revoke.mutate(); }}>Revoke</Button>;
}

const stateOf = (row: TokenRow): string => (row.revoked_at ? "revoked" : "good");

const columns: Column<TokenRow>[] = [
  { id: "name", head: "Token", width: 200, sort: "name", phone: true, cell: (row) => <span className={row.revoked_at ? "dim" : "strong"}>{row.name}</span> },
  { id: "prefix", head: "Begins with", width: 170, cell: (row) => <span className="mono dim">{row.prefix}…</span> },
  { id: "person", head: "Of", width: 140, cell: (row) => row.person_name },
  { id: "may", head: "May", cell: (row) => row.permissions ? row.permissions.join(", ") : <span className="dim">all that its owner may</span> },
  { id: "used", head: "Last used", width: 100, sort: "used", cell: (row) => <span className="dim"><When time={row.last_used_at} /></span> },
  { id: "expires", head: "Ends", width: 100, sort: "expires", phone: true, cell: (row) => day(row.expires_at) },
  { id: "revoke", head: "", width: 96, phone: true, cell: (row) => <Revoke row={row} /> },
];

export function Tokens() {
  const view = useView();
  const may = useMay();
  const make = <Button onClick={() => { view.set({ open: "new" }, true); }}>Make a token</Button>;
  return (
    <ListPage<TokenRow>
      title="Tokens" intro="For scripts and the command line: a token acts as its owner, with all or some of what the owner may." noun="token" ask={ask.tokens(view.get("all") === "yes")}
      rowKey={(row) => row.id} rowName={(row) => row.name} columns={columns}
      panel={(id) => id === "new" && <Drawer label="New token" title="Make a token"><NewToken /></Drawer>}
      filters={{ of: "whose", state: "good, revoked" }}
      facets={(rows) => facetsOf(rows, { of: (row) => row.person_name, state: stateOf })}
      facetMenus={[["of", "whose"], ["state", "state"]]}
      here={{
        values: (row, name) => [{ of: row.person_name, state: stateOf(row) }[name]], words: (row) => `${row.name} ${row.prefix}`,
        sorts: { name: (a, b) => a.name.localeCompare(b.name), used: (a, b) => (a.last_used_at ?? "").localeCompare(b.last_used_at ?? ""), expires: (a, b) => a.expires_at.localeCompare(b.expires_at) },
      }}
      tools={<span className="row">{may("people:read") && <Tick name="all" label="everybody’s" />}{make}</span>}
      none={{ title: "No token", why: <>The command line signs in with <code>csoc login</code> and a token from here.</>, action: make }}
    />
  );
}

function NewToken() {
  const me = useMe();
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const [some, setSome] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  const all = [...new Set([...(me?.permissions ?? []), ...(me?.organizations.flatMap((one) => one.permissions) ?? [])])];
  const make = useMutation({ mutationFn: () => api.post<Shapes["TokenCreated"]>("/tokens", { name, days: Number(days), permissions: some ? chosen : null, organization: null }) });
  if (make.data) return <div className="section"><div className="once" role="status"><span>The token <b>{make.data.token.name}</b>, shown this once:</span><Copy text={make.data.secret} /></div></div>;
  return (
    <form className="form section" onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
      <TextInput label="What it is for" required maxLength={80} value={name} onChange={(event) => { setName(event.target.value); }} />
      <NativeSelect label="It ends after" value={days} data={[["7", "7 days"], ["30", "30 days"], ["90", "90 days"], ["366", "a year"]].map(([value = "", label = ""]) => ({ value, label }))} onChange={(event) => { setDays(event.target.value); }} />
      <label className="tick"><input type="checkbox" checked={some} onChange={(event) => { setSome(event.target.checked); }} />only some of what I may</label>
      {some && <fieldset className="plain-set stack tight"><legend className="strong">It may</legend>{all.map((permission) => <label key={permission} className="tick"><input type="checkbox" checked={chosen.includes(permission)} onChange={() => { setChosen(chosen.includes(permission) ? chosen.filter((one) => one !== permission) : [...chosen, permission]); }} /><span className="mono">{permission}</span></label>)}</fieldset>}
      {make.error && <Failed error={make.error} compact />}
      <div><Button type="submit" loading={make.isPending} disabled={some && chosen.length === 0}>Make the token</Button></div>
    </form>
  );
}
