import type { Matrix, MatrixCell } from "@/api/types";
import { TIERS } from "@/words/tiers";

const rank = (tier: string): number => (TIERS.includes(tier) ? TIERS.indexOf(tier) : TIERS.length);

/** The part of the matrix one looks at. Columns that nobody shown runs are left out. */
export function pickRows(matrix: Matrix, want: { production: boolean; differences: boolean }): Matrix {
  const rows = (want.production ? matrix.rows.filter((row) => row.tier === "production") : [...matrix.rows]).sort((a, b) => rank(a.tier) - rank(b.tier));
  const keep = matrix.columns.map((_, i) => {
    const tags = new Set(rows.map((row) => row.cells[i]?.tag).filter((tag) => tag !== undefined));
    return want.differences ? tags.size > 1 : tags.size > 0;
  });
  return {
    ...matrix,
    columns: matrix.columns.filter((_, i) => keep[i]),
    rows: rows.map((row) => ({ ...row, cells: row.cells.filter((_, i) => keep[i]) })),
  };
}

/** 0 none, 1 for 1–2, 2 for 3–5, 3 for 6 and more releases behind. */
export const lagStep = (lag: number | null | undefined): number => (!lag ? 0 : lag <= 2 ? 1 : lag <= 5 ? 2 : 3);

export function cellWords(commons: string, service: string, cell: MatrixCell): string {
  const lag = cell.lag === null || cell.lag === undefined ? "" : cell.lag === 0 ? ", newest" : `, ${String(cell.lag)} behind`;
  const notes = [cell.pin && "not on the commons’ release", cell.assumed && "default, not stated in the files", cell.differs && "differs from its twin", (cell.class === "moving" || cell.class === "feature") && `a ${cell.class} tag`].filter(Boolean);
  return `${service} in ${commons}: ${cell.tag}${lag}${notes.length ? `; ${notes.join("; ")}` : ""}`;
}

/** The lines of the matrix: a head for each tier, and its commons. */
export type Line = { tier: string; count: number } | { row: number };

export function linesOf(rows: { tier: string }[]): Line[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row.tier, (counts.get(row.tier) ?? 0) + 1);
  return rows.flatMap((row, i): Line[] => (i === 0 || rows[i - 1]?.tier !== row.tier ? [{ tier: row.tier, count: counts.get(row.tier) ?? 0 }, { row: i }] : [{ row: i }]));
}

/** The next cell that holds something in a direction, or where one is. */
export function nextCell(rows: { cells: unknown[] }[], [row, column]: [number, number], [down, right]: [number, number]): [number, number] {
  for (let r = row + down, c = column + right; r >= 0 && c >= 0 && r < rows.length && c < (rows[r]?.cells.length ?? 0); r += down, c += right) {
    if (rows[r]?.cells[c]) return [r, c];
  }
  return [row, column];
}

/** Long text in a narrow cell is set smaller. */
export const sizeOf = (text: string): string => (text.length > 6 ? "tiny-text" : text.length > 5 ? "small-text" : "");
