import { useMemo, useRef, useState } from "react";

interface Held<Row> { rows: Row[]; newer: number; accept: () => void; changed: ReadonlySet<string> }

/**
 * Rows that do not move under the pointer. While `hold` is true and the order or the set of rows differs,
 * what is shown stays where it is (with fresh contents), and `newer` says how much waits.
 */
export function useHeld<Row>(rows: Row[], key: (row: Row) => string, hold: boolean, identity: string): Held<Row> {
  const [shown, setShown] = useState({ rows, identity });
  const contents = useRef(new Map<string, string>());
  const sameOrder = shown.rows.length === rows.length && shown.rows.every((row, i) => key(row) === key(rows[i] as Row));
  // Another filter or another sort is a wish of the person: it shows at once. So do further pages.
  const grown = rows.length > shown.rows.length && shown.rows.every((row, i) => key(row) === key(rows[i] as Row));
  const waits = hold && shown.identity === identity && !sameOrder && !grown && shown.rows.length > 0;
  if (!waits && shown.rows !== rows) setShown({ rows, identity });

  const fresh = useMemo(() => new Map(rows.map((row) => [key(row), row])), [rows, key]);
  const visible = waits ? shown.rows.map((row) => fresh.get(key(row)) ?? row) : rows;
  const known = new Set(shown.rows.map(key));
  const newer = waits ? Math.max(1, rows.filter((row) => !known.has(key(row))).length) : 0;

  const changed = useMemo(() => {
    const before = contents.current;
    const after = new Map(rows.map((row) => [key(row), JSON.stringify(row)]));
    const differing = new Set<string>();
    if (before.size > 0) for (const [id, text] of after) if (before.has(id) && before.get(id) !== text) differing.add(id);
    contents.current = after;
    return differing;
  }, [rows, key]);

  return { rows: visible, newer, accept: () => { setShown({ rows, identity }); }, changed };
}
