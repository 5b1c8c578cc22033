import type { ReactNode } from "react";

/** One column of a list, as a page declares it. */
export interface Column<Row> {
  id: string;
  head: string;
  /** Pixels; a column without takes what is left. */
  width?: number;
  /** The server's name for sorting by it. */
  sort?: string;
  align?: "end";
  cell: (row: Row) => ReactNode;
  /** Also on a phone; a number is its width there. */
  phone?: boolean | number;
  /** Left out where the list is too narrow for every column; the last of these goes first. */
  wide?: boolean;
  /** Shown only when chosen. */
  optional?: boolean;
}

/** What a column without a width wants at least. */
const LEAST = 180;

export const widthOf = <Row>(columns: Column<Row>[]): number => columns.reduce((sum, column) => sum + (column.width ?? LEAST), 0);

/** Columns that may go are left out, from the right, until the rest fits. A width of 0 is not measured yet. */
function fitting<Row>(columns: Column<Row>[], width: number): Column<Row>[] {
  let kept = columns;
  while (width > 0 && widthOf(kept) > width) {
    const last = kept.findLastIndex((column) => column.wide);
    if (last < 0) break;
    kept = kept.filter((_, i) => i !== last);
  }
  return kept;
}

/** On a phone the first column takes what is left, unless a narrow one before the words says its width. */
const onPhone = <Row>(columns: Column<Row>[]): Column<Row>[] => {
  const kept = columns.filter((column) => column.phone);
  return kept.map((column, i) => (typeof column.phone === "number" ? { ...column, width: column.phone } : i === 0 ? { ...column, width: 0 } : column));
};

/** Which columns are shown: the page's own as far as they fit, or what `?columns=` says. */
export function shownColumns<Row>(columns: Column<Row>[], chosen: string | undefined, phone: boolean, width = 0): Column<Row>[] {
  if (phone) return onPhone(columns);
  if (!chosen) return fitting(columns.filter((column) => !column.optional), width);
  const ids = new Set(chosen.split(","));
  return columns.filter((column, i) => i === 0 || ids.has(column.id));
}

/** `behind` → `-behind` → unsorted. */
export const nextSort = (now: string | undefined, key: string): string | undefined =>
  now === key ? `-${key}` : now === `-${key}` ? undefined : key;

export type Item<Row> = { kind: "row"; row: Row; key: string } | { kind: "group"; label: string; count: number };

/** Rows in groups, in the order in which the groups first occur (or the given one). */
export function grouped<Row>(rows: Row[], key: (row: Row) => string, by: ((row: Row) => string) | undefined, order: string[] = []): Item<Row>[] {
  if (!by) return rows.map((row) => ({ kind: "row", row, key: key(row) }));
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const label = by(row);
    const group = groups.get(label);
    if (group) group.push(row);
    else groups.set(label, [row]);
  }
  const rank = (label: string) => (order.includes(label) ? order.indexOf(label) : order.length);
  return [...groups].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b)).flatMap(([label, members]) => [
    { kind: "group" as const, label, count: members.length },
    ...members.map((row) => ({ kind: "row" as const, row, key: key(row) })),
  ]);
}
