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

export class Server {
  private constructor(private readonly process: ChildProcess, readonly address: string) {}

  static async start(paths: readonly string[], flags: readonly string[] = []): Promise<Server> {
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const child = spawn(COMMAND, ["serve", ...paths, "--port", String(port), ...flags], {
      env: { ...process.env, OVERCUT_HOME: HOME }, stdio: ["ignore", "ignore", "pipe"],
    });
    let told = "";
    child.stderr.on("data", (data: Buffer) => { told = (told + data.toString()).slice(-4000); });
    for (let waited = 0; waited < 60_000; waited += 200) {
      if (child.exitCode !== null) throw new Error(`overcut ended with ${child.exitCode}:\n${told}`);
      const ready = await fetch(`${address}/readyz`).then((answer) => answer.ok, () => false);
      if (ready) return new Server(child, address);
      await new Promise((go) => setTimeout(go, 200));
    }
    child.kill();
    throw new Error(`overcut was not ready within a minute:\n${told}`);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.kill("SIGINT");
    await ended;
  }

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
