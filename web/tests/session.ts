/** Small sessions for tests: the fields that a test is about, the rest as the server would fill it. */
import type { CarState, Playback, SessionState, SnapshotMessage } from "../src/api/types";

export const playback = (part: Partial<Playback> = {}): Playback => ({
  mode: "replay", paused: false, speed: 1, t_ms: 0, start_ms: 0, end_ms: 100_000, ended: false, ...part,
});

export const car = (number: string, line: number, part: Partial<CarState> = {}): CarState => ({
  number, line, code: `C${number}`, position: line, status: "track", ...part,
});

export const state = (cars: readonly CarState[], part: Partial<SessionState> = {}): SessionState => ({
  key: "sim-2025-monza-7-R", source: "simulated", simulated: true,
  cars: Object.fromEntries(cars.map((one) => [one.number, one])), ...part,
});

export const snapshot = (cars: readonly CarState[], part: Partial<SnapshotMessage> = {}): SnapshotMessage => ({
  type: "snapshot", v: 1, seq: 1, epoch: 100, t_ms: 0, playback: playback(), state: state(cars), ...part,
});
