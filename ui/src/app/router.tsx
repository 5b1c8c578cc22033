// The map of pages. Each is loaded when it is first visited.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { parse, write, type Search } from "@/url/search";
import { Shell } from "./shell";
import { NotFound, PageFailed, PageWaits } from "./around";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const at = (path: string, component: ReturnType<typeof lazyRouteComponent>) => createRoute({ getParentRoute: () => root, path, component });

const routes = [
  at("/", lazyRouteComponent(() => import("@/pages/now/now"), "NowPage")),
  at("/commons", lazyRouteComponent(() => import("@/pages/commons/list"), "CommonsPage")),
  at("/commons/$id", lazyRouteComponent(() => import("@/pages/one/one"), "OneCommonsPage")),
  at("/commons/$id/$tab", lazyRouteComponent(() => import("@/pages/one/one"), "OneCommonsPage")),
  at("/clusters", lazyRouteComponent(() => import("@/pages/clusters/list"), "ClustersPage")),
  at("/clusters/$id", lazyRouteComponent(() => import("@/pages/clusters/one"), "ClusterPage")),
  at("/releases", lazyRouteComponent(() => import("@/pages/releases/releases"), "ReleasesPage")),
  at("/releases/rollouts", lazyRouteComponent(() => import("@/pages/releases/rollouts"), "RolloutsPage")),
  at("/changes", lazyRouteComponent(() => import("@/pages/changes/list"), "ChangesPage")),
  at("/findings", lazyRouteComponent(() => import("@/pages/findings/list"), "FindingsPage")),
  at("/findings/rules", lazyRouteComponent(() => import("@/pages/findings/rules"), "RulesPage")),
  at("/compare", lazyRouteComponent(() => import("@/pages/compare/compare"), "ComparePage")),
  at("/audit", lazyRouteComponent(() => import("@/pages/audit/list"), "AuditPage")),
  at("/settings", lazyRouteComponent(() => import("@/pages/settings/settings"), "SettingsPage")),
  at("/settings/$tab", lazyRouteComponent(() => import("@/pages/settings/settings"), "SettingsPage")),
  at("/setup", lazyRouteComponent(() => import("@/pages/sign-in/setup"), "SetupPage")),
  at("/sign-in", lazyRouteComponent(() => import("@/pages/now/now"), "NowPage")),
];

export const router = createRouter({
  routeTree: root.addChildren(routes),
  parseSearch: parse,
  stringifySearch: (search) => write(search as Search),
  defaultPendingComponent: PageWaits,
  defaultErrorComponent: PageFailed,
  defaultPendingMs: 150,
});

declare module "@tanstack/react-router" {
  interface Register { router: typeof router }
}
