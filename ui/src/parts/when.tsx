import { useSyncExternalStore } from "react";
import { ago, exact, span } from "@/words/time";

// One clock for the whole page: every relative time moves with it.
let now = Date.now();
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of watchers) each();
  }, 10_000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0 && timer) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

export const useNow = (): number => useSyncExternalStore(watch, () => now);

/** `4 min ago` (`bare`: `4 min`, after "since"), the exact moment on hover. */
export function When({ time, never = "never", bare = false }: { time: string | null | undefined; never?: string; bare?: boolean }) {
  const present = useNow();
  if (!time) return <span className="faint">{never}</span>;
  return <time dateTime={time} title={exact(time)} className="nowrap">{bare ? span(present - Date.parse(time)) : ago(time, present)}</time>;
}
