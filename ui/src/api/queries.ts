// Every question the interface asks, once. The first word of a key is the topic that makes it stale.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type Query } from "./client";
import type * as T from "./types";

const one = <R>(topic: string, path: string, query: Query = {}) =>
  queryOptions({
    queryKey: [topic, path, query],
    queryFn: ({ signal }) => api.get<R>(path, query, signal),
    placeholderData: keepPreviousData,
  });

/** A thing by its id: no earlier thing stands in for it while it loads. */
const thing = <R>(topic: string, path: string, query: Query = {}) =>
  queryOptions({ queryKey: [topic, path, query], queryFn: ({ signal }) => api.get<R>(path, query, signal) });

const list = <R>(topic: string, path: string, query: Query = {}) =>
  infiniteQueryOptions({
    queryKey: [topic, "list", path, query],
    queryFn: ({ pageParam, signal }) => api.get<T.Page<R>>(path, { limit: 200, ...query, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });

/** What `ask.commons(…)` and its like give: a list that is read page by page. */
export type ListOptions<R> = ReturnType<typeof list<R>>;

export const ask = {
  setup: () => one<T.Shapes["SetupState"]>("setup", "/setup"),
  session: () => queryOptions({ queryKey: ["session"], queryFn: ({ signal }) => api.get<T.Me>("/session", {}, signal), retry: false, staleTime: 60_000 }),
  mySessions: () => one<T.SessionRow[]>("session", "/me/sessions"),
  now: (q: Query) => one<T.Now>("now", "/now", q),
  commons: (q: Query) => list<T.CommonsRow>("commons", "/commons", q),
  oneCommons: (id: string, q: Query) => thing<T.CommonsDetail>("commons", `/commons/${id}`, q),
  values: (id: string, q: Query) => one<T.ValuesTree>("values", `/commons/${id}/values`, q),
  diff: (q: Query) => one<T.DiffResult>("diff", "/diff", q),
  conflicts: (q: Query) => one<T.ConflictRow[]>("conflicts", "/conflicts", q),
  clusters: (q: Query) => list<T.ClusterRow>("clusters", "/clusters", q),
  cluster: (id: string, q: Query) => thing<T.ClusterDetail>("clusters", `/clusters/${id}`, q),
  releases: (q: Query) => one<T.ReleaseList>("releases", "/releases", q),
  matrix: (q: Query) => one<T.Matrix>("matrix", "/matrix", q),
  tagHistory: (commons: string, service: string) => thing<T.TagHistory>("matrix", "/matrix/history", { commons, service }),
  rollouts: (q: Query) => list<T.RolloutRow>("rollouts", "/rollouts", q),
  rollout: (id: string) => thing<T.RolloutDetail>("rollouts", `/rollouts/${encodeURIComponent(id)}`),
  changes: (q: Query) => list<T.ChangeRow>("changes", "/changes", q),
  change: (id: string) => thing<T.ChangeDetail>("changes", `/changes/${id}`),
  findings: (q: Query) => list<T.FindingRow>("findings", "/findings", q),
  finding: (id: string) => thing<T.FindingDetail>("findings", `/findings/${id}`),
  rules: (q: Query) => one<T.RuleRow[]>("rules", "/rules", q),
  audit: (q: Query) => list<T.AuditRow>("audit", "/audit", q),
  sources: (q: Query) => one<T.SourceRow[]>("sources", "/sources", q),
  people: () => one<T.Page<T.PersonRow>>("people", "/people", { limit: 500 }),
  organizations: () => one<T.OrganizationRow[]>("organizations", "/organizations"),
  tokens: (all: boolean) => one<T.TokenRow[]>("tokens", "/tokens", { all: all || undefined }),
  settings: () => one<T.Settings>("settings", "/settings"),
  about: () => one<T.About>("about", "/about"),
  views: () => one<T.SavedView[]>("views", "/views"),
  search: (q: string) => one<T.SearchResult[]>("search", "/search", { q }),
};
