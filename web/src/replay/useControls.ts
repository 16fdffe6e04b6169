/** Play, pause, seek and speed, as commands to the server, with the server's own words when it refuses. */
import { useCallback, useMemo, useState } from "react";
import { changePlayback, RequestError } from "../api/client";
import type { PlaybackCommand, Timeline } from "../api/types";
import { sessionTime } from "../stream/playClock";
import type { SessionStore } from "../stream/store";
import { lapStep } from "./timeline";

export interface Controls {
  readonly toggle: () => void;
  readonly seek: (tMs: number) => void;
  readonly skip: (byMs: number) => void;
  readonly skipLap: (step: 1 | -1) => void;
  readonly speed: (speed: number) => void;
  readonly refusal: string | null;
}

export function useControls(store: SessionStore, timeline: Timeline | null): Controls {
  const [refusal, setRefusal] = useState<string | null>(null);
  const send = useCallback((command: PlaybackCommand) => {
    changePlayback(store.key, command).then(
      () => { setRefusal(null); },
      (cause: unknown) => { setRefusal(cause instanceof RequestError ? cause.message : String(cause)); },
    );
  }, [store]);

  return useMemo(() => {
    const seek = (tMs: number) => {
      const playback = store.getView().held?.playback;
      if (!playback || playback.mode === "live") return;
      send({ action: "seek", t_ms: Math.round(Math.min(Math.max(tMs, playback.start_ms), playback.end_ms)) });
    };
    const now = () => sessionTime(store.getView(), performance.now()) ?? 0;
    return {
      toggle: () => {
        const playback = store.getView().held?.playback;
        if (playback && playback.mode !== "live") send({ action: playback.paused || playback.ended ? "play" : "pause" });
      },
      seek,
      skip: (byMs) => { seek(now() + byMs); },
      skipLap: (step) => {
        const target = lapStep(timeline?.laps, now(), step);
        if (target !== null) seek(target);
      },
      speed: (speed) => { send({ action: "speed", speed }); },
      refusal,
    };
  }, [store, timeline, send, refusal]);
}
