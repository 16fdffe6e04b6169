/** Which sessions are served, asked once and again on request. */
import { useCallback, useEffect, useState } from "react";
import { listSessions, RequestError } from "../api/client";
import type { SessionSummary } from "../api/types";

export type SessionsAnswer =
  | { readonly is: "waiting" }
  | { readonly is: "known"; readonly sessions: readonly SessionSummary[] }
  | { readonly is: "failed"; readonly words: string; readonly hint: string };

export function useSessions(): [SessionsAnswer, () => void] {
  const [answer, setAnswer] = useState<SessionsAnswer>({ is: "waiting" });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    listSessions(abort.signal).then(
      (sessions) => { setAnswer({ is: "known", sessions }); },
      (cause: unknown) => {
        if (cause instanceof RequestError) setAnswer({ is: "failed", words: cause.message, hint: cause.hint });
      },
    );
    return () => { abort.abort(); };
  }, [attempt]);
  const again = useCallback(() => {
    setAnswer({ is: "waiting" });
    setAttempt((count) => count + 1);
  }, []);
  return [answer, again];
}
