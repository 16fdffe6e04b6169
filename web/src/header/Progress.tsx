/** How far the session is: the leader's lap, the clock that runs down. */
import { clockTime } from "../format/time";
import { useSessionTime } from "../stream/playClock";
import { useSession } from "../stream/useSession";

export function LapCount() {
  const lap = useSession((state) => state.lap);
  const part = useSession((state) => state.part ?? 0) ?? 0;
  if (!lap?.total) {
    return part > 0 ? <div className="progress"><span className="label">Part</span><span className="progress-figure">Q{part}</span></div> : null;
  }
  return (
    <div className="progress">
      <span className="label">Lap</span>
      <span className="progress-figure">{lap.current ?? 0}<span className="progress-of">/{lap.total}</span></span>
    </div>
  );
}

export function SessionClock() {
  const clock = useSession((state) => state.clock);
  const now = useSessionTime();
  if (!clock || now === null) return null;
  const left = clock.running ? clock.remaining_ms - (now - clock.at_t_ms) : clock.remaining_ms;
  return (
    <div className="progress" role="timer" aria-live="off">
      <span className="label">Time left</span>
      <span className="progress-figure">{clockTime(left)}</span>
    </div>
  );
}
