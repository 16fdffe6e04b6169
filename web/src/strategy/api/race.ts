/** The server's race at a lap as the page takes it: done stints from the stops, the plan from what came then. */
import type { Compound } from "../../api/types";
import { teamColour } from "../../format/colours";
import { seasonOf, tyreLook } from "../../format/tyres";
import type { EventKind, PlanDraft } from "../model/draft";
import type { CarView, CautionView, DoneStint, RaceView } from "../model/view";
import type { ActualCar, CarNow, RaceAnswer } from "./types";

/** A compound of the server's; "UNKNOWN" for what the feed never said. */
const compoundOf = (text: string | null | undefined): Compound => (text ?? "UNKNOWN") as Compound;

const KINDS: readonly string[] = ["SC", "VSC", "RED", "RAIN"] satisfies EventKind[];

export function raceView(answer: RaceAnswer): RaceView {
  const { session, lap } = answer;
  const actual = new Map(answer.actual.map((car) => [car.driver_number, car]));
  return {
    key: session.session_key,
    title: session.event || session.session_key,
    session: session.sprint ? "Sprint" : "Race",
    season: session.season || seasonOf(session.session_key),
    lap,
    total: session.laps,
    lastLap: Math.min(session.lap, session.laps - 1),
    simulated: session.simulated === true,
    live: session.live === true,
    finished: answer.finished,
    cars: answer.cars.map((car) => carView(car, actual.get(car.driver_number), lap, answer.finished)),
    compounds: answer.tyres.map(({ compound }) => compoundOf(compound)),
    cautions: answer.periods.flatMap(({ kind, first_lap: from, last_lap: to }): CautionView[] => (isKind(kind) ? [{ kind, from, to }] : [])),
  };
}

const isKind = (kind: string): kind is EventKind => KINDS.includes(kind);

function carView(car: CarNow, actual: ActualCar | undefined, lap: number, finished: boolean): CarView {
  return {
    number: car.driver_number, code: car.driver, name: car.driver, team: car.team, colour: teamColour(car.colour ? `#${car.colour.replace("#", "")}` : undefined),
    position: car.position, behindS: car.behind_s, compound: compoundOf(car.compound), tyreAge: car.tyre_age, retired: car.retired,
    done: done(car, actual, lap),
    actual: finished && actual ? planOf(actual, lap) : null,
    finish: actual?.finish ?? null,
  };
}

/** The sets run so far: one ends with each stop, the last is on the car. */
function done(car: CarNow, actual: ActualCar | undefined, lap: number): readonly DoneStint[] {
  const driven = Math.min(lap, car.retired ? (actual?.laps ?? lap) : lap);
  const made = (actual?.stops ?? []).filter((stop) => stop.lap <= driven);
  const sets: DoneStint[] = [];
  let [from, compound, age] = [1, compoundOf(made[0]?.compound_before ?? actual?.start ?? car.compound), 0];
  for (const stop of made) {
    if (stop.lap >= from) sets.push({ from, to: stop.lap, compound, age });
    [from, compound, age] = [stop.lap + 1, compoundOf(stop.compound), stop.age];
  }
  if (driven >= from) sets.push({ from, to: driven, compound, age });
  return sets;
}

/** What it did from the lap on. A stop whose tyre the feed never said counts as one for what it had before. */
function planOf(actual: ActualCar, lap: number): PlanDraft {
  const stops = actual.stops.filter((stop) => stop.lap > lap).map((stop) => ({
    lap: stop.lap, compound: known(stop.compound) ?? known(stop.compound_before) ?? "MEDIUM", age: stop.age, pace: "normal" as const,
  }));
  return { start: null, pace: "normal", stops, react: false, delta: 0, fuel: 0 };
}

const known = (text: string | null): Compound | null => (text !== null && tyreLook(text as Compound, 9999).family !== "unknown" ? (text as Compound) : null);
