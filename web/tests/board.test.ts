import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actionOf } from "../src/app/shortcuts";
import { COLUMN_GAP, columnsFor, ROW_EDGE } from "../src/board/columns";
import { flagRuns, lapSeries } from "../src/driver/lapSeries";
import { dangers, lapAt, lapStep, shareOf } from "../src/replay/timeline";

const ids = (kind: Parameters<typeof columnsFor>[0], width: number) => columnsFor(kind, width).map(({ id }) => id);

describe("columnsFor", () => {
  it("never promises more than there is room for, from the narrowest phone on", () => {
    fc.assert(fc.property(fc.constantFrom("race", "qualifying", "practice"), fc.integer({ min: 320, max: 2600 }), (kind, width) => {
      const columns = columnsFor(kind, width);
      const needed = columns.reduce((sum, column) => sum + column.width, 0) + COLUMN_GAP * (columns.length - 1) + 2 * ROW_EDGE;
      expect(needed).toBeLessThanOrEqual(width);
    }));
  });
  it("keeps place, driver, gap, last lap and tyre on a phone, and all three sectors or none", () => {
    expect(ids("race", 390)).toEqual(["position", "movement", "driver", "gaps", "last", "tyre"]);
    for (const width of [390, 600, 700, 820, 1020, 1500]) {
      expect([0, 3]).toContain(ids("race", width).filter((id) => /^s\d/.test(id)).length);
    }
  });
  it("shows all that issue 2 asks for on a desktop", () => {
    expect(ids("race", 1019)).toEqual(expect.arrayContaining(["movement", "interval", "best", "s1", "stints", "stops"]));
    expect(ids("qualifying", 1019)).toEqual(expect.arrayContaining(["q1", "q2", "q3", "s1", "tyre"]));
  });
});

describe("timeline", () => {
  const laps = [[1_000, 1], [90_000, 2], [180_000, 3]] as const;
  it("knows the lap at a moment", () => {
    expect([0, 1_000, 89_999, 90_000, 9e9].map((t) => lapAt(laps, t))).toEqual([0, 1, 1, 2, 3]);
  });
  it("steps to the next lap, to this lap's start, then to the one before", () => {
    expect(lapStep(laps, 100_000, 1)).toBe(180_000);
    expect(lapStep(laps, 100_000, -1)).toBe(90_000);
    expect(lapStep(laps, 91_000, -1)).toBe(1_000);
    expect(lapStep(laps, 500, -1)).toBeNull();
  });
  it("colours only what is not clear, and places it within the bar", () => {
    const timeline = { start_ms: 0, end_ms: 100, laps: [], flags: [[0, 10, "clear"], [10, 20, "red"]] as const, session: [] };
    expect(dangers(timeline)).toEqual([{ from: 10, to: 20, status: "red" }]);
    expect([shareOf(timeline, -5), shareOf(timeline, 50), shareOf(timeline, 500)]).toEqual([0, 0.5, 1]);
  });
});

describe("lapSeries", () => {
  it("is not flattened by a pit lap", () => {
    const laps = [90_000, 90_500, 91_000, 115_000, 90_200].map((ms, index) => ({ number: "1", lap: index + 1, end_t_ms: 0, lap_ms: ms }));
    expect(lapSeries(laps).range[1]).toBeLessThan(100);
  });
  it("joins neighbouring laps under one flag", () => {
    const laps = ["1", "14", "4", "41", "1", "6"].map((track_status, index) => ({ number: "1", lap: index + 1, end_t_ms: 0, track_status }));
    expect(flagRuns(laps)).toEqual([[2, 4, "sc"], [6, 6, "vsc"]]);
  });
});

describe("actionOf", () => {
  const press = (key: string, part: Partial<KeyboardEvent> = {}) => ({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...part });
  it("maps the keys of the help sheet", () => {
    expect(actionOf(press(" "), "")).toBe("toggle");
    expect(actionOf(press("ArrowRight", { shiftKey: true }), "")).toBe("lap-forward");
    expect(actionOf(press("ArrowLeft"), "div")).toBe("back");
    expect(actionOf(press("?", { shiftKey: true }), "button")).toBe("help");
  });
  it("leaves controls and the browser their own keys", () => {
    expect(actionOf(press(" "), "button")).toBeNull();
    expect(actionOf(press("ArrowLeft"), "input:range")).toBeNull();
    expect(actionOf(press("t"), "select")).toBeNull();
    expect(actionOf(press("t", { ctrlKey: true }), "")).toBeNull();
  });
});
