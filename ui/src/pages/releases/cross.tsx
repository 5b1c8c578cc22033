// The column under the pointer, lit without drawing the two thousand cells anew: only what listens is drawn.
import { useState, useSyncExternalStore, type PointerEvent } from "react";

interface Place { column: number; left: number; width: number }

export interface Cross { get: () => Place | undefined; set: (place: Place | undefined) => void; watch: (watcher: () => void) => () => void }

function makeCross(): Cross {
  let now: Place | undefined;
  const watchers = new Set<() => void>();
  return {
    get: () => now,
    set: (place) => {
      if (place?.column === now?.column && place?.left === now?.left) return;
      now = place;
      for (const watcher of watchers) watcher();
    },
    watch: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

export const useCross = (): Cross => useState(makeCross)[0];

export const useOver = (cross: Cross): number | undefined => useSyncExternalStore(cross.watch, () => cross.get()?.column);

/** Follows the pointer over the cells of the table's body. */
export function follow(cross: Cross, event: PointerEvent): void {
  const cell = event.target instanceof Element ? event.target.closest<HTMLTableCellElement>("tbody td") : null;
  cross.set(cell ? { column: cell.cellIndex - 1, left: cell.offsetLeft, width: cell.offsetWidth } : undefined);
}

export function Beam({ cross }: { cross: Cross }) {
  const place = useSyncExternalStore(cross.watch, cross.get);
  return place ? <div className="grid-beam" aria-hidden style={{ left: place.left, width: place.width }} /> : null;
}
