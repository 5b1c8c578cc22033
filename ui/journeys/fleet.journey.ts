import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { ask, openBrowser, openPage, PERSON, setUp, startServer, type Guarded, type Server } from "./stage";
import { settled } from "./pages";

let server: Server;
let browser: Browser;
let guarded: Guarded;
let page: Page;

beforeAll(async () => {
  server = await startServer("--sample");
  browser = await openBrowser();
  guarded = await openPage(browser);
  page = guarded.page;
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});
afterEach(() => {
  expect(guarded.complaints.splice(0)).toEqual([]);
});

it("the printed address makes the first person, once", async () => {
  await setUp(page, server);
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("live state of 8 commons unknown");
  await page.goto(server.setup);
  await page.getByText("csoc is set up already").waitFor();
});

it("signing out and in again comes back to the page one asked for", async () => {
  await page.goto(`${server.url}/changes?filter=class:version_bump`);
  await page.getByRole("button", { name: /Signed in as/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.goto(`${server.url}/changes?filter=class:version_bump`);
  await page.getByRole("textbox", { name: "Name" }).fill(PERSON.name);
  await page.getByRole("textbox", { name: "Password" }).fill(PERSON.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Changes" }).waitFor();
  expect(page.url()).toContain("filter=class:version_bump");
});

it("a commons is found by typing a part of its name into the palette", async () => {
  const { items: [one] } = await ask<{ items: { name: string; id: string }[] }>(page, "/commons?limit=1");
  await page.goto(server.url);
  await settled(page);
  await page.keyboard.press("ControlOrMeta+k");
  // At once: nothing that is typed may be lost while it opens.
  await page.keyboard.type(one?.name.slice(0, 6) ?? "");
  await page.getByRole("option", { name: new RegExp(`commons\\s*${one?.name ?? ""}`) }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: `Copy ${one?.name ?? ""}` }).first().waitFor();
});

it("the filter narrows the list, in the URL, and the count follows", async () => {
  await page.goto(`${server.url}/commons`);
  await settled(page);
  await page.keyboard.press("/");
  await page.keyboard.type("tier:production");
  await page.keyboard.press("Enter");
  await page.waitForURL(/filter=tier:production/);
  const { total } = await ask<{ total: number }>(page, "/commons?filter=tier:production");
  await page.locator(".count", { hasText: new RegExp(`^${String(total)}$`) }).waitFor();
  await page.goto(`${server.url}/commons?filter=nonsense:1`);
  await page.getByText(/'nonsense' is not a filter here/).first().waitFor();
  expect(guarded.complaints.splice(0).every((complaint) => complaint.includes("422") || complaint.includes("400"))).toBe(true);
});

it("config shows each value with the file and line it comes from", async () => {
  const { items } = await ask<{ items: { id: string }[] }>(page, "/commons?limit=1");
  await page.goto(`${server.url}/commons/${items[0]?.id ?? ""}/config`);
  await settled(page);
  await page.getByRole("searchbox", { name: "Find a path or a value" }).fill("hostname");
  await page.waitForURL(/q=hostname/);
  const row = page.getByRole("row", { name: /hostname.*values\.yaml:\d+/ }).first();
  await row.click();
  await page.getByRole("complementary", { name: "Value" }).getByText("Comes from").waitFor();
});

it("a cell of the matrix tells the history of its tag", async () => {
  await page.goto(`${server.url}/releases`);
  await settled(page);
  // Every column is in sight at this width: the sample fleet has few services.
  const cells = await page.locator("[data-cell^='0-']").all();
  const last = await cells.at(-1)?.boundingBox();
  expect((last?.x ?? 9999) + (last?.width ?? 0)).toBeLessThanOrEqual(1440);
  await page.getByRole("button", { name: /, fence in / }).first().click();
  const drawer = page.getByRole("complementary", { name: "Cell" });
  await drawer.getByText("History of the tag").waitFor();
  await drawer.getByText("On the same tag").waitFor();
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  expect(page.url()).not.toContain("open=");
});

it("findings are waived in bulk with a reason, and taken back", async () => {
  await page.goto(`${server.url}/findings`);
  await settled(page);
  const before = (await ask<{ total: number }>(page, "/findings?filter=state:open")).total;
  const boxes = page.getByRole("checkbox", { name: /^Select .*:/ });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole("button", { name: "Waive 2 findings" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Why it is acceptable" }).fill("known, mended with the next release");
  await dialog.getByRole("button", { name: "Waive for 30 days" }).click();
  await dialog.getByText(/2 findings waived until/).waitFor();
  expect((await ask<{ total: number }>(page, "/findings?filter=state:open")).total).toBe(before - 2);
  await dialog.getByRole("button", { name: "Undo" }).click();
  await dialog.waitFor({ state: "detached" });
  expect((await ask<{ total: number }>(page, "/findings?filter=state:open")).total).toBe(before);
});

it("two twins are compared, with the place of each side", async () => {
  const { items } = await ask<{ items: { id: string; twin?: { id: string } | null }[] }>(page, "/commons?limit=50");
  const one = items.find((row) => row.twin);
  await page.goto(`${server.url}/compare?left=${one?.id ?? ""}`);
  await page.getByRole("button", { name: /^its twin/ }).click();
  await page.getByText(/difference/).first().waitFor();
  await settled(page);
  await page.locator("table[aria-label=Differences] tbody tr[data-index]").first().click();
  await page.getByRole("complementary", { name: "Difference" }).getByText(/values.*:\d+/).first().waitFor();
});

it("the fleet can be seen as of a landing, and every page says so", async () => {
  const { items } = await ask<{ items: { commit: string }[] }>(page, "/changes?limit=20");
  await page.goto(`${server.url}/commons?at=${items.at(-1)?.commit ?? ""}`);
  await page.getByText(/As of commit/).waitFor();
  await settled(page);
  await page.getByRole("link", { name: "Releases", exact: true }).click();
  await page.waitForURL(/releases\?at=/);
  await page.getByRole("button", { name: "Back to now" }).click();
  expect(page.url()).not.toContain("at=");
});

it("what a list shows survives a reload and the way back", async () => {
  await page.goto(`${server.url}/findings`);
  await settled(page);
  await page.keyboard.press("/");
  await page.keyboard.type("severity:high");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^group/ }).click();
  await page.getByRole("menuitem", { name: /rule/ }).click();
  await page.locator("tr[data-index] td").nth(1).click();
  const drawer = page.getByRole("complementary", { name: "Finding" });
  await drawer.getByText("Why it matters").waitFor();
  const here = page.url();
  expect(here).toContain("filter=severity:high");
  expect(here).toContain("group=rule");
  await page.reload();
  await drawer.getByText("Why it matters").waitFor();
  await page.locator("tr.open").waitFor();
  await page.getByRole("link", { name: "Rules", exact: true }).click();
  await page.waitForURL(/\/findings\/rules/);
  await page.goBack();
  await drawer.waitFor();
  expect(page.url()).toBe(here);
});

it("pages that only know the present say so while another time is looked at", async () => {
  const { items } = await ask<{ items: { commit: string }[] }>(page, "/changes?limit=20");
  for (const path of ["/", "/clusters", "/findings", "/releases/rollouts"]) {
    await page.goto(`${server.url}${path}?at=${items.at(-1)?.commit ?? ""}`);
    await page.getByText("This page shows the present").waitFor();
  }
});

it("on a timeline, a landing, its rollout and its row are lit together", async () => {
  const { items: rollouts } = await ask<{ items: { id: string }[] }>(page, "/rollouts?limit=50");
  const { steps } = await ask<{ steps: { commons: { id: string }; change: string }[] }>(page, `/rollouts/${encodeURIComponent(rollouts[0]?.id ?? "")}`);
  await page.goto(`${server.url}/commons/${steps[0]?.commons.id ?? ""}/timeline`);
  await settled(page);
  await page.locator(".lanes").getByText("rollouts").waitFor();
  const lit = page.locator(".mark.lit");
  for (const row of await page.locator("tr[data-index]").all()) {
    await row.hover();
    if (await lit.count() > 1) break;
  }
  expect(await lit.count()).toBeGreaterThan(1);
  await lit.first().hover();
  await page.locator("tr.lit").waitFor();
});

it("every part of what needs a person leads to as many rows as it says", async () => {
  await page.goto(server.url);
  await settled(page);
  const kinds = page.locator(".now-kinds a");
  const said = await kinds.allInnerTexts();
  expect(said.length).toBeGreaterThan(0);
  for (const [i, words] of said.entries()) {
    await page.goto(server.url);
    await settled(page);
    await kinds.nth(i).click();
    await page.locator(".count", { hasText: new RegExp(`^${/\d+/.exec(words)?.[0] ?? ""}$`) }).waitFor();
  }
});
