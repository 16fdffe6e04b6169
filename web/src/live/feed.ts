/** What there is to say of the live feed: nothing while it runs, plain words when it does not. */
import type { Feed, Playback } from "../api/types";
import { clockTime } from "../format/time";

export interface FeedWords {
  /** `lost`: the board stands still; `quiet`: it may be about to; `note`: nothing is wrong yet. */
  readonly tone: "lost" | "quiet" | "note";
  readonly words: string;
}

/** The feed sends a heartbeat every 15 s; three that stay out are worth a word. */
const QUIET_MS = 45_000;
const TOKEN_WARNING_MS = 12 * 3_600_000;

/**
 * Words on the feed as it was told `sinceMs` ago; null while there is nothing to say. `nowMs` is wall-clock time; a feed
 * whose session is `over` may be silent until the next one.
 */
export function feedWords(feed: Feed, sinceMs: number, nowMs: number, over = false): FeedWords | null {
  const why = [feed.why, feed.hint].map((words) => (words ? ` ${sentence(words)}` : "")).join("");
  switch (feed.state) {
    case "connecting": return { tone: "lost", words: (feed.attempt ?? 0) > 1 ? `Connecting to the feed again.${why}` : "Connecting to the feed." };
    case "waiting": {
      const left = Math.ceil(Math.max((feed.next_try_ms ?? 0) - sinceMs, 0) / 1000);
      return { tone: "lost", words: `The feed is lost; next try ${left > 0 ? `in ${left} s` : "now"}.${why}` };
    }
    case "refused": return { tone: "lost", words: `The feed does not let us in.${why}` };
    // What we could not do comes with a hint; a feed that ended as it should has none.
    case "ended": return feed.hint ? { tone: "lost", words: `The feed cannot be followed.${why}` } : { tone: "note", words: `The feed has ended.${why}` };
    case "connected": break;
  }
  if (feed.unrecorded) return { tone: "quiet", words: `${feed.unrecorded} messages could not be written to the recording: is the disk full?` };
  const age = feed.frame_age_ms === null || feed.frame_age_ms === undefined ? 0 : feed.frame_age_ms + sinceMs;
  if (age > QUIET_MS && !over) return { tone: "quiet", words: `Connected, but the feed has said nothing for ${clockTime(age)}.` };
  const expires = feed.token_expires_utc_ms;
  if (expires && expires - nowMs < TOKEN_WARNING_MS) {
    return { tone: "note", words: expires > nowMs ? `The access token ends in ${span(expires - nowMs)}: run overcut login.` : "The access token has ended: run overcut login." };
  }
  return null;
}

/** How far behind the present the board is: "Live", "Live −32 s", "12:03 behind"; "Over" at the end of a session. */
export function standing(playback: Playback, over = false): string {
  const delay = playback.delay_ms ?? 0;
  if (playback.following && over) return "Over";
  if (playback.following) return delay > 0 ? `Live −${seconds(delay)} s` : "Live";
  return `${clockTime(Math.max(playback.end_ms - playback.t_ms, 0))} behind`;
}

/** 32000 is "32", 2500 is "2.5". */
export const seconds = (ms: number): string => (ms % 1000 === 0 ? String(ms / 1000) : (ms / 1000).toFixed(1));

const span = (ms: number): string => (ms >= 3_600_000 ? `${Math.floor(ms / 3_600_000)} h` : `${Math.max(Math.ceil(ms / 60_000), 1)} min`);

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
