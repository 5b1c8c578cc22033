// The journeys: a real browser, a real server, the sample fleet. Nothing here is mocked.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: {
    include: [process.env.PICTURES ? "journeys/pictures.ts" : "journeys/**/*.journey.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
