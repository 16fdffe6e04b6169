/** The replay bar: where we are in the session, recorded or live, and the ways to be elsewhere. */
import type { Timeline } from "../api/types";
import { PauseIcon, PlayIcon, RestartIcon } from "../design/icons";
import { clockTime, speedName } from "../format/time";
import { DelayControl } from "../live/DelayControl";
import { useView } from "../stream/useSession";
import { Scrubber } from "./Scrubber";
import type { Controls } from "./useControls";
import "./replay.css";

const SPEEDS = [0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 0] as const;

interface Props { readonly controls: Controls; readonly timeline: Timeline | null }

export function ReplayBar({ controls, timeline }: Props) {
  const playback = useView((view) => view.held?.playback);
  if (!playback) return <footer className="replay" aria-hidden="true" />;
  const live = playback.mode === "live";
  const following = playback.following === true;
  const stands = playback.paused || playback.ended;
  const speeds = SPEEDS.some((speed) => speed === playback.speed) ? SPEEDS : [...SPEEDS, playback.speed];
  return (
    <footer className={live ? "replay replay-live" : "replay"} aria-label={live ? "Live session" : "Replay"}>
      <button type="button" className="button replay-play" onClick={controls.toggle} aria-label={playback.ended ? "Play again" : stands ? "Play" : "Pause"} title="Play or pause (space)">
        {playback.ended ? <RestartIcon /> : stands ? <PlayIcon /> : <PauseIcon />}
      </button>
      <Scrubber timeline={timeline} playback={playback} onSeek={controls.seek} />
      {live
        ? (
          <button type="button" className="button choice go-live" disabled={following} onClick={controls.goLive} title={following ? "The board is live" : "Back to the present (l)"}>
            <span className="go-live-dot" aria-hidden="true" />{following ? "Live" : "Go live"}
          </button>
        )
        : <span className="replay-end figure" title="Length of the recording">{clockTime(playback.end_ms - playback.start_ms, true)}</span>}
      <DelayControl playback={playback} onDelay={controls.delay} />
      <select className="choice replay-speed figure" aria-label="Speed" value={playback.speed} disabled={following} title={following ? "Live runs at real time; go back to change the speed" : undefined} onChange={(event) => { controls.speed(Number(event.target.value)); }}>
        {speeds.map((speed) => <option key={speed} value={speed}>{speedName(speed)}</option>)}
      </select>
      {controls.refusal && <p className="replay-refusal" role="alert">{controls.refusal}</p>}
    </footer>
  );
}
