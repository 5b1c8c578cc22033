import { describe, expect, it } from "vitest";
import { behindWords, many, shortTag } from "./say";
import { ago, exact, span } from "./time";

const now = Date.parse("2026-11-25T12:00:00Z");

describe("times", () => {
  it.each([["2026-11-25T11:59:58Z", "just now"], ["2026-11-25T11:59:18Z", "42 s ago"], ["2026-11-25T11:56:00Z", "4 min ago"], ["2026-11-25T09:00:00Z", "3 h ago"], ["2026-11-22T12:00:00Z", "3 d ago"], ["2026-03-20T12:00:00Z", "8 mo ago"], ["2024-11-20T12:00:00Z", "2 y ago"], ["2026-11-25T12:10:00Z", "in 10 min"]])("%s is %s", (time, words) => {
    expect(ago(time, now)).toBe(words);
  });
  it("are exact in UTC", () => {
    expect(exact("2026-11-25T04:05:06.789Z")).toBe("2026-11-25 04:05:06 UTC");
    expect(exact("yesterday")).toBe("yesterday");
  });
  it("never run backwards", () => {
    expect(span(-5)).toBe("0 s");
  });
});

describe("words", () => {
  it("count", () => {
    expect([many(1, "commons"), many(2, "commons"), many(1, "finding"), many(1200, "finding")]).toEqual(["1 commons", "2 commons", "1 finding", "1,200 findings"]);
  });
  it("shorten monthly tags only", () => {
    expect([shortTag("2026.07"), shortTag("2026.07.1"), shortTag("10.2.1"), shortTag("20260701")]).toEqual(["26.07", "26.07.1", "10.2.1", "20260701"]);
  });
  it("say how far behind", () => {
    expect([behindWords(0), behindWords(3), behindWords(null)]).toEqual(["newest", "3 behind", ""]);
  });
});
