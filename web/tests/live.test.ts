import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Feed } from "../src/api/types";
import { actionOf } from "../src/app/shortcuts";
import { feedWords, standing } from "../src/live/feed";
import { reduce } from "../src/stream/reduce";
import { SessionStore } from "../src/stream/store";
import { car, playback, snapshot } from "./session";

const NOW = 1_800_000_000_000;
const feed = (part: Partial<Feed> = {}): Feed => ({ state: "connected", session: "2025-16-R", frames: 10, frame_age_ms: 200, ...part });
const words = (part: Partial<Feed>, sinceMs = 0) => feedWords(feed(part), sinceMs, NOW)?.words ?? null;

describe("feedWords", () => {
  it("says nothing while the feed runs", () => {
    expect(feedWords(feed(), 5_000, NOW)).toBeNull();
  });
  it("counts down to the next try, and gives the reason and what to do as sentences", () => {
    const lost = { state: "waiting", why: "the connection broke off", next_try_ms: 8_200 } as const;
    expect(words(lost)).toBe("The feed is lost; next try in 9 s. The connection broke off.");
    expect(words(lost, 5_000)).toContain("in 4 s");
    expect(words(lost, 9_000)).toContain("next try now.");
    expect(words({ state: "refused", why: "No token", hint: "run overcut login" })).toBe("The feed does not let us in. No token. Run overcut login.");
  });
  it("notices a feed that is connected and silent, counting on from what was last told", () => {
    expect(words({ frame_age_ms: 44_000 })).toBeNull();
    expect(words({ frame_age_ms: 44_000 }, 61_000)).toBe("Connected, but the feed has said nothing for 01:45.");
  });
  it("warns of a token that ends within half a day, and of messages that are not on disk", () => {
    expect(words({ token_expires_utc_ms: NOW + 13 * 3_600_000 })).toBeNull();
    expect(words({ token_expires_utc_ms: NOW + 3 * 3_600_000 })).toContain("ends in 3 h");
    expect(words({ token_expires_utc_ms: NOW - 1 })).toContain("has ended");
    expect(feedWords(feed({ unrecorded: 7 }), 0, NOW)).toEqual({ tone: "quiet", words: "7 messages could not be written to the recording: is the disk full?" });
  });
});

describe("a session that is over", () => {
  it("is neither live nor silent by mistake", () => {
    expect(feedWords(feed({ frame_age_ms: 600_000 }), 0, NOW, true)).toBeNull();
    expect(standing(playback({ mode: "live", following: true }), true)).toBe("Over");
  });
  it("differs from a feed that we could not follow", () => {
    expect(feedWords(feed({ state: "ended", why: "the hub closes" }), 0, NOW)?.tone).toBe("note");
    expect(feedWords(feed({ state: "ended", why: "the recording cannot be begun", hint: "free some space" }), 0, NOW)).toEqual({
      tone: "lost", words: "The feed cannot be followed. The recording cannot be begun. Free some space.",
    });
  });
});

describe("standing", () => {
  const live = (part: Parameters<typeof playback>[0]) => playback({ mode: "live", t_ms: 100_000, end_ms: 100_000, following: true, ...part });
  it("tells live, live with a delay, and how far behind", () => {
    expect(standing(live({}))).toBe("Live");
    expect(standing(live({ delay_ms: 32_000, t_ms: 68_000 }))).toBe("Live −32 s");
    expect(standing(live({ following: false, t_ms: 25_000 }))).toBe("01:15 behind");
  });
});

describe("a live session in the store", () => {
  beforeEach(() => { vi.useFakeTimers({ toFake: ["requestAnimationFrame", "performance"] }); });
  const first = () => snapshot([car("1", 1)], { playback: playback({ mode: "live", following: true, end_ms: 10_000 }) });

  it("moves its end with the deltas, not more often than it shows", () => {
    const held = reduce(null, first());
    const soon = reduce(held, { type: "delta", seq: 2, from: 1, epoch: 100, t_ms: 10_100, end_ms: 10_100, patch: {} });
    expect(soon?.playback).toBe(held?.playback);
    const later = reduce(soon, { type: "delta", seq: 3, from: 2, epoch: 100, t_ms: 11_000, end_ms: 11_000, patch: {} });
    expect(later?.playback).toMatchObject({ end_ms: 11_000, following: true });
  });
  it("holds how the feed stands, apart from the numbered messages", () => {
    const store = new SessionStore("k");
    store.receive(first());
    store.receive({ type: "feed", ...feed({ state: "waiting" }) });
    expect(store.getView().feed?.state).toBe("waiting");
    expect(store.resume()).toEqual({ seq: 1, epoch: 100 });
  });
});

describe("the keyboard", () => {
  it("goes live with l, unless a list wants the letter", () => {
    const press = { key: "l", shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
    expect(actionOf(press, "button")).toBe("live");
    expect(actionOf(press, "select")).toBeNull();
  });
});
