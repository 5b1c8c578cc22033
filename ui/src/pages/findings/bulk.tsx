import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import type { Shapes } from "@/api/types";
import type { Selection } from "@/parts/table/selection";
import { many } from "@/words/say";
import { WaiveForm } from "./waive";

/** What can be done with the selected findings; what was done is said here, with its undo. */
export function BulkActions({ selection }: { selection: Selection }) {
  const [open, setOpen] = useState(false);
  const undo = useMutation({ mutationFn: (findings: string[]) => api.post<Shapes["WaiveResult"]>("/findings/unwaive", { findings }) });
  return (
    <>
      <Button size="compact-sm" onClick={() => { setOpen(true); }}>Waive {many(selection.size, "finding")}</Button>
      <Button size="compact-sm" variant="default" loading={undo.isPending} onClick={() => { undo.mutate(selection.keys); }}>Take the waiver back</Button>
      {undo.data && <span>{many(undo.data.waived, "waiver")} taken back</span>}
      {undo.error && <span className="red" role="alert">{undo.error.message}</span>}
      <Modal opened={open} onClose={() => { setOpen(false); }} title={`Waive ${many(selection.size, "finding")}`}>{open && <WaiveForm findings={selection.keys} done={() => { setOpen(false); }} />}</Modal>
    </>
  );
}
