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

interface Branch { leaves: number; children: Map<string, Child> }
interface Child { part: string; node: Branch | ValueRow }

const isRow = (node: Branch | ValueRow): node is ValueRow => "path" in node;

/** The rows as a tree, in the order in which they come. A path that is a value and a branch at once (a text here, a map there) keeps both. */
function treeOf(rows: ValueRow[]): Branch {
  const root: Branch = { leaves: 0, children: new Map() };
  for (const row of rows) {
    const parts = segments(row.path);
    let at = root;
    at.leaves++;
    for (const part of parts.slice(0, -1)) {
      const known = at.children.get(`branch ${part}`)?.node;
      const next: Branch = known && !isRow(known) ? known : { leaves: 0, children: new Map() };
      at.children.set(`branch ${part}`, { part, node: next });
      next.leaves++;
      at = next;
    }
    at.children.set(`value ${row.path}`, { part: parts.at(-1) ?? row.path, node: row });
  }
  return root;
}

/** Names joined as a person reads them: `image.tag`, `mappings[0]`. */
const joined = (names: string[]): string => names.map((name, i) => (i > 0 && !name.startsWith("[") ? `.${name}` : name)).join("");

/** A branch with a single child is one line with it: `image.tag` rather than `image` and `tag` below. */
export function linesOf(rows: ValueRow[], folded: ReadonlySet<string>): TreeLine[] {
  const lines: TreeLine[] = [];
  const walk = (branch: Branch, depth: number, above: string[]) => {
    for (const { part, node: first } of branch.children.values()) {
      const names = [plainKey(part)];
      const path = [...above, part];
      let node = first;
      while (depth > 0 && !isRow(node) && node.children.size === 1) {
        const [only] = node.children.values();
        if (!only) break;
        names.push(plainKey(only.part));
        path.push(only.part);
        node = only.node;
      }
      if (isRow(node)) {
        lines.push({ kind: "leaf", path: node.path, name: joined(names), depth, row: node });
        continue;
      }
      const key = path.join(".");
      const shut = folded.has(key);
      lines.push({ kind: "branch", path: key, name: joined(names), depth, leaves: node.leaves, folded: shut });
      if (!shut) walk(node, depth + 1, path);
    }
  };
  walk(treeOf(rows), 0, []);
  return lines;
}
