// The scope of every page: organization, tier and moment, all in the URL.
import { useMemo } from "react";
import type { Query } from "@/api/client";
import { joinFilter, readFilter } from "@/url/filter";
import { useView } from "@/url/view";

export interface Scope {
  organization: string | undefined;
  tier: string | undefined;
  at: string | undefined;
  /** Parameters of a list: the scope, the page's filter with the tier in it, and the sort. */
  list: (more?: Query) => Query;
  /** Parameters of a page that has no filter of its own. */
  view: (more?: Query) => Query;
}

export function useScope(): Scope {
  const { search } = useView();
  const { organization, tier, at, filter, sort } = search;
  return useMemo(() => {
    const stated = readFilter(filter).some((token) => token.name === "tier");
    const scoped = joinFilter(filter, tier && !stated ? `tier:${tier}` : undefined);
    return {
      organization, tier, at,
      list: (more = {}) => ({ organization, at, filter: scoped, sort, ...more }),
      view: (more = {}) => ({ organization, at, ...more }),
    };
  }, [organization, tier, at, filter, sort]);
}
