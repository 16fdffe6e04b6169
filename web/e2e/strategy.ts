/** Can the plans of a race be played with, by mouse, finger and keyboard, and does the page tell what the server answers? */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import type { RaceAnswer, StrategySession, WhatIfAnswer } from "../src/strategy/api/types";
import { chance, meanPlace } from "../src/strategy/model/words";
import { open, type Size } from "./browser";
import { type Checks, equal, until } from "./checks";
import type { Server } from "./server";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LAP = 12;
/** Other work on the machine may make the races slow; what is right is not how soon. */
const PATIENCE_MS = 120_000;

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate(() =>
    (window as unknown as { axe: { run: (where: string, options: object) => Promise<AxeResults> } }).axe.run("html", { resultTypes: ["violations"] }));
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 2).map(({ target, failureSummary }) => `${target.join(" ")} ${(failureSummary ?? "").replaceAll(/\s+/g, " ").slice(0, 160)}`).join(" | ")}`);
}

const plan = (page: Page, letter: string) => page.getByRole("region", { name: `Plan ${letter}`, exact: true });
const stops = (page: Page, letter: string) => plan(page, letter).locator(".stop-handle").evaluateAll((found) => found.map((one) => Number(one.getAttribute("aria-valuenow"))));
const query = (page: Page) => new URL(page.url()).searchParams;
const pictured = (page: Page) => page.waitForSelector(".fan-frame svg", { timeout: PATIENCE_MS });
const sharp = (page: Page) => page.waitForFunction(() => document.querySelector(".running-bar:not([data-busy])") !== null && document.querySelector(".running-words strong")?.textContent === "10,000", undefined, { timeout: PATIENCE_MS });

export async function strategy(checks: Checks, browser: Browser, server: Server, key: string): Promise<void> {
  const { playback } = await server.state(key);
  await server.command(key, { action: "seek", t_ms: playback.end_ms });
  const ask = async <T>(path: string, body?: unknown): Promise<T> => (await (await fetch(`${server.address}/api/v1/strategy${path}`, body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json()) as T;
  const race = await ask<RaceAnswer>(`/${key}?lap=${LAP}`);
  const running = race.cars.filter(({ retired }) => !retired);
  const driver = running.find(({ driver_number: number }) => race.actual.some((car) => car.driver_number === number && car.finish !== null && car.stops.some(({ lap }) => lap > LAP && lap < race.session.laps - 3))) ?? running[0];
  if (!driver) throw new Error("nobody runs at that lap");
  const code = driver.driver;
  const rival = running.find((car) => car !== driver)?.driver ?? "";
  const did = race.actual.find((car) => car.driver_number === driver.driver_number)?.stops.filter(({ lap }) => lap > LAP).map(({ lap }) => lap) ?? [];
  const at = (more = "") => `${server.address}/strategy/${key}?lap=${LAP}&driver=${code}${more}`;
  const visit = async (url: string, look: (page: Page) => Promise<string | undefined>, size: Size = "desktop", theme: "dark" | "light" = "dark") => {
    const { page, complaints, close } = await open(browser, size, theme, url);
    const figure = await look(page);
    equal(complaints, [], "complaints");
    await close();
    return figure;
  };

  await checks.check("the way in lists the races that can be asked about, and leads to one and back", () => visit(`${server.address}/strategy`, async (page) => {
    const sessions = await ask<readonly StrategySession[]>("/sessions");
    await page.waitForSelector(".choose-race");
    equal(await page.locator(".choose-race").count(), sessions.length, "races");
    await page.locator("input[type=search]").fill("nowhere at all");
    await page.waitForSelector("text=No race is called");
    await page.locator("input[type=search]").fill("");
    await page.click(`a[href="/strategy/${key}"]`);
    await page.waitForSelector(".plan-actual");
    equal(await page.locator("h1").textContent(), race.session.event, "title");
    await page.goBack();
    await page.waitForSelector(".choose-race");
    equal(await page.locator("nav[aria-label=Overcut] a").allTextContents(), ["Live", "History", "Strategy"], "the way to the other parts");
    return `${sessions.length} races`;
  }));

  await checks.check("what happened is what the server says, and a plan's first figures come while it is dragged", () => visit(at(), async (page) => {
    await pictured(page);
    equal(await stops(page, "B"), did, "the stops that were made");
    const handle = plan(page, "B").locator(".stop-handle").first();
    const box = await handle.boundingBox();
    const track = await plan(page, "B").locator(".timeline-track").boundingBox();
    if (!box || !track) throw new Error("no stop to take hold of");
    const y = box.y + box.height / 2;
    const lapX = (lap: number) => track.x + (lap / race.session.laps) * track.width;
    await page.mouse.move(box.x + box.width / 2, y);
    await page.mouse.down();
    const wanted = Math.min((did[0] ?? 0) + 3, (did[1] ?? race.session.laps) - 1);
    await page.mouse.move(lapX((did[0] ?? 0) + 1), y, { steps: 4 });
    const began = performance.now();
    await plan(page, "B").locator(".plan-figures").waitFor({ timeout: PATIENCE_MS });
    const first = performance.now() - began;
    await page.mouse.move(lapX(wanted), y, { steps: 4 });
    await page.mouse.up();
    equal((await stops(page, "B"))[0], wanted, "lap after dragging");
    await until(() => Promise.resolve(query(page).get("s")?.startsWith(`${code}.${wanted}`) ?? false), "the plan in the address");
    await page.reload();
    await pictured(page);
    equal((await stops(page, "B"))[0], wanted, "lap after reloading");
    return `first figures ${Math.round(first)} ms after the first lap dragged`;
  }));

  await checks.check("the page tells the server's own figures of both plans", () => visit(at(`&s=${code}.25H`), async (page) => {
    await sharp(page);
    const world = { rivals: "as_they_did", world: "as_it_was" };
    const answer = await ask<WhatIfAnswer>(`/${key}/whatif`, { lap: LAP, driver: code, races: 10_000, seed: 1, scenarios: [
      { name: "A", plans: { [code]: {} }, ...world }, { name: "B", plans: { [code]: { stops: [{ lap: 25, compound: "HARD" }] } }, ...world },
    ] });
    const own = answer.scenarios.map(({ drivers }) => drivers.find((one) => one.driver === code));
    equal(await page.locator(".plan-figures > div:first-child strong").allTextContents(), own.map((one) => meanPlace(one?.place.mean ?? 0)), "mean places");
    equal(await page.locator(".plan-figures > div:nth-child(2) strong").allTextContents(), own.map((one) => one?.points.mean.toFixed(1)), "points");
    const row = page.locator(".heat").first().locator("tbody tr").nth(1).locator("td");
    equal((await row.allTextContents()).slice(0, 3), own[1]?.chances.slice(0, 3).map((share) => (share >= 0.005 ? String(Math.round(share * 100)) : "")), "chances of the first places");
    equal((await page.locator(".rival-code").allTextContents()), answer.scenarios[1]?.ahead.map((one) => one.driver), "rivals");
    equal((await page.locator(".rival-words").first().textContent())?.includes(chance(answer.scenarios[1]?.ahead[0]?.chance ?? 0)), true, "the chance against the first");
    return own.map((one) => meanPlace(one?.place.mean ?? 0)).join(" and ");
  }));

  await checks.check("the keyboard alone moves a stop, changes its tyre, adds one and removes it", () => visit(at(`&s=${code}.25H`), async (page) => {
    await page.waitForSelector(".stop-handle");
    await plan(page, "B").locator(".stop-handle").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("PageUp");
    equal(await stops(page, "B"), [31], "lap after an arrow and a page");
    await plan(page, "B").getByRole("radio", { name: "soft" }).focus();
    await page.keyboard.press("Space");
    await until(() => Promise.resolve(query(page).get("s") === `${code}.31S`), "softs in the address");
    await page.getByRole("button", { name: "Add: Stop for mediums" }).focus();
    await page.keyboard.press("Enter");
    await until(async () => (await stops(page, "B")).length === 2, "a second stop");
    await plan(page, "B").locator(".stop-handle").first().focus();
    await page.keyboard.press("Delete");
    await until(async () => (await stops(page, "B")).length === 1, "one stop again");
    await page.getByRole("button", { name: "Reset plan B to what happened" }).press("Enter");
    await until(async () => JSON.stringify(await stops(page, "B")) === JSON.stringify(did), "what happened again");
    return undefined;
  }));

  await checks.check("a safety car is dragged onto the plan, moved, drawn longer and removed", () => visit(at(), async (page) => {
    await page.waitForSelector(".piece");
    const piece = await page.getByRole("button", { name: /Add: Safety car$/ }).boundingBox();
    const track = await plan(page, "B").locator(".timeline").boundingBox();
    if (!piece || !track) throw new Error("nothing to drag");
    await page.mouse.move(piece.x + piece.width / 2, piece.y + piece.height / 2);
    await page.mouse.down();
    await page.mouse.move(track.x + (29.5 / race.session.laps) * track.width, track.y + track.height / 2, { steps: 5 });
    await page.mouse.up();
    await until(() => Promise.resolve(query(page).get("s") === "sc.30-4"), "a safety car on lap 30");
    const block = plan(page, "B").getByRole("slider", { name: "Safety car, first lap" });
    await block.focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("+");
    await until(() => Promise.resolve(query(page).get("s") === "sc.29-5"), "a lap earlier and longer");
    await page.keyboard.press("Delete");
    await until(() => Promise.resolve(query(page).get("s") === null), "gone");
    return undefined;
  }));

  await checks.check("a finger drags a stop on a phone, and the page does not scroll sideways", () => visit(at(`&s=${code}.25H`), async (page) => {
    await pictured(page);
    const handle = plan(page, "B").locator(".stop-handle");
    await handle.scrollIntoViewIfNeeded();
    const [box, track] = [await handle.boundingBox(), await plan(page, "B").locator(".timeline-track").boundingBox()];
    if (!box || !track) throw new Error("no stop to take hold of");
    const touch = await page.context().newCDPSession(page);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const to = x + (10 / race.session.laps) * track.width;
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
    for (const share of [0.3, 0.6, 1]) await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: x + share * (to - x), y }] });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    equal(await stops(page, "B"), [35], "lap after the finger");
    equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, "px too wide");
    return undefined;
  }, "phone"));

  await checks.check("five plans at most, a rival's plan too, and all of it in the address", () => visit(at(`&s=${code}.25H&s=${rival}.20S_n.Rival+early&s=rain.30-10-15&s=${code}.push.40S`), async (page) => {
    await page.waitForSelector(".plan-row");
    equal(await page.locator(".plan-letter").allTextContents(), ["A", "B", "C", "D", "E"], "plans");
    equal(await page.getByRole("button", { name: "Add a plan" }).isDisabled(), true, "no room for a sixth");
    equal(await plan(page, "C").locator(".plan-name").textContent(), "Rival early", "its name");
    await pictured(page);
    await page.waitForFunction(() => document.querySelectorAll(".fan-line").length === 5, undefined, { timeout: PATIENCE_MS });
    return undefined;
  }));

  await checks.check("nonsense is said clearly: a lap that is none, a stop after the flag, clauses nobody knows, no such race", async () => {
    const said = async (url: string, selector: string) => {
      const { page, close } = await open(browser, "phone", "light", url);
      const words = await page.locator(selector).first().textContent({ timeout: PATIENCE_MS });
      const found = await violations(page);
      await close();
      equal(found, [], `axe at ${url}`);
      return words ?? "";
    };
    equal((await said(`${server.address}/strategy/${key}?lap=199`, ".trouble")).includes("199"), true, "lap 199");
    equal((await said(at(`&s=${code}.99H`), ".plan-left")).includes("lap 99 comes too late"), true, "a stop on lap 99");
    equal((await said(at(`&s=${code}.25X_wat`), ".bench-notice")).includes("wat"), true, "clauses");
    equal((await said(`${server.address}/strategy/1951-99-R`, ".trouble")).length > 20, true, "no such race");
    return undefined;
  });

  await checks.check("the best plan is searched, can be taken onto the bench, and a search can be cancelled", () => visit(at(), async (page) => {
    await pictured(page);
    await page.getByRole("button", { name: `Find the best plan for ${code}` }).click();
    await page.waitForSelector(".best-found .act", { timeout: PATIENCE_MS });
    await page.locator(".best-plan").getByRole("button", { name: "Cancel" }).click({ timeout: 2_000 }).catch(() => undefined); // done already
    await page.getByRole("button", { name: `Find the best plan for ${code}` }).click();
    await page.waitForSelector(".best-table .act", { timeout: PATIENCE_MS });
    await page.locator(".best-table .act").first().click();
    await until(() => Promise.resolve((query(page).get("s") ?? "").includes("n.Best plan")), "the best plan in the address");
    return query(page).get("s") ?? "";
  }));

  for (const size of ["phone", "tablet", "desktop"] satisfies Size[]) {
    for (const theme of ["dark", "light"] as const) {
      await checks.check(`strategy: axe finds nothing and nothing is too wide (${size}, ${theme})`, () => visit(at(`&s=${code}.25H.40S&s=${code}.30M_sc.22-4_rain.40-6-15`), async (page) => {
        await pictured(page);
        await plan(page, "B").locator(".set-ahead").nth(1).click();
        await page.getByText("The whole field in plan").click();
        await page.getByText("What the model assumes").click();
        await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
        equal(await violations(page), [], "findings");
        equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, "px too wide");
        return undefined;
      }, size, theme));
    }
  }
}
