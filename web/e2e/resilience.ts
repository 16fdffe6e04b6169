/** Does the page survive a lost connection and take up the stream where it left off? */
import type { Browser, WebSocketRoute } from "playwright-core";
import { boardOrder } from "../src/stream/store";
import { launch, shownOrder, SIZES } from "./browser";
import { type Checks, equal, until } from "./checks";
import type { Server } from "./server";

export async function resilience(checks: Checks, _browser: Browser, server: Server, key: string): Promise<void> {
  const browser = await launch();
  const page = await browser.newPage({ viewport: SIZES.desktop });
  const opened: WebSocketRoute[] = [];
  let refuse = 0;
  await page.routeWebSocket(/\/stream/, (route) => {
    opened.push(route);
    if (refuse-- > 0) void route.close({ code: 1011 });
    else route.connectToServer();
  });
  await page.goto(`${server.address}/?session=${key}`);
  await page.waitForSelector(".row");

  await checks.check("a lost connection is told, tried again, and resumed with since and epoch", async () => {
    await server.command(key, { action: "play" });
    await page.waitForTimeout(1_000);
    refuse = 3;
    await opened[0]?.close({ code: 1011 });
    await page.waitForSelector(".standing-waiting, .standing-connecting");
    await until(() => Promise.resolve(opened.length === 5), "three refusals, then a fourth try", 12_000);
    await page.waitForSelector(".standing-open");
    const address = new URL(opened.at(-1)?.url() ?? "");
    if (!Number(address.searchParams.get("since")) || !Number(address.searchParams.get("epoch"))) {
      throw new Error(`did not resume: ${address.href}`);
    }
    await server.command(key, { action: "pause" });
    const answer = await server.state(key);
    const expected = boardOrder(answer.state.cars).map((number) => answer.state.cars?.[number]?.code ?? "");
    await until(async () => JSON.stringify(await shownOrder(page)) === JSON.stringify(expected), "the order after it").catch(() => undefined);
    equal(await shownOrder(page), expected, "order after the loss");
    return `tried ${opened.length - 1} times`;
  });
  await browser.close();
}
