import { expect, it } from "vitest";
import type { ChangeItemRow, Matrix, RolloutRow, ValueRow } from "@/api/types";
import { together } from "./changes/drawer";
import { linesOf, segments } from "./one/config/tree";
import { ticks } from "./one/timeline/lanes";
import { shares } from "./releases/courses";
import { lagStep, pickRows } from "./releases/pick";

const leaf = (path: string): ValueRow => ({ path, type: "string", secret: false, overrode: [], findings: [], cut: false }) as unknown as ValueRow;

it("values become a tree: a key with a dot stays whole, folded branches hide their leaves but count them", () => {
  expect(segments("fence.eks\\.aws/role.list[name=a.b][2].x")).toEqual(["fence", "eks\\.aws/role", "list", "[name=a.b]", "[2]", "x"]);
  expect(linesOf([leaf("a.eks\\.aws/role")], new Set()).map((line) => line.name)).toEqual(["a", "eks.aws/role"]);
  const rows = [leaf("fence.image.tag"), leaf("fence.enabled"), leaf("guppy.enabled")];
  expect(linesOf(rows, new Set()).map((line) => line.path)).toEqual(["fence", "fence.image", "fence.image.tag", "fence.enabled", "guppy", "guppy.enabled"]);
  const folded = linesOf(rows, new Set(["fence"]));
  expect(folded.map((line) => line.path)).toEqual(["fence", "guppy", "guppy.enabled"]);
  expect(folded[0]).toMatchObject({ kind: "branch", leaves: 2, folded: true });
});

it("one change over several commons is said once", () => {
  const item = (commons: string): ChangeItemRow => ({ commons: { id: commons, name: commons, tier: "dev" }, kind: "version", path: "fence.image.tag", before: "1", after: "2", secret: false }) as ChangeItemRow;
  expect(together([item("a"), item("b")]).map((group) => group.items.length)).toEqual([2]);
});

it("the matrix shows production first, and only columns that differ when asked", () => {
  const cell = (tag: string) => ({ tag, class: "monthly", pin: false, assumed: false, differs: false });
  const matrix = { columns: [{ service: "fence" }, { service: "guppy" }, { service: "off" }], unreadable: [], rows: [
    { commons: "1", tier: "dev", cells: [cell("a"), cell("x"), null] }, { commons: "2", tier: "production", cells: [cell("a"), cell("y"), null] },
  ] } as unknown as Matrix;
  const all = pickRows(matrix, { production: false, differences: false });
  expect([all.rows.map((row) => row.commons), all.columns.map((column) => column.service)]).toEqual([["2", "1"], ["fence", "guppy"]]);
  expect(pickRows(matrix, { production: false, differences: true }).columns.map((column) => column.service)).toEqual(["guppy"]);
  expect([null, 0, 1, 2, 3, 5, 6, 20].map(lagStep)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
});

it("a rollout's line rises in steps and ends when it is done", () => {
  const row = { of: 4, done: true, last_at: "2026-01-02T00:00:00Z", course: [{ at: "2026-01-01T00:00:00Z", commons: 1 }, { at: "2026-01-02T00:00:00Z", commons: 4 }] } as RolloutRow;
  const later = { of: 2, done: false, last_at: "2026-01-03T00:00:00Z", course: [{ at: "2026-01-03T00:00:00Z", commons: 1 }] } as RolloutRow;
  expect(shares([row, later]).slice(1)).toEqual([[25, 100, null], [null, null, 50]]);
});

it("an axis never has more than nine dates", () => {
  const day = 86_400_000;
  for (const days of [1, 3, 10, 40, 200, 900]) expect(ticks(0, days * day).length).toBeLessThanOrEqual(9);
});
