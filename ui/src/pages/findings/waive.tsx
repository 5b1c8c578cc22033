import { Button, NativeSelect, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import type { Shapes } from "@/api/types";
import { Failed } from "@/parts/states";
import { many } from "@/words/say";
import { day } from "@/words/time";

const DAYS = [7, 30, 90, 180, 365];
const after = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

export function WaiveForm({ findings, done }: { findings: string[]; done: () => void }) {
  const [reason, setReason] = useState("");
  const [days, setDays] = useState(30);
  const waive = useMutation({ mutationFn: () => api.post<Shapes["WaiveResult"]>("/findings/waive", { findings, reason, until: after(days) }) });
  const undo = useMutation({ mutationFn: () => api.post("/findings/unwaive", { findings }), onSuccess: done });
  if (waive.data) {
    return (
      <div className="stack" role="status">
        <p>{many(waive.data.waived, "finding")} waived until {day(after(days))}.</p>
        {waive.data.refused.length > 0 && <p className="amber">{many(waive.data.refused.length, "finding")} not: you may not waive there, or it is gone.</p>}
        {undo.error && <Failed error={undo.error} compact />}
        <div className="row"><Button onClick={done}>Close</Button><Button variant="default" loading={undo.isPending} onClick={() => { undo.mutate(); }}>Undo</Button></div>
      </div>
    );
  }
  return (
    <form className="form" onSubmit={(event) => { event.preventDefault(); waive.mutate(); }}>
      <Textarea label="Why it is acceptable" description="Read by whoever meets the finding next" required minLength={3} autosize minRows={2} data-autofocus value={reason} onChange={(event) => { setReason(event.target.value); }} />
      <NativeSelect label="For" value={String(days)} onChange={(event) => { setDays(Number(event.target.value)); }} data={DAYS.map((n) => ({ value: String(n), label: `${String(n)} days, until ${day(after(n))}` }))} />
      {waive.error && <Failed error={waive.error} compact />}
      <div><Button type="submit" loading={waive.isPending}>Waive for {days} days</Button></div>
    </form>
  );
}
