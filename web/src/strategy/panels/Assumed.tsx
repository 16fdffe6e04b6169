/** What the model assumes of this circuit, with what is not known of it, and where the figures come from. */
import type { Compound } from "../../api/types";
import { tyreLook } from "../../format/tyres";
import type { Estimate, RaceAnswer } from "../api/types";
import type { RaceView } from "../model/view";
import { signed } from "../model/words";
import { Tip } from "../parts/Tip";
import { Tyre } from "../parts/Tyre";

export function Assumed({ answer, race }: { readonly answer: RaceAnswer; readonly race: RaceView }) {
  const facts: readonly (readonly [string, string])[] = [
    ["A lap of the reference car, empty tank", lap(answer.lap_s)],
    ["A stop under green", within(answer.pit_loss_s)],
    ["A stop behind the safety car", within(answer.pit_loss_sc_s)],
    ["A stop under the virtual safety car", within(answer.pit_loss_vsc_s)],
    ["Dry compounds that must be used", String(answer.compounds_required)],
    ["Points", answer.points.join(", ")],
  ];
  return (
    <details className="field-sheet">
      <summary><span className="section-title">What the model assumes</span><span className="quiet"> each simulated race draws anew what is not known</span></summary>
      <div className="assumed">
        <table className="assumed-table">
          <caption className="sr-only">Tyres here</caption>
          <thead><tr><th scope="col">Tyre</th><th scope="col"><Tip of="offset">New, s a lap</Tip></th><th scope="col"><Tip of="wearPerLap">Wear, s a lap per lap</Tip></th><th scope="col">Usual stint</th></tr></thead>
          <tbody>
            {answer.tyres.map((tyre) => (
              <tr key={tyre.compound}>
                <th scope="row"><span className="assumed-tyre"><Tyre compound={tyre.compound as Compound} season={race.season} /> {tyreLook(tyre.compound as Compound, race.season).name}</span></th>
                <td className="figure">{signed(tyre.offset_s.mean, 2)} <small>± {(tyre.offset_s.sd ?? 0).toFixed(2)}</small></td>
                <td className="figure">{tyre.wear_s.mean.toFixed(3)} <small>± {(tyre.wear_s.sd ?? 0).toFixed(3)}</small></td>
                <td className="figure">{Math.round(tyre.typical_stint_laps)} laps</td>
              </tr>
            ))}
          </tbody>
        </table>
        <dl className="assumed-facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd className="figure">{value}</dd></div>)}</dl>
        <p className="assumed-words">± is one standard deviation of what the data leave open. Sets of tyres are unlimited unless you give their laps. A pass, a slow stop, a retirement, a safety car and rain are drawn anew in every race.</p>
        <p className="assumed-words"><strong>Where the figures come from:</strong> {answer.parameters || "a generic circuit: nothing has been fitted for this one."}</p>
      </div>
    </details>
  );
}

const within = ({ mean, sd = 0 }: Estimate): string => `${mean.toFixed(1)} ± ${sd.toFixed(1)} s`;

function lap({ mean, sd = 0 }: Estimate): string {
  const minutes = Math.floor(mean / 60);
  return `${minutes}:${(mean - minutes * 60).toFixed(1).padStart(4, "0")} ± ${sd.toFixed(1)} s`;
}
