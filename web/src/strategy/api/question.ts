/** The plans on the bench as the server is asked about them: what happened first, then every plan that changes anything. */
import { isChanged, type PlanDraft, type ScenarioDraft } from "../model/draft";
import type { RaceView } from "../model/view";
import { letterOf } from "../model/words";
import type { Rivals, World } from "../routes";
import type { PlanAsked, ScenarioAsked, WhatIfQuestion } from "./types";

/** What is common to all scenarios: who decides for the others, and what else may happen. */
export interface Setting { readonly rivals: Rivals; readonly world: World }

export const RACES = 10_000;
const SEED = 1;

/** The question, and which plan on the page each scenario of it is: 0 is what happened. */
export interface Asked { readonly indices: readonly number[]; readonly question: WhatIfQuestion }

export function asked(race: RaceView, driver: string, scenarios: readonly ScenarioDraft[], setting: Setting): Asked {
  const did = (code: string) => race.cars.find((car) => car.code === code)?.actual ?? null;
  const changed = scenarios.map((scenario, index) => ({ scenario, index: index + 1 })).filter(({ scenario }) => isChanged(scenario, did));
  const before: ScenarioAsked = { name: letterOf(0), plans: did(driver) === null ? {} : { [driver]: {} }, ...setting };
  return {
    indices: [0, ...changed.map(({ index }) => index)],
    question: {
      lap: race.lap, driver, races: RACES, seed: SEED,
      scenarios: [before, ...changed.map(({ scenario, index }) => scenarioAsked(race, driver, scenario, letterOf(index), setting))],
    },
  };
}

function scenarioAsked(race: RaceView, driver: string, scenario: ScenarioDraft, name: string, setting: Setting): ScenarioAsked {
  const plans = Object.fromEntries(Object.entries(scenario.plans).map(([code, plan]) => [code, planAsked(plan, race.lap)]));
  const did = race.cars.find((car) => car.code === driver)?.actual ?? null;
  if (!(driver in plans) && did !== null) plans[driver] = {};
  // What lies on the timeline takes the place of what really came: so that nothing is lost, that is asked for as well.
  const kept = setting.world === "as_it_was" && scenario.events.length > 0 ? race.cautions.filter(({ to }) => to > race.lap) : [];
  const events = [
    ...kept.map(({ kind, from, to }) => ({ kind, lap: Math.max(from, race.lap + 1), laps: to - Math.max(from, race.lap + 1) + 1, intensity: 0.15 })),
    ...scenario.events,
  ];
  return {
    name, plans, ...setting,
    ...(events.length > 0 && {
      interruptions: events.flatMap(({ kind, lap, laps }) => (kind === "RAIN" ? [] : [{ kind, lap, laps }])),
      rain: events.flatMap(({ kind, lap, laps, intensity }) => (kind === "RAIN" ? [{ lap, laps, intensity }] : [])),
    }),
    only_these: scenario.onlyThese || kept.length > 0,
    temperature_wear: scenario.wear,
  };
}

function planAsked({ start, stops, pace, react, delta, fuel }: PlanDraft, lap: number): PlanAsked {
  const modes = [{ lap: lap + 1, mode: pace }, ...stops.map((stop) => ({ lap: stop.lap + 1, mode: stop.pace }))];
  return {
    stops: stops.map(({ lap: at, compound, age }) => ({ lap: at, compound, age })),
    ...(start !== null && lap === 0 && { start }),
    pace: modes.filter(({ mode }, index) => mode !== (index === 0 ? "normal" : modes[index - 1]?.mode)),
    react, fuel_kg: fuel, lap_delta_s: delta,
  };
}
