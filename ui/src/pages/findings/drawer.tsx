import { Button, Modal } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ask } from "@/api/queries";
import type { FindingDetail } from "@/api/types";
import { useMay } from "@/app/me";
import { Drawer, Facts } from "@/parts/drawer";
import { A } from "@/parts/link";
import { Place } from "@/parts/place";
import { Severity } from "@/parts/state";
import { Answer, Failed } from "@/parts/states";
import { When } from "@/parts/when";
import { day, exact } from "@/words/time";
import { many } from "@/words/say";
import { WaiveForm } from "./waive";

export function FindingDrawer({ id }: { id: string }) {
  const asked = useQuery(ask.finding(id));
  return (
    <Drawer label="Finding" title={asked.data?.finding.rule_title ?? "Finding"}>
      <Answer asked={asked}>{(detail) => <Detail detail={detail} />}</Answer>
    </Drawer>
  );
}

function Detail({ detail }: { detail: FindingDetail }) {
  const { finding } = detail;
  return (
    <>
      <section className="section stack">
        <p className="row"><Severity severity={finding.severity} />{finding.state !== "open" && <span className="chip">{finding.state}</span>}</p>
        <p className="sentence">{finding.message}</p>
        <Place path={finding.path} line={finding.line} url={finding.file_url} />
        {detail.excerpt.length > 0 && (
          // It scrolls sideways, so the keyboard must be able to reach it.
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          <div className="excerpt" tabIndex={0} role="group" aria-label={`Lines of ${finding.path}`}>{detail.excerpt.map((line) => <div key={line.line} className={line.found ? "found" : undefined}><span className="n">{line.line}</span>{line.text}</div>)}</div>
        )}
      </section>
      <section className="section stack"><h2>Why it matters</h2><p className="sentence">{detail.why}</p><h2>How to mend it</h2><p className="sentence">{finding.help}</p></section>
      <Waiver detail={detail} />
      <Facts facts={[
        ["Where", finding.commons ? <A href={`/commons/${finding.commons.id}`}>{finding.commons.name}</A> : finding.cluster ? <A href={`/clusters/${finding.cluster.id}`}>{finding.cluster.name}</A> : finding.organization_name],
        ["Rule", <A key="r" href={`/findings?filter=rule:${finding.rule}`}>{finding.rule}{detail.siblings > 0 && ` (${String(detail.siblings)} more)`}</A>],
        ["Written", finding.since && <span key="w" className="sentence">{exact(finding.since.at)} by {finding.since.by}, {detail.introduced_by ? <A href={`/changes?open=${detail.introduced_by}`}>this landing</A> : <span className="mono">{finding.since.commit.slice(0, 8)}</span>}</span>],
        ["First found here", exact(finding.first_seen_at)],
        ["Last seen", <When key="l" time={finding.last_seen_at} />],
        ["Resolved", finding.resolved_at && <When key="s" time={finding.resolved_at} />],
        ["Came back", finding.reopened > 0 && many(finding.reopened, "time")],
      ]} />
    </>
  );
}

function Waiver({ detail }: { detail: FindingDetail }) {
  const { finding } = detail;
  const may = useMay();
  const [open, setOpen] = useState(false);
  const undo = useMutation({ mutationFn: () => api.post("/findings/unwaive", { findings: [finding.id] }) });
  const allowed = may("finding:waive", finding.organization);
  if (!finding.waiver && (!allowed || finding.state === "resolved")) return null;
  return (
    <section className="section stack">
      {finding.waiver && <p>Waived by {finding.waiver.person} until {day(finding.waiver.until)}: {finding.waiver.reason}</p>}
      {undo.error && <Failed error={undo.error} compact />}
      {allowed && <div className="row">{finding.waiver
        ? <Button variant="default" loading={undo.isPending} onClick={() => { undo.mutate(); }}>Take the waiver back</Button>
        : <Button variant="default" onClick={() => { setOpen(true); }}>Waive this finding</Button>}</div>}
      <Modal opened={open} onClose={() => { setOpen(false); }} title="Waive this finding">{open && <WaiveForm findings={[finding.id]} done={() => { setOpen(false); }} />}</Modal>
    </section>
  );
}
