/** Before a live session is there: how the feed stands, and what else can be watched meanwhile. */
import type { Feed, SessionSummary } from "../api/types";
import { Choices } from "../app/Sessions";
import { SiteNav } from "../app/SiteNav";
import { feedWords } from "./feed";
import { useNow } from "./useNow";
import "./live.css";

interface Props {
  readonly feed: Feed;
  readonly sessions: readonly SessionSummary[];
  readonly onSession: (key: string) => void;
}

export function Waiting({ feed, sessions, onSession }: Props) {
  const told = feedWords(feed, 0, performance.timeOrigin + useNow());
  return (
    <main className="front">
      <SiteNav here="live" />
      <h1 className="front-title">{feed.state === "ended" ? "No session is live" : "Waiting for a session"}</h1>
      <p className="front-word" role="status">
        {told ? told.words : "Connected to the feed, which has not said yet which session it is in."} The board opens by itself.
      </p>
      {sessions.length > 0 && (
        <>
          <p className="front-word">Meanwhile:</p>
          <Choices sessions={sessions} onSession={onSession} />
        </>
      )}
    </main>
  );
}
