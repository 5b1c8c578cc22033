import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import type { Shapes, SourceRow } from "@/api/types";
import { useMay } from "@/app/me";
import { Copy } from "@/parts/copy";
import { Drawer, Facts } from "@/parts/drawer";
import { Place } from "@/parts/place";
import { Failed } from "@/parts/states";
import { When } from "@/parts/when";
import { useView } from "@/url/view";
import { commit, many, plain } from "@/words/say";
import { Layouts } from "./layouts";

export function Phase({ row }: { row: SourceRow }) {
  const { phase, progress } = row.state;
  if (progress) return <span>{progress.step}{progress.total ? ` ${String(Math.floor((progress.done / progress.total) * 100))}%` : ` ${String(progress.done)}`}</span>;
  if (row.paused) return <span className="dim">paused</span>;
  return <span className={phase === "failing" ? "amber strong" : "dim"} title={row.state.error ?? undefined}>{phase === "never" ? "not fetched yet" : phase}</span>;
}

export function Bar({ progress }: { progress: Shapes["Progress"] }) {
  return (
    <div className="stack tight" role="status">
      <span>{progress.step} {progress.done.toLocaleString("en")}{progress.total ? ` of ${progress.total.toLocaleString("en")}` : ""}</span>
      <div className="progress" aria-hidden><i style={{ width: `${String(progress.total ? Math.min(100, (progress.done / progress.total) * 100) : 15)}%` }} /></div>
    </div>
  );
}

export function OneSource({ row }: { row: SourceRow }) {
  const may = useMay();
  const view = useView();
  const { state } = row;
  const fetchNow = useMutation({ mutationFn: () => api.post(`/sources/${row.id}/fetch`) });
  const pause = useMutation({ mutationFn: () => api.patch(`/sources/${row.id}`, { paused: !row.paused }) });
  const remove = useMutation({ mutationFn: () => api.remove(`/sources/${row.id}`), onSuccess: () => { view.set({ open: undefined }); } });
  const [sure, setSure] = useState(false);
  const error = fetchNow.error ?? pause.error ?? remove.error;
  return (
    <Drawer label="Source" title={row.name}>
      <section className="section stack">
        <p><Phase row={row} /></p>
        {state.progress && <Bar progress={state.progress} />}
        {state.error && <p className="note warn">{state.error}{state.head && <span className="dim"> Showing {row.branch}@{commit(state.head)} of <When time={state.fetched_at} />.</span>}</p>}
        <div className="row wrap">
          {may("source:fetch", row.organization) && <Button loading={fetchNow.isPending} onClick={() => { fetchNow.mutate(); }}>Fetch now</Button>}
          {may("source:edit", row.organization) && <>
            <Button variant="default" onClick={() => { pause.mutate(); }}>{row.paused ? "Resume fetching" : "Pause fetching"}</Button>
            {sure ? <Button variant="default" className="red" loading={remove.isPending} onClick={() => { remove.mutate(); }}>Yes, remove {row.name} and its {many(row.commons, "commons")}</Button>
              : <Button variant="default" onClick={() => { setSure(true); }}>Remove…</Button>}
          </>}
        </div>
        {error && <Failed error={error} compact />}
      </section>
      <Facts facts={[
        ["Location", <Copy key="l" text={row.location} />], ["Branch", row.branch], ["Also known as", row.aliases.join(", ")], ["Credential", plain(row.auth)], ["Organization", row.organization_name],
        ["Every", `${String(row.interval_seconds)} s`], ["Shown", state.head && <span key="h"><Copy text={state.head}>{commit(state.head)}</Copy> {state.head_title}</span>],
        ["Landed", state.head_time && <When key="t" time={state.head_time} />], ["Fetched", <When key="f" time={state.fetched_at} />], ["Tried", <When key="a" time={state.attempted_at} />], ["Landings", state.landings.toLocaleString("en")],
      ]} />
      <Layouts layouts={row.layouts} />
      {state.unread.length > 0 && (
        <section className="section"><header><h2>Cannot be read</h2><span className="dim">{state.unread.length}</span></header>
          <ul>{state.unread.map((one) => <li key={`${one.path}:${String(one.line ?? "")}`} className="stack tight unread"><Place path={one.path} line={one.line} /><span className="dim">{one.reason}</span></li>)}</ul>
        </section>
      )}
      {may("source:edit", row.organization) && <Webhook row={row} />}
    </Drawer>
  );
}

function Webhook({ row }: { row: SourceRow }) {
  const make = useMutation({ mutationFn: () => api.post<Shapes["WebhookCreated"]>(`/sources/${row.id}/webhook`) });
  const drop = useMutation({ mutationFn: () => api.remove(`/sources/${row.id}/webhook`) });
  return (
    <section className="section stack">
      <h2>Webhook</h2>
      <p className="dim">{row.webhook_configured ? "The Git host tells csoc of a push, and the fleet follows within a second." : "Without one, csoc looks every interval. With one, the fleet follows a push within a second."}</p>
      {make.data && <div className="once"><span>Shown this once. Content type JSON, event push:</span><Copy text={`${window.location.origin}${make.data.url_path}`} /><Copy text={make.data.secret} /></div>}
      {(make.error ?? drop.error) && <Failed error={make.error ?? drop.error} compact />}
      <div className="row">
        <Button variant="default" loading={make.isPending} onClick={() => { make.mutate(); }}>{row.webhook_configured ? "Make a new secret" : "Set up a webhook"}</Button>
        {row.webhook_configured && <Button variant="default" onClick={() => { drop.mutate(); }}>Remove the webhook</Button>}
      </div>
    </section>
  );
}
