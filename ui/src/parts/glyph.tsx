// The marks of state and severity. A state is always colour and glyph and word: the glyph alone carries the
// word for the screen reader, and each shape can be told apart without any colour.
import type { ReactNode } from "react";

const SHAPES: Record<string, ReactNode> = {
  healthy: <circle cx="8" cy="8" r="4.5" fill="currentColor" />,
  progressing: <><circle cx="8" cy="8" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" /><path d="M8 3.25a4.75 4.75 0 0 1 0 9.5z" fill="currentColor" /></>,
  degraded: <path d="M8 2.2 14.3 13H1.7z" fill="currentColor" />,
  down: <><rect x="2.5" y="2.5" width="11" height="11" rx="1" fill="currentColor" /><path d="m5.5 5.5 5 5m0-5-5 5" stroke="var(--bg)" strokeWidth="1.6" /></>,
  maintenance: <path d="M13.6 4.3a3.6 3.6 0 0 1-4.8 4.5L5 12.9a1.4 1.4 0 0 1-2-2l4.1-3.8a3.6 3.6 0 0 1 4.6-4.7L9.6 4.5l.4 1.6 1.6.4z" fill="currentColor" />,
  unknown: <><circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.3" /><path d="M6.4 6.6a1.7 1.7 0 1 1 2.4 1.5c-.5.3-.8.6-.8 1.2" fill="none" stroke="currentColor" strokeWidth="1.3" /><circle cx="8" cy="11" r=".8" fill="currentColor" /></>,
  in_order: <path d="m4 8.4 2.6 2.6L12 5.4" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  needs_work: <><path d="M8 3 13.5 12.6h-11z" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinejoin="round" /><path d="M8 6.6v2.6m0 1v1" stroke="currentColor" strokeWidth="1.3" /></>,
  unreadable: <><rect x="3" y="2.5" width="10" height="11" rx="1" fill="none" stroke="currentColor" strokeWidth="1.3" /><path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" stroke="currentColor" strokeWidth="1.3" /></>,
  empty: <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="1.3" strokeDasharray="2 2" />,
  gone: <path d="M3.5 8h9" stroke="currentColor" strokeWidth="1.6" />,
  conflict: <path d="M2.5 5.5h8.5L8.6 3m4.9 7.5H5L7.4 13" fill="none" stroke="currentColor" strokeWidth="1.4" />,
};

export const STATE_WORDS: Record<string, string> = {
  healthy: "healthy", progressing: "progressing", degraded: "degraded", down: "down", maintenance: "maintenance", unknown: "unknown",
  in_order: "in order", needs_work: "needs work", unreadable: "cannot be read", empty: "empty", gone: "gone", conflict: "needs a decision",
};

const HEALTH = new Set(["healthy", "progressing", "degraded", "down", "unknown"]);

/** Health has its colour; what only the files tell stays grey. */
export const colourOf = (state: string): string => (HEALTH.has(state) ? `var(--${state})` : "var(--dim)");

export function StateGlyph({ state, stale = false, size = 16, label }: { state: string; stale?: boolean; size?: number; label?: string | undefined }) {
  const word = label ?? STATE_WORDS[state] ?? state;
  return (
    <svg className={`glyph glyph-${state}`} width={size} height={size} viewBox="0 0 16 16" role="img" aria-label={stale ? `${word}, stale` : word}>
      <g opacity={stale ? 0.55 : 1}>{SHAPES[state] ?? SHAPES.unknown}</g>
      {stale && <><circle cx="12" cy="12" r="3.6" fill="var(--bg)" stroke="currentColor" /><path d="M12 10.2V12l1.2.8" stroke="currentColor" fill="none" /></>}
    </svg>
  );
}

const BARS: Record<string, number> = { high: 3, medium: 2, low: 1 };

/** Severity by weight and shape, not by four more colours. */
export function SeverityGlyph({ severity, size = 14 }: { severity: string; size?: number }) {
  const bars = BARS[severity];
  return (
    <svg className={`glyph severity-${severity}`} width={size} height={size} viewBox="0 0 14 14" role="img" aria-label={severity}>
      {severity === "critical" && <><rect x="1" y="1" width="12" height="12" rx="2" fill="currentColor" /><path d="M7 3.6v4m0 1.4v1.4" stroke="var(--bg)" strokeWidth="1.7" /></>}
      {severity === "info" && <circle cx="7" cy="7" r="2" fill="currentColor" />}
      {bars !== undefined && [0, 1, 2].map((i) => (
        <rect key={i} x={1.5 + i * 4} y={9 - i * 3} width="2.8" height={3.5 + i * 3} fill="currentColor" opacity={i < bars ? 1 : 0.25} />
      ))}
    </svg>
  );
}
