/** How the live feed stands before a session is on the board; asked every two seconds, as long as it is wanted. */
import { useEffect, useState } from "react";
import { readFeed, RequestError } from "../api/client";
import type { Feed } from "../api/types";

const EVERY_MS = 2_000;

/** The feed; null when this server follows none; undefined while that is not known. */
export function useFeed(wanted: boolean): Feed | null | undefined {
  const [feed, setFeed] = useState<Feed | null | undefined>(undefined);
  useEffect(() => {
    if (!wanted) return undefined;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = () => {
      readFeed(abort.signal).then(
        (answer) => {
          setFeed(answer);
          timer = setTimeout(ask, EVERY_MS);
        },
        (cause: unknown) => {
          if (abort.signal.aborted) return;
          setFeed((before) => before ?? null);
          // A server without a feed stays so; one that does not answer may come back.
          if (!(cause instanceof RequestError && cause.status === 404)) timer = setTimeout(ask, EVERY_MS);
        },
      );
    };
    ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [wanted]);
  return feed;
}
