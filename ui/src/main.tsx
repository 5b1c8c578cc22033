import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/Button.css";
import "@mantine/core/styles/Loader.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/Popover.css";
import "@mantine/core/styles/ScrollArea.css";
import "@mantine/core/styles/Menu.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/InlineInput.css";
import "@mantine/core/styles/Input.css";
import "@mantine/core/styles/Paper.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./app/shell.css";

import { MantineProvider, createTheme, localStorageColorSchemeManager } from "@mantine/core";
import { MutationCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Failure } from "./api/client";
import { router } from "./app/router";

const client = new QueryClient({
  mutationCache: new MutationCache({ onSuccess: () => { void client.invalidateQueries(); } }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A refusal stays a refusal; a lost server is tried again.
      retry: (tries, error) => tries < 2 && !(error instanceof Failure && error.status >= 400 && error.status < 500),
      retryDelay: (tries) => Math.min(4000, 400 * 2 ** tries),
    },
  },
});

const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: "sm",
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { size: "xs" } },
    // A menu belongs to the place it opens from, and holds items only.
    Menu: { defaultProps: { transitionProps: { duration: 0 }, shadow: "md", withinPortal: false, withInitialFocusPlaceholder: false } },
    // The head of a dialog is no second banner of the page.
    Modal: { defaultProps: { transitionProps: { duration: 0 }, lockScroll: false, centered: true, closeButtonProps: { "aria-label": "Close" }, attributes: { header: { role: "none" } } } },
  },
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      {/* Variables and classes come from our own style sheets: the security policy allows no style elements. */}
      <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}
        colorSchemeManager={localStorageColorSchemeManager({ key: "csoc-scheme" })}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
