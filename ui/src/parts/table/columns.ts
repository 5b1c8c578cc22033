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
  /** Also on a phone. */
  phone?: boolean;
  /** Left out while a panel is open beside the list. */
  wide?: boolean;
  /** Shown only when chosen. */
  optional?: boolean;
}

/** Which columns are shown: the page's own, or what `?columns=` says. */
export function shownColumns<Row>(columns: Column<Row>[], chosen: string | undefined, phone: boolean, beside = false): Column<Row>[] {
  if (phone) return columns.filter((column) => column.phone).map((column, i) => (i === 0 ? { ...column, width: 0 } : column));
  if (!chosen) return columns.filter((column) => !column.optional && !(beside && column.wide));
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
