/** What a plan comes to, in four figures: place, points, seconds against plan A, chance of doing better. */
import type { Told } from "../model/told";
import { chance, meanPlace, placeSpan, signed } from "../model/words";
import { Tip } from "../parts/Tip";

interface Props {
  readonly told: Told | undefined;
  /** The figures are of the plan as it was a moment ago. */
  readonly late: boolean;
  /** The plan is what happened: it has no figures of its own. */
  readonly same: boolean;
}

export function Figures({ told, late, same }: Props) {
  if (same) return <p className="plan-same">Same as A. Drag a stop, pick a tyre, or lay a safety car on it.</p>;
  if (!told) return <p className="plan-same" role="status">…</p>;
  const { place, points, versus, win } = told.driver;
  return (
    <dl className={late ? "plan-figures plan-late" : "plan-figures"}>
      <div><dt><Tip of="place">Place</Tip></dt><dd className="figure"><strong>{meanPlace(place.mean)}</strong> <small>{placeSpan(place.low, place.high)}</small></dd></div>
      <div><dt><Tip of="points">Points</Tip></dt><dd className="figure"><strong>{points.mean.toFixed(1)}</strong>{versus && <small className={tone(versus.points.mean)}> {signed(versus.points.mean)}</small>}</dd></div>
      {versus
        ? <div><dt><Tip of="delta">Time</Tip></dt><dd className="figure">{versus.time_s ? <><strong className={tone(-versus.time_s.mean)}>{signed(versus.time_s.mean)} s</strong> <small>{signed(versus.time_s.low)} to {signed(versus.time_s.high)}</small></> : "–"}</dd></div>
        : <div><dt><Tip of="win">Win</Tip></dt><dd className="figure"><strong>{chance(win)}</strong></dd></div>}
      {versus
        ? <div><dt><Tip of="better">Better</Tip></dt><dd className="figure"><strong>{chance(versus.better)}</strong> <small>worse {chance(versus.worse)}</small></dd></div>
        : <div><dt><Tip of="podium">Podium</Tip></dt><dd className="figure"><strong>{chance(told.driver.podium)}</strong></dd></div>}
    </dl>
  );
}

const tone = (value: number): string | undefined => (value > 0.05 ? "gain" : value < -0.05 ? "loss" : undefined);
