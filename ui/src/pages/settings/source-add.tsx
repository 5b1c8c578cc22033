// First look, then keep: the location is tried, what was found is shown, and only then registered.
import { Button, NativeSelect, PasswordInput, TextInput, Textarea } from "@mantine/core";
import "@mantine/core/styles/PasswordInput.css";
import "@mantine/core/styles/ActionIcon.css";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import type { CredentialWrite, ProbeResult, SourceRow } from "@/api/types";
import { Failed } from "@/parts/states";
import { useView } from "@/url/view";
import { many } from "@/words/say";
import { Layouts } from "./layouts";

interface Draft { location: string; kind: string; auth: string; user: string; secret: string; name: string; organization: string; branch: string }

const credentialOf = (draft: Draft): CredentialWrite =>
  draft.auth === "token" ? { auth: "token", user: draft.user || null, token: draft.secret } : draft.auth === "ssh_key" ? { auth: "ssh_key", private_key: draft.secret } : { auth: "none" };

const nameOf = (location: string): string => location.replace(/\/+$/, "").split(/[/:]/).at(-1)?.replace(/\.(git|bundle)$/, "") ?? "";

export function AddSource() {
  const view = useView();
  const organizations = useQuery(ask.organizations());
  const [draft, setDraft] = useState<Draft>({ location: "", kind: "fleet", auth: "none", user: "", secret: "", name: "", organization: "", branch: "" });
  const put = (change: Partial<Draft>) => { setDraft({ ...draft, ...change }); };
  const organization = draft.organization || organizations.data?.[0]?.id || "";
  const probe = useMutation({ mutationFn: () => api.post<ProbeResult>("/sources/probe", { location: draft.location, branch: draft.branch || null, credential: credentialOf(draft) }) });
  const save = useMutation({
    mutationFn: () => api.post<SourceRow>("/sources", { organization, name: draft.name || nameOf(draft.location), kind: draft.kind, location: draft.location, branch: draft.branch || probe.data?.branch || null, aliases: [], credential: credentialOf(draft) }),
    onSuccess: (row) => { view.set({ open: row.id }); },
  });
  const locationChanged = (location: string) => { put({ location: location.trim() }); probe.reset(); };
  return (
    <form className="form section" onSubmit={(event) => { event.preventDefault(); if (probe.data) save.mutate(); else probe.mutate(); }}>
      <TextInput label="Location" description="HTTPS or SSH address, or a path on the server (a repository or a bundle)" placeholder="https://github.com/example/gitops.git" required data-autofocus value={draft.location} onChange={(event) => { locationChanged(event.target.value); }} />
      <NativeSelect label="What it holds" value={draft.kind} data={[{ value: "fleet", label: "commons and clusters" }, { value: "chart", label: "charts that commons use" }, { value: "releases", label: "the list of Gen3 releases" }]} onChange={(event) => { put({ kind: event.target.value }); }} />
      <NativeSelect label="Credential" value={draft.auth} data={[{ value: "none", label: "none needed" }, { value: "token", label: "token (HTTPS)" }, { value: "ssh_key", label: "SSH key" }]} onChange={(event) => { put({ auth: event.target.value, secret: "" }); probe.reset(); }} />
      {draft.auth === "token" && <><TextInput label="User" description="Empty for most Git hosts" value={draft.user} onChange={(event) => { put({ user: event.target.value }); }} /><PasswordInput label="Token" required autoComplete="off" value={draft.secret} onChange={(event) => { put({ secret: event.target.value }); }} /></>}
      {draft.auth === "ssh_key" && <Textarea label="Private key" required minRows={3} autosize autoComplete="off" value={draft.secret} onChange={(event) => { put({ secret: event.target.value }); }} />}
      {probe.error && <Failed error={probe.error} compact />}
      {probe.data && <Found found={probe.data} draft={draft} put={(change) => { put(change); if (change.branch) probe.reset(); }} organizations={organizations.data ?? []} organization={organization} />}
      {save.error && <Failed error={save.error} compact />}
      <div className="row">
        <Button type="submit" loading={probe.isPending || save.isPending} disabled={Boolean(probe.data) && !organization}>{probe.data ? "Add this source" : "Look at it"}</Button>
        {probe.data && <Button variant="default" onClick={() => { probe.reset(); }}>Look again</Button>}
      </div>
      {organizations.data?.length === 0 && <p className="amber">There is no organization yet to own its commons; make one under Organizations first.</p>}
    </form>
  );
}

interface FoundProps { found: ProbeResult; draft: Draft; put: (change: Partial<Draft>) => void; organizations: { id: string; name: string }[]; organization: string }

function Found({ found, draft, put, organizations, organization }: FoundProps) {
  return (
    <div className="stack">
      <p role="status"><b>{many(found.commons, "commons")}</b> on {many(found.clusters, "cluster")}, branch {found.branch} at <span className="mono">{found.head.slice(0, 7)}</span>{found.unread.length > 0 && <span className="amber">; {many(found.unread.length, "place")} cannot be read</span>}.</p>
      <Layouts layouts={found.layouts} />
      <TextInput label="Name" value={draft.name} placeholder={nameOf(draft.location)} onChange={(event) => { put({ name: event.target.value }); }} />
      <NativeSelect label="Branch" value={draft.branch || found.branch} data={found.branches.length ? found.branches : [found.branch]} onChange={(event) => { put({ branch: event.target.value }); }} />
      <NativeSelect label="Organization" description="Who owns the commons found there" value={organization} data={organizations.map((one) => ({ value: one.id, label: one.name }))} onChange={(event) => { put({ organization: event.target.value }); }} />
    </div>
  );
}
