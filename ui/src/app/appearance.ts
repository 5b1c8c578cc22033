// What a person chose for this browser: light or dark, and the height of rows.
import { useSyncExternalStore } from "react";

export type Scheme = "auto" | "light" | "dark";
export type Density = "normal" | "compact";

const watchers = new Set<() => void>();
const read = (name: string): string | null => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};

let density: Density = read("csoc-density") === "compact" ? "compact" : "normal";
document.documentElement.dataset.density = density;

export function setDensity(next: Density): void {
  density = next;
  document.documentElement.dataset.density = next;
  try {
    localStorage.setItem("csoc-density", next);
  } catch {
    // Not remembered then; it holds for this visit.
  }
  for (const watcher of watchers) watcher();
}

export const useDensity = (): Density =>
  useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, () => density);

export const rowHeight = (d: Density): number => (d === "compact" ? 28 : 32);
