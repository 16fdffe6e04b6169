/** The replay bar: where we are in the recording, and the ways to be elsewhere. */
import type { Timeline } from "../api/types";
import { PauseIcon, PlayIcon, RestartIcon } from "../design/icons";
import { clockTime, speedName } from "../format/time";
import { useView } from "../stream/useSession";
import { Scrubber } from "./Scrubber";
import type { Controls } from "./useControls";
import "./replay.css";

const SPEEDS = [0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 0] as const;

interface Props { readonly controls: Controls; readonly timeline: Timeline | null }

export function ReplayBar({ controls, timeline }: Props) {
  const playback = useView((view) => view.held?.playback);
  if (!playback) return <footer className="replay" aria-hidden="true" />;
  if (playback.mode === "live") {
    return <footer className="replay"><span className="live"><span className="live-dot" aria-hidden="true" />Live</span></footer>;
  }
  const stands = playback.paused || playback.ended;
  const speeds = SPEEDS.some((speed) => speed === playback.speed) ? SPEEDS : [...SPEEDS, playback.speed];
  return (
    <footer className="replay" aria-label="Replay">
      <button type="button" className="button replay-play" onClick={controls.toggle} aria-label={playback.ended ? "Play again" : stands ? "Play" : "Pause"} title="Play or pause (space)">
        {playback.ended ? <RestartIcon /> : stands ? <PlayIcon /> : <PauseIcon />}
      </button>
      <Scrubber timeline={timeline} playback={playback} onSeek={controls.seek} />
      <span className="replay-end figure" title="Length of the recording">{clockTime(playback.end_ms - playback.start_ms, true)}</span>
      <select className="choice replay-speed figure" aria-label="Speed" value={playback.speed} onChange={(event) => { controls.speed(Number(event.target.value)); }}>
        {speeds.map((speed) => <option key={speed} value={speed}>{speedName(speed)}</option>)}
      </select>
      {controls.refusal && <p className="replay-refusal" role="alert">{controls.refusal}</p>}
    </footer>
  );
}
