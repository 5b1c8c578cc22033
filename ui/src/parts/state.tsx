import type { SeverityCounts, StateRow } from "@/api/types";
import { A } from "./link";
import { SeverityGlyph, StateGlyph, STATE_WORDS } from "./glyph";

/**
 * Which of the two to show: health where it is known, else what the files tell (in grey, never in a colour
 * of health). That the live state is unknown is said once, in the sentence on Now.
 */
export const shownState = (state: StateRow): string => (state.health === "unknown" && state.config ? state.config : state.health);

export function StateMark({ state, word = true }: { state: StateRow; word?: boolean }) {
  const shown = shownState(state);
  return (
    <span className={`state state-${shown}`} title={state.reasons.join("\n")}>
      <StateGlyph state={shown} stale={state.freshness === "stale"} />
      {word && <span aria-hidden>{STATE_WORDS[shown] ?? shown}</span>}
    </span>
  );
}

export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;

export function Severity({ severity }: { severity: string }) {
  return <span className={`severity severity-${severity}`}><SeverityGlyph severity={severity} /><span aria-hidden>{severity}</span></span>;
}

/** Counts by severity, each leading to what it counts. Zeros are left out. */
export function Severities({ counts, href }: { counts: SeverityCounts; href: (severity: string) => string }) {
  const some = SEVERITIES.filter((severity) => counts[severity] > 0);
  if (some.length === 0) return <span className="faint" aria-label="no findings">–</span>;
  return (
    <span className="severities">
      {some.map((severity) => (
        <A key={severity} href={href(severity)} className="plain" aria-label={`${String(counts[severity])} ${severity}`}>
          <SeverityGlyph severity={severity} size={12} />{counts[severity]}
        </A>
      ))}
    </span>
  );
}
