/** Live, replayed and simulated sessions: shows one, the list to choose from, or why there is none. */
import { useEffect } from "react";
import { NoSessions, SessionList, Unreachable } from "./Sessions";
import { useFeed } from "../live/useFeed";
import { Waiting } from "../live/Waiting";
import { useRoute } from "./route";
import { Skeleton } from "./Skeleton";
import { useSessions } from "./useSessions";
import { Watch } from "./Watch";

export function Live() {
  const [route, go] = useRoute();
  const [answer, again] = useSessions();
  const sessions = answer.is === "known" ? answer.sessions : [];
  const only = sessions.length === 1 ? (sessions[0]?.key ?? null) : null;
  const live = sessions.find((session) => session.mode === "live")?.key ?? null;
  const key = route.session ?? live ?? only;
  const feed = useFeed(key === null);
  const begun = feed?.session ?? null;

  useEffect(() => {
    if (key === null && begun !== null) again();
  }, [key, begun, again]);

  useEffect(() => {
    if (!key) document.title = "Overcut";
  }, [key]);

  // A key in the address needs no list: the stream is opened at once. Once the list is there, it must name the key.
  const unknown = answer.is === "known" && key !== null && !sessions.some((session) => session.key === key);
  if (key && !unknown) {
    return (
      <Watch
        key={key}
        session={key}
        sessions={sessions}
        driver={route.driver}
        onSession={(session) => {
          if (!sessions.some((known) => known.key === session)) again();
          go({ session, driver: null });
        }}
        onDriver={(driver) => { go({ session: route.session, driver }); }}
      />
    );
  }
  if (answer.is === "failed") return <Unreachable words={answer.words} hint={answer.hint} onRetry={again} />;
  if (answer.is === "waiting" || (key === null && feed === undefined)) return <Skeleton />;
  if (key === null && feed) return <Waiting feed={feed} sessions={sessions} onSession={(session) => { go({ session, driver: null }); }} />;
  if (sessions.length === 0) return <NoSessions />;
  return <SessionList sessions={sessions} missing={unknown ? key : null} onSession={(session) => { go({ session, driver: null }); }} />;
}
