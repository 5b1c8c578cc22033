// Sets the stage for a journey: a server of its own with the sample fleet (CSOC_BIN, a free port, a
// temporary folder), a browser, and a page that fails the journey on any console error, page error or
// breach of the security policy.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";

export const PERSON = { name: "ana", password: "a long enough password" };

export interface Server { url: string; setup: string; folder: string; stop: () => Promise<void> }

const binary = (): string => {
  const path = process.env.CSOC_BIN;
  if (!path || !existsSync(path)) throw new Error("journeys: CSOC_BIN must name the csoc program (cargo build -p csoc)");
  return path;
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => { resolve(typeof address === "object" && address ? address.port : 0); });
    });
  });

export async function startServer(...more: string[]): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "csoc-journey-"));
  const port = await freePort();
  const child = spawn(binary(), ["serve", ...more, "--data", join(folder, "data"), "--listen", `127.0.0.1:${String(port)}`], { stdio: ["ignore", "pipe", "pipe"], cwd: folder });
  const setup = await firstUrl(child);
  const url = `http://127.0.0.1:${String(port)}`;
  return {
    url, setup, folder,
    stop: async () => {
      await new Promise((resolve) => { child.once("exit", resolve); child.kill("SIGTERM"); });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The setup address the server prints; fails with what it said when it ends before. */
function firstUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (bytes: Buffer) => {
      said += bytes.toString();
      const found = /https?:\S+\/setup#code=\S+/.exec(said);
      if (found) resolve(found[0]);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => { reject(new Error(`csoc serve ended with ${String(code)}:\n${said}`)); });
  });
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path)) ?? "chromium", args: ["--no-sandbox"] });

export interface Guarded { context: BrowserContext; page: Page; complaints: string[] }

/** Asking who is signed in is answered 401 before anybody is; the browser logs that, and it is no fault. */
const expected = (text: string, url: string): boolean => text.includes("401") && url.endsWith("/api/v1/session");

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Guarded> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !expected(message.text(), message.location().url)) complaints.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => { complaints.push(`page: ${error.message}`); });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => { console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`); });
  });
  return { context, page, complaints };
}

/** Becomes the first person through the printed address, as a person would. */
export async function setUp(page: Page, server: Server): Promise<void> {
  await page.goto(server.setup);
  await page.getByRole("textbox", { name: "Name" }).fill(PERSON.name);
  await page.getByRole("textbox", { name: "Password" }).fill(PERSON.password);
  await page.getByRole("button", { name: "Create the account and sign in" }).click();
  await page.getByRole("heading", { name: /live state of/ }).waitFor();
}

/** Asks the API with the page's own session. */
export const ask = <T>(page: Page, path: string): Promise<T> =>
  page.evaluate(async (at) => (await (await fetch(`/api/v1${at}`)).json()) as T, path);
