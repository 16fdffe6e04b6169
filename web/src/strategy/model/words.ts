/** How the strategy page says things: what a scenario is called, seconds with their sign, chances, places. */
import { tyreLook } from "../../format/tyres";
import type { EventDraft, EventKind, PlanDraft, ScenarioDraft } from "./draft";

export const EVENT_NAME: Readonly<Record<EventKind, string>> = { SC: "Safety car", VSC: "Virtual safety car", RED: "Red flag", RAIN: "Rain" };
export const EVENT_SHORT: Readonly<Record<EventKind, string>> = { SC: "SC", VSC: "VSC", RED: "Red", RAIN: "Rain" };

/** "Stop 25 H, 40 S; SC 22": what is in a scenario, shortly, for the driver who is looked at. */
export function contents(scenario: ScenarioDraft, driver: string): string {
  const plan = scenario.plans[driver];
  const others = Object.keys(scenario.plans).filter((code) => code !== driver);
  const parts = [
    ...(plan ? [planWords(plan)] : []),
    ...scenario.events.map((event) => `${EVENT_SHORT[event.kind]} ${event.lap}`),
    ...(others.length === 0 ? [] : [`${others.slice(0, 2).join(", ")}${others.length > 2 ? " …" : ""} otherwise`]),
    ...(scenario.wear === 1 ? [] : [`wear ${Math.round(scenario.wear * 100)} %`]),
    ...(scenario.onlyThese ? ["nothing else happens"] : []),
  ];
  return parts.filter(Boolean).join(" · ");
}

export function planWords({ start, stops, pace, delta, fuel }: PlanDraft): string {
  const sets = stops.map(({ lap, compound }) => `${lap} ${tyreLook(compound, 9999).letter}`).join(", ");
  return [
    ...(start ? [`Start ${tyreLook(start, 9999).letter}`] : []),
    sets ? `${stops.length === 1 ? "Stop" : "Stops"} ${sets}` : "No stop",
    ...(pace === "normal" ? [] : [pace]),
    ...(delta === 0 ? [] : [`${signed(delta, 2)} s a lap`]),
    ...(fuel === 0 ? [] : [`${fuel} kg more fuel`]),
  ].join(", ");
}

export const nameOf = (scenario: ScenarioDraft, driver: string): string => scenario.name ?? (contents(scenario, driver) || "As it was");

export const eventWords = ({ kind, lap, laps }: EventDraft): string => `${EVENT_NAME[kind]}, ${laps === 1 ? `lap ${lap}` : `laps ${lap} to ${lap + laps - 1}`}`;

/** 1.234 is "+1.2", -0.04 is "−0.0" written "0.0": no sign on nothing. */
export function signed(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "−" : "+"}${text}`;
}

/** 0.4213 is "42 %"; what is possible is never rounded to never, nor what is not certain to certain. */
export function chance(value: number): string {
  const percent = value * 100;
  if (percent > 0 && percent < 0.5) return "<1 %";
  if (percent < 100 && percent >= 99.5) return ">99 %";
  return `${Math.round(percent)} %`;
}

/** A mean place: "P3.4". */
export const meanPlace = (value: number): string => `P${value.toFixed(1)}`;

/** "P2", or "P2–5". */
export const placeSpan = (low: number, high: number): string => (Math.round(low) === Math.round(high) ? `P${Math.round(low)}` : `P${Math.round(low)}–${Math.round(high)}`);

/** The scenario's own letter: A is what happened. */
export const letterOf = (index: number): string => String.fromCharCode(65 + index);
