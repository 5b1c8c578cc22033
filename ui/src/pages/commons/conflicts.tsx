// Two places say they are the same commons: a person decides, and the decision is kept.
import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import type { ConflictRow } from "@/api/types";
import { useMay } from "@/app/me";
import { useScope } from "@/app/scope";
import { Failed } from "@/parts/states";
import { When } from "@/parts/when";
import { Copy } from "@/parts/copy";
import { many } from "@/words/say";

const AT_ONCE = 20;

export function Conflicts() {
  const scope = useScope();
  const asked = useQuery(ask.conflicts({ organization: scope.organization }));
  const [open, setOpen] = useState(false);
  const [shown, setShown] = useState(AT_ONCE);
  if (!asked.data?.length) return null;
  return (
    <>
      <button type="button" className="menu-button amber" onClick={() => { setOpen(true); }}>{many(asked.data.length, "hostname")} to decide</button>
      <Modal opened={open} onClose={() => { setOpen(false); }} title="Which commons is it?" size={720}>
        <p className="dim">Two places in Git say they are the same commons. Until a person decides, both are shown and neither takes the other’s history.</p>
        {asked.data.slice(0, shown).map((conflict) => <One key={conflict.id} conflict={conflict} />)}
        {asked.data.length > shown && <Button variant="default" onClick={() => { setShown(shown + AT_ONCE); }}>Show {Math.min(AT_ONCE, asked.data.length - shown)} more of {asked.data.length}</Button>}
      </Modal>
    </>
  );
}

function One({ conflict }: { conflict: ConflictRow }) {
  const may = useMay();
  const [keep, setKeep] = useState(conflict.candidates.find((one) => one.commons)?.commons);
  const [reason, setReason] = useState("");
  const decide = useMutation({ mutationFn: (decision: "same" | "different") => api.post(`/conflicts/${conflict.id}`, { decision, keep: decision === "same" ? keep : null, reason }) });
  return (
    <section className="section stack">
      <p><b><Copy text={conflict.hostname} /></b> <span className="dim">since <When time={conflict.since} bare /></span></p>
      <p className="sentence">{conflict.why}</p>
      <fieldset className="plain-set stack tight">
        <legend className="dim">If they are one, its history continues in</legend>
        {conflict.candidates.map((one) => (
          <label key={one.folder} className="tick">
            <input type="radio" name={conflict.id} disabled={!one.commons} checked={!!one.commons && keep === one.commons} onChange={() => { setKeep(one.commons); }} />
            <span className="mono">{one.folder}</span><span className="dim">{one.cluster ?? "no cluster"}, changed <When time={one.last_change_at} never="at an unknown time" /></span>
          </label>
        ))}
      </fieldset>
      {may("commons:edit", conflict.organization) && (
        <>
          <TextInput label="Why" description="Needed to decide; the audit keeps it" value={reason} onChange={(event) => { setReason(event.target.value); }} placeholder="It moved to the new cluster in March" />
          {decide.error && <Failed error={decide.error} compact />}
          <div className="row">
            <Button disabled={!reason} onClick={() => { decide.mutate("same"); }}>They are one commons</Button>
            <Button variant="default" disabled={!reason} onClick={() => { decide.mutate("different"); }}>They are two</Button>
          </div>
        </>
      )}
    </section>
  );
}
