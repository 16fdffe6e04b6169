/** A plan of the server's as one on the bench. */
import type { OptimiserAnswer } from "../api/types";
import type { Pace, PlanDraft } from "./draft";

type ServerPlan = OptimiserAnswer["quickest"]["plan"];

export function planOf({ stops = [], start = null, pace = [], react = false }: ServerPlan): PlanDraft {
  const paceAt = (lap: number): Pace => [...pace].filter(([from]) => from <= lap).at(-1)?.[1] ?? "normal";
  const first = stops[0]?.lap ?? Infinity;
  return {
    start, react, delta: 0, fuel: 0,
    pace: pace.find(([from]) => from <= first)?.[1] ?? "normal",
    stops: stops.map(({ lap, compound, age = 0 }) => ({ lap, compound, age, pace: paceAt(lap + 1) })),
  };
}
