/** What each flag is called on the board, and which colour family it wears. */
import type { RaceControlMessage, SessionState, TrackStatus } from "../api/types";

/** Colour families; the tokens `--flag-<family>` and `--flag-<family>-ink` exist for each. */
export type FlagFamily = "none" | "green" | "yellow" | "sc" | "vsc" | "red" | "chequered" | "blue" | "white" | "black";

export interface FlagLook { readonly family: FlagFamily; readonly words: string }

const OF_TRACK: Record<TrackStatus, FlagLook> = {
  clear: { family: "green", words: "Track clear" },
  yellow: { family: "yellow", words: "Yellow flag" },
  safety_car: { family: "sc", words: "Safety car" },
  red: { family: "red", words: "Red flag" },
  vsc: { family: "vsc", words: "Virtual safety car" },
  vsc_ending: { family: "vsc", words: "VSC ending" },
  unknown: { family: "none", words: "No flag yet" },
};

export const trackLook = (status: TrackStatus): FlagLook => OF_TRACK[status];

/** What the header shows: the session's own end and start outrank a clear track, never a danger. */
export function sessionLook(state: Pick<SessionState, "track" | "status">): FlagLook {
  const track = state.track ?? "unknown";
  const calm = track === "clear" || track === "unknown";
  switch (state.status) {
    case "aborted":
      return track === "red" ? OF_TRACK.red : { family: "red", words: "Suspended" };
    case "finished":
      return calm ? { family: "chequered", words: "Chequered flag" } : OF_TRACK[track];
    case "finalised":
    case "ends":
      return { family: "chequered", words: "Session over" };
    case "inactive":
      return calm ? { family: "none", words: "Not started" } : OF_TRACK[track];
    default:
      return OF_TRACK[track];
  }
}

/** The colour of one race-control message. */
export function messageLook(message: RaceControlMessage): FlagFamily {
  const flag = (message.flag ?? "").toUpperCase();
  const text = message.text.toUpperCase();
  if (flag.includes("YELLOW")) return "yellow";
  if (flag.includes("GREEN") || flag.includes("CLEAR")) return "green";
  if (flag.includes("RED")) return "red";
  if (flag.includes("CHEQUERED")) return "chequered";
  if (flag.includes("BLUE")) return "blue";
  if (flag.includes("BLACK")) return flag.includes("WHITE") ? "white" : "black";
  if (text.includes("VIRTUAL SAFETY CAR") || text.startsWith("VSC")) return "vsc";
  if (text.includes("SAFETY CAR")) return "sc";
  return "none";
}
