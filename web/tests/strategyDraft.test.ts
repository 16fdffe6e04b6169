import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Compound } from "../src/api/types";
import { readScenario, writeScenario } from "../src/strategy/model/codec";
import {
  addEvent, addStop, changeEvent, emptyScenario, type EventDraft, isChanged, moveStop, NO_PLAN, onePace, type PlanDraft, removeStop,
  roomiest, samePlan, type ScenarioDraft, setPace, setStintPace, type Span, stintsOf, stopBounds, type StopDraft, withoutPlan, withPlan,
} from "../src/strategy/model/draft";
import { fitted } from "../src/strategy/model/fitted";
import { quantile } from "../src/strategy/model/told";
import { chance, contents, nameOf, placeSpan, signed } from "../src/strategy/model/words";
import { addressOf, placeOf } from "../src/strategy/routes";

const SPAN: Span = { lap: 20, total: 60 };
const stop = (lap: number, compound: Compound = "HARD"): StopDraft => ({ lap, compound, age: 0, pace: "normal" });
const plan = (...laps: number[]): PlanDraft => ({ ...NO_PLAN, stops: laps.map((lap) => stop(lap)) });
const laps = (of: PlanDraft) => of.stops.map(({ lap }) => lap);

const aStop = fc.record({ lap: fc.integer({ min: 1, max: 99 }), compound: fc.constantFrom<Compound>("SOFT", "MEDIUM", "HARD", "INTERMEDIATE", "WET", "HYPERSOFT", "SUPERHARD"), age: fc.integer({ min: 0, max: 40 }), pace: fc.constantFrom("save" as const, "normal" as const, "push" as const) });
const aPlan: fc.Arbitrary<PlanDraft> = fc.record({
  start: fc.option(fc.constantFrom<Compound>("SOFT", "MEDIUM", "HARD")), pace: fc.constantFrom("save" as const, "normal" as const, "push" as const), react: fc.boolean(),
  delta: fc.integer({ min: -150, max: 150 }).map((hundredths) => hundredths / 100 + 0), fuel: fc.integer({ min: 0, max: 30 }),
  stops: fc.uniqueArray(aStop, { maxLength: 6, selector: ({ lap }) => lap }).map((stops) => stops.sort((a, b) => a.lap - b.lap)),
});
const anEvent: fc.Arbitrary<EventDraft> = fc.tuple(fc.constantFrom("SC" as const, "VSC" as const, "RED" as const, "RAIN" as const), fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 100 }))
  .map(([kind, lap, length, water]) => ({ kind, lap, laps: length, intensity: kind === "RAIN" ? water / 100 : 0 }));
const aScenario: fc.Arbitrary<ScenarioDraft> = fc.record({
  id: fc.constant(3), name: fc.option(fc.string({ minLength: 1, maxLength: 40 }).filter((name) => name.trim() === name)),
  plans: fc.dictionary(fc.stringMatching(/^[A-Z]{3}$/), aPlan, { maxKeys: 4 }), onlyThese: fc.boolean(), wear: fc.integer({ min: 50, max: 200 }).map((percent) => percent / 100),
  events: fc.array(anEvent, { maxLength: 4 }).map((events) => events.sort((a, b) => a.lap - b.lap)),
});

describe("a plan under the hand", () => {
  it("moves a stop between its neighbours and never past them, the present lap or the flag", () => {
    const before = plan(25, 40);
    expect(laps(moveStop(before, 0, 30, SPAN))).toEqual([30, 40]);
    expect(laps(moveStop(before, 0, 55, SPAN))).toEqual([39, 40]);
    expect(laps(moveStop(before, 0, 3, SPAN))).toEqual([21, 40]);
    expect(laps(moveStop(before, 1, 99, SPAN))).toEqual([25, 59]);
    expect(moveStop(before, 0, 25.2, SPAN)).toBe(before);
    expect(stopBounds(before, 1, SPAN)).toEqual([26, 59]);
  });
  it("adds a stop where asked, beside one that is there, and none where there is no room", () => {
    expect(laps(addStop(plan(25), 40, "SOFT", SPAN))).toEqual([25, 40]);
    expect(laps(addStop(plan(25), 25, "SOFT", SPAN))).toEqual([24, 25]);
    expect(laps(addStop(plan(), 99, "SOFT", SPAN))).toEqual([59]);
    const last: Span = { lap: 58, total: 59 };
    expect(addStop(plan(), 58, "SOFT", last).stops).toEqual([]);
  });
  it("keeps every stop within the race and in order, whatever is done to it", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom("add", "move", "remove"), fc.nat(8), fc.integer({ min: -20, max: 90 })), { maxLength: 25 }), (acts) => {
      let now = NO_PLAN;
      for (const [act, index, lap] of acts) {
        now = act === "add" ? addStop(now, lap, "MEDIUM", SPAN) : act === "move" ? moveStop(now, index, lap, SPAN) : removeStop(now, index);
      }
      const made = laps(now);
      expect(made.every((lap, index) => lap > (made[index - 1] ?? SPAN.lap) && lap < SPAN.total)).toBe(true);
    }));
  });
  it("covers every lap that is left with its stints, once", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 21, max: 59 }), { maxLength: 5 }), (stops) => {
      const stints = stintsOf(plan(...stops.sort((a, b) => a - b)), SPAN);
      expect(stints.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))).toEqual(Array.from({ length: 40 }, (_, index) => 21 + index));
    }));
  });
  it("drives each stint at its own pace, or all at one", () => {
    const mixed = setStintPace(plan(25, 40), 1, "push");
    expect(stintsOf(mixed, SPAN).map(({ pace }) => pace)).toEqual(["normal", "push", "normal"]);
    expect(onePace(mixed)).toBeNull();
    expect(onePace(setPace(mixed, "save"))).toBe("save");
  });
  it("wants the next stop in the middle of the longest stint", () => {
    expect(roomiest(plan(25), SPAN)).toBe(43);
    expect(roomiest(plan(), SPAN)).toBe(40);
  });
  it("keeps an event within what is left of the race", () => {
    const one = addEvent(emptyScenario(1), "SC", 5, SPAN);
    expect(one.events).toEqual([{ kind: "SC", lap: 21, laps: 4, intensity: 0 }]);
    expect(changeEvent(one, 0, { lap: 99 }, SPAN).events[0]).toMatchObject({ lap: 60, laps: 1 });
    expect(changeEvent(one, 0, { laps: 99 }, SPAN).events[0]).toMatchObject({ lap: 21, laps: 40 });
  });
  it("knows whether a plan changes anything against what happened", () => {
    const did = () => plan(25);
    const same = withPlan(emptyScenario(1), "VER", plan(25));
    expect(isChanged(same, did)).toBe(false);
    expect(isChanged(same, () => null)).toBe(true);
    expect(isChanged(withPlan(same, "NOR", plan(26)), did)).toBe(true);
    expect(isChanged(withoutPlan(withPlan(same, "NOR", plan(26)), "NOR"), did)).toBe(false);
    expect(isChanged(addEvent(same, "RAIN", 30, SPAN), did)).toBe(true);
    expect(samePlan(plan(25), { ...plan(25), fuel: 5 })).toBe(false);
  });
});

describe("an address", () => {
  it("holds any scenario and gives it back", () => {
    fc.assert(fc.property(aScenario, (scenario) => {
      const { scenario: back, unread } = readScenario(writeScenario(scenario), scenario.id);
      expect(unread).toEqual([]);
      expect(back).toEqual({ ...scenario, plans: { ...scenario.plans } });
    }));
  });
  it("is written so, for ever", () => {
    const text = "VER.startS.25H.40S12s_NOR.push.30M_sc.22-4_rain.30-10-15_wear.120_only_n.Two stops_n.";
    const { scenario, unread } = readScenario(text, 1);
    expect(unread).toEqual([]);
    expect(scenario.plans.VER).toEqual({ start: "SOFT", pace: "normal", react: false, delta: 0, fuel: 0, stops: [stop(25), { lap: 40, compound: "SOFT", age: 12, pace: "save" }] });
    expect(scenario.plans.NOR).toMatchObject({ pace: "push", stops: [{ lap: 30, compound: "MEDIUM" }] });
    expect(scenario).toMatchObject({ wear: 1.2, onlyThese: true, name: "Two stops_n.", events: [{ kind: "SC", lap: 22, laps: 4 }, { kind: "RAIN", lap: 30, laps: 10, intensity: 0.15 }] });
  });
  it("leaves out what it does not understand, and says it", () => {
    const { scenario, unread } = readScenario("VER.25X_VER.1H.1H_sc.x_sc.0-3_wat_NOR.30M_constructor.3_delta", 1);
    expect(unread).toEqual(["VER.25X", "VER.1H.1H", "sc.x", "sc.0-3", "wat", "constructor.3", "delta"]);
    expect(Object.keys(scenario.plans)).toEqual(["NOR"]);
  });
  it("never throws, whatever is in it", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (path, search) => { expect(placeOf(`/strategy/${path}`, search).scenarios.length).toBeLessThan(5); }));
  });
  it("names race, lap, driver, rivals, world and plans", () => {
    const place = placeOf("/strategy/2024-05-R/", "?lap=20&driver=ver&rivals=teams&world=was&s=VER.25H&s=sc.30-4&s=&s=wat");
    expect(place).toMatchObject({ session: "2024-05-R", lap: 20, driver: "VER", rivals: "as_teams_do", world: "as_it_was", unread: ["wat"] });
    expect(addressOf({ ...place, scenarios: place.scenarios.slice(0, 2) })).toBe("/strategy/2024-05-R?lap=20&driver=VER&rivals=teams&world=was&s=VER.25H&s=sc.30-4");
    expect(placeOf("/strategy", "")).toMatchObject({ session: null, lap: null, driver: null, rivals: null, scenarios: [] });
    expect(placeOf("/strategy/x", "?lap=-4&rivals=toString")).toMatchObject({ lap: null, rivals: null, unread: ["lap=-4"] });
    expect(placeOf("/strategy/%E0%A4%A", "").session).toBe("%E0%A4%A");
  });
});

describe("a plan from another lap or another race", () => {
  const known = (code: string) => code === "VER";
  it("loses what lies behind or beyond the flag, and says so", () => {
    const scenario = { ...withPlan(withPlan(emptyScenario(1), "VER", { ...plan(12, 30, 99), start: "SOFT" }), "HAM", plan(25)), events: [{ kind: "SC" as const, lap: 18, laps: 5, intensity: 0 }, { kind: "RED" as const, lap: 70, laps: 1, intensity: 0 }] };
    const { scenario: fits, left } = fitted(scenario, SPAN, known);
    expect(fits.plans).toEqual({ VER: { ...plan(30), start: null } });
    expect(fits.events).toEqual([{ kind: "SC", lap: 21, laps: 2, intensity: 0 }]);
    expect(left).toEqual([
      "VER's stop on lap 12 lies before lap 20.", "VER's stop on lap 99 comes too late: the race has 60 laps.", "HAM is not in this race.",
      "Red flag on lap 70 comes too late: the race has 60 laps.",
    ]);
  });
  it("is the very same where all of it fits", () => {
    const scenario = withPlan(emptyScenario(1), "VER", plan(30));
    expect(fitted(scenario, SPAN, known)).toMatchObject({ left: [], scenario });
    expect(fitted(scenario, SPAN, known).scenario.plans.VER).toBe(scenario.plans.VER);
  });
});

describe("words", () => {
  it("names a plan after what is in it, unless it has a name", () => {
    const scenario = addEvent(withPlan(emptyScenario(1), "VER", { ...plan(25, 40), pace: "push" }), "SC", 30, SPAN);
    expect(contents(scenario, "VER")).toBe("Stops 25 H, 40 H, push · SC 30");
    expect(contents(scenario, "NOR")).toBe("SC 30 · VER otherwise");
    expect(nameOf({ ...scenario, name: "Bold" }, "VER")).toBe("Bold");
    expect(nameOf(emptyScenario(2), "VER")).toBe("As it was");
  });
  it("writes chances, signs and places as people do", () => {
    expect([0, 0.001, 0.004, 0.42, 0.994, 0.996, 0.9999, 1].map(chance)).toEqual(["0 %", "<1 %", "<1 %", "42 %", "99 %", ">99 %", ">99 %", "100 %"]);
    expect([1.26, -1.26, -0.04, 0].map((value) => signed(value))).toEqual(["+1.3", "−1.3", "0.0", "0.0"]);
    expect([placeSpan(2, 2), placeSpan(2, 5)]).toEqual(["P2", "P2–5"]);
  });
  it("reads a quantile off the chances of places", () => {
    expect([0.05, 0.25, 0.5, 0.75, 0.95].map((share) => quantile([0.25, 0.25, 0.3, 0.2], share))).toEqual([1, 1, 2, 3, 4]);
    expect(quantile([0.3, 0.3], 0.9)).toBe(2);
  });
});
