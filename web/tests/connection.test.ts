import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { streamAddress } from "../src/api/client";
import { backoffMs } from "../src/stream/backoff";
import { Connection, type Phase } from "../src/stream/connection";
import { SessionStore } from "../src/stream/store";
import { car, snapshot } from "./session";

/** A socket that the test plays the server of. */
class Socket {
  static all: Socket[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  closed = false;
  constructor(readonly address: string) { Socket.all.push(this); }
  close() { this.closed = true; this.readyState = 3; }
  accept() { this.readyState = 1; this.onopen?.(); }
  say(message: unknown) { this.onmessage?.({ data: JSON.stringify(message) }); }
  lose() { this.readyState = 3; this.onclose?.(); }
}
const open = (address: string) => new Socket(address) as unknown as WebSocket;
const last = () => {
  const socket = Socket.all.at(-1);
  if (!socket) throw new Error("no socket was opened");
  return socket;
};

beforeEach(() => { Socket.all = []; vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe("backoffMs", () => {
  it("stays between half and whole of a doubling delay, and under ten seconds", () => {
    fc.assert(fc.property(fc.nat(1000), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, dice) => {
      const full = Math.min(10_000, 250 * 2 ** Math.min(attempt, 20));
      expect(backoffMs(attempt, dice)).toBeGreaterThanOrEqual(Math.floor(full / 2));
      expect(backoffMs(attempt, dice)).toBeLessThanOrEqual(full);
    }));
  });
});

describe("streamAddress", () => {
  it("asks for board and map, and says where we left off", () => {
    expect(streamAddress("2018-04-R", null, "https://a.test")).toBe("wss://a.test/api/v1/sessions/2018-04-R/stream?channels=board%2Cmap");
    expect(streamAddress("k", { seq: 7, epoch: 3 }, "http://a.test")).toMatch(/^ws:.*since=7&epoch=3$/);
  });
});

describe("Connection", () => {
  const make = () => {
    const phases: Phase[] = [];
    const connection = new Connection({
      address: () => "ws://a.test", receive: () => undefined, phase: (phase) => phases.push(phase),
      expectsTraffic: () => true, open, dice: () => 1,
    });
    connection.start();
    return { connection, phases };
  };

  it("waits longer after each refusal, and starts over only after a real message", () => {
    make();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      const before = Socket.all.length;
      const since = Date.now();
      last().accept();
      last().lose();
      while (Socket.all.length === before) vi.advanceTimersByTime(10);
      waits.push(Date.now() - since);
    }
    expect(waits).toEqual([250, 500, 1000, 2000]);
    last().accept();
    last().say({ type: "map" });
    last().lose();
    vi.advanceTimersByTime(250);
    expect(Socket.all).toHaveLength(6);
  });

  it("hangs up on a server that has fallen silent", () => {
    const { phases } = make();
    last().accept();
    vi.advanceTimersByTime(20_000);
    expect(Socket.all[0]?.closed).toBe(true);
    expect(Socket.all.length).toBeGreaterThan(1);
    expect(phases).toContain("waiting");
  });

  it("tries at once when the network comes back, and not at all after stop", () => {
    const { connection } = make();
    last().lose();
    connection.hurry();
    vi.advanceTimersByTime(1);
    expect(Socket.all).toHaveLength(2);
    last().lose();
    connection.stop();
    vi.advanceTimersByTime(60_000);
    expect(Socket.all).toHaveLength(2);
  });
});

describe("SessionStore's connection", () => {
  it("resumes with its number and epoch after a loss, and after a gap", () => {
    vi.stubGlobal("requestAnimationFrame", () => 1);
    const store = new SessionStore("k", { open, dice: () => 0 });
    const stop = store.start();
    last().accept();
    last().say(snapshot([car("1", 1)], { seq: 4, epoch: 9 }));
    last().lose();
    vi.advanceTimersByTime(300);
    expect(last().address).toContain("since=4&epoch=9");
    last().accept();
    last().say({ type: "delta", seq: 5, from: 4, epoch: 9, t_ms: 1, patch: {} });
    last().say({ type: "delta", seq: 9, from: 7, epoch: 9, t_ms: 2, patch: {} });
    vi.advanceTimersByTime(1);
    expect(last().address).toContain("since=5&epoch=9");
    expect(Socket.all).toHaveLength(3);
    stop();
    vi.unstubAllGlobals();
  });
});
