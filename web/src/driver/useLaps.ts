/** One car's completed laps, asked again whenever it completes another or time is moved. */
import { useEffect, useState } from "react";
import { readLaps } from "../api/client";
import type { Lap } from "../api/types";
import { useView } from "../stream/useSession";

/** At 60 times real time a lap takes a second and a half: not more often than this. */
const LEAST_MS = 700;

export function useLaps(key: string, number: string): readonly Lap[] {
  const [answer, setAnswer] = useState<{ number: string; laps: readonly Lap[] }>({ number, laps: [] });
  const done = useView((view) => view.held?.state.cars?.[number]?.laps ?? 0);
  // The last lap's time may come after the lap count; it changes the answer too.
  const last = useView((view) => view.held?.state.cars?.[number]?.last_lap?.ms ?? 0);
  const epoch = useView((view) => view.held?.epoch ?? 0);

  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      readLaps(key, [number], abort.signal).then(
        ({ laps }) => { setAnswer({ number, laps }); },
        () => {
          // The next completed lap asks again; the connection's own badge tells of a lost server.
        },
      );
    }, LEAST_MS / 4);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key, number, done, last, epoch]);
  return answer.number === number ? answer.laps : [];
}
