/** Is a live session shown as one? `overcut hub` plays a simulated race, `overcut live` follows it, a browser watches. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { Feed } from "../src/api/types";
import { boardOrder } from "../src/stream/store";
import { findings } from "./access";
import { open, shownOrder, type Size } from "./browser";
import { type Checks, equal, until } from "./checks";
import { Hub, Server } from "./server";

const standing = (page: Page) => page.$eval(".standing-words", (words) => words.textContent);
const pageTime = async (page: Page) => Number(await page.inputValue(".scrubber-input"));

async function liveKey(server: Server): Promise<string> {
  let key = "";
  await until(async () => {
    const feed = (await (await fetch(`${server.address}/api/v1/feed`)).json()) as Feed;
    key = feed.session ?? "";
    return key !== "" && (await fetch(`${server.address}/api/v1/sessions/${key}/state`)).ok;
  }, "a session on the board", 20_000);
  return key;
}

export async function live(checks: Checks, browser: Browser, session: string): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "overcut-live-"));
  const hub = await Hub.start(session, ["--from", "30", "--speed", "2", "--hold"]);
  await hub.order({ faults: { refuse: 503 } });
  const server = await Server.live(hub.url, home);
  try {
    await watch(checks, browser, hub, server, home);
  } finally {
    await server.stop();
    await hub.stop();
    rmSync(home, { recursive: true });
  }
}

async function watch(checks: Checks, browser: Browser, hub: Hub, server: Server, home: string): Promise<void> {
  const { page, complaints, close } = await open(browser, "desktop", "dark", server.address);
  await checks.check("before there is a session the page says what it waits for, then opens it by itself", async () => {
    await page.waitForSelector("text=Waiting for a session");
    await page.waitForSelector("text=The feed is lost");
    await hub.order({ faults: { refuse: 0 } });
    await page.waitForSelector(".row", { timeout: 40_000 });
    return standing(page).then(String);
  });
  const key = await liveKey(server);

  await checks.check("the board is live and shows the engine's order", async () => {
    await until(async () => (await standing(page)) === "Live", "the badge says Live");
    equal(await page.isDisabled(".go-live"), true, "nothing to go live to");
    equal(await page.isDisabled(".replay-speed"), true, "no speed at the present");
    equal(await page.isVisible(".simulated"), true, "a simulation says so");
    const expected = async () => boardOrder((await server.state(key)).state.cars).map((number) => number).join();
    await until(async () => {
      const cars = (await server.state(key)).state.cars ?? {};
      return (await shownOrder(page)).join() === boardOrder(cars).map((number) => cars[number]?.code ?? "").join();
    }, "the engine's order");
    return expected();
  });

  await checks.check("going back, pausing and going live again move the engine", async () => {
    await page.locator(".board-grid").focus();
    await page.keyboard.press("ArrowLeft");
    await until(async () => (await standing(page)).endsWith("behind"), "the badge says behind");
    equal((await server.state(key)).playback.following, false, "following");
    await page.click("button[aria-label=Pause]");
    const stands = (await server.state(key)).t_ms;
    await page.waitForTimeout(1_200);
    equal((await server.state(key)).t_ms, stands, "time stands");
    await page.keyboard.press("l");
    await until(async () => (await standing(page)) === "Live", "live again");
    const { playback } = await server.state(key);
    equal([playback.following, playback.paused], [true, false], "the engine is live");
    return undefined;
  });

  await checks.check("the delay holds the board back, and is told in the badge", async () => {
    await page.click(".delay-button");
    await page.waitForSelector(".delay-sheet");
    for (let press = 0; press < 3; press++) {
      await page.click("button[aria-label='+1 second']");
      await until(async () => (await server.state(key)).playback.delay_ms === (press + 1) * 1_000, `${press + 1} s`);
    }
    await until(async () => (await standing(page)) === "Live −3 s", "the badge");
    const { playback } = await server.state(key);
    if (Math.abs(playback.end_ms - playback.t_ms - 3_000) > 400) throw new Error(`${playback.end_ms - playback.t_ms} ms behind`);
    await until(async () => Math.abs((await pageTime(page)) - (await server.state(key)).t_ms) < 1_500, "the page's clock");
    equal(await findings(page), [], "what axe finds with the delay open");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".delay-sheet", { state: "detached" });
    await server.command(key, { action: "delay", delay_ms: 0 });
    return undefined;
  });

  await checks.check("a broken feed is told on the page and heals itself, the board kept", async () => {
    const rows = (await shownOrder(page)).length;
    await hub.order({ faults: { refuse: 503 } });
    await hub.order({ do: "drop" });
    await page.waitForSelector(".feed-lost");
    const words = await page.$eval(".feed-lost", (notice) => notice.textContent);
    equal(await findings(page), [], "what axe finds while the feed is lost");
    equal((await shownOrder(page)).length, rows, "rows");
    await hub.order({ faults: { refuse: 0 } });
    await page.waitForSelector(".feed-lost", { state: "detached", timeout: 40_000 });
    const before = (await server.state(key)).state.t_ms ?? 0;
    await until(async () => ((await server.state(key)).state.t_ms ?? 0) > before, "frames again");
    return words;
  });

  await checks.check("everything is in a recording, named after the session", () => {
    const files = readdirSync(join(home, "recordings"));
    if (files.length !== 1 || !/^sim_.*\.jsonl$/.test(files[0] ?? "")) throw new Error(files.join());
    return Promise.resolve(files[0]);
  });
  equal(complaints.filter((one) => !one.includes("404")), [], "complaints");
  await close();
  for (const size of ["phone", "desktop"] satisfies Size[]) {
    await checks.check(`nothing of the live bar is cut off (${size})`, async () => {
      const view = await open(browser, size, "light", server.address);
      await view.page.waitForSelector(".go-live");
      const wide = await view.page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth] as const);
      if (wide[0] > wide[1]) throw new Error(`${wide[0]} px wide in a window of ${wide[1]}`);
      for (const part of [".replay-play", ".scrubber-input", ".go-live", ".delay-button"]) {
        const box = await view.page.locator(part).boundingBox();
        if (!box || box.x < 0 || box.x + box.width > wide[1] || box.width < 24) throw new Error(`${part}: ${JSON.stringify(box)}`);
      }
      await view.close();
      return undefined;
    });
  }
}
