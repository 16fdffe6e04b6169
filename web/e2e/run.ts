/** The browser test: a real server, a real browser, a simulated race and qualifying, an invented championship.
 * `OVERCUT_E2E=board`, `history` or `strategy` runs one part. */
import { launch } from "./browser";
import { access } from "./access";
import { Checks } from "./checks";
import { history, historyless } from "./history";
import { realHistory, syntheticHistory } from "./lake";
import { live } from "./live";
import { pace } from "./pace";
import { resilience } from "./resilience";
import { Server, sessionFolder, simulated } from "./server";
import { strategy } from "./strategy";
import { truth } from "./truth";

const checks = new Checks();
const only = process.env.OVERCUT_E2E ?? "";
const folders = [simulated({ season: 2026, circuit: "monza", seed: 7, sessions: "Q,R" })];
const server = await Server.start(folders, ["--speed", "10", "--paused"]);
const browser = await launch();
try {
  const keys = await server.keys();
  const race = keys.find((key) => key.endsWith("-R"));
  const qualifying = keys.find((key) => key.endsWith("-Q"));
  if (!race || !qualifying) throw new Error(`expected a race and a qualifying, found ${keys.join(", ")}`);
  const { playback } = await server.state(race);
  if (only === "" || only === "board") {
    await truth(checks, browser, server, race);
    await resilience(checks, browser, server, race);
    await server.command(race, { action: "seek", t_ms: Math.round(playback.end_ms * 0.4) });
    await access(checks, browser, server, race);
    await pace(checks, browser, server, race);
    await live(checks, browser, sessionFolder(folders[0] ?? "", "Race"));
  }
  if (only === "" || only === "strategy") await strategy(checks, browser, server, race);
  if (only === "" || only === "history") {
    await historyless(checks, browser, server, race);
    const everyLook = (["phone", "tablet", "desktop"] as const).flatMap((size) => [[size, "dark"], [size, "light"]] as const);
    for (const [home, looks] of [[syntheticHistory(), everyLook], [realHistory(), [["phone", "light"], ["desktop", "dark"]]]] as const) {
      if (home === null) continue;
      console.log(`history of ${home}`);
      const lake = await Server.within(home, folders);
      try {
        await history(checks, browser, lake, looks);
      } finally {
        await lake.stop();
      }
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
process.exitCode = checks.close();
