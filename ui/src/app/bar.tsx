import { Menu, useMantineColorScheme } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { useLink } from "@/api/live";
import { ask } from "@/api/queries";
import { A } from "@/parts/link";
import { useNow } from "@/parts/when";
import { useView } from "@/url/view";
import { clock, span } from "@/words/time";
import { AtPicker } from "./at";
import { TIERS } from "@/words/tiers";
import { useMe } from "./me";
import { sectionOf } from "./sections";
import { useCrumb } from "./title";

export function Bar({ onPalette }: { onPalette: () => void }) {
  const { path } = useView();
  const section = sectionOf(path);
  const crumb = useCrumb();
  return (
    <header className="bar">
      <nav className="crumbs" aria-label="Where you are">
        {section && (path === section.href ? <span className="strong">{section.name}</span> : <A href={section.href}>{section.name}</A>)}
        {section && crumb && crumb !== section.name && <><span className="faint" aria-hidden>›</span><span className="strong cut">{crumb}</span></>}
      </nav>
      <Scopes />
      <AtPicker />
      <button type="button" className="bar-search" onClick={onPalette}><span>Search</span><kbd>⌘K</kbd></button>
      <Freshness />
      <Person />
    </header>
  );
}

/** The pages whose rows belong to a tier. */
const TIERED = new Set(["/", "/commons", "/releases", "/changes", "/findings"]);

function Scopes() {
  const view = useView();
  const me = useMe();
  const everywhere = (me?.permissions.length ?? 0) > 0;
  const organizations = useQuery({ ...ask.organizations(), enabled: me !== undefined });
  const tiered = TIERED.has(view.path);
  const names = organizations.data ?? (everywhere ? [] : me?.organizations) ?? [];
  return (
    <div className="scopes">
      {names.length > 1 && (
        <label className={view.get("organization") ? "on" : undefined}>
          <select aria-label="Organization" value={view.get("organization") ?? ""} onChange={(event) => { view.set({ organization: event.target.value || undefined, open: undefined }); }}>
            <option value="">all organizations</option>
            {names.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
          </select>
        </label>
      )}
      <label className={tiered && view.get("tier") ? "on" : undefined} title={tiered ? undefined : "This page is not divided by tier"}>
        <select aria-label="Tier" disabled={!tiered} value={tiered ? (view.get("tier") ?? "") : ""} onChange={(event) => { view.set({ tier: event.target.value || undefined, open: undefined }); }}>
          <option value="">all tiers</option>
          {TIERS.map((tier) => <option key={tier}>{tier}</option>)}
        </select>
      </label>
    </div>
  );
}

/** Live, reconnecting, or since when what stands here is old: for the whole page, in this one place. */
function Freshness() {
  const link = useLink();
  const now = useNow();
  const old = link.state === "reconnecting" && now - link.since > 15_000;
  const words = link.state === "live" ? "live" : link.state === "connecting" ? "connecting" : old ? `stale since ${clock(new Date(link.seen || link.since).toISOString())}` : "reconnecting";
  return (
    <span className={`freshness ${old ? "stale" : link.state}`} role="status" title={link.seen ? `Last heard from the server ${span(now - link.seen)} ago` : "Not heard from the server yet"}>
      <i aria-hidden />{words}
    </span>
  );
}

function Person() {
  const me = useMe();
  const client = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const view = useView();
  const leave = useMutation({ mutationFn: () => api.remove("/session"), onSuccess: () => { client.clear(); window.location.assign("/"); } });
  if (!me) return null;
  const roles = me.roles.map((role) => role.role).join(", ");
  return (
    <Menu position="bottom-end">
      <Menu.Target><button type="button" className="menu-button person" aria-label={`Signed in as ${me.display_name}`}>{me.display_name || me.name}<span aria-hidden> ▾</span></button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.name}{roles && ` · ${roles}`}</Menu.Label>
        {(["auto", "light", "dark"] as const).map((scheme) => (
          <Menu.Item key={scheme} onClick={() => { setColorScheme(scheme); }} closeMenuOnClick={false}>{colorScheme === scheme ? "● " : "○ "}{scheme === "auto" ? "as the system" : scheme}</Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => { view.go("/settings/account"); }}>Your account</Menu.Item>
        <Menu.Item onClick={() => { leave.mutate(); }}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
