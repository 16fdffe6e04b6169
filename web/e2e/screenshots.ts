/** Takes the pictures of docs/images from simulated sessions and an invented championship; never from real ones. */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Browser } from "playwright-core";
import type { Timeline } from "../src/api/types";
import { launch, open, type Size } from "./browser";
import { syntheticHistory } from "./lake";
import { Server, simulated } from "./server";

const OUT = resolve("../docs/images");

interface Picture {
  readonly name: string;
  readonly size: Size;
  readonly theme: "dark" | "light";
  readonly key: string;
  readonly tMs: number;
  /** Board place whose driver is opened. */
  readonly driver?: number;
  readonly tab?: string;
}

async function take(browser: Browser, server: Server, picture: Picture): Promise<void> {
  const { name, size, theme, key, tMs, driver, tab } = picture;
  await server.command(key, { action: "seek", t_ms: tMs });
  await server.command(key, { action: "play" });
  const { page, close } = await open(browser, size, theme, `${server.address}/?session=${key}`);
  await page.waitForSelector(".row");
  if (driver !== undefined) {
    await page.locator(`.row[aria-rowindex="${driver + 1}"]`).click();
    await page.waitForSelector(".lap-chart-frame canvas");
  }
  if (tab) await page.click(`#tab-${tab}`);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(2_500);
  // Rows that change places come to rest first.
  await server.command(key, { action: "pause" });
  await page.waitForTimeout(700);
  await page.screenshot({ path: resolve(OUT, `${name}.png`) });
  await close();
  console.log(`${name}.png`);
}

/** Pages of the history, of the championship that the Python tests invent. */
async function takeHistory(browser: Browser, folder: string): Promise<void> {
  const server = await Server.within(syntheticHistory(), [folder]);
  const pages: readonly (readonly [string, Size, "dark" | "light", string])[] = [
    ["history-season", "desktop", "dark", "/history/2023"],
    ["history-championship", "desktop", "light", "/history/2023/championship?after=6"],
    ["history-driver", "desktop", "dark", "/history/drivers/kim-tarrow"],
    ["history-eras", "tablet", "light", "/history/eras?least=5"],
    ["history-phone", "phone", "dark", "/history/2023/1"],
  ];
  for (const [name, size, theme, path] of pages) {
    const { page, close } = await open(browser, size, theme, server.address + path);
    await page.waitForSelector("h1");
    await page.waitForFunction(() => document.querySelector(".shape, .chart-wait, .chart-hold") === null);
    await page.waitForTimeout(500);
    await page.screenshot({ path: resolve(OUT, `${name}.png`) });
    await close();
    console.log(`${name}.png`);
  }
  await server.stop();
}

/** Plans of the simulated race, once all their races are run. */
async function takeStrategy(browser: Browser, server: Server, key: string): Promise<void> {
  const { playback } = await server.state(key);
  await server.command(key, { action: "seek", t_ms: playback.end_ms });
  const pictures: readonly (readonly [string, Size, "dark" | "light", string])[] = [
    ["strategy", "desktop", "dark", "?lap=12&driver=VER&s=VER.25H.40S&s=VER.20H_sc.26-4"],
    ["strategy-phone", "phone", "light", "?lap=12&driver=VER&s=VER.25H"],
  ];
  for (const [name, size, theme, query] of pictures) {
    const { page, close } = await open(browser, size, theme, `${server.address}/strategy/${key}${query}`);
    await page.waitForFunction(() => document.querySelector(".running-words strong")?.textContent === "10,000", undefined, { timeout: 120_000 });
    await page.setViewportSize({ width: page.viewportSize()?.width ?? 1440, height: size === "phone" ? 1500 : 1560 });
    await page.waitForTimeout(600);
    await page.screenshot({ path: resolve(OUT, `${name}.png`) });
    await close();
    console.log(`${name}.png`);
  }
}

mkdirSync(OUT, { recursive: true });
const weekend = simulated({ season: 2026, circuit: "monza", seed: 7, sessions: "Q,R" });
const server = await Server.start([weekend], ["--speed", "10", "--paused"]);
const browser = await launch();
try {
  const only = process.argv[2];
  if (only === undefined || only === "history") await takeHistory(browser, weekend);
  const keys = await server.keys();
  const race = keys.find((key) => key.endsWith("-R")) ?? "";
  const qualifying = keys.find((key) => key.endsWith("-Q")) ?? "";
  const { playback } = await server.state(race);
  const timeline = (await (await fetch(`${server.address}/api/v1/sessions/${race}/timeline`)).json()) as Timeline;
  const at = (share: number) => Math.round(playback.start_ms + share * (playback.end_ms - playback.start_ms));
  const caution = timeline.flags?.find(([, , status]) => status === "safety_car" || status === "vsc" || status === "red");
  const session = (await server.state(qualifying)).playback;
  const pictures: Picture[] = [
    { name: "board-dark", size: "desktop", theme: "dark", key: race, tMs: at(0.52) },
    { name: "board-light", size: "desktop", theme: "light", key: race, tMs: at(0.62), tab: "tyres" },
    { name: "driver", size: "desktop", theme: "dark", key: race, tMs: at(0.78), driver: 2 },
    { name: "qualifying", size: "desktop", theme: "light", key: qualifying, tMs: Math.round(session.end_ms * 0.34) },
    { name: "tablet", size: "tablet", theme: "dark", key: race, tMs: at(0.45) },
    { name: "phone", size: "phone", theme: "dark", key: race, tMs: at(0.56) },
    { name: "phone-driver", size: "phone", theme: "light", key: race, tMs: at(0.7), driver: 1 },
  ];
  if (caution) pictures.push({ name: "caution", size: "desktop", theme: "dark", key: race, tMs: caution[0] + 20_000 });
  for (const picture of only === undefined || only === "board" ? pictures : []) await take(browser, server, picture);
  if (only === undefined || only === "strategy") await takeStrategy(browser, server, race);
} finally {
  await browser.close();
  await server.stop();
}
