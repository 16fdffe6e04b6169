/** What the replay bar reads off the recording's timeline: the lap at a moment, the way to the next, the periods. */
import type { Timeline, TrackStatus } from "../api/types";

/** The leader's lap at `tMs`; 0 before the first. `laps` is ordered by time. */
export function lapAt(laps: Timeline["laps"], tMs: number): number {
  let found = 0;
  for (const [from, lap] of laps ?? []) {
    if (from > tMs) break;
    found = lap;
  }
  return found;
}

/** When the lap before or after the one at `tMs` begins. Backwards, a lap well under way returns to its own start. */
export function lapStep(laps: Timeline["laps"], tMs: number, step: 1 | -1): number | null {
  const starts = (laps ?? []).map(([from]) => from);
  if (step === 1) return starts.find((from) => from > tMs) ?? null;
  return starts.findLast((from) => from < tMs - JUST_BEGUN_MS) ?? null;
}
const JUST_BEGUN_MS = 3_000;

/** When racing begins: the first "started" of the session, or the recording's own start. */
export const startOf = (timeline: Timeline): number =>
  timeline.session?.find(([, status]) => status === "started")?.[0] ?? timeline.start_ms;

/** Periods worth a colour on the bar; a clear track is its ground. */
export function dangers(timeline: Timeline): { from: number; to: number; status: TrackStatus }[] {
  return (timeline.flags ?? [])
    .filter(([, , status]) => status !== "clear" && status !== "unknown")
    .map(([from, to, status]) => ({ from, to, status }));
}

/** Share of the recording at `tMs`, 0 to 1. */
export function shareOf(timeline: Pick<Timeline, "start_ms" | "end_ms">, tMs: number): number {
  const length = timeline.end_ms - timeline.start_ms;
  return length > 0 ? Math.min(Math.max((tMs - timeline.start_ms) / length, 0), 1) : 0;
}
