/** What the lap chart draws: times by lap, which laps were pit laps, which ran behind a flag. */
import type { Lap } from "../api/types";

export interface LapSeries {
  readonly laps: readonly number[];
  /** Seconds; null where the feed gave none. */
  readonly seconds: readonly (number | null)[];
  /** Vertical range that shows racing laps and lets slow ones touch the top, seconds. */
  readonly range: readonly [number, number];
}

/** The feed's digits of a safety car (4), a red flag (5), a VSC (6, 7). */
export const neutralised = (lap: Lap): "red" | "sc" | "vsc" | null => {
  const digits = lap.track_status ?? "";
  if (digits.includes("5")) return "red";
  if (digits.includes("4")) return "sc";
  return /[67]/.test(digits) ? "vsc" : null;
};

export function lapSeries(laps: readonly Lap[]): LapSeries {
  const timed = laps.map((lap) => (lap.lap_ms ? lap.lap_ms / 1000 : null));
  const known = timed.filter((value) => value !== null).sort((a, b) => a - b);
  const least = known[0] ?? 60;
  const middle = known[Math.floor(known.length / 2)] ?? least;
  // Pit and safety-car laps would flatten the rest: stop 8 % above the median, 3 s at the least.
  const top = Math.min(known.at(-1) ?? least + 3, Math.max(middle * 1.08, least + 3));
  const margin = Math.max((top - least) * 0.08, 0.2);
  return { laps: laps.map((lap) => lap.lap), seconds: timed, range: [least - margin, top + margin] };
}

/** Neighbouring laps under the same flag as one period: [first, last, flag]. */
export function flagRuns(laps: readonly Lap[]): [from: number, to: number, flag: "red" | "sc" | "vsc"][] {
  const runs: [number, number, "red" | "sc" | "vsc"][] = [];
  for (const lap of laps) {
    const flag = neutralised(lap);
    if (!flag) continue;
    const last = runs.at(-1);
    if (last?.[2] === flag && last[1] === lap.lap - 1) last[1] = lap.lap;
    else runs.push([lap.lap, lap.lap, flag]);
  }
  return runs;
}
