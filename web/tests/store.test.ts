import { describe, expect, it, vi } from "vitest";
import { boardOrder, SessionStore } from "../src/stream/store";
import { sessionTime } from "../src/stream/playClock";
import { reduce } from "../src/stream/reduce";
import { car, playback, snapshot, state } from "./session";

const cars = [car("44", 2), car("1", 1), car("16", 3)];

describe("reduce", () => {
  const held = reduce(null, snapshot(cars));

  it("applies a delta that follows on", () => {
    const next = reduce(held, { type: "delta", seq: 5, from: 1, epoch: 100, t_ms: 900, patch: { cars: { 44: { laps: 3 } } } });
    expect(next).toMatchObject({ seq: 5, tMs: 900, state: { cars: { 44: { laps: 3, code: "C44" } } } });
  });

  it("refuses a delta after a gap, of another epoch, or before any snapshot", () => {
    const delta = { type: "delta", seq: 7, t_ms: 900, patch: {} } as const;
    expect(reduce(held, { ...delta, from: 3, epoch: 100 })).toBeNull();
    expect(reduce(held, { ...delta, from: 1, epoch: 101 })).toBeNull();
    expect(reduce(null, { ...delta, from: 1, epoch: 100 })).toBeNull();
  });

  it("keeps the identity of rows that a delta or a second snapshot does not change", () => {
    const next = reduce(held, { type: "delta", seq: 2, from: 1, epoch: 100, t_ms: 1, patch: { cars: { 44: { laps: 1 } } } });
    expect(next?.state.cars?.["1"]).toBe(held?.state.cars?.["1"]);
    expect(next?.state.cars?.["44"]).not.toBe(held?.state.cars?.["44"]);
    const again = reduce(next, structuredClone({ ...snapshot(cars), state: next?.state ?? state([]) }));
    expect(again?.state).toBe(next?.state);
  });

  it("refuses to read a newer major version", () => {
    expect(() => reduce(null, snapshot(cars, { v: 2 }))).toThrow(/version 2/);
  });
});

describe("boardOrder", () => {
  it("sorts by line, then those without one by number", () => {
    expect(boardOrder(state([car("44", 0), car("5", 0), car("16", 2), car("1", 1)]).cars)).toEqual(["1", "16", "5", "44"]);
  });
});

describe("SessionStore", () => {
  it("keeps the same order array while the order is the same", () => {
    const store = new SessionStore("k");
    store.receive(snapshot(cars));
    const before = store.getView().order;
    store.receive({ type: "delta", seq: 2, from: 1, epoch: 100, t_ms: 1, patch: { cars: { 44: { laps: 1 } } } });
    expect(store.getView().order).toBe(before);
    store.receive({ type: "delta", seq: 3, from: 2, epoch: 100, t_ms: 2, patch: { cars: { 44: { line: 1 }, 1: { line: 2 } } } });
    expect(store.getView().order).toEqual(["44", "1", "16"]);
  });

  it("tells its listeners once a frame, and of the first state at once", () => {
    vi.useFakeTimers({ toFake: ["requestAnimationFrame"] });
    const store = new SessionStore("k");
    const heard = vi.fn();
    store.subscribe(heard);
    store.receive(snapshot(cars));
    expect(heard).toHaveBeenCalledTimes(1);
    for (let seq = 2; seq < 12; seq++) {
      store.receive({ type: "delta", seq, from: seq - 1, epoch: 100, t_ms: seq, patch: { t_ms: seq } });
    }
    expect(heard).toHaveBeenCalledTimes(1);
    vi.advanceTimersToNextFrame();
    expect(heard).toHaveBeenCalledTimes(2);
    vi.useRealTimers();
  });

  it("forgets places at a seek and takes none of another epoch", () => {
    const store = new SessionStore("k");
    store.receive(snapshot(cars));
    store.receive({ type: "map", t_ms: 1, epoch: 100, estimated: false, places: { 44: [1, 2, 1] } });
    expect(store.map.latest?.t_ms).toBe(1);
    store.receive(snapshot(cars, { epoch: 101 }));
    expect(store.map.latest).toBeNull();
    store.receive({ type: "map", t_ms: 2, epoch: 100, estimated: false, places: {} });
    expect(store.map.latest).toBeNull();
  });

  it("says where to resume", () => {
    const store = new SessionStore("k");
    expect(store.resume()).toBeNull();
    store.receive(snapshot(cars, { seq: 9, epoch: 77 }));
    expect(store.resume()).toEqual({ seq: 9, epoch: 77 });
  });
});

describe("sessionTime", () => {
  const view = (part: Parameters<typeof playback>[0]) => ({
    held: reduce(null, snapshot(cars, { t_ms: 50_000, playback: playback(part) })),
    phase: "open" as const, order: [], heldAt: 1_000, feed: null, feedAt: 0, failure: null,
  });
  it("runs at the playback's speed and stands when paused, ended or cut off", () => {
    expect(sessionTime(view({ speed: 10 }), 1_400)).toBe(54_000);
    expect(sessionTime(view({ speed: 10, paused: true }), 1_400)).toBe(50_000);
    expect(sessionTime(view({ speed: 10, ended: true }), 1_400)).toBe(50_000);
    expect(sessionTime({ ...view({ speed: 10 }), phase: "waiting" }, 1_400)).toBe(50_000);
  });
  it("neither passes the end nor runs away when messages stay out", () => {
    expect(sessionTime(view({ speed: 60 }), 2_400)).toBe(100_000);
    expect(sessionTime(view({ speed: 1 }), 61_000)).toBe(51_500);
  });
});
