// View state lives in the URL, as plain readable text: /commons?filter=tier:production%20behind:%3E2&open=…
// The router's own JSON in the query would turn the commit 1234567 into a number and a link written by hand
// into noise, hence this pair.
export type Search = Record<string, string | undefined>;

export function parse(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

const readable = (text: string): string =>
  encodeURIComponent(text).replace(/%(3A|2C|2F|40|2A|7C)/g, (code) => decodeURIComponent(code));

export function write(search: Search): string {
  const parts = Object.entries(search)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "")
    .map(([name, value]) => `${encodeURIComponent(name)}=${readable(value)}`);
  return parts.length ? `?${parts.join("&")}` : "";
}

/** What stays when a link leads to another page: the scope and the moment one looks at. */
export const KEPT = ["organization", "tier", "at"] as const;

/** `/commons?filter=x` with the kept parameters of the present URL added, unless it states them itself. */
export function keep(href: string, present: Search): string {
  const [path = "/", query = ""] = href.split("?", 2);
  const search = parse(query);
  for (const name of KEPT) if (!(name in search) && present[name]) search[name] = present[name];
  return path + write(search);
}
