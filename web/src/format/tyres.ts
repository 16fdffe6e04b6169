/** How tyres look and are called, by season: what "soft" means changed after 2018. */
import type { Compound, Stint } from "../api/types";

/** Colour families; the token `--tyre-<family>` exists for each. */
export type TyreFamily = "red" | "yellow" | "white" | "green" | "blue" | "ice" | "orange" | "purple" | "pink" | "unknown";

export interface TyreLook { readonly family: TyreFamily; readonly letter: string; readonly name: string }

const TODAY: Record<Compound, TyreLook> = {
  SOFT: { family: "red", letter: "S", name: "soft" },
  MEDIUM: { family: "yellow", letter: "M", name: "medium" },
  HARD: { family: "white", letter: "H", name: "hard" },
  INTERMEDIATE: { family: "green", letter: "I", name: "intermediate" },
  WET: { family: "blue", letter: "W", name: "wet" },
  HYPERSOFT: { family: "pink", letter: "HS", name: "hypersoft" },
  ULTRASOFT: { family: "purple", letter: "US", name: "ultrasoft" },
  SUPERSOFT: { family: "red", letter: "SS", name: "supersoft" },
  SUPERHARD: { family: "orange", letter: "SH", name: "superhard" },
  TEST_UNKNOWN: { family: "unknown", letter: "?", name: "test tyre" },
  UNKNOWN: { family: "unknown", letter: "?", name: "unknown tyre" },
};

/** Until 2018 the walls were: superhard orange, hard ice blue, medium white, soft yellow, supersoft red. */
const UNTIL_2018: Partial<Record<Compound, TyreFamily>> = { SOFT: "yellow", MEDIUM: "white", HARD: "ice" };

export function tyreLook(compound: Compound | undefined, season: number): TyreLook {
  const look = TODAY[compound ?? "UNKNOWN"];
  const family = season <= 2018 && compound ? UNTIL_2018[compound] : undefined;
  return family ? { ...look, family } : look;
}

/** The season in a session key; a recording without one counts as today's. */
export function seasonOf(key: string): number {
  const match = /^(?:sim-)?(\d{4})-/.exec(key);
  return match ? Number(match[1]) : 9999;
}

export interface StintSpan {
  readonly stint: Stint;
  /** First and last race lap on this set, 1-based, both included. */
  readonly from: number;
  readonly to: number;
}

/** Which laps each set ran: a set ends where the next begins, the last where the car is now. */
export function stintSpans(stints: readonly Stint[], lapsDone: number): StintSpan[] {
  const spans: StintSpan[] = [];
  let next = 1;
  stints.forEach((stint, index) => {
    const run = Math.max((stint.age_laps ?? 0) - (stint.start_age_laps ?? 0), 0);
    const from = stint.first_lap ?? next;
    const following = stints[index + 1]?.first_lap;
    const to = index === stints.length - 1 ? Math.max(lapsDone, from - 1) : (following ?? from + run) - 1;
    if (to >= from) spans.push({ stint, from, to });
    next = Math.max(to + 1, next);
  });
  return spans;
}

/** "medium, 12 laps, used". */
export function describeStint(stint: Stint, season: number): string {
  const age = stint.age_laps ?? 0;
  const worn = stint.new === true ? ", fitted new" : stint.new === false ? ", fitted used" : "";
  return `${tyreLook(stint.compound, season).name}, ${age} ${age === 1 ? "lap" : "laps"}${worn}`;
}
