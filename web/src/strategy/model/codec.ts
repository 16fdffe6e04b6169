/**
 * How a scenario is written into the address, so that it can be sent to a friend, and read again.
 *
 * Clauses are parted by "_", what is in them by ".". `VER.25H.40Ss_sc.22-4_rain.30-10-15_n.Two+stops`: Verstappen stops on
 * lap 25 for hards and on 40 for softs and saves them from then on; a safety car comes on lap 22 for four laps; rain on lap
 * 30 for ten, gaining 0.15 wetness a lap; the scenario is called "Two stops". Such addresses are permanent: what was
 * written once is read for ever. What cannot be read is left out and said.
 */
import type { Compound } from "../../api/types";
import { tyreLook } from "../../format/tyres";
import { clamp, emptyScenario, type EventDraft, type EventKind, MOST_STOPS, type Pace, type PlanDraft, type ScenarioDraft, type StopDraft } from "./draft";

const COMPOUNDS: readonly Compound[] = ["SOFT", "MEDIUM", "HARD", "INTERMEDIATE", "WET", "HYPERSOFT", "ULTRASOFT", "SUPERSOFT", "SUPERHARD"];
const LETTER = new Map(COMPOUNDS.map((compound) => [tyreLook(compound, 9999).letter, compound]));
const EVENTS: Readonly<Record<string, EventKind>> = { sc: "SC", vsc: "VSC", red: "RED", rain: "RAIN" };
const PACES: Readonly<Record<string, Pace>> = { p: "push", s: "save", "": "normal" };
const PACE_MARK: Readonly<Record<Pace, string>> = { push: "p", save: "s", normal: "" };

/** Compound letters are capitals, so a pace mark after them, in small, is never mistaken for one. */
const STOP = /^(\d{1,3})([A-Z]{1,2})(\d{0,2})([ps]?)$/;
const START = /^start([A-Z]{1,2})$/;
const EVENT = /^(\d{1,3})-(\d{1,3})(?:-(\d{1,3}))?$/;

export function writeScenario(scenario: ScenarioDraft): string {
  const clauses = [
    ...Object.entries(scenario.plans).map(([driver, plan]) => [driver, ...planParts(plan)].join(".")),
    ...scenario.events.map(eventClause),
    ...(scenario.wear === 1 ? [] : [`wear.${Math.round(scenario.wear * 100)}`]),
    ...(scenario.onlyThese ? ["only"] : []),
    ...(scenario.name === null ? [] : [`n.${scenario.name}`]),
  ];
  return clauses.join("_");
}

function planParts({ start, pace, stops, react, delta, fuel }: PlanDraft): readonly string[] {
  return [
    ...(start ? [`start${letterOf(start)}`] : []),
    ...(pace === "normal" ? [] : [pace]),
    ...stops.map((stop) => `${stop.lap}${letterOf(stop.compound)}${stop.age || ""}${PACE_MARK[stop.pace]}`),
    ...(react ? ["react"] : []),
    ...(delta === 0 ? [] : [`d${Math.round(delta * 100)}`]),
    ...(fuel === 0 ? [] : [`f${Math.round(fuel)}`]),
  ];
}

function eventClause({ kind, lap, laps, intensity }: EventDraft): string {
  const water = kind === "RAIN" ? `-${Math.round(intensity * 100)}` : "";
  return `${kind.toLowerCase()}.${lap}-${laps}${water}`;
}

const letterOf = (compound: Compound): string => tyreLook(compound, 9999).letter;

export interface Read { readonly scenario: ScenarioDraft; /** What was not understood, as it stood there. */ readonly unread: readonly string[] }

export function readScenario(text: string, id: number): Read {
  const [clauses, name] = parted(text);
  const unread: string[] = [];
  let scenario: ScenarioDraft = { ...emptyScenario(id), name };
  for (const clause of clauses) {
    const next = readClause(scenario, clause);
    if (next) scenario = next;
    else unread.push(clause);
  }
  return { scenario, unread };
}

/** The clauses, and the name: it comes last and may hold any character. */
function parted(text: string): readonly [readonly string[], string | null] {
  const at = text.startsWith("n.") ? 0 : text.indexOf("_n.") + 1;
  const named = text.startsWith("n.") || at > 0;
  const clauses = (named ? text.slice(0, Math.max(at - 1, 0)) : text).split("_").filter(Boolean);
  const name = named ? text.slice(at + 2).trim().slice(0, 60) : "";
  return [clauses, name || null];
}

function readClause(scenario: ScenarioDraft, clause: string): ScenarioDraft | null {
  const [head = "", ...parts] = clause.split(".");
  const kind = Object.hasOwn(EVENTS, head) ? EVENTS[head] : undefined;
  if (kind) return readEvent(scenario, kind, parts);
  if (head === "only" && parts.length === 0) return { ...scenario, onlyThese: true };
  if (head === "wear") {
    const percent = whole(parts[0]);
    return percent === null || parts.length !== 1 ? null : { ...scenario, wear: clamp(percent, 50, 200) / 100 };
  }
  if (!isCode(head)) return null;
  const plan = readPlan(parts);
  return plan && { ...scenario, plans: { ...scenario.plans, [head]: plan } };
}

/** A three-letter code, or a car's number where it has none. */
const isCode = (text: string): boolean => /^([A-Z]{3}|\d{1,3})$/.test(text);

function readPlan(parts: readonly string[]): PlanDraft | null {
  let [start, pace, react, delta, fuel]: [Compound | null, Pace, boolean, number, number] = [null, "normal", false, 0, 0];
  const stops: StopDraft[] = [];
  for (const part of parts) {
    const stop = STOP.exec(part);
    const compound = LETTER.get((stop ?? START.exec(part))?.[stop ? 2 : 1] ?? "");
    if (stop && compound) stops.push({ lap: Number(stop[1]), compound, age: Number(stop[3] || 0), pace: PACES[stop[4] ?? ""] ?? "normal" });
    else if (part.startsWith("start") && compound) start = compound;
    else if (part === "push" || part === "save") pace = part;
    else if (part === "react") react = true;
    else if (/^d-?\d{1,3}$/.test(part)) delta = clamp(Number(part.slice(1)), -300, 300) / 100;
    else if (/^f\d{1,2}$/.test(part)) fuel = Number(part.slice(1));
    else return null;
  }
  const laps = new Set(stops.map(({ lap }) => lap));
  if (stops.length > MOST_STOPS || laps.size < stops.length) return null;
  return { start, pace, react, delta, fuel, stops: stops.sort((a, b) => a.lap - b.lap) };
}

function readEvent(scenario: ScenarioDraft, kind: EventKind, parts: readonly string[]): ScenarioDraft | null {
  const found = parts.length === 1 ? EVENT.exec(parts[0] ?? "") : null;
  const [lap, laps] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
  if (!found || lap < 1 || laps < 1) return null;
  const event = { kind, lap, laps, intensity: kind === "RAIN" ? clamp(Number(found[3] ?? 15), 1, 100) / 100 : 0 };
  return { ...scenario, events: [...scenario.events, event].sort((a, b) => a.lap - b.lap) };
}

const whole = (text: string | undefined): number | null => (/^\d{1,4}$/.test(text ?? "") ? Number(text) : null);
