// The one table of all lists: virtual, with a sticky head and first column, worked by keys.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMediaQuery } from "@mantine/hooks";
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { rowHeight, useDensity } from "@/app/appearance";
import { useView } from "@/url/view";
import { grouped, shownColumns, widthOf, type Column } from "./columns";
import { Head } from "./head";
import { useHeld } from "./held";
import { keyOf, typing } from "./keys";
import { Row } from "./row";
import type { Selection } from "./selection";
import { useWidth } from "./width";
import "./table.css";

export interface TableProps<R> {
  label: string;
  rows: R[];
  rowKey: (row: R) => string;
  rowName: (row: R) => string;
  columns: Column<R>[];
  /** The page of a row, opened with `o`. */
  page?: ((row: R) => string) | undefined;
  /** Rows open a panel (`?open=`); without one they open the page. */
  panel?: boolean;
  copy?: ((row: R) => string) | undefined;
  groupBy?: ((row: R) => string) | undefined;
  groupOrder?: string[];
  selection?: Selection | undefined;
  more?: (() => void) | undefined;
  foot?: ReactNode;
  /** The row that something beside the table points at, and what the pointer is over here. */
  lit?: string | undefined;
  onLit?: ((key: string | undefined) => void) | undefined;
}

const PLAIN = 120;

export function Table<R>(props: TableProps<R>) {
  const { rows, rowKey, columns, page, panel, copy, selection, more } = props;
  const view = useView();
  const phone = useMediaQuery("(max-width: 700px)", false, { getInitialValueInEffect: false });
  const height = rowHeight(useDensity());
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const [at, setAt] = useState(0);
  const [over, setOver] = useState(false);
  const identity = [view.get("filter"), view.get("sort"), view.get("organization"), view.get("tier"), view.get("at")].join("|");
  const held = useHeld(rows, rowKey, over, identity);
  const shown = shownColumns(columns, view.get("columns"), phone, width - (selection ? 32 : 0));
  const items = grouped(held.rows, rowKey, props.groupBy, props.groupOrder);
  const virtual = items.length > PLAIN;
  const virtualizer = useVirtualizer({ count: items.length, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 16, enabled: virtual });
  useEffect(() => { virtualizer.measure(); }, [height, virtualizer]);
  const visible = virtual ? virtualizer.getVirtualItems() : items.map((_, index) => ({ index, start: index * height, end: (index + 1) * height }));
  const before = virtual ? (visible[0]?.start ?? 0) : 0;
  const after = virtual ? virtualizer.getTotalSize() - (visible.at(-1)?.end ?? 0) : 0;

  const lastSeen = visible.at(-1)?.index ?? 0;
  useEffect(() => { if (more && lastSeen >= items.length - 20) more(); }, [more, lastSeen, items.length]);

  // A panel that stood in the address shows its row, wherever in the list it is.
  const opened = view.get("open");
  const shownOnce = useRef(false);
  useEffect(() => {
    if (shownOnce.current || items.length === 0) return;
    shownOnce.current = true;
    const index = items.findIndex((item) => item.kind === "row" && item.key === opened);
    if (index < 0) return;
    if (virtual) virtualizer.scrollToIndex(index);
    else scroller.current?.querySelector(`tr[data-index="${String(index)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [opened, items, virtual, virtualizer]);

  const open = useCallback((row: R) => {
    if (panel) view.set({ open: rowKey(row) }, !view.get("open"));
    else if (page) view.go(page(row));
  }, [panel, page, rowKey, view]);

  const onKey = (event: KeyboardEvent) => {
    if (typing(event.target) || event.metaKey || event.ctrlKey || event.altKey) return;
    const onControl = event.target instanceof HTMLElement && event.target.closest("a,button,input") !== null;
    if (onControl && (event.key === "Enter" || event.key === " ")) return;
    const move = keyOf(event.key, at, items.length - 1);
    if (!move) return;
    event.preventDefault();
    const item = items[at];
    if ("to" in move) {
      const step = move.to >= at ? 1 : -1;
      const to = items[move.to]?.kind === "group" ? Math.min(items.length - 1, Math.max(0, move.to + step)) : move.to;
      setAt(to);
      if (virtual) virtualizer.scrollToIndex(to);
      focusRow(scroller.current, to);
      if (view.get("open") && items[to]?.kind === "row") view.set({ open: items[to].key });
    } else if (item?.kind === "row") {
      if (move.act === "open") open(item.row);
      if (move.act === "page" && page) view.go(page(item.row));
      if (move.act === "select") selection?.toggle(item.key);
      if (move.act === "copy" && copy) void navigator.clipboard.writeText(copy(item.row));
    }
  };

  return (
    // The keys work on the rows inside; the region itself only scrolls.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="table-scroll" ref={scroller} onKeyDown={onKey} onPointerEnter={() => { setOver(true); }} onPointerLeave={() => { setOver(false); props.onLit?.(undefined); }}>
      {held.newer > 0 && <button type="button" className="newer" onClick={held.accept}>{held.newer} newer</button>}
      <table className="table" style={{ minWidth: phone ? undefined : widthOf(shown) + (selection ? 32 : 0) }} aria-label={props.label} aria-rowcount={items.length + 1}>
        <Head columns={shown} selection={selection} keys={held.rows.map(rowKey)} />
        <tbody>
          {before > 0 && <tr aria-hidden><td style={{ height: before }} /></tr>}
          {visible.map(({ index }) => {
            const item = items[index];
            if (!item) return null;
            if (item.kind === "group") {
              return (
                <tr key={`group ${item.label}`} className="group"><th colSpan={shown.length + (selection ? 1 : 0)} scope="rowgroup">
                  <span className="group-label">{item.label} <span className="dim">{item.count}</span></span>
                </th></tr>
              );
            }
            return (
              <Row key={item.key} index={index} row={item.row} id={item.key} name={props.rowName(item.row)} columns={shown}
                focusable={index === at || (at === 0 && index === 1 && items[0]?.kind === "group")} open={view.get("open") === item.key}
                selected={selection?.has(item.key) ?? false} select={selection?.toggle} changed={held.changed.has(item.key)} lit={props.lit === item.key} onLit={props.onLit}
                onOpen={panel || page ? open : undefined} onFocus={setAt} />
            );
          })}
          {after > 0 && <tr aria-hidden><td style={{ height: after }} /></tr>}
        </tbody>
      </table>
      {props.foot}
    </div>
  );
}

function focusRow(scroller: HTMLElement | null, index: number): void {
  const find = () => scroller?.querySelector<HTMLElement>(`tr[data-index="${String(index)}"]`);
  const row = find();
  if (row) {
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  } else requestAnimationFrame(() => find()?.focus());
}
