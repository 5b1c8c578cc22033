// Numbers and names in sentences.
export const count = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

const UNCOUNTED: Record<string, [string, string]> = {
  commons: ["commons", "commons"], change: ["change", "changes"], finding: ["finding", "findings"], cluster: ["cluster", "clusters"],
  service: ["service", "services"], row: ["row", "rows"], release: ["release", "releases"], rollout: ["rollout", "rollouts"], value: ["value", "values"],
};
/** `1 commons`, `2 commons`, `3 findings`. */
export const many = (n: number, noun: string): string => {
  const [one, more] = UNCOUNTED[noun] ?? [noun, `${noun}s`];
  return count(n, one, more);
};

/** `version_bump` → `version bump`. */
export const plain = (word: string): string => word.replaceAll("_", " ");

export const commit = (hash: string): string => hash.slice(0, 7);

/** The century is the same in every cell: `2026.07` → `26.07` where columns are narrow. */
export const shortTag = (tag: string): string => tag.replace(/^20(\d\d\.\d\d)/, "$1");

export const behindWords = (behind: number | null | undefined): string =>
  behind === null || behind === undefined ? "" : behind === 0 ? "newest" : `${String(behind)} behind`;

export const bytes = (n: number): string => (n > 1 << 30 ? `${(n / (1 << 30)).toFixed(1)} GiB` : `${(n / (1 << 20)).toFixed(0)} MiB`);
