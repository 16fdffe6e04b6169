/** What the client holds after each message, and when it must ask again. */
import type { DeltaMessage, Playback, SessionState, SnapshotMessage } from "../api/types";
import { mergePatch, share } from "./mergePatch";

/** The newest stream schema that this client can read. */
export const READABLE_VERSION = 1;

export interface Held {
  readonly seq: number;
  readonly epoch: number;
  readonly tMs: number;
  readonly playback: Playback;
  readonly state: SessionState;
}

/** How finely a live session's growing end is kept: what shows it need not be drawn anew more often. */
const END_STEP_MS = 500;

const present = (playback: Playback, endMs: number | undefined): Playback =>
  endMs === undefined || Math.abs(endMs - playback.end_ms) < END_STEP_MS ? playback : { ...playback, end_ms: endMs };

/** The held state after `message`, or null when the message does not follow on and we must resume. */
export function reduce(held: Held | null, message: SnapshotMessage | DeltaMessage): Held | null {
  if (message.type === "snapshot") {
    if (message.v > READABLE_VERSION) {
      throw new Error(`The server speaks stream version ${message.v}; this page reads ${READABLE_VERSION}. Reload it.`);
    }
    return {
      seq: message.seq,
      epoch: message.epoch,
      tMs: message.t_ms,
      playback: message.playback,
      state: share(held?.state, message.state) as SessionState,
    };
  }
  if (held?.epoch !== message.epoch || held.seq !== message.from) return null;
  return {
    seq: message.seq,
    epoch: held.epoch,
    tMs: message.t_ms,
    playback: present(message.playback ? (share(held.playback, message.playback) as Playback) : held.playback, message.end_ms),
    state: message.patch === undefined ? held.state : (mergePatch(held.state, message.patch) as SessionState),
  };
}
