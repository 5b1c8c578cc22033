import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { Matrix, MatrixColumn, MatrixRow } from "@/api/types";
import { A } from "@/parts/link";
import { useView } from "@/url/view";
import { many, shortTag } from "@/words/say";
import { Beam, follow, useCross, useOver, type Cross } from "./cross";
import { cellWords, lagStep, linesOf, nextCell, sizeOf } from "./pick";

const HEIGHT = 23;
const CELL = 34;
const HEAD = 216;
/** From how many lines on only those in sight are drawn. */
const PLAIN = 60;
const STEPS: Record<string, [number, number]> = { ArrowDown: [1, 0], j: [1, 0], ArrowUp: [-1, 0], k: [-1, 0], ArrowRight: [0, 1], l: [0, 1], ArrowLeft: [0, -1], h: [0, -1] };

export function Grid({ matrix, lag, unreadable }: { matrix: Matrix; lag: boolean; unreadable: Matrix["unreadable"] }) {
  const view = useView();
  const scroller = useRef<HTMLDivElement>(null);
  const cross = useCross();
  const [focus, setFocus] = useState<[number, number]>(() => firstCell(matrix.rows));
  const lines = useMemo(() => linesOf(matrix.rows), [matrix.rows]);
  const virtual = lines.length > PLAIN;
  const virtualizer = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => HEIGHT, overscan: 16, enabled: virtual });
  const visible = virtual ? virtualizer.getVirtualItems() : lines.map((_, index) => ({ index, start: 0, end: 0 }));
  const before = virtual ? (visible[0]?.start ?? 0) : 0;
  const after = virtual ? virtualizer.getTotalSize() - (visible.at(-1)?.end ?? 0) : 0;
  const open = view.get("open");
  const setOpen = useCallback((key: string) => { view.set({ open: key }); }, [view]);

  const onKey = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const [row, column] = nextCell(matrix.rows, focus, step);
    setFocus([row, column]);
    if (virtual) virtualizer.scrollToIndex(lines.findIndex((line) => "row" in line && line.row === row));
    focusCell(scroller.current, `${String(row)}-${String(column)}`);
  };

  return (
    <div className="grid-scroll" ref={scroller}>
      {/* Arrow keys walk the cells; each cell is a button of its own for everything else. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div className="grid-box" style={{ minWidth: HEAD + matrix.columns.length * CELL }}><Beam cross={cross} /><table className="grid" aria-label="Services by commons" aria-rowcount={lines.length + 1} onKeyDown={onKey} onPointerOver={(event) => { follow(cross, event); }} onPointerLeave={() => { cross.set(undefined); }}>
        <colgroup><col className="grid-names" />{matrix.columns.map((column) => <col key={column.service} />)}</colgroup>
        <thead><tr>
          <th scope="col" className="corner"><span>commons</span><span className="dim">release, behind</span></th>
          <Heads columns={matrix.columns} cross={cross} />
        </tr></thead>
        <tbody>
          {before > 0 && <tr aria-hidden><td style={{ height: before }} /></tr>}
          {visible.map(({ index }) => {
            const line = lines[index];
            if (!line) return null;
            if ("tier" in line) return <tr key={line.tier} className="grid-tier"><th scope="rowgroup" colSpan={matrix.columns.length + 1}><A href={`/commons?filter=tier:${line.tier}`} className="plain">{line.tier} <span className="dim">{line.count}</span></A></th></tr>;
            const row = matrix.rows[line.row];
            if (!row) return null;
            return <GridRow key={row.commons} row={row} index={line.row} columns={matrix.columns} lag={lag}
              focus={focus[0] === line.row ? focus[1] : -1} setFocus={setFocus} open={open?.startsWith(`${row.commons}|`) ? open.slice(row.commons.length + 1) : undefined} setOpen={setOpen} />;
          })}
          {after > 0 && <tr aria-hidden><td style={{ height: after }} /></tr>}
        </tbody>
      </table></div>
      <Key lag={lag} />
      {unreadable.length > 0 && <Unreadable list={unreadable} />}
    </div>
  );
}

const firstCell = (rows: MatrixRow[]): [number, number] => {
  const row = Math.max(0, rows.findIndex((one) => one.cells.some(Boolean)));
  return [row, Math.max(0, rows[row]?.cells.findIndex(Boolean) ?? 0)];
};

/** A row that was just scrolled to is drawn one frame later. */
function focusCell(scroller: HTMLElement | null, cell: string): void {
  const find = () => scroller?.querySelector<HTMLElement>(`[data-cell="${cell}"]`);
  const now = find();
  if (now) now.focus();
  else requestAnimationFrame(() => find()?.focus());
}

function Unreadable({ list }: { list: Matrix["unreadable"] }) {
  const [all, setAll] = useState(false);
  const shown = all ? list : list.slice(0, 12);
  return (
    <p className="grid-note dim">{many(list.length, "commons")} not shown, because nothing of them could be read: {shown.map((one, i) => <span key={one.id}>{i > 0 && ", "}<A href={`/commons/${one.id}`}>{one.name}</A></span>)}
      {list.length > shown.length && <>{" "}<button type="button" className="bare link" onClick={() => { setAll(true); }}>and {list.length - shown.length} more</button></>}</p>
  );
}

function Heads({ columns, cross }: { columns: MatrixColumn[]; cross: Cross }) {
  const over = useOver(cross);
  return columns.map((column, i) => <ColumnHead key={column.service} column={column} over={over === i} />);
}

function ColumnHead({ column, over }: { column: MatrixColumn; over: boolean }) {
  const newest = column.tags.find((tag) => tag.tag === column.newest)?.count ?? 0;
  const words = `${column.service}: ${column.newest ? `newest ${column.newest}, ${String(newest)} of ${String(column.on)} on it` : `on in ${String(column.on)}`}\n${column.tags.slice(0, 8).map((tag) => `${tag.tag}  ${String(tag.count)}`).join("\n")}`;
  return (
    <th scope="col" className={over ? "over" : undefined} title={words}>
      <A href={`/commons?filter=service:${column.service}`} className="plain grid-service" aria-label={`${column.service}, on in ${String(column.on)}`}><span>{column.service}</span></A>
      <span className="dist" aria-hidden>{column.tags.slice(0, 6).map((tag, i) => <i key={tag.tag} className={tag.tag === column.newest ? "on" : i % 2 ? "a" : "b"} style={{ flexGrow: tag.count }} />)}</span>
      <span className="grid-on dim">{!column.newest ? column.on : column.on > 99 ? `${String(Math.round((newest / column.on) * 100))}%` : `${String(newest)}/${String(column.on)}`}</span>
    </th>
  );
}

interface RowProps {
  row: MatrixRow; index: number; columns: MatrixColumn[]; lag: boolean; focus: number; open: string | undefined;
  setFocus: (at: [number, number]) => void; setOpen: (key: string) => void;
}

const GridRow = memo(function GridRow({ row, index, columns, lag, focus, open, setFocus, setOpen }: RowProps) {
  return (
    <tr>
      <th scope="row"><span className="grid-row">
        <A href={`/commons/${row.commons}`} className="plain mono cut grow" title={`${row.name}, ${row.tier}${row.cluster ? `, on ${row.cluster}` : ""}`}>{row.name}</A>
        <span className="dim nowrap">{row.release ? shortTag(row.release) : "–"}{row.behind ? <b> −{row.behind}</b> : null}</span>
      </span></th>
      {columns.map((column, i) => {
        const cell = row.cells[i];
        if (!cell) return <td key={column.service} />;
        const amber = cell.class === "moving" || cell.class === "feature";
        const classes = [`lag-${String(lagStep(cell.lag))}`, amber && "amber", cell.pin && "pin", cell.assumed && "assumed", open === column.service && "open"].filter(Boolean).join(" ");
        const words = cellWords(row.name, column.service, cell);
        const text = lag ? String(cell.lag ?? (amber ? "~" : "·")) : shortTag(cell.tag);
        return (
          <td key={column.service} className={classes}>
            <button type="button" data-cell={`${String(index)}-${String(i)}`} tabIndex={focus === i ? 0 : -1} title={words} aria-label={`${text}, ${words}`} className={sizeOf(text) || undefined} onFocus={() => { setFocus([index, i]); }} onClick={() => { setOpen(`${row.commons}|${column.service}`); }}>
              {text}
            </button>
          </td>
        );
      })}
    </tr>
  );
});

function Key({ lag }: { lag: boolean }) {
  return (
    <p className="grid-key dim">
      <span><i className="lag-0" />newest</span><span><i className="lag-1" />1–2 behind</span><span><i className="lag-2" />3–5</span><span><i className="lag-3" />6 and more</span>
      <span className="pin-key">off the commons’ release</span><span className="amber">moving or feature tag{lag && " (~)"}</span><span className="assumed">default, not stated</span><span>empty: off</span>
      <span className="wide-only">arrows walk the cells, enter opens one</span>
    </p>
  );
}
