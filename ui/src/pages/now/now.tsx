// The first screen: one sentence, what needs a person, a tile per commons, what changed lately.
import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import type { NeedsYou, Now } from "@/api/types";
import { useScope } from "@/app/scope";
import { useTitle } from "@/app/title";
import { SeverityGlyph } from "@/parts/glyph";
import { A } from "@/parts/link";
import { PathText } from "@/parts/path";
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

/** So many lines that the fleet below still fits the first screen. */
const linesFor = (commons: number): number => (commons > 150 ? 7 : 12);

function Filled({ now, tier }: { now: Now; tier: string | undefined }) {
  const inTier = tier ? new Set(now.tiers.filter((one) => one.tier === tier).flatMap((one) => one.tiles.map((tile) => tile.id))) : undefined;
  const needs = now.needs_you.filter((need) => !inTier || !need.subject_commons || inTier.has(need.subject_commons)).slice(0, linesFor(now.commons));
  return (
    <div className="now">
      <header className="now-head">
        <h1 className="now-sentence">{now.sentence}</h1>
        <Sources sources={now.sources} />
      </header>
      <section className="now-needs" aria-labelledby="needs-you">
        <header className="now-title"><h2 id="needs-you">Needs you <span className="dim">{now.needs_you_total}</span></h2><Kinds now={now} /></header>
        {needs.length > 0 ? <ul>{needs.map((need) => <Need key={`${need.kind} ${need.id}`} need={need} />)}</ul>
          : tier && now.needs_you_total > 0 ? <p className="dim">None of the worst {now.needs_you.length} is in {tier}. <A href={`/findings?filter=tier:${tier}`}>All findings of {tier}</A></p>
            : <p className="dim">Nothing: no open finding of weight, no failing source, no undecided commons.</p>}
      </section>
      <div className="now-below">
        <Fleet now={now} tier={tier} />
        <Day now={now} />
      </div>
    </div>
  );
}

/** From how many releases on a commons is listed for being behind; the server's measure. */
const FAR_BEHIND = 4;

/** What the number is made of, each part leading to what it counts. */
function Kinds({ now }: { now: Now }) {
  const tiles = now.tiers.flatMap((one) => one.tiles);
  const urgent = now.findings.critical + now.findings.high;
  const failing = now.sources.filter((source) => source.error).length;
  const behind = tiles.filter((tile) => (tile.behind ?? 0) >= FAR_BEHIND).length;
  const undecided = Math.max(0, now.needs_you_total - urgent - failing - behind);
  const kinds: [n: number, words: string, href: string][] = [
    [failing, failing === 1 ? "failing source" : "failing sources", "/settings/sources?filter=state:failing"],
    [urgent, urgent === 1 ? "critical or high finding" : "critical and high findings", "/findings?filter=severity:critical%20severity:high"],
    [undecided, "to decide", "/commons?filter=state:conflict"],
    [behind, `commons ${String(FAR_BEHIND)} or more releases behind`, `/commons?filter=behind:>${String(FAR_BEHIND - 1)}`],
  ];
  return (
    <ul className="now-kinds tiny dim">
      {kinds.filter(([n]) => n > 0).map(([n, words, href]) => <li key={words}><A href={href}>{n} {words}</A></li>)}
      <li className="wide-only">worst first, then the oldest</li>
    </ul>
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
      <A href={hrefOf(need)} className="need-text plain cut">{need.text}</A>
      <span className="need-place dim">{need.place && <PathText text={need.place} />}</span>
      <span className="need-since dim">since <When time={need.since} bare /></span>
    </li>
  );
}
