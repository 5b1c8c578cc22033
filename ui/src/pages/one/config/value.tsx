import type { ValueRow } from "@/api/types";

/** A value as Helm gets it; a mangled one beside how the file wrote it; a secret never. */
export function Value({ row }: { row: ValueRow }) {
  if (row.difference === "removed") return <span className="faint">not here</span>;
  if (row.secret) return <span className="secret">••••{row.difference === "same" ? <span className="secret-note"> same as there</span> : row.difference === "changed" ? <span className="secret-note"> not the same</span> : null}</span>;
  const mangled = row.written !== null && row.written !== undefined && row.written !== row.value;
  return (
    <span className={`mono value-${row.type}`}>
      {row.type === "string" && row.value === "" ? <span className="faint">""</span> : row.value}
      {row.cut && <span className="faint"> …</span>}
      {mangled && <span className="amber" title="The file writes it so; Helm makes something else of it"> written {row.written}</span>}
    </span>
  );
}
