/** Does the history show what the API answers, on every page, at every size, by keyboard, and to everybody? */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import type { ChampionshipAnswer, RaceAnswer, RecordAnswer, SearchHit, SeasonAnswer, SeasonsAnswer } from "../src/history/api/types";
import { open, type Opened, type Size } from "./browser";
import { below, type Checks, equal, until } from "./checks";
import type { Server } from "./server";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Every finding, whatever its weight: these pages have none. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate(() =>
    (window as unknown as { axe: { run: (where: string, options: object) => Promise<AxeResults> } }).axe.run("html", { resultTypes: ["violations"] }));
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 2).map(({ target, failureSummary }) => `${target.join(" ")} ${(failureSummary ?? "").replaceAll(/\s+/g, " ").slice(0, 160)}`).join(" | ")}`);
}

const ask = async <T>(server: Server, path: string): Promise<T> => (await (await fetch(`${server.address}/api/v1${path}`)).json()) as T;

/** A page that has all its answers and charts. */
async function settled(page: Page): Promise<void> {
  await page.waitForSelector("h1");
  await page.waitForFunction(() => document.querySelector(".shape, .chart-wait, .chart-hold, .highlight-wait, [aria-busy]") === null);
  // What fades in would be measured half-way.
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
}

const texts = (page: Page, selector: string) => page.$$eval(selector, (found) => found.map((one) => (one.textContent || "").trim()));
/** "" while the page is on its way. */
const title = (page: Page) => page.evaluate(() => document.querySelector("h1")?.textContent ?? "");
const section = (page: Page, name: string) => page.locator("section.section").filter({ has: page.getByRole("heading", { name, exact: true }) });

/** `looks`: at which sizes and in which themes every page is held to axe. */
export async function history(checks: Checks, browser: Browser, server: Server, looks: readonly (readonly [Size, "dark" | "light"])[]): Promise<void> {
  const seasons = await ask<SeasonsAnswer>(server, "/history/seasons?limit=200");
  const finished = seasons.items.find(({ champion, rounds, rounds_run }) => champion && rounds === rounds_run);
  if (!finished) throw new Error("the lake has no finished season");
  const { year } = finished;
  const season = await ask<SeasonAnswer>(server, `/history/seasons/${year}`);
  const [first, second] = season.drivers.map(({ driver }) => driver?.id ?? "");
  const at = (size: Size, path: string, theme: "dark" | "light" = "dark"): Promise<Opened> => open(browser, size, theme, server.address + path);
  const visit = async (path: string, look: (page: Page) => Promise<string | undefined>, size: Size = "desktop"): Promise<string | undefined> => {
    const { page, complaints, close } = await at(size, path);
    await settled(page);
    const figure = await look(page);
    equal(complaints, [], "complaints");
    await close();
    return figure;
  };

  await checks.check("the way in shows every season with its champion, as the API has them", () => visit("/history", async (page) => {
    const shown = await texts(page, ".season-year");
    equal(shown, seasons.items.map((one) => String(one.year)), "seasons");
    const expected = seasons.items.map(({ champion, rounds, rounds_run }) => champion?.name ?? (rounds_run < rounds ? "Not decided" : "No title"));
    equal(await texts(page, ".season-champion"), expected, "champions");
    return `${shown.length} seasons`;
  }));

  await checks.check("links lead from a season to a race to a driver, the browser's way back returns, and a reload shows the same", () => visit("/history", async (page) => {
    await page.click(`a[href="/history/${year}"]`);
    await until(async () => (await title(page)) === String(year), "the season");
    await settled(page);
    equal(await section(page, "Races").locator("tbody th .name-link").allTextContents(), season.rounds.map(({ race }) => race.grand_prix.name), "races");
    await page.click(`a[href="/history/${year}/1"]`);
    const race = await ask<RaceAnswer>(server, `/history/races/${year}/1`);
    await until(async () => (await title(page)) === race.race.grand_prix.name, "the race");
    equal(await page.title(), `${year} ${race.race.grand_prix.name} · Overcut`, "title");
    equal(await section(page, "Result").locator("tbody th .name-link").allTextContents(), race.results.map(({ driver }) => driver.name), "the order of the result");
    await page.locator("section.section tbody th .name-link").first().click();
    await until(async () => (await title(page)) === race.results[0]?.driver.name, "the winner's page");
    await page.goBack();
    await until(async () => (await title(page)) === race.race.grand_prix.name, "back at the race");
    await page.reload();
    await settled(page);
    equal(await title(page), race.race.grand_prix.name, "after reloading");
    return undefined;
  }));

  await checks.check("the search: / goes there, arrows choose, Enter opens, nothing found is said, Esc leaves", () => visit(`/history/${year}`, async (page) => {
    const word = season.drivers[0]?.driver?.name.split(" ").at(-1) ?? "";
    const hits = await ask<SearchHit[]>(server, `/history/search?q=${encodeURIComponent(word)}&limit=12`);
    await page.keyboard.press("/");
    await page.keyboard.type(word, { delay: 15 });
    await until(async () => (await texts(page, ".search-sheet .hit-name")).join() === hits.map(({ name }) => name).join(), "what the API finds");
    await page.keyboard.press("ArrowDown");
    equal(await page.getAttribute(".search-input", "aria-activedescendant"), await page.getAttribute(".hit[aria-selected=true]", "id"), "the active hit");
    equal(await violations(page), [], "axe with the list open");
    await page.keyboard.press("Enter");
    await until(() => Promise.resolve(new URL(page.url()).pathname === hits[0]?.path), `the address ${hits[0]?.path ?? ""}`);
    await page.keyboard.press("/");
    await page.keyboard.type("qqzzqqzz");
    await page.waitForSelector("text=Nothing is called");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".search-sheet", { state: "detached" });
    return `${hits.length} hits for ${word}`;
  }));

  await checks.check("a press on a column's head sorts, another turns, a third restores", () => visit(`/history/${year}`, async (page) => {
    const table = section(page, "Races");
    const dates = () => table.locator("tbody tr td:first-child").allTextContents();
    const order = await dates();
    const names = () => table.locator("tbody tr > td:nth-child(5)").allTextContents();
    const press = () => table.getByRole("button", { name: "Winner" }).click();
    await press();
    equal(await table.locator("th[aria-sort]").getAttribute("aria-sort"), "ascending", "aria-sort");
    const up = await names();
    equal(up, [...up].sort((a, b) => a.localeCompare(b, "en")), "winners in order");
    await press();
    equal(await table.locator("th[aria-sort]").getAttribute("aria-sort"), "descending", "aria-sort");
    await press();
    equal(await dates(), order, "the calendar again");
    return undefined;
  }));

  await checks.check("the slider shows the table after any round, who could still win, and writes it into the address", () => visit(`/history/${year}/championship?after=2`, async (page) => {
    for (const round of [2, 3]) {
      const expected = await ask<ChampionshipAnswer>(server, `/championship/${year}?after=${round}`);
      await until(async () => (await section(page, "Table").locator("tbody th").allTextContents()).join() === expected.table.map(({ entrant }) => entrant.name).join(), `the table after round ${round}`);
      await until(async () => (await section(page, "Table").locator("tbody td:nth-child(3)").allTextContents()).join() === expected.table.map(({ points }) => String(points)).join(), `the points after round ${round}`);
      await until(async () => (await page.$eval(".contention-word strong", (word) => word.textContent)) === (expected.champion?.name ?? String(expected.can_win.length)), "who can win");
      await page.locator("input[type=range]").focus();
      await page.keyboard.press("ArrowRight");
    }
    await until(() => Promise.resolve(new URL(page.url()).searchParams.get("after") === "4"), "after=4 in the address");
    return undefined;
  }));

  await checks.check("two drivers are picked by keyboard and compared", () => visit("/history/head-to-head", async (page) => {
    for (const [field, row] of [["First driver", season.drivers[0]], ["Second driver", season.drivers[1]]] as const) {
      await page.getByLabel(field, { exact: true }).focus();
      await page.keyboard.type(row?.driver?.name ?? "");
      await page.waitForSelector(".picker-sheet .hit");
      await until(async () => (await texts(page, ".picker-sheet .hit-name"))[0] === row?.driver?.name, `${row?.driver?.name ?? ""} suggested`);
      await page.keyboard.press("Enter");
      await page.waitForTimeout(150);
    }
    await until(async () => (await title(page)) === `${season.drivers[0]?.driver?.name ?? ""} and ${season.drivers[1]?.driver?.name ?? ""}`, "the comparison");
    equal(new URL(page.url()).pathname, `/history/head-to-head/${first ?? ""}/${second ?? ""}`, "address");
    return undefined;
  }));

  await checks.check("a record is filtered by seasons and by whom; the address keeps it", () => visit("/history/records/wins", async (page) => {
    await page.getByLabel("From", { exact: true }).fill(String(year));
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Constructors" }).click();
    const expected = await ask<RecordAnswer>(server, `/history/records/wins?of=constructors&from=${year}&limit=50`);
    await until(async () => (await texts(page, "tbody th .name-link, tbody th .quiet-link")).join() === expected.rows.map(({ constructor }) => constructor?.name).join(), "constructors since then");
    await page.reload();
    await settled(page);
    equal(new URL(page.url()).search, `?from=${year}&of=constructors`, "query");
    equal(await texts(page, "tbody th .name-link, tbody th .quiet-link"), expected.rows.map(({ constructor }) => constructor?.name), "after reloading");
    return undefined;
  }));

  const race = season.rounds[Math.min(2, season.rounds.length - 1)]?.race;
  const team = season.constructors[0]?.constructor?.id ?? season.seats[0]?.constructor.id ?? "";
  const pages = [
    "/history", `/history/${year}`, `/history/${year}/3`, `/history/${year}/championship?after=3`, `/history/drivers`, `/history/drivers/${first ?? ""}`,
    "/history/constructors", `/history/constructors/${team}`, "/history/circuits", `/history/circuits/${race?.circuit.id ?? ""}`, "/history/grands-prix",
    `/history/grands-prix/${race?.grand_prix.id ?? ""}`, "/history/records", "/history/records/wins-in-a-row", "/history/head-to-head",
    `/history/head-to-head/${first ?? ""}/${second ?? ""}`, "/history/eras?least=5", "/history/nowhere", "/history/drivers/nobody-at-all",
  ];
  for (const [size, theme] of looks) {
    await checks.check(`axe finds nothing at all and no page is wider than the screen (${size}, ${theme})`, async () => {
      const { page, close } = await at(size, "/history", theme);
      const found: string[] = [];
      for (const path of pages) {
        await page.goto(server.address + path);
        await settled(page);
        found.push(...(await violations(page)).map((one) => `${path} ${one}`));
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) found.push(`${path} is ${over} px too wide`);
      }
      await close();
      equal(found, [], "findings");
      return `${pages.length} pages`;
    });
  }

  await checks.check("on a phone every column can be had, within the table's own frame", () => visit(`/history/${year}/1`, async (page) => {
    const result = section(page, "Result");
    equal(await result.getByRole("columnheader", { name: "Grid" }).isVisible(), false, "the grid at first");
    await result.getByRole("button", { name: "All columns" }).click();
    equal(await result.getByRole("columnheader", { name: "Grid" }).isVisible(), true, "the grid then");
    equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "the page stands");
    return undefined;
  }, "phone"));

  await checks.check("an answer that has not changed is not sent again", () => visit(`/history/drivers/${first ?? ""}`, async (page) => {
    await page.reload();
    await settled(page);
    const sent = await page.evaluate(() => (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
      .filter(({ name }) => name.includes("/api/v1/history/")).map(({ transferSize, encodedBodySize }) => [transferSize, encodedBodySize]));
    for (const [transfer, body] of sent) if ((transfer ?? 0) >= (body ?? 0)) throw new Error(`${transfer ?? 0} bytes were sent for a body of ${body ?? 0}`);
    return `${sent.length} answers, ${sent.reduce((sum, [transfer]) => sum + (transfer ?? 0), 0)} bytes instead of ${sent.reduce((sum, [, body]) => sum + (body ?? 0), 0)}`;
  }));

  await checks.check("an unknown driver and an unknown page say so, with a way on", async () => {
    const { page, close } = await at("desktop", "/history/drivers/nobody-at-all");
    await page.waitForSelector("h1:has-text('Not found')");
    equal(await page.title(), "Not found · Overcut", "title");
    await page.goto(`${server.address}/history/1996/6/7`);
    await page.waitForSelector("h1:has-text('No such page')");
    await close();
    return undefined;
  });
}

/** A server without any history, with sessions: what the board loads, and what the history says. */
export async function historyless(checks: Checks, browser: Browser, server: Server, key: string): Promise<void> {
  await checks.check("without history the page says how to import it", async () => {
    const { page, close } = await open(browser, "phone", "dark", `${server.address}/history/1996`);
    await page.waitForSelector("h1:has-text('No history yet')");
    equal((await texts(page, "dt code"))[0], "overcut history import", "the command");
    equal(await violations(page), [], "axe");
    await close();
    return undefined;
  });

  await checks.check("the board loads nothing of the history, and leads there and back", async () => {
    const { page, complaints, close } = await open(browser, "desktop", "dark", `${server.address}/?session=${key}`);
    await page.waitForSelector(".row");
    const loaded = () => page.evaluate(() => (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
      .filter(({ name }) => /assets\/.*\.(js|css)$/.test(name)).map(({ name, encodedBodySize }) => ({ name: name.split("/").at(-1) ?? "", size: encodedBodySize })));
    const files = await loaded();
    equal(files.filter(({ name }) => /History|Strategy|Table|Careers|Comparisons|uPlot/.test(name)), [], "files of the history or of strategy");
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    below(bytes, 108_000, "bytes of script and style of the board, compressed");
    await page.click("a[href='/history']");
    await page.waitForSelector(".history");
    await page.click("nav[aria-label=Overcut] a[href='/']");
    await page.waitForSelector(".history", { state: "detached" });
    await page.waitForFunction(() => document.querySelector(".row, .front-list") !== null);
    equal(complaints.filter((words) => !words.includes("404")), [], "complaints");
    await close();
    return `${Math.round(bytes / 1000)} kB`;
  });
}
