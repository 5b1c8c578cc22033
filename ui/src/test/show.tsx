// Shows something inside what every page stands in: router, queries, theme.
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { parse, write, type Search } from "@/url/search";

export async function show(element: ReactNode, at = "/") {
  const history = createMemoryHistory({ initialEntries: [at] });
  const router = createRouter({ routeTree: createRootRoute({ component: () => element, notFoundComponent: () => element }), history, parseSearch: parse, stringifySearch: (search) => write(search as Search) });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await router.load();
  render(<MantineProvider env="test"><QueryClientProvider client={client}><RouterProvider router={router as never} /></QueryClientProvider></MantineProvider>);
  return { url: () => history.location.href };
}
