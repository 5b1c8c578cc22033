import type { Now, Tile } from "@/api/types";
import { shownState } from "@/parts/state";
import { STATE_WORDS, StateGlyph } from "@/parts/glyph";
import { A } from "@/parts/link";
import { behindWords } from "@/words/say";
import { ago } from "@/words/time";
import { useNow } from "@/parts/when";

export function Fleet({ now, tier }: { now: Now; tier: string | undefined }) {
  const tiers = now.tiers.filter((one) => !tier || one.tier === tier);
  const small = now.commons > 150;
  return (
    <section className="fleet" aria-labelledby="fleet">
      <header className="now-title">
        <h2 id="fleet">Fleet <A href="/commons" className="dim">{now.commons.toLocaleString("en")}</A></h2>
        <span className="dim tiny">
          {now.newest_release && <>newest <A href="/releases">{now.newest_release}</A></>}
          {now.median_behind !== null && now.median_behind !== undefined && <> · median {behindWords(now.median_behind)}</>}
          {" · "}<A href="/clusters">{now.clusters} clusters</A>
        </span>
      </header>
      {tiers.map((one) => (
        <div key={one.tier} className="fleet-tier">
          <A href={`/commons?filter=tier:${one.tier}`} className="fleet-name plain"><b>{one.tier}</b> <span className="dim">{one.tiles.length}</span></A>
          <div className={small ? "tiles small" : "tiles"}>{one.tiles.map((tile) => <TileMark key={tile.id} tile={tile} />)}</div>
          <span className="dim tiny fleet-lag">{one.median_behind !== null && one.median_behind !== undefined && `median ${behindWords(one.median_behind)}`}</span>
        </div>
      ))}
      <Legend tiers={tiers} />
    </section>
  );
}

function TileMark({ tile }: { tile: Tile }) {
  const present = useNow();
  const shown = shownState(tile.state);
  const word = STATE_WORDS[shown] ?? shown;
  const lines = [tile.name, word, ...tile.state.reasons.slice(0, 4), tile.release ? `release ${tile.release}${tile.behind ? `, ${behindWords(tile.behind)}` : ""}` : "no monthly release",
    tile.state.as_of ? `files of ${ago(tile.state.as_of, present)}` : ""].filter(Boolean);
  return (
    <A href={`/commons/${tile.id}`} className={`tile tile-${shown}`} title={lines.join("\n")} aria-label={`${tile.name}: ${word}`}>
      <span aria-hidden><StateGlyph state={shown} stale={tile.state.freshness === "stale"} /></span>
    </A>
  );
}

function Legend({ tiers }: { tiers: Now["tiers"] }) {
  const counts = new Map<string, number>();
  for (const tile of tiers.flatMap((one) => one.tiles)) {
    const shown = shownState(tile.state);
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  return (
    <ul className="legend">
      {[...counts].sort((a, b) => b[1] - a[1]).map(([state, n]) => (
        <li key={state}><A href={`/commons?filter=state:${state}`} className="plain dim"><StateGlyph state={state} size={14} /> {n} {state === "needs_work" && n !== 1 ? "need work" : STATE_WORDS[state] ?? state}</A></li>
      ))}
    </ul>
  );
}
