/** Play, pause, seek and speed, as commands to the server, with the server's own words when it refuses. */
import { useCallback, useMemo, useRef, useState } from "react";
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
  /** Hold everything back by so much, in step with a broadcast. */
  readonly delay: (delayMs: number) => void;
  readonly goLive: () => void;
  readonly refusal: string | null;
}

export function useControls(store: SessionStore, timeline: Timeline | null): Controls {
  const [refusal, setRefusal] = useState<string | null>(null);
  // What was last asked for, until it is answered: a second press of space in that time must undo the first.
  const wish = useRef<PlaybackCommand["action"] | null>(null);
  // One command after the other, so that the server hears them in the order of the keys.
  const queue = useRef(Promise.resolve());
  const send = useCallback((command: PlaybackCommand) => {
    wish.current = command.action;
    const answered = () => {
      if (wish.current === command.action) wish.current = null;
    };
    queue.current = queue.current.then(() => changePlayback(store.key, command)).then(
      (playback) => {
        answered();
        store.answered(playback);
        setRefusal(null);
      },
      (cause: unknown) => {
        answered();
        setRefusal(cause instanceof RequestError ? cause.message : String(cause));
      },
    );
  }, [store]);

  return useMemo(() => {
    const seek = (tMs: number) => {
      const playback = store.getView().held?.playback;
      if (!playback) return;
      send({ action: "seek", t_ms: Math.round(Math.min(Math.max(tMs, playback.start_ms), playback.end_ms)) });
    };
    const now = () => sessionTime(store.getView(), performance.now()) ?? 0;
    return {
      toggle: () => {
        const playback = store.getView().held?.playback;
        if (!playback) return;
        const stands = wish.current === "pause" || (wish.current !== "play" && (playback.paused || playback.ended));
        send({ action: stands ? "play" : "pause" });
      },
      seek,
      skip: (byMs) => { seek(now() + byMs); },
      skipLap: (step) => {
        const target = lapStep(timeline?.laps, now(), step);
        if (target !== null) seek(target);
      },
      speed: (speed) => { send({ action: "speed", speed }); },
      delay: (delayMs) => { send({ action: "delay", delay_ms: delayMs }); },
      goLive: () => {
        const playback = store.getView().held?.playback;
        if (playback?.mode === "live" && !playback.following) send({ action: "go_live" });
      },
      refusal,
    };
  }, [store, timeline, send, refusal]);
}
