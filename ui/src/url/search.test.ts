import { expect, it } from "vitest";
import { keep, parse, write } from "./search";

it("a commit of digits only stays text", () => {
  expect(parse("?at=1234567")).toEqual({ at: "1234567" });
});
it("is readable and survives a round trip", () => {
  const search = { filter: "tier:production behind:>2", open: "a|b", empty: undefined };
  expect(write(search)).toBe("?filter=tier:production%20behind:%3E2&open=a|b");
  expect(parse(write(search))).toEqual({ filter: "tier:production behind:>2", open: "a|b" });
});
it("links keep the scope, but nothing else, and may overrule it", () => {
  const here = { organization: "o1", tier: "dev", at: "2026-01-02", filter: "x", open: "y" };
  expect(keep("/changes", here)).toBe("/changes?organization=o1&tier=dev&at=2026-01-02");
  expect(keep("/commons?organization=o2&filter=a:b", here)).toBe("/commons?organization=o2&filter=a:b&tier=dev&at=2026-01-02");
});
