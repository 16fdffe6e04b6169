/** Decides what is shown: a session, the list of sessions, or why there is none. */
import { useEffect } from "react";
import { NoSessions, SessionList, Unreachable } from "./Sessions";
import { useRoute } from "./route";
import { Skeleton } from "./Skeleton";
import { useSessions } from "./useSessions";
import { Watch } from "./Watch";

export function App() {
  const [route, go] = useRoute();
  const [answer, again] = useSessions();
  const sessions = answer.is === "known" ? answer.sessions : [];
  const only = sessions.length === 1 ? (sessions[0]?.key ?? null) : null;
  const key = route.session ?? only;

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
        onSession={(session) => { go({ session, driver: null }); }}
        onDriver={(driver) => { go({ session: route.session, driver }); }}
      />
    );
  }
  if (answer.is === "failed") return <Unreachable words={answer.words} hint={answer.hint} onRetry={again} />;
  if (answer.is === "waiting") return <Skeleton />;
  if (sessions.length === 0) return <NoSessions />;
  return <SessionList sessions={sessions} missing={unknown ? key : null} onSession={(session) => { go({ session, driver: null }); }} />;
}
