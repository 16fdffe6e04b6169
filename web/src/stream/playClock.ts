/** What time it is in the session right now, between two messages. */
import { useEffect, useState } from "react";
import type { View } from "./store";
import { useStore } from "./useSession";

/** How far we run ahead of the last message before we rather stand still. */
const LONGEST_GUESS_MS = 1_500;

/** Session time at page time `now` (performance.now); null before the first snapshot. */
export function sessionTime(view: View, now: number): number | null {
  const held = view.held;
  if (!held) return null;
  const { paused, ended, speed, end_ms: endMs } = held.playback;
  if (paused || ended || view.phase !== "open") return held.tMs;
  const guess = held.tMs + Math.min(Math.max(now - view.heldAt, 0), LONGEST_GUESS_MS) * speed;
  return held.playback.mode === "live" ? guess : Math.min(guess, endMs);
}

/** Session time, refreshed a few times a second: for clocks, not for animation. */
export function useSessionTime(everyMs = 250): number | null {
  const store = useStore();
  const [time, setTime] = useState<number | null>(() => sessionTime(store.getView(), performance.now()));
  useEffect(() => {
    const read = () => { setTime(sessionTime(store.getView(), performance.now())); };
    const timer = setInterval(read, everyMs);
    const forget = store.subscribe(read);
    return () => {
      clearInterval(timer);
      forget();
    };
  }, [store, everyMs]);
  return time;
}
