/** Does the page show what the engine holds? Order, clock and row contents against GET /state. */
import type { Browser, Page } from "playwright-core";
import type { StateAnswer } from "../src/api/types";
import { clockTime, lapTime } from "../src/format/time";
import { boardOrder } from "../src/stream/store";
import { drawnOrder, open, shownOrder } from "./browser";
import { type Checks, equal, until } from "./checks";
import type { Server } from "./server";

const codes = (answer: StateAnswer) =>
  boardOrder(answer.state.cars).map((number) => answer.state.cars?.[number]?.code ?? "");

/** What one row says, by column. */
const row = (page: Page, code: string) =>
  page.$$eval(".row", (rows, wanted) => {
    const found = rows.find((one) => one.querySelector(".driver-code")?.textContent === wanted);
    const text = (name: string) => found?.querySelector(`.cell-${name} .time`)?.firstChild?.textContent ?? "";
    return { last: text("last"), best: text("best"), stops: found?.querySelector(".cell-stops")?.textContent ?? "" };
  }, code);

/** The page's slider, in session milliseconds. */
const pageTime = async (page: Page) => Number(await page.inputValue(".scrubber-input"));

async function agrees(page: Page, server: Server, key: string): Promise<StateAnswer> {
  const answer = await server.state(key);
  await until(async () => Math.abs((await pageTime(page)) - answer.t_ms) < 1_000, `the page's clock at ${answer.t_ms}`);
  await until(
    async () => JSON.stringify((await shownOrder(page)).slice(0, 10)) === JSON.stringify(codes(answer).slice(0, 10)),
    "the first ten",
  ).catch(() => undefined);
  equal((await shownOrder(page)).slice(0, 10), codes(answer).slice(0, 10), "first ten (as read)");
  await page.waitForTimeout(600);
  equal((await drawnOrder(page)).slice(0, 10), codes(answer).slice(0, 10), "first ten (as drawn)");
  return answer;
}

export async function truth(checks: Checks, browser: Browser, server: Server, key: string): Promise<void> {
  await server.command(key, { action: "pause" });
  const { page, complaints, close } = await open(browser, "desktop", "dark", `${server.address}/?session=${key}`);
  await page.waitForSelector(".row");
  const { playback } = await server.state(key);
  const span = playback.end_ms - playback.start_ms;

  for (const share of [0.3, 0.55, 0.8]) {
    await checks.check(`the first ten at ${Math.round(share * 100)} % of ${key} are the engine's`, async () => {
      await server.command(key, { action: "seek", t_ms: Math.round(playback.start_ms + share * span) });
      const answer = await agrees(page, server, key);
      for (const number of boardOrder(answer.state.cars).slice(0, 10)) {
        const car = answer.state.cars?.[number];
        const shown = await row(page, car?.code ?? "");
        equal(shown.last, car?.last_lap?.ms ? lapTime(car.last_lap.ms) : "–", `last lap of ${car?.code ?? ""}`);
        equal(shown.best, car?.best_lap?.ms ? lapTime(car.best_lap.ms) : "–", `best lap of ${car?.code ?? ""}`);
        equal(shown.stops, String(car?.pit_stops ?? 0), `stops of ${car?.code ?? ""}`);
      }
      return codes(answer).slice(0, 10).join(" ");
    });
  }

  await checks.check("the play button plays and pauses the engine", async () => {
    await page.click("button[aria-label=Play]");
    await until(async () => !(await server.state(key)).playback.paused, "the engine runs");
    const before = await pageTime(page);
    await until(async () => (await pageTime(page)) > before + 2_000, "the page's clock runs");
    await page.click("button[aria-label=Pause]");
    await until(async () => (await server.state(key)).playback.paused, "the engine stands");
    return `stands at ${clockTime((await agrees(page, server, key)).t_ms)}`;
  });

  await checks.check("the slider seeks the engine", async () => {
    const box = await page.locator(".scrubber-input").boundingBox();
    if (!box) throw new Error("no slider");
    await page.mouse.click(box.x + 8 + 0.45 * (box.width - 16), box.y + box.height / 2);
    const wanted = playback.start_ms + 0.45 * span;
    await until(async () => Math.abs((await server.state(key)).t_ms - wanted) < span * 0.005, "the engine at 45 %");
    return clockTime((await agrees(page, server, key)).t_ms);
  });

  await checks.check("space, arrows and shift-arrows drive the engine", async () => {
    await page.locator(".board-grid").focus();
    const from = (await server.state(key)).t_ms;
    await page.keyboard.press("ArrowRight");
    await until(async () => Math.abs((await server.state(key)).t_ms - (from + 10_000)) < 1_500, "ten seconds on");
    await agrees(page, server, key);
    const lap = (await server.state(key)).state.lap?.current ?? 0;
    await page.keyboard.press("Shift+ArrowRight");
    await until(async () => (await server.state(key)).state.lap?.current === lap + 1, "one lap on");
    await page.keyboard.press("Space");
    await until(async () => !(await server.state(key)).playback.paused, "space plays");
    await page.keyboard.press("Space");
    await until(async () => (await server.state(key)).playback.paused, "space pauses");
    await agrees(page, server, key);
    return undefined;
  });

  await checks.check("the speed menu changes the engine's speed", async () => {
    await page.selectOption("select[aria-label=Speed]", "20");
    await until(async () => (await server.state(key)).playback.speed === 20, "the engine at 20x");
    await page.selectOption("select[aria-label=Speed]", "10");
    await until(async () => (await server.state(key)).playback.speed === 10, "the engine at 10x");
    return undefined;
  });

  await checks.check("nothing was thrown, logged as an error, or asked from elsewhere", () => {
    equal(complaints, [], "complaints");
    return Promise.resolve(undefined);
  });
  await close();
}
