// Pictures of every page, to be looked at: the sample fleet at two sizes in light and dark, then nothing, every call
// failing, and 500 commons (those from the stand-in server). All go into PICTURES_DIR or a temporary folder;
// the few that documentation shows go into ../docs/images.
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { allPages, settled } from "./pages";
import { openBrowser, openPage, setUp, startServer } from "./stage";

const folder = process.env.PICTURES_DIR ?? mkdtempSync(join(tmpdir(), "csoc-pictures-"));
const images = new URL("../../docs/images", import.meta.url).pathname;
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const FOR_DOCS = ["now", "commons", "one-config", "releases", "findings", "one"];

type State = BrowserContextOptions["storageState"];

async function take(browser: Browser, url: string, set: string, options: BrowserContextOptions, only?: string[]): Promise<number> {
  const { page, context } = await openPage(browser, options);
  await page.goto(url);
  await settled(page);
  let taken = 0;
  mkdirSync(join(folder, set), { recursive: true });
  for (const [name, path] of await allPages(page).catch((): [string, string][] => [["now", "/"], ["commons", "/commons"], ["releases", "/releases"], ["changes", "/changes"], ["findings", "/findings"], ["audit", "/audit"], ["sources", "/settings/sources"]])) {
    if (only && !only.includes(name)) continue;
    await page.goto(url + path);
    await settled(page).catch(() => undefined);
    await page.screenshot({ path: join(folder, set, `${name}.png`) });
    taken++;
  }
  await context.close();
  return taken;
}

it("takes the pictures", { timeout: 600_000 }, async () => {
  const browser = await openBrowser();
  const server = await startServer("--sample");
  const { page, context } = await openPage(browser);
  await setUp(page, server);
  const state: State = await context.storageState();
  await context.close();
  let taken = 0;
  for (const colorScheme of ["light", "dark"] as const) {
    taken += await take(browser, server.url, `desk-${colorScheme}`, { viewport: DESK, colorScheme, storageState: state });
    taken += await take(browser, server.url, `phone-${colorScheme}`, { viewport: PHONE, colorScheme, storageState: state });
  }
  mkdirSync(images, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    const shown = await openPage(browser, { viewport: DESK, colorScheme, storageState: state });
    await shown.page.goto(server.url);
    for (const [name, path] of (await allPages(shown.page)).filter(([name]) => FOR_DOCS.includes(name))) {
      await shown.page.goto(server.url + path);
      await settled(shown.page);
      await shown.page.screenshot({ path: join(images, `${name}-${colorScheme}.png`) });
    }
    await shown.context.close();
  }
  await server.stop();
  const { start } = (await import(new URL("../dev/mock.mjs", import.meta.url).href)) as { start: (port: number, mode: string) => Promise<{ url: string; server: { close: () => void; closeAllConnections: () => void } }> };
  for (const mode of ["nothing", "failing", "many"]) {
    const stand = await start(0, mode);
    taken += await take(browser, stand.url, mode, { viewport: DESK, colorScheme: "light" });
    stand.server.closeAllConnections();
    stand.server.close();
  }
  await browser.close();
  console.log(`${String(taken)} pictures in ${folder}`);
  expect(taken).toBeGreaterThan(100);
});
