import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { useHeld } from "./held";

const key = (row: { id: number }) => String(row.id);
const rows = (...ids: number[]) => ids.map((id) => ({ id }));

it("new rows wait while the pointer is over the table, and come when asked for", () => {
  const { result, rerender } = renderHook(({ list, hold }) => useHeld(list, key, hold, "same"), { initialProps: { list: rows(1, 2), hold: true } });
  rerender({ list: rows(3, 4, 1, 2), hold: true });
  expect(result.current.rows.map((row) => row.id)).toEqual([1, 2]);
  expect(result.current.newer).toBe(2);
  act(() => { result.current.accept(); });
  expect(result.current.rows.map((row) => row.id)).toEqual([3, 4, 1, 2]);
  expect(result.current.newer).toBe(0);
});

it("further pages and rows without a pointer over them show at once", () => {
  const { result, rerender } = renderHook(({ list, hold }) => useHeld(list, key, hold, "same"), { initialProps: { list: rows(1, 2), hold: true } });
  rerender({ list: rows(1, 2, 3), hold: true });
  expect(result.current.rows).toHaveLength(3);
  rerender({ list: rows(9, 1), hold: false });
  expect(result.current.rows.map((row) => row.id)).toEqual([9, 1]);
});
