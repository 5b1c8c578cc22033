import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { ValueRow, ValuesTree } from "@/api/types";
import { SeverityGlyph } from "@/parts/glyph";
import { keyOf } from "@/parts/table/keys";
import { useView } from "@/url/view";
import { linesOf, segments, type TreeLine } from "./tree";
import { Value } from "./value";

const HEIGHT = 25;

export function Values({ data, prefix }: { data: ValuesTree; prefix: string | null | undefined }) {
  const view = useView();
  const scroller = useRef<HTMLDivElement>(null);
  const foldAll = view.get("fold") === "all";
  const roots = useMemo(() => new Set(data.rows.map((row) => segments(row.path)[0] ?? "")), [data.rows]);
  const [folds, setFolds] = useState<{ all: boolean; set: ReadonlySet<string> }>({ all: foldAll, set: foldAll ? roots : new Set() });
  if (folds.all !== foldAll) setFolds({ all: foldAll, set: foldAll ? roots : new Set() });
  const [at, setAt] = useState(0);
  const lines = useMemo(() => linesOf(data.rows, folds.set), [data.rows, folds.set]);
  const virtualizer = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => HEIGHT, overscan: 20, initialRect: { width: 1000, height: 800 } });
  const against = data.against !== null && data.against !== undefined;
  const toggle = (path: string) => {
    const next = new Set(folds.set);
    if (!next.delete(path)) next.add(path);
    setFolds({ all: foldAll, set: next });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || (event.target instanceof HTMLElement && event.target.closest("a,button"))) return;
    const line = lines[at];
    if (line?.kind === "branch" && (event.key === "Enter" || event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      event.preventDefault();
      toggle(line.path);
      return;
    }
    const move = keyOf(event.key, at, lines.length - 1);
    if (!move) return;
    event.preventDefault();
    if ("to" in move) {
      setAt(move.to);
      virtualizer.scrollToIndex(move.to);
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-line="${String(move.to)}"]`)?.focus());
    } else if (line?.kind === "leaf") {
      if (move.act === "open") view.set({ open: line.path });
      if (move.act === "copy") void navigator.clipboard.writeText(line.path);
    }
  };
  const classes = against ? "values against" : "values";
  return (
    <div className="values-scroll" ref={scroller}>
      {/* The keys belong to the focused line inside. */}
      {/* eslint-disable-next-line jsx-a11y/interactive-supports-focus */}
      <div role="treegrid" aria-label="Effective values" aria-rowcount={lines.length + 1} className={classes} onKeyDown={onKey}>
        <div role="row" className="values-head"><span role="columnheader">Path</span><span role="columnheader">Value</span>{against && <span role="columnheader" className="cut">{data.against}</span>}<span role="columnheader">Comes from</span></div>
        <div role="rowgroup" className="values-body" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <div key={line.path + line.kind} role="row" aria-level={line.depth + 1} aria-expanded={line.kind === "branch" ? !line.folded : undefined} data-line={item.index} tabIndex={item.index === at ? 0 : -1}
                className={`value-line${view.get("open") === line.path ? " open" : ""}${line.kind === "leaf" && line.row.difference && line.row.difference !== "same" ? ` differs ${line.row.difference}` : ""}`}
                style={{ transform: `translateY(${String(item.start)}px)` }} onFocus={() => { setAt(item.index); }}
                onClick={(event) => { if (event.target instanceof HTMLElement && event.target.closest("a,button")) return; if (line.kind === "branch") toggle(line.path); else view.set({ open: line.path }); }}
                onKeyDown={() => undefined}>
                <Line line={line} data={data} prefix={prefix} against={against} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Line({ line, data, prefix, against }: { line: TreeLine; data: ValuesTree; prefix: string | null | undefined; against: boolean }) {
  const indent = { paddingLeft: line.depth * 16 };
  if (line.kind === "branch") {
    return <span role="gridcell" className="value-name branch" style={indent}><span className="fold" aria-hidden>{line.folded ? "▸" : "▾"}</span>{line.name}<span className="dim"> {line.leaves}</span></span>;
  }
  return (
    <>
      <span role="gridcell" className="value-name cut" style={indent} title={line.path}><span className="fold" />{line.name}{line.row.findings.length > 0 && <Mark row={line.row} />}</span>
      <span role="gridcell" className="cut"><Value row={line.row} /></span>
      {against && <span role="gridcell" className="cut dim"><Other row={line.row} /></span>}
      <span role="gridcell" className="cut"><Origin row={line.row} data={data} prefix={prefix} /></span>
    </>
  );
}

function Mark({ row }: { row: ValueRow }) {
  return <span className="lint" title={`${String(row.findings.length)} findings at this value`}> <SeverityGlyph severity="medium" size={12} /></span>;
}

function Other({ row }: { row: ValueRow }) {
  if (row.difference === "same" || !row.difference) return row.secret ? <span>same secret</span> : <span className="faint">same</span>;
  if (row.difference === "added") return <span className="faint">not there</span>;
  return row.secret ? <span className="secret">•••• different</span> : <span className="mono">{row.other}</span>;
}

function Origin({ row, data, prefix }: { row: ValueRow; data: ValuesTree; prefix: string | null | undefined }) {
  const origin = row.origin;
  if (!origin) return <span className="faint">{row.difference === "removed" ? "only there" : "chart default"}</span>;
  const layer = data.layers.find((one) => one.index === origin.layer);
  const name = layer?.kind === "chart" ? "chart default" : layer?.kind === "application" ? "Application" : `${origin.path.split("/").slice(-2).join("/")}:${String(origin.line)}`;
  const over = row.overrode.map((one) => `${one.value ?? "••••"}  from ${one.path}:${String(one.line)}`);
  const title = `${origin.path}:${String(origin.line)}${over.length ? `\noverrode\n${over.join("\n")}` : ""}`;
  const text = <>{name}{over.length > 0 && <span className="dim"> over {over.length}</span>}</>;
  return prefix && layer?.kind === "file" ? <a className={`chip origin ${layer.kind}`} href={`${prefix}${origin.path}#L${String(origin.line)}`} target="_blank" rel="noreferrer noopener" title={title}>{text}</a> : <span className={`chip origin ${layer?.kind ?? ""}`} title={title}>{text}</span>;
}
