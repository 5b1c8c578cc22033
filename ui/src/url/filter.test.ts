import { describe, expect, it } from "vitest";
import { facetsOf, hasToken, joinFilter, passes, readFilter, toggleToken, writeFilter } from "./filter";

describe("filter tokens", () => {
  it("are taken apart into name, value and not", () => {
    expect(readFilter('tier:production -cluster:mid* behind:>2 guppy')).toEqual([
      { name: "tier", value: "production", not: false }, { name: "cluster", value: "mid*", not: true },
      { name: "behind", value: ">2", not: false }, { value: "guppy", not: false },
    ]);
  });
  it.each(['tier:production behind:>2', '-cluster:mid*', 'author:"Ana Ruiz" "two words"', 'seen:>10m tag:2026.*', 'path:"a \\"b\\" c"'])("come back letter for letter: %s", (text) => {
    expect(writeFilter(readFilter(text))).toBe(text);
  });
  it("keep an unfinished quotation as what was typed so far", () => {
    expect(readFilter('tier:dev "ana ru')).toEqual([{ name: "tier", value: "dev", not: false }, { value: "ana ru", not: false }]);
  });
  it("toggle: in, and out again", () => {
    const token = { name: "tier", value: "dev", not: false };
    const once = toggleToken("behind:>2", token);
    expect(once).toBe("behind:>2 tier:dev");
    expect(hasToken(once, token)).toBe(true);
    expect(toggleToken(once, token)).toBe("behind:>2");
  });
  it("join without empty parts", () => {
    expect(joinFilter(undefined, "a", "", "b")).toBe("a b");
    expect(joinFilter(undefined, "")).toBeUndefined();
  });
});

it("facets count every value, most first", () => {
  const rows = [{ tier: "dev", owners: ["ana", "li"] }, { tier: "dev", owners: ["li"] }, { tier: "qa", owners: [] }];
  expect(facetsOf(rows, { tier: (row) => row.tier, owner: (row) => row.owners })).toEqual({
    tier: [{ value: "dev", count: 2 }, { value: "qa", count: 1 }], owner: [{ value: "li", count: 2 }, { value: "ana", count: 1 }],
  });
});

it.each([["", true], ["kubernetes:1.33", true], ["kubernetes:1.32 kubernetes:1.33", true], ["kubernetes:1.32", false], ["name:HEART*", true], ["-name:heart*", false], ["eart", true], ["-lung name:heart-prod", true], ["heart kubernetes:1.3?", false]])("a short list is filtered by the same rules: %s", (text, expected) => {
  const row: Record<string, string> = { name: "heart-prod", kubernetes: "1.33" };
  expect(passes(text, (name) => [row[name]], "heart-prod us-east-1")).toBe(expected);
});
