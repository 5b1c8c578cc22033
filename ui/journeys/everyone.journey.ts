import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, Locator, Page } from "playwright-core";
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

describe.each([["light", 1440, 900], ["dark", 1440, 900], ["dark", 1100, 800], ["light", 390, 844]] as const)("every page, %s, %i wide", (colorScheme, width, height) => {
  it("has no violation of accessibility, no error, no breach of the policy, and does not scroll sideways", { timeout: 480_000 }, async () => {
    const { page, context, complaints } = await openPage(browser, { colorScheme, viewport: { width, height }, storageState: state });
    await page.goto(server.url);
    await settled(page);
    const found: string[] = [];
    for (const [name, path] of await allPages(page)) {
      await page.goto(server.url + path);
      await settled(page);
      found.push(...(await violations(page)).map((one) => `${name}: ${one}`), ...complaints.splice(0).map((one) => `${name}: ${one}`));
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      if (needed > width) found.push(`${name}: needs ${String(needed)} pixels`);
    }
    await context.close();
    expect(found).toEqual([]);
  });
});

/** What opens over a page: how it is opened, and what then stands there. */
const over: [name: string, path: string, open: (page: Page) => Promise<void>, shown: (page: Page) => Locator][] = [
  ["palette", "/", (page) => page.keyboard.press("ControlOrMeta+k"), (page) => page.getByRole("dialog", { name: "Search and commands" })],
  ["help", "/", (page) => page.keyboard.press("?"), (page) => page.getByRole("dialog", { name: "Keys and filters" })],
  ["time machine", "/commons", (page) => page.getByRole("button", { name: /Time machine/ }).click(), (page) => page.getByRole("dialog", { name: "Time machine" })],
  ["person", "/", (page) => page.getByRole("button", { name: /Signed in as/ }).click(), (page) => page.getByRole("menu")],
  ["facet", "/commons", (page) => page.getByRole("button", { name: /^cluster/ }).click(), (page) => page.getByRole("dialog", { name: "cluster" })],
  ["group", "/commons", (page) => page.getByRole("button", { name: /^group/ }).click(), (page) => page.getByRole("menu")],
  ["columns", "/commons", (page) => page.getByRole("button", { name: /^columns/ }).click(), (page) => page.getByRole("dialog", { name: "Columns" })],
  ["views", "/commons", (page) => page.getByRole("button", { name: /^views/ }).click(), (page) => page.getByRole("dialog", { name: "views" })],
  ["filter", "/findings", (page) => page.keyboard.press("/"), (page) => page.getByRole("listbox", { name: "Filters" })],
  ["waive", "/findings", async (page) => { await page.getByRole("checkbox", { name: /^Select .*:/ }).first().check(); await page.getByRole("button", { name: /^Waive 1 finding/ }).click(); }, (page) => page.getByRole("dialog", { name: /^Waive/ })],
  ["token", "/settings/tokens?open=new", () => Promise.resolve(), (page) => page.getByRole("complementary", { name: "New token" })],
  ["organization", "/settings/organizations?open=new", () => Promise.resolve(), (page) => page.getByRole("complementary", { name: "Organization" })],
  ["service", "/commons", async (page) => { await page.locator("tr[data-index] th a").first().click(); await page.getByRole("link", { name: /^Services/ }).click(); await page.locator("tr[data-index] th").first().click(); }, (page) => page.getByRole("complementary", { name: "Service" })],
  ["correct", "/commons", async (page) => { await page.locator("tr[data-index] th a").first().click(); await page.getByRole("button", { name: "Correct its facts" }).click(); }, (page) => page.getByRole("dialog", { name: /^Correct/ })],
];

it.each(["light", "dark"] as const)("what opens over a page has no violation of accessibility, %s", { timeout: 240_000 }, async (colorScheme) => {
  const { page, context, complaints } = await openPage(browser, { colorScheme, storageState: state });
  const found: string[] = [];
  for (const [name, path, open, shown] of over) {
    await page.goto(server.url + path);
    await settled(page);
    await open(page);
    await shown(page).waitFor();
    await settled(page);
    found.push(...(await violations(page)).map((one) => `${name}: ${one}`), ...complaints.splice(0).map((one) => `${name}: ${one}`));
  }
  await context.close();
  expect(found).toEqual([]);
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
