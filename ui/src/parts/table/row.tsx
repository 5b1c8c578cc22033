import type { MouseEvent } from "react";
import type { Column } from "./columns";

interface Props<R> {
  index: number;
  row: R;
  id: string;
  name: string;
  columns: Column<R>[];
  focusable: boolean;
  open: boolean;
  selected: boolean;
  changed: boolean;
  lit: boolean;
  onLit: ((key: string) => void) | undefined;
  select: ((key: string) => void) | undefined;
  onOpen: ((row: R) => void) | undefined;
  onFocus: (index: number) => void;
}

export function Row<R>(props: Props<R>) {
  const { row, id, index, onOpen, select } = props;
  const click = (event: MouseEvent) => {
    // A click on something inside, or the end of a selection of text, is not a wish to open the row.
    if (event.target instanceof HTMLElement && event.target.closest("a,button,input,label")) return;
    if (window.getSelection()?.toString()) return;
    onOpen?.(row);
  };
  const classes = [props.open && "open", props.selected && "selected", props.changed && "changed", props.lit && "lit", onOpen && "opens"].filter(Boolean).join(" ");
  return (
    // The keyboard's way is in the table: enter on the focused row.
     
    <tr className={classes || undefined} data-index={index} aria-rowindex={index + 2} tabIndex={props.focusable ? 0 : -1}
      onClick={click} onPointerEnter={props.onLit && (() => { props.onLit?.(id); })} onFocus={() => { props.onFocus(index); }}>
      {select && (
        <td className="pick"><input type="checkbox" tabIndex={-1} aria-label={`Select ${props.name}`} checked={props.selected} onChange={() => { select(id); }} /></td>
      )}
      {props.columns.map((column, i) => i === 0
        ? <th key={column.id} scope="row">{column.cell(row)}</th>
        : <td key={column.id} className={column.align === "end" ? "num" : undefined}>{column.cell(row)}</td>)}
    </tr>
  );
}
