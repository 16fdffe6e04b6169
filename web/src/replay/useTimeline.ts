/** The whole recording's timeline, asked for once a session. */
import { useEffect, useState } from "react";
import { readTimeline } from "../api/client";
import type { Timeline } from "../api/types";

export function useTimeline(key: string): Timeline | null {
  const [timeline, setTimeline] = useState<Timeline | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    readTimeline(key, abort.signal).then(setTimeline, () => {
      // Without it the bar still seeks; it only has no laps and flags to show.
      if (!abort.signal.aborted) setTimeline(null);
    });
    return () => { abort.abort(); };
  }, [key]);
  return timeline;
}
