// Leaves by path become the lines of a tree: a line per branch, folded or not, and a line per leaf.
import type { ValueRow } from "@/api/types";

export type TreeLine =
  | { kind: "branch"; path: string; name: string; depth: number; leaves: number; folded: boolean }
  | { kind: "leaf"; path: string; name: string; depth: number; row: ValueRow };

/** `fence.eks\\.aws/role.list[name=x][0]` → fence, eks\\.aws/role, list, [name=x], [0]: a dot with a backslash belongs to its key. */
export function segments(path: string): string[] {
  return path.match(/\[[^\]]*\]|(?:\\.|[^.[\\])+/g) ?? [path];
}

/** A segment as a person reads it. */
const plainKey = (segment: string): string => segment.replace(/\\(.)/g, "$1");

export function linesOf(rows: ValueRow[], folded: ReadonlySet<string>): TreeLine[] {
  const lines: TreeLine[] = [];
  let open: string[] = [];
  let openLines: (TreeLine & { kind: "branch" })[] = [];
  for (const row of rows) {
    const parts = segments(row.path);
    const branch = parts.slice(0, -1);
    let common = 0;
    while (common < branch.length && common < open.length && branch[common] === open[common]) common++;
    openLines = openLines.slice(0, common);
    for (let depth = common; depth < branch.length; depth++) {
      const path = branch.slice(0, depth + 1).join(".");
      const line = { kind: "branch" as const, path, name: plainKey(branch[depth] ?? ""), depth, leaves: 0, folded: folded.has(path) };
      if (!openLines.some((one) => one.folded)) lines.push(line);
      openLines.push(line);
    }
    open = branch;
    for (const one of openLines) one.leaves++;
    if (!openLines.some((one) => one.folded)) lines.push({ kind: "leaf", path: row.path, name: plainKey(parts.at(-1) ?? row.path), depth: branch.length, row });
  }
  return lines;
}
