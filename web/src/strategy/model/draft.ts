/** What a plan on the page holds while it is played with, and what each move of the hand makes of it. All pure. */
import type { Compound } from "../../api/types";

export type Pace = "save" | "normal" | "push";
export type EventKind = "SC" | "VSC" | "RED" | "RAIN";

export interface StopDraft {
  /** The stop is at the end of this lap. */
  readonly lap: number;
  readonly compound: Compound;
  /** Laps that the set has on it already. */
  readonly age: number;
  /** How the car is driven from this stop on. */
  readonly pace: Pace;
}

/** One car's plan from the present lap on. */
export interface PlanDraft {
  /** The tyre of the start; null keeps the one that the car has. */
  readonly start: Compound | null;
  readonly pace: Pace;
  readonly stops: readonly StopDraft[];
  /** Whether the team may bring a stop forward under a safety car and change for the rain. */
  readonly react: boolean;
  /** Seconds added to every lap: damage, an upgrade. */
  readonly delta: number;
  /** Kilograms of fuel carried to the flag beyond what is needed. */
  readonly fuel: number;
}

export interface EventDraft {
  readonly kind: EventKind;
  /** The first lap under it, and how many. */
  readonly lap: number;
  readonly laps: number;
  /** Rain alone: wetness gained a lap. */
  readonly intensity: number;
}

export interface ScenarioDraft {
  /** Apart from all others on the page. */
  readonly id: number;
  /** What a person called it; null: it is named after what is different in it. */
  readonly name: string | null;
  /** By driver code. A car without one does what it did, or what teams do. */
  readonly plans: Readonly<Record<string, PlanDraft>>;
  readonly events: readonly EventDraft[];
  /** Nothing neutralises the race and no rain falls but what is laid on the timeline. */
  readonly onlyThese: boolean;
  /** Factor on all tyre wear. */
  readonly wear: number;
}

/** The race that a plan is laid into: the present lap, and the last. */
export interface Span { readonly lap: number; readonly total: number }

export const MOST_SCENARIOS = 5;
export const MOST_STOPS = 8;
export const EVENT_LAPS: Readonly<Record<EventKind, number>> = { SC: 4, VSC: 2, RED: 1, RAIN: 10 };
export const DRIZZLE = 0.05, RAIN = 0.15, DOWNPOUR = 0.3;
export const NO_PLAN: PlanDraft = { start: null, pace: "normal", stops: [], react: false, delta: 0, fuel: 0 };

export const emptyScenario = (id: number): ScenarioDraft =>
  ({ id, name: null, plans: {}, events: [], onlyThese: false, wear: 1 });

export const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), Math.max(least, most));

/** The laps between which a stop may be: after the present one, before the flag, not across its neighbours. */
export function stopBounds(plan: PlanDraft, index: number, { lap, total }: Span): readonly [number, number] {
  const before = plan.stops[index - 1]?.lap ?? lap;
  const after = plan.stops[index + 1]?.lap ?? total;
  return [before + 1, Math.max(before + 1, after - 1)];
}

export function moveStop(plan: PlanDraft, index: number, lap: number, span: Span): PlanDraft {
  const stop = plan.stops[index];
  if (!stop) return plan;
  const [least, most] = stopBounds(plan, index, span);
  const next = clamp(Math.round(lap), least, most);
  return next === stop.lap ? plan : changeStop(plan, index, { lap: next });
}

export const changeStop = (plan: PlanDraft, index: number, change: Partial<StopDraft>): PlanDraft =>
  ({ ...plan, stops: plan.stops.map((stop, at) => (at === index ? { ...stop, ...change } : stop)) });

export const removeStop = (plan: PlanDraft, index: number): PlanDraft => ({ ...plan, stops: plan.stops.filter((_, at) => at !== index) });

/** A stop at a lap, or at the free lap nearest to it; the plan as it was where there is no room. */
export function addStop(plan: PlanDraft, lap: number, compound: Compound, span: Span): PlanDraft {
  if (plan.stops.length >= MOST_STOPS) return plan;
  const taken = new Set(plan.stops.map((stop) => stop.lap));
  const free = Array.from({ length: Math.max(span.total - span.lap - 1, 0) }, (_, index) => span.lap + 1 + index).filter((one) => !taken.has(one));
  const nearest = free.sort((a, b) => Math.abs(a - lap) - Math.abs(b - lap) || a - b)[0];
  if (nearest === undefined) return plan;
  const pace = stintPace(plan, plan.stops.filter((stop) => stop.lap < nearest).length);
  const stops = [...plan.stops, { lap: nearest, compound, age: 0, pace }].sort((a, b) => a.lap - b.lap);
  return { ...plan, stops };
}

/** The middle of the longest part that is still to be driven: where another stop is likeliest wanted. */
export function roomiest(plan: PlanDraft, { lap, total }: Span): number {
  const ends = [lap, ...plan.stops.map((stop) => stop.lap), total];
  let best = 0;
  for (let index = 1; index < ends.length; index++) if (length(ends, index) > length(ends, best)) best = index;
  return Math.round(((ends[best - 1] ?? lap) + (ends[best] ?? total)) / 2);
}

const length = (ends: readonly number[], index: number): number => (index === 0 ? -1 : (ends[index] ?? 0) - (ends[index - 1] ?? 0));

/** How the car is driven in a stint: 0 is the present one. */
export const stintPace = (plan: PlanDraft, stint: number): Pace => (stint === 0 ? plan.pace : (plan.stops[stint - 1]?.pace ?? plan.pace));

export const setStintPace = (plan: PlanDraft, stint: number, pace: Pace): PlanDraft =>
  (stint === 0 ? { ...plan, pace } : changeStop(plan, stint - 1, { pace }));

/** The whole rest of the race at one pace. */
export const setPace = (plan: PlanDraft, pace: Pace): PlanDraft => ({ ...plan, pace, stops: plan.stops.map((stop) => ({ ...stop, pace })) });

/** The one pace of all stints; null where they differ. */
export const onePace = (plan: PlanDraft): Pace | null => (plan.stops.every((stop) => stop.pace === plan.pace) ? plan.pace : null);

export interface StintDraft {
  /** First and last lap, both included; the first of the present stint is the next lap to be driven. */
  readonly from: number;
  readonly to: number;
  /** null: the tyre that is on the car. */
  readonly compound: Compound | null;
  readonly age: number;
  readonly pace: Pace;
}

/** The stints of a plan, from the present lap to the flag. */
export function stintsOf(plan: PlanDraft, { lap, total }: Span): readonly StintDraft[] {
  const begins = [{ lap, compound: plan.start, age: 0, pace: plan.pace }, ...plan.stops];
  return begins.map((begin, index) => ({
    from: begin.lap + 1, to: begins[index + 1]?.lap ?? total, compound: begin.compound, age: begin.age, pace: begin.pace,
  }));
}

export function addEvent(scenario: ScenarioDraft, kind: EventKind, lap: number, { lap: now, total }: Span): ScenarioDraft {
  const laps = Math.min(EVENT_LAPS[kind], Math.max(total - now, 1));
  const event = { kind, lap: clamp(Math.round(lap), now + 1, total), laps, intensity: kind === "RAIN" ? RAIN : 0 };
  return { ...scenario, events: [...scenario.events, event].sort((a, b) => a.lap - b.lap) };
}

/** An event elsewhere, or longer or shorter; it stays within what is left of the race. */
export function changeEvent(scenario: ScenarioDraft, index: number, change: Partial<EventDraft>, { lap: now, total }: Span): ScenarioDraft {
  return {
    ...scenario,
    events: scenario.events.map((event, at) => {
      if (at !== index) return event;
      const next = { ...event, ...change };
      const lap = clamp(Math.round(next.lap), now + 1, total);
      return { ...next, lap, laps: clamp(Math.round(next.laps), 1, total - lap + 1) };
    }),
  };
}

export const removeEvent = (scenario: ScenarioDraft, index: number): ScenarioDraft =>
  ({ ...scenario, events: scenario.events.filter((_, at) => at !== index) });

export const withPlan = (scenario: ScenarioDraft, driver: string, plan: PlanDraft): ScenarioDraft =>
  ({ ...scenario, plans: { ...scenario.plans, [driver]: plan } });

/** The car does again what it did. */
export const withoutPlan = (scenario: ScenarioDraft, driver: string): ScenarioDraft =>
  ({ ...scenario, plans: Object.fromEntries(Object.entries(scenario.plans).filter(([name]) => name !== driver)) });

export const samePlan = (a: PlanDraft, b: PlanDraft): boolean => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));

const ordered = ({ start, pace, stops, react, delta, fuel }: PlanDraft) => [start, pace, react, delta, fuel, stops.map(({ lap, compound, age, pace: then }) => [lap, compound, age, then])];

/** Whether a scenario changes anything at all, given what each car did (null: nobody knows what it will do). */
export function isChanged(scenario: ScenarioDraft, actual: (driver: string) => PlanDraft | null): boolean {
  return scenario.events.length > 0 || scenario.onlyThese || scenario.wear !== 1
    || Object.entries(scenario.plans).some(([driver, plan]) => {
      const did = actual(driver);
      return did === null || !samePlan(plan, did);
    });
}
