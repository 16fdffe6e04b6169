/** The session's timeline: asked for once of a recording, every few seconds of a session that still grows. */
import { useEffect, useState } from "react";
import { readTimeline } from "../api/client";
import type { Timeline } from "../api/types";

const EVERY_MS = 5_000;

export function useTimeline(key: string, live: boolean): Timeline | null {
  const [timeline, setTimeline] = useState<Timeline | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const ask = () => {
      readTimeline(key, abort.signal).then(setTimeline, () => {
        // Without it the bar still seeks; it only has no laps and flags to show.
        if (!abort.signal.aborted && !live) setTimeline(null);
      });
    };
    ask();
    const timer = live ? setInterval(ask, EVERY_MS) : undefined;
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [key, live]);
  return timeline;
}
