/** Can everybody use it? axe in both themes at three sizes, and the keyboard alone. */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import type { AxeResults } from "axe-core";
import { open, type Size } from "./browser";
import { type Checks, equal, until } from "./checks";
import type { Server } from "./server";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious and critical findings in the page, or in the part that `where` selects. */
export async function findings(page: Page, where = "body"): Promise<string[]> {
  // Evaluated rather than added as a script: the page's content policy stays in force.
  await page.evaluate(AXE);
  const results = await page.evaluate((part) =>
    (window as unknown as { axe: { run: (where: string, options: object) => Promise<AxeResults> } })
      .axe.run(part, { resultTypes: ["violations"] }), where);
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(" ")} ${(failureSummary ?? "").replaceAll(/\s+/g, " ").slice(0, 200)}`).join(" | ")}`);
}

export async function access(checks: Checks, browser: Browser, server: Server, key: string): Promise<void> {
  await server.command(key, { action: "pause" });
  for (const size of ["phone", "tablet", "desktop"] satisfies Size[]) {
    for (const theme of ["dark", "light"] as const) {
      await checks.check(`axe finds nothing serious (${size}, ${theme})`, async () => {
        const { page, close } = await open(browser, size, theme, `${server.address}/?session=${key}`);
        await page.waitForSelector(".row");
        await page.waitForTimeout(700);
        const found = await findings(page);
        for (const tab of size === "phone" ? ["map", "messages", "tyres"] : ["messages", "tyres"]) {
          await page.click(`#tab-${tab}`);
          found.push(...(await findings(page, size === "phone" ? ".panes" : ".panes-tabbed")));
        }
        if (size === "phone") await page.click("#tab-board");
        await page.locator(".row").nth(2).click();
        await page.waitForSelector(".lap-chart-frame canvas");
        found.push(...(await findings(page, size === "phone" ? ".panes" : ".panes-side")));
        await page.keyboard.press("?");
        await page.waitForSelector("dialog[open]");
        found.push(...(await findings(page, "dialog")));
        await close();
        equal([...new Set(found)], [], "findings");
        return undefined;
      });
    }
  }

  await checks.check("the keyboard alone selects, opens and closes a driver, and themes the page", async () => {
    const { page, close } = await open(browser, "desktop", "dark", `${server.address}/?session=${key}`);
    await page.waitForSelector(".row");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const selected = () => page.$eval(".row[aria-selected=true]", (row) => row.getAttribute("aria-rowindex"));
    equal(await selected(), "3", "row selected by two presses of down");
    equal(await page.getAttribute(".board-grid", "aria-activedescendant"), await page.getAttribute(".row[aria-selected=true]", "id"), "the grid's active row");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".driver-panel");
    await page.keyboard.press("Escape");
    await until(async () => (await page.$(".driver-panel")) === null, "the panel closes");
    await page.keyboard.press("t");
    equal(await page.evaluate(() => document.documentElement.dataset.theme), "light", "theme");
    await page.reload();
    equal(await page.evaluate(() => document.documentElement.dataset.theme), "light", "theme after reloading");
    await close();
    return undefined;
  });

  await checks.check("Tab reaches every control once and comes round again", async () => {
    const { page, close } = await open(browser, "desktop", "dark", `${server.address}/?session=${key}`);
    await page.waitForSelector(".row");
    const seen: string[] = [];
    for (let press = 0; press < 30; press++) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => {
        const active = document.activeElement;
        return !active || active === document.body ? "" : (active.getAttribute("aria-label") ?? active.id) || active.textContent;
      });
      if (seen.includes(name) && name !== "") break;
      seen.push(name);
    }
    for (const wanted of ["Timing board", "Moment in the recording", "Speed", "tab-messages"]) {
      if (!seen.includes(wanted)) throw new Error(`Tab never reached "${wanted}"; it reached ${seen.join(", ")}`);
    }
    await close();
    return `${seen.length} stops`;
  });
}
