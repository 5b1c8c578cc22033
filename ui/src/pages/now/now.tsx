// The first screen: one sentence, what needs a person, a tile per commons, what changed lately.
import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import type { NeedsYou, Now } from "@/api/types";
import { useScope } from "@/app/scope";
import { useTitle } from "@/app/title";
import { SeverityGlyph } from "@/parts/glyph";
import { A } from "@/parts/link";
import { Answer, Empty, Skeleton } from "@/parts/states";
import { When } from "@/parts/when";
import { Button } from "@mantine/core";
import { useMay } from "@/app/me";
import { useView } from "@/url/view";
import { commit } from "@/words/say";
import { Day } from "./day";
import { Fleet } from "./fleet";
import "./now.css";

export function NowPage() {
  useTitle("Now");
  const scope = useScope();
  const asked = useQuery(ask.now(scope.view()));
  return (
    <div className="page">
      <Answer asked={asked} skeleton={<Skeleton lines={16} height={36} />}>
        {(now) => now.sources.length === 0 ? <NoSources /> : <Filled now={now} tier={scope.tier} />}
      </Answer>
    </div>
  );
}

function NoSources() {
  const may = useMay();
  const view = useView();
  return (
    <Empty page title="No fleet yet" action={may("source:edit") && <Button onClick={() => { view.go("/settings/sources?open=new"); }}>Add a source</Button>}>
      csoc reads what runs where from Git. Add the repository that declares your commons (gen3-gitops folders, cdis-manifest, or Argo CD Applications) and they appear here within seconds.
    </Empty>
  );
}

function Filled({ now, tier }: { now: Now; tier: string | undefined }) {
  const needs = now.needs_you;
  return (
    <div className="now">
      <header className="now-head">
        <h1 className="now-sentence">{now.sentence}</h1>
        <Sources sources={now.sources} />
      </header>
      <section className="now-needs" aria-labelledby="needs-you">
        <header className="now-title"><h2 id="needs-you">Needs you <A href="/findings?filter=state:open" className="dim">{now.needs_you_total}</A></h2><span className="dim tiny">worst first, then the oldest</span></header>
        {needs.length === 0 ? <p className="dim">Nothing: no open finding of weight, no failing source, no undecided commons.</p> : (
          <ul>{needs.slice(0, 10).map((need) => <Need key={`${need.kind} ${need.id}`} need={need} />)}</ul>
        )}
        {now.needs_you_total > Math.min(10, needs.length) && <A href="/findings?filter=state:open">All {now.needs_you_total}</A>}
      </section>
      <div className="now-below">
        <Fleet now={now} tier={tier} />
        <Day now={now} />
      </div>
    </div>
  );
}

function Sources({ sources }: { sources: Now["sources"] }) {
  return (
    <ul className="now-sources">
      {sources.map((source) => (
        <li key={source.id} className={source.error ? "amber" : "dim"}>
          <A href={`/settings/sources?open=${source.id}`} className="plain">{source.name} {source.branch}{source.head && `@${commit(source.head)}`}</A>
          {", "}{source.phase === "ready" || source.phase === "failing" ? <When time={source.fetched_at} never="not fetched yet" /> : source.phase}
          {source.error && <>; last fetch failed: {source.error}</>}
        </li>
      ))}
    </ul>
  );
}

const hrefOf = (need: NeedsYou): string => {
  switch (need.kind) {
    case "finding": return `/findings?open=${need.id}`;
    case "source": return `/settings/sources?open=${need.id}`;
    case "conflict": return "/commons?filter=state:conflict";
    default: return need.subject_commons ? `/commons/${need.subject_commons}` : "/commons";
  }
};

function Need({ need }: { need: NeedsYou }) {
  return (
    <li className="need">
      <SeverityGlyph severity={need.severity} />
      <span className="need-subject cut">{need.subject_commons ? <A href={`/commons/${need.subject_commons}`} className="plain mono">{need.subject}</A> : <span className="mono">{need.subject}</span>}</span>
      <A href={hrefOf(need)} className="need-text plain">{need.text}</A>
      <span className="need-place dim mono cut" title={need.place ?? undefined}>{need.place}</span>
      <span className="need-since dim">since <When time={need.since} bare /></span>
    </li>
  );
}

