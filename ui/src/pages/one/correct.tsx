// What names alone got wrong, a person puts right; the correction is kept over every later reading.
import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import type { CommonsDetail } from "@/api/types";
import { TIERS } from "@/words/tiers";
import { useMay } from "@/app/me";
import { Failed } from "@/parts/states";

export function Correct({ detail }: { detail: CommonsDetail }) {
  const may = useMay();
  const [open, setOpen] = useState(false);
  if (!may("commons:edit", detail.commons.organization)) return null;
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => { setOpen(true); }}>Correct its facts</Button>
      <Modal opened={open} onClose={() => { setOpen(false); }} title={`Correct the facts of ${detail.commons.name}`}>{open && <Form detail={detail} done={() => { setOpen(false); }} />}</Modal>
    </>
  );
}

function Form({ detail, done }: { detail: CommonsDetail; done: () => void }) {
  const { commons } = detail;
  const others = useInfiniteQuery(ask.commons({ limit: 500, organization: commons.organization }));
  const [tier, setTier] = useState(commons.tier);
  const [twin, setTwin] = useState(commons.twin?.id ?? "");
  const [management, setManagement] = useState(commons.management);
  const [owners, setOwners] = useState(commons.owners.join(", "));
  const [programme, setProgramme] = useState(commons.programme ?? "");
  const save = useMutation({
    mutationFn: () => {
      const patch: Record<string, unknown> = {};
      if (tier !== commons.tier) patch.tier = tier;
      if (twin !== (commons.twin?.id ?? "")) patch.twin = twin || null;
      if (management !== commons.management) patch.management = management;
      if (owners !== commons.owners.join(", ")) patch.owners = owners.split(",").map((one) => one.trim()).filter(Boolean);
      if (programme !== (commons.programme ?? "")) patch.programme = programme || null;
      return api.patch(`/commons/${commons.id}`, patch);
    },
    onSuccess: done,
  });
  const takeBack = useMutation({
    mutationFn: () => api.patch(`/commons/${commons.id}`, Object.fromEntries(detail.corrected.map((name) => [name, null]))),
    onSuccess: done,
  });
  const candidates = others.data?.pages.flatMap((page) => page.items).filter((one) => one.id !== commons.id) ?? [];
  return (
    <form className="form" onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <NativeSelect label="Tier" description={detail.tier_why} value={tier} data={TIERS} onChange={(event) => { setTier(event.target.value); }} />
      <NativeSelect label="Twin" description={detail.twin_why ?? "Production and staging of one commons"} value={twin} onChange={(event) => { setTwin(event.target.value); }}
        data={[{ value: "", label: "none" }, ...candidates.map((one) => ({ value: one.id, label: one.name }))]} />
      <NativeSelect label="Who runs it" value={management} data={[{ value: "managed", label: "we run it" }, { value: "associated", label: "we only watch it" }]} onChange={(event) => { setManagement(event.target.value); }} />
      <TextInput label="Owners" description="Separated by commas" value={owners} onChange={(event) => { setOwners(event.target.value); }} />
      <TextInput label="Programme" value={programme} onChange={(event) => { setProgramme(event.target.value); }} />
      {(save.error ?? takeBack.error) && <Failed error={save.error ?? takeBack.error} compact />}
      <div className="row">
        <Button type="submit" loading={save.isPending}>Keep the correction</Button>
        {detail.corrected.length > 0 && <Button variant="default" onClick={() => { takeBack.mutate(); }}>Take back: {detail.corrected.join(", ")}</Button>}
      </div>
    </form>
  );
}
