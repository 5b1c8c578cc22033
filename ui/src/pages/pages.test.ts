import { expect, it } from "vitest";
import type { ChangeItemRow, Matrix, RolloutDetail, RolloutRow, ValueRow } from "@/api/types";
import { together } from "./changes/drawer";
import { linesOf, segments } from "./one/config/tree";
import { ticks } from "./one/timeline/lanes";
import { candidates, markOf } from "./one/timeline/rollouts";
import { shares } from "./releases/courses";
import { lagStep, linesOf as gridLines, nextCell, pickRows } from "./releases/pick";

const leaf = (path: string): ValueRow => ({ path, type: "string", secret: false, overrode: [], findings: [], cut: false }) as unknown as ValueRow;

it("values become a tree: a key with a dot stays whole, folded branches hide their leaves but count them", () => {
  expect(segments("fence.eks\\.aws/role.list[name=a.b][2].x")).toEqual(["fence", "eks\\.aws/role", "list", "[name=a.b]", "[2]", "x"]);
  expect(linesOf([leaf("a.eks\\.aws/role")], new Set()).map((line) => line.name)).toEqual(["a", "eks.aws/role"]);
  const rows = [leaf("fence.image.tag"), leaf("fence.image.pull"), leaf("fence.enabled"), leaf("guppy.enabled")];
  expect(linesOf(rows, new Set()).map((line) => line.path)).toEqual(["fence", "fence.image", "fence.image.tag", "fence.image.pull", "fence.enabled", "guppy", "guppy.enabled"]);
  expect(linesOf(rows, new Set(["fence.image"])).map((line) => line.path)).toEqual(["fence", "fence.image", "fence.enabled", "guppy", "guppy.enabled"]);
  const folded = linesOf(rows, new Set(["fence"]));
  expect(folded.map((line) => line.path)).toEqual(["fence", "guppy", "guppy.enabled"]);
  expect(folded[0]).toMatchObject({ kind: "branch", leaves: 3, folded: true });
});

it("a branch with one child is one line with it, and a path that is value and branch at once loses neither", () => {
  expect(linesOf([leaf("fence.image.tag"), leaf("fence.args[0].name")], new Set()).map((line) => [line.name, line.depth])).toEqual([["fence", 0], ["image.tag", 1], ["args[0].name", 1]]);
  expect(linesOf([leaf("a.b"), leaf("a.b.c"), leaf("a.b.d")], new Set()).filter((line) => line.kind === "leaf").map((line) => line.path)).toEqual(["a.b", "a.b.c", "a.b.d"]);
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

it("an axis never has more than nine dates; months begin on their first day", () => {
  const day = 86_400_000;
  for (const days of [1, 3, 10, 40, 200, 900, 9000]) expect(ticks(0, days * day).length).toBeLessThanOrEqual(9);
  expect(ticks(Date.UTC(2025, 4, 19), Date.UTC(2026, 10, 25)).map((at) => new Date(at).toISOString().slice(0, 10))).toEqual(["2025-07-01", "2025-10-01", "2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"]);
  expect(ticks(Date.UTC(2025, 4, 19), Date.UTC(2026, 10, 25), 2).length).toBeLessThanOrEqual(3);
});

it("the matrix has a head for each tier, and its keys skip what is off", () => {
  expect(gridLines([{ tier: "production" }, { tier: "production" }, { tier: "qa" }])).toEqual([{ tier: "production", count: 2 }, { row: 0 }, { row: 1 }, { tier: "qa", count: 1 }, { row: 2 }]);
  const rows = [{ cells: ["a", null, "b"] }, { cells: [null, null, "c"] }];
  expect([nextCell(rows, [0, 0], [0, 1]), nextCell(rows, [0, 2], [1, 0]), nextCell(rows, [0, 0], [1, 0])]).toEqual([[0, 2], [1, 2], [0, 0]]);
});

it("a rollout is on a commons' timeline when a step of it was there, or when it is missing there", () => {
  const rollout = { id: "r", kind: "release", tag: "2026.05", commons: 1, of: 2, missing: [{ id: "late" }], first_at: "2026-05-01T00:00:00Z", last_at: "2026-05-03T00:00:00Z", course: [{ at: "2026-05-02T00:00:00Z", commons: 1 }] } as unknown as RolloutRow;
  expect(candidates([rollout], [{ time: "2026-05-02T00:00:00.000Z" }])).toEqual([rollout]);
  expect(candidates([rollout], [{ time: "2026-05-01T00:00:00Z" }])).toEqual([]);
  const detail = { rollout, steps: [{ commons: { id: "here" }, at: "2026-05-02T00:00:00Z", change: "landing" }] } as unknown as RolloutDetail;
  expect(markOf(rollout, "here", detail)).toMatchObject({ landing: "landing", here: Date.parse("2026-05-02"), odd: false });
  expect(markOf(rollout, "late", detail)).toMatchObject({ odd: true });
  expect(markOf(rollout, "elsewhere", detail)).toBeUndefined();
});
