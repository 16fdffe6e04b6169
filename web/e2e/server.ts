/** Starts a real `overcut` on a free port, waits until it is ready, and ends it. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import type { PlaybackCommand, StateAnswer } from "../src/api/types";

const COMMAND = process.env.OVERCUT_CMD ?? resolve("../.venv/bin/overcut");
/** Simulated sessions, made once and kept between runs; git does not see them. */
const HOME = resolve(process.env.OVERCUT_E2E_HOME ?? "test-results/home");

export async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => { found(typeof address === "object" && address ? address.port : 0); });
    });
  });
}

export interface Weekend { readonly season: number; readonly circuit: string; readonly seed: number; readonly sessions: string }

/** The folder of a simulated weekend's sessions, simulated now unless an earlier run did. */
export function simulated({ season, circuit, seed, sessions }: Weekend): string {
  const folder = join(HOME, `${season}-${circuit}-${seed}-${sessions.replace(",", "-")}`);
  if (!existsSync(folder) || readdirSync(folder).length === 0) {
    mkdirSync(folder, { recursive: true });
    execFileSync(COMMAND, [
      "simulate", "--season", String(season), "--circuit", circuit, "--seed", String(seed), "--sessions", sessions, "--out", folder,
    ], { stdio: ["ignore", "ignore", "inherit"] });
  }
  return folder;
}

/** The session of a simulated weekend's folder whose own folder ends in `name`. */
export function sessionFolder(folder: string, name: string): string {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).find((entry) => entry.isDirectory() && entry.name.endsWith(name));
  if (!found) throw new Error(`no session ${name} in ${folder}`);
  return join(found.parentPath, found.name);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const over = new Promise((done) => child.once("exit", done));
  child.kill("SIGINT");
  await over;
}

/** `overcut hub`: plays a session as if it were live, and does what it is told to. */
export class Hub {
  private constructor(private readonly process: ChildProcess, private readonly origin: string) {}

  static async start(session: string, flags: readonly string[]): Promise<Hub> {
    const port = await freePort();
    const child = spawn(COMMAND, ["hub", session, "--port", String(port), "--stay", ...flags], { stdio: "ignore" });
    const origin = `http://127.0.0.1:${port}`;
    for (let waited = 0; waited < 30_000; waited += 200) {
      if (child.exitCode !== null) throw new Error(`overcut hub ended with ${child.exitCode}`);
      if (await fetch(`${origin}/hub/status`).then((answer) => answer.ok, () => false)) return new Hub(child, origin);
      await new Promise((go) => setTimeout(go, 200));
    }
    child.kill();
    throw new Error("overcut hub did not answer within half a minute");
  }

  get url(): string { return `${this.origin}/signalrcore`; }

  async order(order: { readonly do?: string; readonly faults?: object }): Promise<void> {
    const answer = await fetch(`${this.origin}/hub/control`, { method: "POST", body: JSON.stringify(order) });
    if (!answer.ok) throw new Error(`the hub refused ${JSON.stringify(order)}: ${await answer.text()}`);
  }

  stop(): Promise<void> { return ended(this.process); }
}

export class Server {
  private constructor(private readonly process: ChildProcess, readonly address: string) {}

  static start(paths: readonly string[], flags: readonly string[] = []): Promise<Server> {
    return Server.run(["serve", ...paths, ...flags], HOME);
  }

  /** `overcut live`, following the hub at `url`, with a home of its own. */
  static live(url: string, home: string): Promise<Server> {
    return Server.run(["live", "--url", url, "--no-browser", "--anonymous"], home);
  }

  /** `overcut serve` with a home of its own, where its lake is. */
  static within(home: string, paths: readonly string[]): Promise<Server> {
    return Server.run(["serve", ...paths, "--paused"], home);
  }

  private static async run(command: readonly string[], home: string): Promise<Server> {
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const child = spawn(COMMAND, [...command, "--port", String(port)], {
      env: { ...process.env, OVERCUT_HOME: home }, stdio: ["ignore", "ignore", "pipe"],
    });
    let told = "";
    child.stderr.on("data", (data: Buffer) => { told = (told + data.toString()).slice(-4000); });
    for (let waited = 0; waited < 180_000; waited += 200) {
      if (child.exitCode !== null) throw new Error(`overcut ended with ${child.exitCode}:\n${told}`);
      const ready = await fetch(`${address}/readyz`).then((answer) => answer.ok, () => false);
      if (ready) return new Server(child, address);
      await new Promise((go) => setTimeout(go, 200));
    }
    child.kill();
    throw new Error(`overcut was not ready within three minutes:\n${told}`);
  }

  stop(): Promise<void> { return ended(this.process); }

  async keys(): Promise<string[]> {
    const sessions = (await (await fetch(`${this.address}/api/v1/sessions`)).json()) as { key: string }[];
    return sessions.map(({ key }) => key);
  }

  async state(key: string): Promise<StateAnswer> {
    return (await (await fetch(`${this.address}/api/v1/sessions/${key}/state`)).json()) as StateAnswer;
  }

  async command(key: string, command: PlaybackCommand): Promise<void> {
    const answer = await fetch(`${this.address}/api/v1/sessions/${key}/playback`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(command),
    });
    if (!answer.ok) throw new Error(`${JSON.stringify(command)} was refused: ${await answer.text()}`);
  }
}
