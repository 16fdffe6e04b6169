/** A line under the header when the live feed is lost, silent, or about to ask for a new token. */
import { useView } from "../stream/useSession";
import { feedWords } from "./feed";
import { useNow } from "./useNow";
import "./live.css";

export function FeedNotice() {
  const feed = useView((view) => view.feed);
  const feedAt = useView((view) => view.feedAt);
  const live = useView((view) => view.held?.playback.mode === "live");
  const over = useView((view) => view.held?.state.status === "ends");
  const now = useNow();
  if (!feed || !live) return null;
  const told = feedWords(feed, now - feedAt, performance.timeOrigin + now, over);
  if (!told) return null;
  return <p className={`feed-notice feed-${told.tone}`} role={told.tone === "lost" ? "alert" : "status"}>{told.words}</p>;
}
