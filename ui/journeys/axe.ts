import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }

/** Every violation of WCAG 2.2 AA and axe's best practices on what is shown, as one line each. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated, not added as a script element: the page's security policy stays as it is.
  const found = await page.evaluate(`(async () => { ${source}; return (await axe.run(document, { resultTypes: ["violations"] })).violations; })()`) as Violation[];
  return found.flatMap((one) => one.nodes.slice(0, 3).map((node) => `${one.id}: ${String(node.target[0])} ${(node.failureSummary ?? "").replace(/\s+/g, " ")}`));
}
