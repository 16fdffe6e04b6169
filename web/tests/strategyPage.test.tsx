import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forget } from "../src/history/api/useAnswer";
import { asked } from "../src/strategy/api/question";
import { raceView } from "../src/strategy/api/race";
import type { DriverAnswer, RaceAnswer, ScenarioAnswer, WhatIfAnswer, WhatIfQuestion } from "../src/strategy/api/types";
import { emptyScenario, NO_PLAN } from "../src/strategy/model/draft";
import { planOf } from "../src/strategy/model/planOf";
import { niceEdge } from "../src/strategy/results/Delta";
import { apart } from "../src/strategy/results/FanChart";
import { points } from "../src/strategy/results/Rivals";
import { lastSeen } from "../src/strategy/results/Spread";
import Strategy from "../src/strategy/Strategy";

const CODES = ["VER", "NOR", "HAM"];
const spread = (mean: number) => ({ mean, low: mean - 1, high: mean + 1, error: 0.1 });
const estimate = { mean: 1, sd: 0.1 };

/** A race of three cars on lap 20 of 60; the first stopped on 10 and would on 35, the last has retired. */
function race(change: Partial<RaceAnswer> = {}): RaceAnswer {
  return {
    session: { session_key: "2099-01-R", season: 2099, round: 1, event: "Test Grand Prix", circuit_id: "test", sprint: false, laps: 60, lap: 60, origin: "lake", simulated: true },
    lap: 20, track: "green", wetness: 0, raining: false, compounds_required: 2, points: [25, 18], finished: true, parameters: "made up for a test",
    lap_s: estimate, pit_loss_s: estimate, pit_loss_sc_s: estimate, pit_loss_vsc_s: estimate,
    cars: CODES.map((driver, index) => ({ driver_number: String(index + 1), driver, team: "Team", colour: "112233", position: index + 1, behind_s: index * 2, compound: "HARD", tyre_age: 10, used: ["MEDIUM", "HARD"], stops: 1, in_pit: false, penalty_s: 0, retired: index === 2, pace_s: estimate })),
    tyres: ["SOFT", "MEDIUM", "HARD"].map((compound) => ({ compound, offset_s: estimate, wear_s: estimate, typical_stint_laps: 20 })),
    actual: CODES.map((_, index) => ({
      driver_number: String(index + 1), start: "MEDIUM", places: [], behind_s: [], laps: index === 2 ? 15 : 60, finish: index === 2 ? null : index + 1,
      stops: [10, 35].filter((lap) => index < 2 || lap < 15).map((lap) => ({ lap, compound: lap === 10 ? "HARD" : "SOFT", age: 0, compound_before: lap === 10 ? "MEDIUM" : "HARD", age_before: 10, track: "green" })),
    })),
    periods: [{ kind: "SC", first_lap: 18, last_lap: 22 }, { kind: "RAIN", first_lap: 40, last_lap: 44 }],
    ...change,
  };
}

const outlook = (driver: string, index: number, first: boolean): DriverAnswer => ({
  driver_number: String(index + 1), driver, chances: [0.5, 0.3, 0.2], place: spread(index + 1.4), points: spread(20 - index), win: 0.5, podium: 1, scores: 1, retires: 0.02, stops: 1,
  versus: first ? null : { time_s: spread(-3.2), place: spread(-0.5), points: spread(2), better: 0.4, worse: 0.1 },
});

function answerTo(question: WhatIfQuestion, races: number): WhatIfAnswer {
  const scenarios = (question.scenarios ?? []).map((scenario, index): ScenarioAnswer => ({
    name: scenario.name ?? "", drivers: CODES.map((driver, place) => outlook(driver, place, index === 0)), neutral_laps: spread(3),
    ahead: [{ driver_number: "2", driver: "NOR", chance: 0.61, change: index === 0 ? null : 0.12 }],
    fan: [20, 40, 60].map((lap) => ({ lap, chances: [0.5, 0.3, 0.2], low: 1, middle: 1, high: 3, behind_s: 0, lap_s: 90 })),
    moments: index === 0 ? [] : [{ lap: 25, kind: "stop", words: "stops on lap 25", chance: 1 }],
    why: index === 0 ? null : { total_s: -3.2, races, rest_s: 0.1, reasons: [{ kind: "tyres", first_lap: 25, last_lap: 35, seconds: -3.3, words: "fresher tyres for ten laps" }] },
  }));
  return { session_key: "2099-01-R", lap: 20, laps: 60, driver_number: "1", driver: "VER", races, of: 10_000, seed: 1, scenarios, ranking: [1, 0], actual: { place: 1, points: 25, stops: [] }, parameters: "made up for a test" };
}

let root: Root;
let page: HTMLElement;
let questions: WhatIfQuestion[];

vi.setConfig({ testTimeout: 30_000 });
beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }));
  vi.stubGlobal("ResizeObserver", class { observe() { /* nothing is laid out here */ } disconnect() { /* likewise */ } });
  vi.stubGlobal("scrollTo", () => undefined);
  forget();
  questions = [];
  vi.stubGlobal("fetch", vi.fn((path: string, init?: RequestInit) => {
    if (!path.endsWith("/stream")) return Promise.resolve(new Response(JSON.stringify(path.includes("lap=199") ? { detail: "Lap 199 of 2099-01-R is not over", hint: "ask up to lap 60" } : race()), { status: path.includes("lap=199") ? 404 : 200 }));
    const question = JSON.parse(init?.body as string) as WhatIfQuestion;
    questions.push(question);
    const lines = [250, 10_000].map((races) => JSON.stringify({ races, of: 10_000, answer: answerTo(question, races) }));
    return Promise.resolve(new Response(`${lines.join("\n")}\n`));
  }));
  page = document.createElement("div");
  document.body.append(page);
  root = createRoot(page);
});
afterEach(() => {
  act(() => { root.unmount(); });
  page.remove();
  vi.unstubAllGlobals();
});

const wait = (ms: number) => act(async () => { await new Promise((go) => setTimeout(go, ms)); });
/** Waits for what the page must come to by itself. */
async function until(ready: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !ready(); turn++) await wait(20);
  expect(ready()).toBe(true);
}
async function show(address: string): Promise<void> {
  history.replaceState(null, "", address);
  act(() => { root.render(<Strategy path={location.pathname} />); });
  await until(() => page.querySelector("[role=alert] h1, .running-words strong") !== null && page.querySelector("[data-busy]") === null);
}
const text = (selector: string) => page.querySelector(selector)?.textContent ?? "";
const press = async (selector: string, key: string) => {
  act(() => { page.querySelector(selector)?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })); });
  await until(() => page.querySelector("[data-busy]") === null);
};

describe("the page", () => {
  it("shows what happened and every plan, with the server's figures", async () => {
    await show("/strategy/2099-01-R?lap=20&driver=VER&s=VER.25S");
    expect(text("h1")).toBe("Test Grand Prix");
    expect([...page.querySelectorAll(".plan-letter")].map((one) => one.textContent)).toEqual(["A", "B"]);
    expect(text(".plan-actual .plan-figures")).toContain("P1.4");
    expect(text(".plan-active .plan-figures")).toContain("−3.2 s");
    expect(text(".running-words")).toContain("10,000");
    expect(text(".rival-words")).toContain("61 %");
    expect(text(".reason-words")).toBe("Fresher tyres for ten laps.");
    expect(questions.at(-1)?.scenarios?.map(({ name }) => name)).toEqual(["A", "B"]);
  });
  it("asks anew when a stop is moved by a key, and writes the address", async () => {
    await show("/strategy/2099-01-R?lap=20&driver=VER&s=VER.25S");
    await press(".stop-handle", "PageUp");
    expect(page.querySelector(".stop-handle")?.getAttribute("aria-valuenow")).toBe("30");
    expect(questions.at(-1)?.scenarios?.[1]?.plans?.VER?.stops).toEqual([{ lap: 30, compound: "SOFT", age: 0 }]);
    await until(() => location.search === "?lap=20&driver=VER&s=VER.30S");
    await press(".stop-handle", "Delete");
    expect(page.querySelector(".stop-handle")).toBeNull();
  });
  it("asks only for what happened while no plan changes anything", async () => {
    await show("/strategy/2099-01-R?lap=20");
    expect(questions.at(-1)?.scenarios).toHaveLength(1);
    expect(text(".plan-same")).toContain("Same as A");
  });
  it("says clearly what is nonsense", async () => {
    await show("/strategy/2099-01-R?lap=20&driver=VER&s=VER.99H_XXX.30H&s=wat");
    expect(text(".plan-left")).toContain("lap 99 comes too late");
    expect(text(".plan-left")).toContain("XXX is not in this race");
    expect(text(".bench-notice")).toContain("wat");
    await show("/strategy/2099-01-S?lap=199");
    expect(text("[role=alert]")).toContain("Lap 199 of 2099-01-R is not over");
  });
});

describe("the race as the page takes it", () => {
  it("knows the sets that were run, what came then, and who is out", () => {
    const [first, , last] = raceView(race()).cars;
    expect(first?.done).toEqual([{ from: 1, to: 10, compound: "MEDIUM", age: 0 }, { from: 11, to: 20, compound: "HARD", age: 0 }]);
    expect(first?.actual?.stops).toMatchObject([{ lap: 35, compound: "SOFT" }]);
    expect(last?.done.at(-1)?.to).toBe(15);
    expect(raceView(race({ finished: false })).cars[0]?.actual).toBeNull();
  });
  it("asks for a safety car beside those that really came", () => {
    const view = raceView(race());
    const rain = { ...emptyScenario(1), events: [{ kind: "SC" as const, lap: 30, laps: 4, intensity: 0 }] };
    const { question, indices } = asked(view, "VER", [emptyScenario(2), rain], { rivals: "as_they_did", world: "as_it_was" });
    expect(indices).toEqual([0, 2]);
    expect(question.scenarios?.[1]).toMatchObject({ name: "C", only_these: true, plans: { VER: {} }, interruptions: [{ kind: "SC", lap: 21, laps: 2 }, { kind: "SC", lap: 30, laps: 4 }], rain: [{ lap: 40, laps: 5 }] });
    expect(asked(view, "VER", [rain], { rivals: "as_teams_do", world: "open" }).question.scenarios?.[1]).toMatchObject({ only_these: false, interruptions: [{ lap: 30 }], rain: [] });
  });
  it("tells pace modes by the laps on which they change", () => {
    const plan = { ...NO_PLAN, pace: "push" as const, fuel: 5, delta: -0.2, stops: [{ lap: 30, compound: "SOFT" as const, age: 2, pace: "push" as const }, { lap: 45, compound: "SOFT" as const, age: 0, pace: "normal" as const }] };
    const { question } = asked(raceView(race()), "VER", [{ ...emptyScenario(1), plans: { VER: plan } }], { rivals: "as_teams_do", world: "open" });
    expect(question.scenarios?.[1]?.plans?.VER).toEqual({ react: false, fuel_kg: 5, lap_delta_s: -0.2, pace: [{ lap: 21, mode: "push" }, { lap: 46, mode: "normal" }], stops: [{ lap: 30, compound: "SOFT", age: 2 }, { lap: 45, compound: "SOFT", age: 0 }] });
  });
  it("takes a plan of the server's onto the bench", () => {
    expect(planOf({ stops: [{ lap: 30, compound: "HARD" }], start: "SOFT", pace: [[21, "save"], [31, "push"]], react: true })).toEqual({ start: "SOFT", react: true, pace: "save", delta: 0, fuel: 0, stops: [{ lap: 30, compound: "HARD", age: 0, pace: "push" }] });
  });
});

describe("the charts", () => {
  it("keep letters apart and within", () => {
    expect(apart([{ index: 0, y: 50 }, { index: 1, y: 50 }, { index: 2, y: 20 }], 13, 200).map(({ index, y }) => [index, y])).toEqual([[2, 20], [0, 50], [1, 63]]);
    expect(apart([{ index: 0, y: 99 }, { index: 1, y: 99 }], 13, 100).map(({ y }) => y)).toEqual([87, 100]);
  });
  it("have round edges, no empty columns, and signs", () => {
    expect([0.5, 1.2, 3, 7, 19.6].map(niceEdge)).toEqual([0.5, 2, 5, 10, 20]);
    expect(lastSeen([[0.5, 0.5, 0, 0, 0.004], [0, 0, 0, 0.1]])).toBe(4);
    expect([0.004, -0.031, 0.12].map(points)).toEqual(["±0", "−3", "+12"]);
  });
});
