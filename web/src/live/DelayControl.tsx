/** Holds the board back until it agrees with the picture on television. */
import { useEffect, useId, useRef, useState } from "react";
import type { Playback } from "../api/types";
import { SyncIcon } from "../design/icons";
import { seconds } from "./feed";
import "./live.css";

export const LONGEST_DELAY_MS = 120_000;
const STEP_MS = 1_000;

interface Props { readonly playback: Playback; readonly onDelay: (delayMs: number) => void }

export function DelayControl({ playback, onDelay }: Props) {
  const [open, setOpen] = useState(false);
  const [held, hold] = useState<number | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const id = useId();
  const delay = playback.delay_ms ?? 0;
  const shown = held ?? delay;
  const live = playback.mode === "live";

  useEffect(() => {
    if (!open) return undefined;
    const leave = (event: Event) => {
      if (event instanceof KeyboardEvent ? event.key === "Escape" : !frame.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("keydown", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("keydown", leave);
    };
  }, [open]);

  const choose = (ms: number) => { onDelay(Math.min(Math.max(Math.round(ms), 0), LONGEST_DELAY_MS)); };
  const release = () => {
    if (held === null) return;
    choose(held);
    hold(null);
  };
  return (
    <div className={live ? "delay" : "delay delay-replay"} ref={frame}>
      <button
        type="button" className="button choice delay-button figure" aria-expanded={open} aria-controls={id}
        onClick={() => { setOpen(!open); }} title="Sync with TV"
        aria-label={delay > 0 ? `−${seconds(delay)} s, to sync with TV` : "Sync with TV: no delay"}
      >
        <SyncIcon />{delay > 0 ? `−${seconds(delay)} s` : "TV"}
      </button>
      {open && (
        <div className="delay-sheet" id={id} role="group" aria-labelledby={`${id}-title`}>
          <h2 className="delay-title" id={`${id}-title`}>Sync with TV</h2>
          <p className="delay-word">
            {live
              ? "Timing reaches you before the pictures do. Hold the board back until both agree."
              : "Shift the board until it agrees with your recording of the broadcast."}
          </p>
          <div className="delay-row">
            <button type="button" className="button choice figure" aria-label="−1 second" disabled={delay <= 0} onClick={() => { choose(delay - STEP_MS); }}>−1</button>
            <input
              type="range" className="delay-slider" aria-label="Delay in seconds" aria-valuetext={`${seconds(shown)} seconds`}
              min={0} max={LONGEST_DELAY_MS} step={STEP_MS} value={shown}
              onChange={(event) => { hold(Number(event.target.value)); }} onPointerUp={release} onKeyUp={release} onBlur={release}
            />
            <button type="button" className="button choice figure" aria-label="+1 second" disabled={delay >= LONGEST_DELAY_MS} onClick={() => { choose(delay + STEP_MS); }}>+1</button>
            <output className="delay-figure figure">{seconds(shown)} s</output>
          </div>
          <p className="delay-word quiet">For everybody who watches this session.</p>
        </div>
      )}
    </div>
  );
}
