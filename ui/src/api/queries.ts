// Every question the interface asks, once. The first word of a key is the topic that makes it stale. Paths and
// answers are those of the contract (openapi.json): a path that is not there, or an answer read wrongly, does
// not compile.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type Query } from "./client";
import type { paths } from "./schema";
import type { Page, Shapes } from "./types";

type Answer<P extends keyof paths> = paths[P] extends { get: { responses: { 200: { content: { "application/json": infer A } } } } } ? A : never;
type Row<P extends keyof paths> = Answer<P> extends { items: (infer R)[] } ? R : never;
type Ids = Record<string, string>;

/** `/api/v1/commons/{id}` with the id in its place, from where the client starts. */
const fill = (path: string, ids: Ids): string => path.replace("/api/v1", "").replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ""));

const one = <P extends keyof paths>(topic: string, path: P, query: Query = {}, ids: Ids = {}) =>
  queryOptions({
    queryKey: [topic, fill(path, ids), query],
    queryFn: ({ signal }) => api.get<Answer<P>>(fill(path, ids), query, signal),
    placeholderData: keepPreviousData,
  });

/** A thing by its id: no earlier thing stands in for it while it loads. */
const thing = <P extends keyof paths>(topic: string, path: P, ids: Ids, query: Query = {}) =>
  queryOptions({ queryKey: [topic, fill(path, ids), query], queryFn: ({ signal }) => api.get<Answer<P>>(fill(path, ids), query, signal) });

/** A list that is read page by page. */
const pages = <R>(topic: string, path: string, query: Query) =>
  infiniteQueryOptions({
    queryKey: [topic, "list", path, query],
    queryFn: ({ pageParam, signal }) => api.get<Page<R>>(path, { limit: 200, ...query, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });

const list = <P extends keyof paths>(topic: string, path: P, query: Query = {}) => pages<Row<P>>(topic, fill(path, {}), query);

/** A short list that comes whole, in the shape of one that is read page by page. */
const whole = <R>(topic: string, path: string, query: Query = {}): ListOptions<R> =>
  infiniteQueryOptions({
    queryKey: [topic, "list", path, query],
    queryFn: async ({ signal }) => {
      const answer = await api.get<R[] | Page<R>>(path, query, signal);
      return Array.isArray(answer) ? { items: answer, total: answer.length, next: null } : answer;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  }) as ListOptions<R>;

/** What `ask.commons(…)` and its like give. */
export type ListOptions<R> = ReturnType<typeof pages<R>>;

export const ask = {
  setup: () => one("setup", "/api/v1/setup"),
  session: () => queryOptions({ queryKey: ["session"], queryFn: ({ signal }) => api.get<Answer<"/api/v1/session">>("/session", {}, signal), retry: false, staleTime: 60_000 }),
  mySessions: () => one("session", "/api/v1/me/sessions"),
  now: (q: Query) => one("now", "/api/v1/now", q),
  commons: (q: Query) => list("commons", "/api/v1/commons", q),
  oneCommons: (id: string, q: Query) => thing("commons", "/api/v1/commons/{id}", { id }, q),
  values: (id: string, q: Query) => one("values", "/api/v1/commons/{id}/values", q, { id }),
  diff: (q: Query) => one("diff", "/api/v1/diff", q),
  conflicts: (q: Query) => one("conflicts", "/api/v1/conflicts", q),
  clusters: (q: Query) => list("clusters", "/api/v1/clusters", q),
  cluster: (id: string, q: Query) => thing("clusters", "/api/v1/clusters/{id}", { id }, q),
  releases: (q: Query) => one("releases", "/api/v1/releases", q),
  matrix: (q: Query) => one("matrix", "/api/v1/matrix", q),
  tagHistory: (commons: string, service: string) => thing("matrix", "/api/v1/matrix/history", {}, { commons, service }),
  rollouts: (q: Query) => list("rollouts", "/api/v1/rollouts", q),
  rollout: (id: string) => thing("rollouts", "/api/v1/rollouts/{id}", { id }),
  changes: (q: Query) => list("changes", "/api/v1/changes", q),
  change: (id: string) => thing("changes", "/api/v1/changes/{id}", { id }),
  findings: (q: Query) => list("findings", "/api/v1/findings", q),
  finding: (id: string) => thing("findings", "/api/v1/findings/{id}", { id }),
  rules: (q: Query) => whole<Shapes["RuleRow"]>("rules", "/rules", q),
  audit: (q: Query) => list("audit", "/api/v1/audit", q),
  sources: (q: Query) => whole<Shapes["SourceRow"]>("sources", "/sources", q),
  people: () => whole<Shapes["PersonRow"]>("people", "/people", { limit: 500 }),
  organizations: () => one("organizations", "/api/v1/organizations"),
  organizationList: () => whole<Shapes["OrganizationRow"]>("organizations", "/organizations"),
  tokens: (all: boolean) => whole<Shapes["TokenRow"]>("tokens", "/tokens", { all: all || undefined }),
  settings: () => one("settings", "/api/v1/settings"),
  about: () => one("about", "/api/v1/about"),
  views: () => one("views", "/api/v1/views"),
  search: (q: string) => one("search", "/api/v1/search", { q }),
};
