import { useEffect, useSyncExternalStore } from "react";

let title = "";
const watchers = new Set<() => void>();

/** The name of what is open, in the window's title and the bar's breadcrumb. */
export function useTitle(name: string): void {
  useEffect(() => {
    title = name;
    document.title = name ? `${name} · csoc` : "csoc";
    for (const watcher of watchers) watcher();
  }, [name]);
}

export const useCrumb = (): string =>
  useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, () => title);
