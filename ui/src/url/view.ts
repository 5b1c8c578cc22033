// Reads and writes the view state of the page one is on.
import { useRouter, useRouterState } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { keep, parse, write, type Search } from "./search";

export interface View {
  path: string;
  search: Search;
  get: (name: string) => string | undefined;
  /** Change some parameters; `undefined` removes one. Replaces the entry of the history unless `push`. */
  set: (change: Search, push?: boolean) => void;
  go: (href: string) => void;
  /** A link's address with the scope kept. */
  href: (href: string) => string;
}

export function useView(): View {
  const router = useRouter();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const text = useRouterState({ select: (state) => state.location.searchStr });
  const search = useMemo(() => parse(text), [text]);
  const set = useCallback((change: Search, push = false) => {
    const now = router.state.location;
    const next = now.pathname + write({ ...parse(now.searchStr), ...change });
    if (push) router.history.push(next);
    else router.history.replace(next);
  }, [router]);
  const go = useCallback((href: string) => {
    router.history.push(keep(href, parse(router.state.location.searchStr)));
  }, [router]);
  return useMemo(() => ({
    path, search, set, go,
    get: (name: string) => search[name],
    href: (href: string) => keep(href, search),
  }), [path, search, set, go]);
}
