import { writeToken, type Facets } from "@/url/filter";

export interface Offer { text: string; note: string }

/** What could follow: names while a name is typed, existing values after the colon. */
export function complete(text: string, names: Record<string, string>, facets: Facets): Offer[] {
  const not = text.startsWith("-");
  const bare = not ? text.slice(1) : text;
  const colon = bare.indexOf(":");
  if (colon < 0) {
    const offers = Object.entries(names).filter(([name]) => name.startsWith(bare.toLowerCase()))
      .map(([name, note]) => ({ text: `${not ? "-" : ""}${name}:`, note }));
    if (bare.length < 2) return offers;
    // A word that is a value of some facet: offer the whole token.
    const values = Object.entries(facets).flatMap(([name, found]) =>
      found.filter(({ value }) => value.toLowerCase().includes(bare.toLowerCase())).slice(0, 4)
        .map(({ value, count }) => ({ text: writeToken({ name, value, not }), note: String(count) })));
    return [...offers, ...values].slice(0, 12);
  }
  const name = bare.slice(0, colon);
  const typed = bare.slice(colon + 1).toLowerCase();
  return (facets[name] ?? []).filter(({ value }) => value.toLowerCase().includes(typed)).slice(0, 12)
    .map(({ value, count }) => ({ text: writeToken({ name, value, not }), note: String(count) }));
}
