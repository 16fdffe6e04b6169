/** Every car's timeline in the plan that is under the hand: rivals' stops can be moved as well. */
import { useState } from "react";
import { RestartIcon } from "../../design/icons";
import { type ScenarioDraft, type Span, withoutPlan, withPlan } from "../model/draft";
import type { RaceView } from "../model/view";
import { letterOf } from "../model/words";
import { type Chosen, Timeline } from "./Timeline";

interface Props {
  readonly race: RaceView;
  readonly span: Span;
  readonly driver: string;
  readonly scenario: ScenarioDraft | undefined;
  readonly index: number;
  readonly change: (scenario: ScenarioDraft) => void;
  readonly onDriver: (code: string) => void;
}

export function WholeField({ race, span, driver, scenario, index, change, onDriver }: Props) {
  const [open, show] = useState(false);
  const [chosen, choose] = useState<{ code: string; what: Chosen }>({ code: "", what: null });
  if (!scenario) return null;
  return (
    <details className="field-sheet" onToggle={(event) => { show(event.currentTarget.open); }}>
      <summary><span className="section-title">The whole field in plan {letterOf(index)}</span><span className="quiet"> rivals’ stops can be dragged too</span></summary>
      {open && (
        <div className="field-rows" style={{ "--plan": `var(--plan-${index + 1})` }}>
          {race.cars.map((car) => {
            const own = scenario.plans[car.code];
            return (
              <div key={car.code} className={car.code === driver ? "field-row field-own" : "field-row"}>
                <span className="field-place figure">{car.retired ? "–" : car.position}</span>
                <button type="button" className="field-code" style={{ borderColor: car.colour }} aria-pressed={car.code === driver} title={`${car.team}: look at ${car.code}`} onClick={() => { onDriver(car.code); }}>{car.code}</button>
                <Timeline
                  car={car} plan={own ?? car.actual} span={span} season={race.season} cautions={[]} index={index}
                  edit={{
                    chosen: chosen.code === car.code ? chosen.what : null,
                    onPlan: (plan) => { change(withPlan(scenario, car.code, plan)); },
                    onChoose: (what) => { choose({ code: car.code, what }); },
                  }}
                />
                <button type="button" className="plan-act" disabled={!own} aria-label={`Reset ${car.code} to what it did`} title="Reset to what it did" onClick={() => { change(withoutPlan(scenario, car.code)); }}><RestartIcon /></button>
              </div>
            );
          })}
        </div>
      )}
    </details>
  );
}
