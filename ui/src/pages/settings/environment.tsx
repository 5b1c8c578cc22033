import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import type { Settings } from "@/api/types";
import { useMay } from "@/app/me";
import { Answer, Failed } from "@/parts/states";

export function Environment() {
  const asked = useQuery(ask.settings());
  return <div className="page-scroll"><Answer asked={asked}>{(settings) => <Form key={settings.environment_paths.join()} settings={settings} />}</Answer></div>;
}

function Form({ settings }: { settings: Settings }) {
  const may = useMay();
  const [text, setText] = useState(settings.environment_paths.join("\n"));
  const save = useMutation({ mutationFn: (paths: string[]) => api.patch("/settings", { environment_paths: paths }) });
  const edit = may("settings:edit");
  return (
    <form className="form setting" onSubmit={(event) => { event.preventDefault(); save.mutate(text.split("\n").map((line) => line.trim()).filter(Boolean)); }}>
      <h2>What belongs to an environment</h2>
      <p className="dim">Hostnames, accounts and the like differ between any two commons. These paths are left out when commons are compared; <code>*</code> stands for one part, <code>**</code> for any.</p>
      <Textarea label="Paths, one a line" autosize minRows={8} maxRows={24} readOnly={!edit} classNames={{ input: "mono" }} value={text} onChange={(event) => { setText(event.target.value); }} />
      {save.error && <Failed error={save.error} compact />}
      {save.isSuccess && <p role="status">Kept.</p>}
      {edit && <div className="row"><Button type="submit" loading={save.isPending}>Keep the list</Button><Button variant="default" onClick={() => { save.mutate(settings.environment_paths_default); }}>Back to the built-in list</Button></div>}
    </form>
  );
}
