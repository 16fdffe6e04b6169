/** What happens to those who watch when another session becomes the live one: who was live goes along, others are asked. */
import { useEffect, useRef } from "react";
import type { SessionStore } from "../stream/store";
import { useView } from "../stream/useSession";

/** The key of another session that is live now, for one who is not taken there. */
export function useNextSession(store: SessionStore, onSession: (key: string) => void): string | null {
  const next = useView((view) => view.feed?.session ?? null);
  const live = useView((view) => view.held?.playback.mode === "live");
  const following = useView((view) => view.held?.playback.following === true);
  const was = useRef(false);
  const go = useRef(onSession);
  useEffect(() => { go.current = onSession; });
  useEffect(() => {
    // The old session stops being live a moment before the new one begins: what counts is how it was until then.
    if (live) was.current = following;
  }, [live, following]);
  const other = next !== null && next !== store.key ? next : null;
  useEffect(() => {
    if (other !== null && was.current) go.current(other);
  }, [other]);
  return other;
}
