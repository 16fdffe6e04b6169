/** What a board says of a car in words: its status, its movement since the grid, its session's kind. */
import type { CarState, CarStatus, Meeting } from "../api/types";

export type SessionKind = "race" | "qualifying" | "practice";

/** The kind decides the board's columns. The feed's words outrank the key. */
export function kindOf(key: string, meeting: Meeting | undefined): SessionKind {
  const said = `${meeting?.session ?? ""} ${meeting?.session_type ?? ""}`.toLowerCase();
  if (said.includes("qualifying") || said.includes("shootout") || /-S?Q$/.test(key)) return "qualifying";
  if (said.includes("race") || said.includes("sprint") || /-[RS]$/.test(key)) return "race";
  return "practice";
}

interface StatusLook { readonly tag: string; readonly words: string }

const STATUS: Record<CarStatus, StatusLook> = {
  grid: { tag: "Grid", words: "on the grid" },
  track: { tag: "", words: "on track" },
  pit: { tag: "Pit", words: "in the pits" },
  out: { tag: "Out lap", words: "on an out-lap" },
  stopped: { tag: "Stopped", words: "stopped on track" },
  retired: { tag: "Retired", words: "retired" },
  knocked_out: { tag: "Out", words: "knocked out" },
  finished: { tag: "Finish", words: "finished" },
};

export const statusLook = (status: CarStatus | undefined): StatusLook => STATUS[status ?? "grid"];

/** Whether the car takes no further part. */
export const isGone = (car: CarState): boolean =>
  car.status === "retired" || car.status === "knocked_out" || car.retired === true || car.knocked_out === true;

/** Places won (positive) or lost since the grid; null when either is not known. */
export function movement(car: CarState): number | null {
  const { grid, position } = car;
  return grid && position ? grid - position : null;
}

/** Cars that go through from qualifying part `part` (1 or 2); null where nobody is knocked out. Six of 22 leave, or
 * five of 20 (FIA Sporting Regulations, article on qualifying: half of those outside the top ten each time). */
export function cutAfter(part: number, cars: number): number | null {
  if (part === 1) return cars > 10 ? 10 + Math.floor((cars - 10) / 2) : null;
  return part === 2 ? 10 : null;
}
