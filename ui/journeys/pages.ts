// Every page there is, for axe and for pictures. Ids come from the fleet that is shown.
import type { Page } from "playwright-core";
import { ask } from "./stage";

interface Named { id: string; name: string; twin?: { id: string } | null }

export async function allPages(page: Page): Promise<[name: string, path: string][]> {
  const { items: commons } = await ask<{ items: Named[] }>(page, "/commons?limit=500&sort=-findings");
  const { items: clusters } = await ask<{ items: Named[] }>(page, "/clusters?limit=5");
  const { items: changes } = await ask<{ items: Named[] }>(page, "/changes?limit=1");
  const { items: findings } = await ask<{ items?: Named[] }>(page, "/findings?limit=1");
  const one = commons[0]?.id ?? "none";
  const twins = commons.find((row) => row.twin);
  return [
    ["now", "/"], ["commons", "/commons"], ["commons-grouped", "/commons?group=tier"], ["commons-glance", `/commons?open=${one}`],
    ["one", `/commons/${one}`], ["one-services", `/commons/${one}/services`], ["one-config", `/commons/${one}/config`],
    ["one-config-twin", `/commons/${twins?.id ?? one}/config?against=twin&only=different`], ["one-timeline", `/commons/${one}/timeline`], ["one-findings", `/commons/${one}/findings`],
    ["clusters", "/clusters"], ["cluster", `/clusters/${clusters[0]?.id ?? "none"}`], ["releases", "/releases"], ["releases-lag", "/releases?show=lag&production=yes"],
    ["releases-cell", `/releases?open=${one}|fence`], ["rollouts", "/releases/rollouts"], ["changes", "/changes"], ["change", `/changes?open=${changes[0]?.id ?? "none"}`],
    ["findings", "/findings"], ["finding", `/findings?open=${findings?.[0]?.id ?? "none"}`], ["rules", "/findings/rules"],
    ["compare", `/compare?left=${twins?.id ?? one}&right=${twins?.twin?.id ?? one}`], ["audit", "/audit"],
    ["sources", "/settings/sources"], ["source-new", "/settings/sources?open=new"], ["people", "/settings/people"], ["person-new", "/settings/people?open=new"], ["organizations", "/settings/organizations"],
    ["tokens", "/settings/tokens"], ["comparing", "/settings/environment"], ["appearance", "/settings/appearance"], ["account", "/settings/account"], ["not-found", "/nowhere"],
  ];
}

/** The page is drawn: nothing loads any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector("h1,h2,.blank") !== null && document.querySelector(".skeleton") === null);
  await page.evaluate(() => document.fonts.ready);
}
