/** How the history is written: dates, points, places, shares, race times. "" for what is not known. */
import type { Maybe } from "../api/types";
import { lapTime } from "../format/time";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"] as const;
const isKnown = <T,>(value: Maybe<T>): value is T => value !== null && value !== undefined;

/** "1996-06-02" is "2 June 1996"; in short "2 Jun". The day is local to the race: no time zone is applied. */
export function day(iso: Maybe<string>, style: "long" | "short" = "long"): string {
  const [year, month, date] = (iso ?? "").split("-").map(Number);
  const name = MONTHS[(month ?? 0) - 1];
  if (!name || !year || !date) return "";
  return style === "long" ? `${date} ${name} ${year}` : `${date} ${name.slice(0, 3)}`;
}

/** Points as they are printed: 25, 8.5, and the sevenths of Silverstone 1954 as 1.14. */
export const points = (value: Maybe<number>): string => (isKnown(value) ? value.toLocaleString("en", { maximumFractionDigits: 2 }) : "");

export function ordinal(value: number): string {
  const ten = value % 100;
  const end = ten >= 11 && ten <= 13 ? "th" : (["th", "st", "nd", "rd"][value % 10] ?? "th");
  return `${value}${end}`;
}

/** "1 win", "2 wins". */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** 0.4213 is "42.1 %". */
export const share = (value: number): string => `${(value * 100).toFixed(1)} %`;

/** 5523123 is "1:32:03.123": race times have hours. */
export function raceTime(ms: Maybe<number>): string {
  if (!isKnown(ms)) return "";
  if (ms < 3_600_000) return lapTime(ms);
  const hours = Math.floor(ms / 3_600_000);
  const rest = ms - hours * 3_600_000;
  return `${hours}:${rest < 60_000 ? "00:" : rest < 600_000 ? "0" : ""}${rest < 10_000 ? "0" : ""}${lapTime(rest)}`;
}

interface Finish {
  readonly position: number | null; readonly time_ms: number | null; readonly gap_ms: number | null; readonly gap_laps: number | null;
  readonly reason_retired: string | null; readonly position_text: string;
}

/** How a race ended for a car: the winner's time, the gap behind it, or why it is not classified. */
export function finish(row: Finish): string {
  if (row.position === 1) return raceTime(row.time_ms) || "Won";
  if (isKnown(row.gap_ms) && row.gap_ms > 0 && row.position !== null) return `+${lapTime(row.gap_ms)}`;
  if (row.gap_laps && row.position !== null) return `+${counted(row.gap_laps, "lap")}`;
  return row.reason_retired || (row.position === null ? outcome(row.position_text) : raceTime(row.time_ms));
}

const OUTCOMES: Readonly<Record<string, string>> = {
  DNF: "Retired", NC: "Not classified", DSQ: "Disqualified", EX: "Excluded", DNS: "Did not start", DNQ: "Did not qualify",
  DNPQ: "Did not pre-qualify", DNP: "Did not practise",
};

/** What a letter code in place of a position means. */
export const outcome = (code: string): string => OUTCOMES[code] ?? code;

/** [1994, 1995, 2000] is "1994–1995, 2000". */
export function years(list: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const year of [...list].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.[1] === year - 1) last[1] = year;
    else runs.push([year, year]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(", ");
}

export const span = (first: Maybe<number>, last: Maybe<number>): string =>
  !isKnown(first) ? "" : !isKnown(last) || first === last ? String(first) : `${first}–${last}`;

/** The name of a session of qualifying. */
export const qualifyingName = (session: string): string =>
  ({ Q: "Qualifying", Q1: "First qualifying", Q2: "Second qualifying", PQ: "Pre-qualifying", SQ: "Sprint qualifying" })[session] ?? session;

/** "1994-1996,1998" style enumerations of F1DB read better with a dash and a space. */
export const ranges = (text: Maybe<string>): string => (text ?? "").replaceAll("-", "–").replaceAll(/,\s*/g, ", ");

const KINSHIP: Readonly<Record<string, string>> = {
  CHILD_IN_LAW: "child-in-law",
  GRANDPARENTS_SIBLING: "great-uncle or great-aunt",
  HALF_SIBLING: "half-sibling",
  PARENTS_SIBLING: "uncle or aunt",
  PARENTS_SIBLINGS_CHILD: "cousin",
  PARENT_IN_LAW: "parent-in-law",
  SIBLINGS_CHILD: "nephew or niece",
  SIBLINGS_CHILD_IN_LAW: "nephew or niece by marriage",
  SIBLINGS_GRANDCHILD: "great-nephew or great-niece",
  SIBLING_IN_LAW: "sibling-in-law",
};

/** What a relative is to the driver, in a word: the data say no more than the line of descent. */
export function kinship(relation: string): string {
  return KINSHIP[relation] ?? relation.toLowerCase().replaceAll("_", " ");
}
