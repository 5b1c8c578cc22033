import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { violations } from "./axe";
import { settled } from "./pages";
import { ask, openBrowser, openPage, setUp, startServer, type Guarded, type Server } from "./stage";

let server: Server;
let browser: Browser;
let guarded: Guarded;
let page: Page;

function land(root: string, title: string): void {
  const git = (...words: string[]) => execFileSync("git", ["-C", root, "-c", "user.name=Ana", "-c", "user.email=ana@example.org", ...words], { stdio: "pipe" });
  git("add", ".");
  git("commit", "-q", "-m", title);
}

/** A repository with one commons, as small as one can be. */
function repository(folder: string): string {
  const root = join(folder, "fleet");
  const commons = join(root, "meadow", "meadow.example.org");
  mkdirSync(join(commons, "templates"), { recursive: true });
  mkdirSync(join(commons, "values"), { recursive: true });
  writeFileSync(join(commons, "templates", "app.yaml"), [
    "apiVersion: argoproj.io/v1alpha1", "kind: Application", "metadata:", "  name: meadow", "spec:", "  destination: { namespace: default }", "  sources:",
    "    - repoURL: https://git.example.org/charts.git", "      path: helm/gen3", "      targetRevision: master", "      helm:", "        valueFiles: ['$values/meadow/meadow.example.org/values/values.yaml']",
    "    - repoURL: https://git.example.org/fleet.git", "      targetRevision: main", "      ref: values", "",
  ].join("\n"));
  writeFileSync(join(commons, "values", "values.yaml"), "global:\n  hostname: meadow.example.org\nfence:\n  enabled: true\n  image:\n    tag: \"2026.07\"\n");
  execFileSync("git", ["init", "-q", "-b", "main", root]);
  land(root, "meadow begins");
  return root;
}

/** Has the server read a repository that it knows, as the button does. */
async function fetchNow(root: string): Promise<void> {
  const sources = await ask<{ id: string; location: string }[]>(page, "/sources");
  const { csrf } = await ask<{ csrf: string }>(page, "/session");
  await page.evaluate(([id, token]) => fetch(`/api/v1/sources/${id ?? ""}/fetch`, { method: "POST", headers: { "X-CSRF-Token": token ?? "" } }), [sources.find((one) => one.location === root)?.id, csrf]);
}

beforeAll(async () => {
  server = await startServer("--sample");
  browser = await openBrowser();
  guarded = await openPage(browser);
  page = guarded.page;
  await setUp(page, server);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

it("a wrong location is refused with a reason and what to do, and nothing is kept", async () => {
  await page.goto(`${server.url}/settings/sources?open=new`);
  const drawer = page.getByRole("complementary", { name: "New source" });
  await drawer.getByRole("textbox", { name: "Location" }).fill(join(server.folder, "nothing-here"));
  await drawer.getByRole("button", { name: "Look at it" }).click();
  const reason = await drawer.getByRole("alert").innerText();
  expect(reason.length).toBeGreaterThan(20);
  expect(reason).not.toContain("wrong");
  expect(guarded.complaints.splice(0).every((complaint) => /4\d\d/.test(complaint))).toBe(true);
});

it("a repository is looked at, added, and its commons appears", async () => {
  await page.goto(`${server.url}/settings/sources?open=new`);
  const drawer = page.getByRole("complementary", { name: "New source" });
  await drawer.getByRole("textbox", { name: "Location" }).fill(repository(server.folder));
  await drawer.getByRole("button", { name: "Look at it" }).click();
  await drawer.getByText(/1 commons/).first().waitFor();
  await drawer.getByRole("button", { name: "Add this source" }).click();
  await page.getByRole("complementary", { name: "Source" }).getByText("Location").waitFor();
  await page.goto(`${server.url}/commons?filter=name:meadow.example.org`);
  await page.getByRole("link", { name: "meadow.example.org", exact: true }).waitFor({ timeout: 20_000 });
  expect(guarded.complaints).toEqual([]);
});

it("a landing appears on the open page by itself, with what it did", async () => {
  const root = join(server.folder, "fleet");
  const values = join(root, "meadow", "meadow.example.org", "values", "values.yaml");
  await page.goto(`${server.url}/changes?filter=commons:meadow.example.org`);
  await page.getByRole("row", { name: /meadow/ }).first().waitFor();
  writeFileSync(values, readFileSync(values, "utf8").replace("2026.07", "2026.08"));
  land(root, "fence to 2026.08");
  const begun = Date.now();
  await fetchNow(root);
  await page.getByRole("link", { name: /fence 2026\.07 → 2026\.08/ }).waitFor({ timeout: 15_000 });
  console.log(`a landing was on the open page after ${String(Date.now() - begun)} ms (debug build)`);
  expect(guarded.complaints.splice(0)).toEqual([]);
});

it("a hostname that two places claim is decided by a person, with a reason", async () => {
  const root = join(server.folder, "fleet");
  cpSync(join(root, "meadow"), join(root, "pasture"), { recursive: true });
  const app = join(root, "pasture", "meadow.example.org", "templates", "app.yaml");
  writeFileSync(app, readFileSync(app, "utf8").replaceAll("meadow/meadow", "pasture/meadow"));
  land(root, "meadow a second time, in another cluster");
  await page.goto(`${server.url}/commons`);
  await settled(page);
  await fetchNow(root);
  await page.getByRole("button", { name: "1 hostname to decide" }).click({ timeout: 15_000 });
  const dialog = page.getByRole("dialog", { name: "Which commons is it?" });
  await dialog.getByText("meadow.example.org", { exact: true }).first().waitFor();
  expect(await violations(page)).toEqual([]);
  const decide = dialog.getByRole("button", { name: "They are two" });
  expect(await decide.isDisabled()).toBe(true);
  await dialog.getByRole("textbox", { name: "Why" }).fill("the second is its rehearsal");
  await decide.click();
  await dialog.waitFor({ state: "detached" });
  expect(await ask<unknown[]>(page, "/conflicts")).toEqual([]);
  const { items } = await ask<{ items: { action: string }[] }>(page, "/audit?limit=5");
  expect(items.map((row) => row.action)).toContain("commons.decide");
  expect(guarded.complaints.splice(0)).toEqual([]);
});
