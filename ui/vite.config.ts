// How the interface is built, served during development and unit-tested.
// In development every call to the API goes to a running server (CSOC_URL), or to `npm run mock`.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.CSOC_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { port: 5173, proxy: { "/api": server, "/healthz": server } },
  build: {
    target: "es2023",
    manifest: true,
    // Fonts and pictures as files: the page may not load `data:` URLs.
    assetsInlineLimit: 0,
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
    // Typing key by key is slow on a busy machine.
    testTimeout: 20_000,
  },
});
