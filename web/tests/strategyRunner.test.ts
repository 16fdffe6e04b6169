import { afterEach, describe, expect, it, vi } from "vitest";
import { RequestError } from "../src/api/client";
import { PATIENCE_MS, Runner, type Running } from "../src/strategy/api/runner";
import { lines } from "../src/strategy/api/stream";

interface Picture { readonly races: number; readonly of: number; readonly n: string }

/** A server whose pictures are let out one by one. */
function bench() {
  const asked: string[] = [];
  const ended: string[] = [];
  const gates = new Map<string, (value: Picture | "over" | Error) => void>();
  async function* ask(question: string, signal: AbortSignal): AsyncGenerator<Picture> {
    asked.push(question);
    signal.addEventListener("abort", () => { ended.push(question); gates.get(question)?.("over"); });
    for (;;) {
      const next = await new Promise<Picture | "over" | Error>((open) => { gates.set(question, open); });
      if (next === "over") return;
      if (next instanceof Error) throw next;
      yield next;
    }
  }
  const states: Running<Picture>[] = [];
  const runner = new Runner(ask, (state) => { states.push(state); });
  const give = async (question: string, what: Picture | "over" | Error) => {
    await tick();
    gates.get(question)?.(what);
    await tick();
  };
  return { runner, asked, ended, give, now: () => states.at(-1) };
}

const tick = async () => { for (let turn = 0; turn < 8; turn++) await Promise.resolve(); };
const picture = (n: string, races = 250): Picture => ({ n, races, of: 10_000 });

afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals(); });

describe("a runner", () => {
  it("shows every picture, coarse and sharp, and is done", async () => {
    const { runner, give, now } = bench();
    runner.question("a");
    expect(now()).toMatchObject({ busy: true, answer: null });
    await give("a", picture("a"));
    expect(now()).toMatchObject({ busy: true, answer: { question: "a" }, progress: { races: 250, of: 10_000 } });
    await give("a", picture("a", 10_000));
    await give("a", "over");
    expect(now()).toMatchObject({ busy: false, answer: { value: { races: 10_000 } }, failure: null });
  });
  it("lets a question have its first picture, then asks the newest and skips those between", async () => {
    const { runner, asked, ended, give, now } = bench();
    runner.question("a");
    runner.question("b");
    runner.question("c");
    expect(asked).toEqual(["a"]);
    await give("a", picture("a"));
    expect(asked).toEqual(["a", "c"]);
    expect(ended).toEqual(["a"]);
    expect(now()).toMatchObject({ busy: true, answer: { question: "a" } });
  });
  it("stops at once what has shown a picture already", async () => {
    const { runner, asked, ended, give } = bench();
    runner.question("a");
    await give("a", picture("a"));
    runner.question("b");
    expect(asked).toEqual(["a", "b"]);
    expect(ended).toEqual(["a"]);
  });
  it("does not wait for ever for a first picture", async () => {
    vi.useFakeTimers();
    const { runner, asked } = bench();
    runner.question("a");
    runner.question("b");
    await vi.advanceTimersByTimeAsync(PATIENCE_MS + 1);
    expect(asked).toEqual(["a", "b"]);
  });
  it("cancels, keeps what is there, and takes no late picture", async () => {
    const { runner, ended, give, now } = bench();
    runner.question("a");
    await give("a", picture("a"));
    runner.cancel();
    expect(ended).toEqual(["a"]);
    expect(now()).toMatchObject({ busy: false, cancelled: true, answer: { value: { n: "a" } } });
    await give("a", picture("late"));
    expect(now()).toMatchObject({ answer: { value: { n: "a" } } });
  });
  it("tells a failure with the server's words, and forgets it with the next question", async () => {
    const { runner, give, now } = bench();
    runner.question("a");
    await give("a", new RequestError(422, "There is no lap 99", "the race has 60 laps"));
    expect(now()).toMatchObject({ busy: false, failure: { question: "a", error: { message: "There is no lap 99", hint: "the race has 60 laps" } } });
    runner.question("b");
    expect(now()).toMatchObject({ busy: true, failure: null });
  });
  it("goes on to the waiting question when the running one fails", async () => {
    const { runner, asked, give } = bench();
    runner.question("a");
    runner.question("b");
    await give("a", new RequestError(500, "Something went wrong"));
    expect(asked).toEqual(["a", "b"]);
  });
});

describe("a streamed answer", () => {
  const body = (...parts: readonly string[]) => new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
  const read = async (answer: Response | Error) => {
    vi.stubGlobal("fetch", vi.fn(() => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer))));
    const found: unknown[] = [];
    for await (const line of lines<unknown>("/x", {}, new AbortController().signal)) found.push(line);
    return found;
  };
  it("is read line by line, however the network cuts it", async () => {
    expect(await read(new Response(body('{"n":', '1}\n{"n":2}', "\n", '{"n":"é', '3"}')))).toEqual([{ n: 1 }, { n: 2 }, { n: "é3" }]);
  });
  it("tells the server's refusal in its words", async () => {
    await expect(read(new Response(JSON.stringify({ detail: "41 stops", hint: "at most 12" }), { status: 422 }))).rejects.toMatchObject({ status: 422, message: "41 stops", hint: "at most 12" });
    await expect(read(new TypeError("no network"))).rejects.toMatchObject({ status: 0, message: "The server does not answer." });
  });
  it("says when the connection breaks half-way", async () => {
    const broken = new ReadableStream<Uint8Array>({ pull(controller) { controller.error(new TypeError("gone")); } });
    await expect(read(new Response(broken))).rejects.toMatchObject({ message: "The connection broke while the races ran." });
  });
});
