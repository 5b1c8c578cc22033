// Filter tokens: `tier:production behind:>2 -cluster:x* "words of a title"`. The server decides what they
// mean; here they are only taken apart for the chips and put together again, and what is written comes
// back letter for letter.
export interface Token {
  /** Absent for plain words. */
  name?: string;
  value: string;
  not: boolean;
}

const PART = /(-?)(?:([a-z_]+):)?("(?:[^"\\]|\\.)*"|[^\s"]+)|"(?:[^"\\]|\\.)*$/gu;

const unquote = (text: string): string =>
  text.startsWith('"') ? text.slice(1, text.length > 1 && text.endsWith('"') ? -1 : undefined).replace(/\\(.)/g, "$1") : text;

export function readFilter(text: string | undefined): Token[] {
  const tokens: Token[] = [];
  for (const match of (text ?? "").matchAll(PART)) {
    const [whole, minus = "", name, value = whole] = match;
    const token: Token = { value: unquote(value), not: minus === "-" };
    if (name) token.name = name;
    if (token.value !== "") tokens.push(token);
  }
  return tokens;
}

const quote = (value: string): string => (/[\s"]/.test(value) || value.startsWith("-") ? `"${value.replace(/(["\\])/g, "\\$1")}"` : value);

export const writeToken = (token: Token): string =>
  `${token.not ? "-" : ""}${token.name ? `${token.name}:` : ""}${quote(token.value)}`;

export const writeFilter = (tokens: Token[]): string => tokens.map(writeToken).join(" ");

/** The token for one commons by name. */
export const ofCommons = (name: string): string => writeToken({ name: "commons", value: name, not: false });

const same = (a: Token, b: Token): boolean => a.name === b.name && a.value === b.value && a.not === b.not;

export function toggleToken(text: string | undefined, token: Token): string {
  const tokens = readFilter(text);
  const rest = tokens.filter((one) => !same(one, token));
  return writeFilter(rest.length === tokens.length ? [...tokens, token] : rest);
}

export const hasToken = (text: string | undefined, token: Token): boolean => readFilter(text).some((one) => same(one, token));

/** `a` and `b` as one filter; empty parts vanish. */
export const joinFilter = (...parts: (string | undefined)[]): string | undefined => parts.filter(Boolean).join(" ") || undefined;

/** What the list can be narrowed by, and how often each value occurs. */
export type Facets = Record<string, { value: string; count: number; label?: string }[]>;

export function facetsOf<T>(rows: T[], by: Record<string, (row: T) => (string | null | undefined)[] | string | null | undefined>): Facets {
  const facets: Facets = {};
  for (const [name, read] of Object.entries(by)) {
    const counts = new Map<string, number>();
    for (const row of rows) {
      const values = read(row);
      for (const value of Array.isArray(values) ? values : [values]) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    facets[name] = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
  }
  return facets;
}

/** The same rules as the server's, for short lists that come whole: values of one name are alternatives, names and words must all hold. */
export function passes(text: string | undefined, valuesOf: (name: string) => (string | null | undefined)[], words: string): boolean {
  const tokens = readFilter(text);
  const like = (value: string, pattern: string) => new RegExp(`^${pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`, "i").test(value);
  const has = (token: Token) => (token.name ? valuesOf(token.name).some((value) => value && like(value, token.value)) : words.toLowerCase().includes(token.value.toLowerCase()));
  const names = new Set(tokens.filter((token) => token.name && !token.not).map((token) => token.name));
  return tokens.filter((token) => token.not || !token.name).every((token) => has(token) !== token.not)
    && [...names].every((name) => tokens.some((token) => token.name === name && !token.not && has(token)));
}
