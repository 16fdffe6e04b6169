/** The best plan from here, found while one waits: coarse at once, then sharper, and laid on the bench with a press. */
import { useMemo, useState } from "react";
import { asSentence } from "../../history/parts/Answered";
import { Choice } from "../../history/parts/Page";
import { optimise } from "../api/addresses";
import type { Setting } from "../api/question";
import type { Objective, OptimiserAnswer, PlanValue, Value } from "../api/types";
import { useRunner } from "../api/useRunner";
import type { PlanDraft } from "../model/draft";
import { planOf } from "../model/planOf";
import type { CarView, RaceView } from "../model/view";
import { chance, signed } from "../model/words";
import { Tip } from "../parts/Tip";

interface Props {
  readonly race: RaceView;
  readonly car: CarView;
  readonly setting: Setting;
  readonly full: boolean;
  readonly onTake: (plan: PlanDraft, name: string) => void;
}

const AIMS = [["points", "Points"], ["position", "Place"], ["chance", "Podium"], ["risk", "Low risk"]] as const satisfies readonly (readonly [Objective, string])[];

/** Another race, lap, driver or world is another search: the page gives each its own (`key`). */
export function BestPlan({ race, car, setting, full, onTake }: Props) {
  const [aim, choose] = useState<Objective>("points");
  const [asked, ask] = useState<string | null>(null);
  const question = useMemo(() => JSON.stringify({ key: race.key, question: { driver: car.code, lap: race.lap, objective: aim, world: setting.world, effort: "live" } }), [race.key, race.lap, car.code, aim, setting.world]);
  const run = useRunner(asked, optimise);
  const { cancel } = run;
  const shown = run.answer?.question === question ? run.answer.value.value : null;
  const busy = run.busy && asked === question;
  const failure = run.failure?.question === question ? run.failure.error : null;
  return (
    <section className="best-plan" aria-label="The best plan">
      <div className="best-head">
        <h2 className="section-title">The best plan <Tip of="optimise" /></h2>
        <span className="beside">
          <Choice label="What the plan shall be best at" of={AIMS} chosen={aim} onChoose={(next) => { choose(next); cancel(); ask(null); }} />
          {busy
            ? <button type="button" className="act" onClick={() => { cancel(); ask(null); }}>Cancel</button>
            : <button type="button" className="act act-main" disabled={car.retired} onClick={() => { if (asked === question) run.again(); else ask(question); }}>Find the best plan for {car.code}</button>}
        </span>
      </div>
      {busy && (
        <div className="running-bar best-bar" role="progressbar" aria-label="Search for the best plan" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round((shown?.stage.done ?? 0) * 100)} data-busy="">
          <i style={{ "--part": Math.max(shown?.stage.done ?? 0, 0.02) }} />
        </div>
      )}
      {failure && <p className="bench-notice" role="alert">{asSentence(failure.message)} {failure.hint && asSentence(failure.hint)}</p>}
      {shown && <Found answer={shown} busy={busy} full={full} onTake={onTake} />}
    </section>
  );
}

const MOST = 4;

function Found({ answer, busy, full, onTake }: { readonly answer: OptimiserAnswer; readonly busy: boolean; readonly full: boolean; readonly onTake: Props["onTake"] }) {
  const { plans, quickest, window, gain, game, races } = answer;
  return (
    <div className="best-found">
      <p className="chart-note" role="status">{busy ? `Searching: ${answer.stage.name}, ${answer.stage.simulated.toLocaleString("en")} races so far.` : `${races.toLocaleString("en")} races of each plan shown, with luck that had no part in the choice.`}</p>
      {plans.length === 0
        ? <p>Quickest if nobody else were on the track: <strong>{quickest.told}</strong>. <button type="button" className="act" disabled={full} onClick={() => { onTake(planOf(quickest.plan), "Quickest alone"); }}>Lay on the bench</button></p>
        : (
          <div className="best-frame">
            <table className="best-table">
              <caption className="sr-only">Plans, the best first</caption>
              <thead><tr><th scope="col">Plan</th><th scope="col">Points</th><th scope="col">Place</th><th scope="col">Behind the best</th><th scope="col" className="best-wide">Worst fifth</th><th scope="col"><span className="sr-only">Take it</span></th></tr></thead>
              <tbody>{[...plans.slice(0, MOST), ...plans.slice(MOST).filter(({ plan }) => plan === null)].map((plan, index) => <Row key={index} plan={plan} first={index === 0} full={full} onTake={onTake} />)}</tbody>
            </table>
          </div>
        )}
      <ul className="best-words">
        {window && <li>The next stop may be on <strong>laps {window.first} to {window.last}</strong> without a clear loss; lap {window.best} is best.</li>}
        {gain && <li>Worth <strong>{signed(gain.mean, 2)} ± {gain.half_width.toFixed(2)}</strong> more than what teams do, by the aim.</li>}
        {game && <li>{game.solved} {game.changed_mind ? "The rivals’ replies changed the plan." : "The rivals’ replies do not change the plan."}{game.rivals.length > 0 && ` They reply: ${game.rivals.map(({ driver, told }) => `${driver} ${told}`).join("; ")}.`}</li>}
      </ul>
      {!busy && answer.assumptions.length > 0 && <details className="best-assumed"><summary>What the search assumes</summary><ul>{answer.assumptions.map((one) => <li key={one}>{asSentence(one)}</li>)}</ul></details>}
    </div>
  );
}

function Row({ plan, first, full, onTake }: { readonly plan: PlanValue; readonly first: boolean; readonly full: boolean; readonly onTake: Props["onTake"] }) {
  const draft = plan.plan ? planOf(plan.plan) : null;
  return (
    <tr className={first ? "best-first" : undefined}>
      <th scope="row">{plan.told}</th>
      <td className="figure">{within(plan.points, 1)}</td>
      <td className="figure">{within(plan.position, 1)}</td>
      <td className="figure">{first ? "–" : <>{signed(-plan.behind_best.mean, 2)}{!plan.told_apart && <small> a toss-up</small>}</>}</td>
      <td className="figure best-wide" title={`The aim's place or better in ${chance(plan.chance)} of races`}>P{plan.worst_places.toFixed(1)}</td>
      <td>{draft && <button type="button" className="act" disabled={full} aria-label={`Lay on the bench: ${plan.told}`} onClick={() => { onTake(draft, first ? "Best plan" : ""); }}>Take</button>}</td>
    </tr>
  );
}

const within = ({ mean, half_width: half }: Value, digits: number) => <>{mean.toFixed(digits)} <small>± {half.toFixed(digits)}</small></>;
