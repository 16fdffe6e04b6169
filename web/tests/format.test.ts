import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cutAfter, kindOf, movement } from "../src/format/cars";
import { contrast, inkOn } from "../src/format/colours";
import { messageLook, sessionLook } from "../src/format/flags";
import { clockTime, gapTime, lapTime, speedName } from "../src/format/time";
import { seasonOf, stintSpans, tyreLook } from "../src/format/tyres";
import { car } from "./session";

describe("times", () => {
  it("are written as the sport writes them", () => {
    expect([103_123, 58_900, 60_000, 1_217_717, 5].map(lapTime)).toEqual(["1:43.123", "58.900", "1:00.000", "20:17.717", "0.005"]);
    expect(lapTime(null)).toBe("");
    expect(gapTime({ ms: 1_234 })).toBe("+1.234");
    expect(gapTime({ laps: 1 })).toBe("+1 lap");
    expect(gapTime({ ms: null, laps: 3 })).toBe("+3 laps");
    expect(gapTime({})).toBe("");
    expect([clockTime(3_723_999), clockTime(723_000), clockTime(-5), clockTime(0, true)]).toEqual(["1:02:03", "12:03", "00:00", "0:00:00"]);
    expect([0, 0.25, 10].map(speedName)).toEqual(["Max", "¼×", "10×"]);
  });
  it("read back to what they were", () => {
    fc.assert(fc.property(fc.nat(5_000_000), (ms) => {
      const [seconds, minutes = "0"] = lapTime(ms).split(":").reverse() as [string, string?];
      expect(Math.round(Number(minutes) * 60_000 + Number(seconds) * 1000)).toBe(ms);
    }));
  });
});

describe("flags", () => {
  it("let danger outrank the session's end, and the end outrank a clear track", () => {
    expect(sessionLook({ status: "finished", track: "clear" }).family).toBe("chequered");
    expect(sessionLook({ status: "finished", track: "safety_car" }).family).toBe("sc");
    expect(sessionLook({ status: "aborted", track: "clear" }).family).toBe("red");
    expect(sessionLook({ status: "started", track: "vsc_ending" }).words).toBe("VSC ending");
    expect(sessionLook({}).family).toBe("none");
  });
  it("colour race control's messages", () => {
    const of = (text: string, flag = "") => messageLook({ t_ms: 0, text, flag });
    expect(of("YELLOW IN TRACK SECTOR 4", "YELLOW")).toBe("yellow");
    expect(of("CLEAR IN TRACK SECTOR 4", "CLEAR")).toBe("green");
    expect(of("VIRTUAL SAFETY CAR DEPLOYED")).toBe("vsc");
    expect(of("SAFETY CAR IN THIS LAP")).toBe("sc");
    expect(of("BLACK AND WHITE FLAG FOR CAR 20", "BLACK AND WHITE")).toBe("white");
    expect(of("DRS ENABLED")).toBe("none");
  });
});

describe("tyres", () => {
  it("wear the colours of their year", () => {
    expect(tyreLook("SOFT", 2018).family).toBe("yellow");
    expect(tyreLook("SOFT", 2025).family).toBe("red");
    expect(tyreLook("HARD", 2018).family).toBe("ice");
    expect(tyreLook(undefined, 2025).letter).toBe("?");
  });
  it("know their season from the key", () => {
    expect([seasonOf("2018-04-R"), seasonOf("sim-2026-spa-3-Q"), seasonOf("rec-x")]).toEqual([2018, 2026, 9999]);
  });
  it("give spans in lap order, without overlap, to the lap the car is on", () => {
    expect(stintSpans([{ compound: "SOFT", first_lap: 1, age_laps: 12 }, { compound: "HARD", first_lap: 13, age_laps: 4 }], 16)
      .map(({ from, to }) => [from, to])).toEqual([[1, 12], [13, 16]]);
    fc.assert(fc.property(fc.array(fc.nat(20), { maxLength: 6 }), (runs) => {
      let first = 1;
      const stints = runs.map((run) => {
        const stint = { compound: "SOFT" as const, first_lap: first, age_laps: run };
        first += run;
        return stint;
      });
      const spans = stintSpans(stints, first - 1);
      spans.forEach((span, index) => {
        expect(span.to).toBeGreaterThanOrEqual(span.from);
        if (index > 0) expect(span.from).toBe((spans[index - 1]?.to ?? 0) + 1);
      });
    }));
  });
  it("are placed by their age when the feed has not said from which lap", () => {
    expect(stintSpans([{ compound: "SOFT", age_laps: 10 }, { compound: "HARD", age_laps: 3 }], 13)
      .map(({ from, to }) => [from, to])).toEqual([[1, 10], [11, 13]]);
  });
});

describe("cars", () => {
  it("count places won since the grid", () => {
    expect(movement(car("1", 3, { grid: 10 }))).toBe(7);
    expect(movement(car("1", 3))).toBeNull();
  });
  it("belong to a kind of session", () => {
    expect(kindOf("2023-04-SQ", { session: "Sprint Shootout", session_type: "Qualifying" })).toBe("qualifying");
    expect(kindOf("2023-04-S", { session: "Sprint", session_type: "Race" })).toBe("race");
    expect(kindOf("rec-x", { session: "Practice 1" })).toBe("practice");
    expect(kindOf("sim-2025-monza-7-Q", undefined)).toBe("qualifying");
  });
  it("are cut after 15 of 20 and 16 of 22, then after ten", () => {
    expect([cutAfter(1, 20), cutAfter(1, 22), cutAfter(2, 22), cutAfter(3, 22), cutAfter(0, 20)]).toEqual([15, 16, 10, null, null]);
  });
});

describe("colours", () => {
  it("keep whatever is written on any team colour readable", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      const hex = `#${value.toString(16).padStart(6, "0")}`;
      expect(contrast(hex, inkOn(hex))).toBeGreaterThanOrEqual(4.4);
    }));
  });
  it("are the same whether light is the system's or the person's choice", () => {
    const css = readFileSync("src/design/tokens.css", "utf8");
    const tokens = (from: string) => (css.slice(css.indexOf(from)).split("}")[0] ?? "").match(/--[\w-]+: [^;]+/g);
    expect(tokens(':root:not([data-theme="dark"])')).toEqual(tokens(':root[data-theme="light"]'));
  });
});
