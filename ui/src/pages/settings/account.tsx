import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import type { SessionRow } from "@/api/types";
import { useMe } from "@/app/me";
import { Facts } from "@/parts/drawer";
import { Answer, Failed } from "@/parts/states";
import { When } from "@/parts/when";
import { PasswordForm } from "@/pages/sign-in/password";

export function Account() {
  const me = useMe();
  const sessions = useQuery(ask.mySessions());
  if (!me) return null;
  return (
    <div className="page-scroll">
      <section className="setting"><h2>{me.display_name || me.name}</h2>
        <Facts facts={[["Name", me.name], ["Roles", me.roles.map((role) => `${role.role}${role.organization ? ` of ${me.organizations.find((one) => one.id === role.organization)?.name ?? ""}` : ""}`).join(", ") || "none"], ["May", me.permissions.join(", ")]]} />
      </section>
      <section className="setting"><h2>Where you are signed in</h2><Answer asked={sessions}>{(rows) => <ul>{rows.map((row) => <Session key={row.id} row={row} />)}</ul>}</Answer></section>
      <section className="setting"><h2>Password</h2><PasswordForm /></section>
    </div>
  );
}

function Session({ row }: { row: SessionRow }) {
  const end = useMutation({ mutationFn: () => api.remove(`/me/sessions/${row.id}`) });
  return (
    <li className="line">
      <span className="cut grow" title={row.user_agent}>{row.user_agent || "unknown program"}</span><span className="mono dim">{row.address}</span><span className="dim nowrap">seen <When time={row.last_seen_at} /></span>
      {row.current ? <span className="dim">this one</span> : <Button size="compact-xs" variant="default" loading={end.isPending} onClick={() => { end.mutate(); }}>Sign out</Button>}
      {end.error && <Failed error={end.error} compact />}
    </li>
  );
}
