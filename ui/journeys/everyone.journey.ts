import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import { violations } from "./axe";
import { allPages, settled } from "./pages";
import { openBrowser, openPage, PERSON, setUp, startServer, type Server } from "./stage";

let server: Server;
let browser: Browser;
let state: Awaited<ReturnType<Awaited<ReturnType<typeof openPage>>["context"]["storageState"]>>;

beforeAll(async () => {
  server = await startServer("--sample");
  browser = await openBrowser();
  const { page, context } = await openPage(browser);
  await setUp(page, server);
  state = await context.storageState();
  await context.close();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

describe.each(["light", "dark"] as const)("every page, %s", (colorScheme) => {
  it("has no violation of accessibility, no error and no breach of the policy", { timeout: 240_000 }, async () => {
    const { page, context, complaints } = await openPage(browser, { colorScheme, storageState: state });
    await page.goto(server.url);
    await settled(page);
    const found: string[] = [];
    for (const [name, path] of await allPages(page)) {
      await page.goto(server.url + path);
      await settled(page);
      found.push(...(await violations(page)).map((one) => `${name}: ${one}`), ...complaints.splice(0).map((one) => `${name}: ${one}`));
    }
    await context.close();
    expect(found).toEqual([]);
  });
});

it("a phone shows every page without scrolling sideways", { timeout: 120_000 }, async () => {
  const { page, context } = await openPage(browser, { viewport: { width: 390, height: 844 }, storageState: state });
  await page.goto(server.url);
  await settled(page);
  const wide: string[] = [];
  for (const [name, path] of await allPages(page)) {
    await page.goto(server.url + path);
    await settled(page);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 390) wide.push(`${name}: ${String(width)}`);
  }
  await context.close();
  expect(wide).toEqual([]);
});

it("the keyboard alone signs in, finds, opens, copies, filters and goes everywhere", async () => {
  const { page, context, complaints } = await openPage(browser);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(server.url);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type(PERSON.name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(PERSON.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /live state of/ }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await page.waitForURL(/\/commons$/);
  await settled(page);
  await page.getByRole("row", { name: /sample-commons/ }).nth(2).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const name = await page.evaluate(() => document.activeElement?.querySelector("th")?.textContent ?? "");
  expect(name).not.toBe("");
  await page.keyboard.press("y");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(name);
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Commons" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("complementary", { name: "Commons" }).waitFor({ state: "detached" });
  await page.keyboard.press("o");
  await page.getByRole("navigation", { name: "Of this commons" }).waitFor();
  for (const [key, path] of [["k", "clusters"], ["r", "releases"], ["h", "changes"], ["f", "findings"], ["a", "audit"], ["s", "settings"]] as const) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.waitForURL(new RegExp(`/${path}`));
  }
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys and filters" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await context.close();
  expect(complaints).toEqual([]);
});
