/** The recording on one line: laps as ticks, flag periods in colour, and a handle that seeks. */
import { memo, useMemo, useState } from "react";
import type { Playback, Timeline } from "../api/types";
import { trackLook } from "../format/flags";
import { clockTime } from "../format/time";
import { useSessionTime } from "../stream/playClock";
import { dangers, lapAt, shareOf } from "./timeline";

interface Props {
  readonly timeline: Timeline | null;
  readonly playback: Playback;
  readonly onSeek: (tMs: number) => void;
}

export function Scrubber({ timeline, playback, onSeek }: Props) {
  const now = useSessionTime() ?? playback.t_ms;
  const [held, hold] = useState<number | null>(null);
  const shown = held ?? now;
  const lap = lapAt(timeline?.laps, shown);
  const total = timeline?.laps?.at(-1)?.[1] ?? 0;
  const time = clockTime(shown - playback.start_ms, true);
  const release = () => {
    if (held === null) return;
    onSeek(held);
    hold(null);
  };
  return (
    <>
      <span className="replay-now">
        <span className="replay-time">{time}</span>
        {total > 0 && <span className="replay-lap">Lap {lap}</span>}
      </span>
      <span className="scrubber" style={{ "--share": shareOf(playback, shown) }}>
        <Backdrop timeline={timeline} />
        <span className="scrubber-done" aria-hidden="true" />
        <input
          type="range"
          className="scrubber-input"
          aria-label={playback.mode === "live" ? "Moment in the session" : "Moment in the recording"}
          aria-valuetext={total > 0 ? `${time}, lap ${lap} of ${total}` : time}
          min={playback.start_ms}
          max={playback.end_ms}
          step={1000}
          value={Math.round(shown)}
          onChange={(event) => { hold(Number(event.target.value)); }}
          onPointerUp={release}
          onKeyUp={release}
          onBlur={release}
        />
      </span>
    </>
  );
}

/** What does not move: drawn once a recording. */
const Backdrop = memo(function Backdrop({ timeline }: { timeline: Timeline | null }) {
  const periods = useMemo(() => (timeline ? dangers(timeline) : []), [timeline]);
  if (!timeline) return <span className="scrubber-ground" aria-hidden="true" />;
  const at = (tMs: number) => `${(shareOf(timeline, tMs) * 100).toFixed(3)}%`;
  return (
    <span className="scrubber-ground" aria-hidden="true">
      {(timeline.laps ?? []).map(([tMs, lap]) => (
        <i key={lap} className={lap % 10 === 0 ? "lap-tick lap-tick-10" : "lap-tick"} style={{ left: at(tMs) }}>
          {lap % 10 === 0 && <b>{lap}</b>}
        </i>
      ))}
      {periods.map(({ from, to, status }) => {
        const look = trackLook(status);
        return (
          <i
            key={from}
            className={`period period-${look.family}`}
            title={look.words}
            style={{ left: at(from), width: `${((shareOf(timeline, to) - shareOf(timeline, from)) * 100).toFixed(3)}%` }}
          />
        );
      })}
    </span>
  );
});
