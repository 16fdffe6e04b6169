/** One plan on the bench: its letter and name, what it comes to, its timeline, and what is under the hand. */
import { useState } from "react";
import type { Compound } from "../../api/types";
import { CloseIcon, RestartIcon } from "../../design/icons";
import { NO_PLAN, type PlanDraft, type ScenarioDraft, type Span, withoutPlan, withPlan } from "../model/draft";
import type { Told } from "../model/told";
import type { CarView, CautionView } from "../model/view";
import { contents, letterOf, nameOf } from "../model/words";
import { Figures } from "../results/Figures";
import { CopyIcon } from "../parts/icons";
import { Inspector } from "./Inspector";
import { type Chosen, Timeline } from "./Timeline";

interface Props {
  /** Its place on the page, from 1. */
  readonly index: number;
  readonly scenario: ScenarioDraft;
  readonly car: CarView;
  readonly span: Span;
  readonly season: number;
  readonly compounds: readonly Compound[];
  readonly cautions: readonly CautionView[];
  readonly told: Told | undefined;
  /** Whether it changes anything against what happened. */
  readonly changed: boolean;
  readonly late: boolean;
  readonly left: readonly string[];
  readonly active: boolean;
  readonly full: boolean;
  readonly chosen: Chosen;
  readonly onScenario: (scenario: ScenarioDraft) => void;
  readonly onChoose: (chosen: Chosen) => void;
  readonly onActive: () => void;
  readonly onCopy: () => void;
  readonly onRemove: () => void;
}

export function PlanRow(props: Props) {
  const { index, scenario, car, span, season, compounds, cautions, told, changed, late, left, active, chosen, onScenario, onChoose, onActive } = props;
  const plan = scenario.plans[car.code] ?? car.actual;
  const onPlan = (next: PlanDraft) => { onScenario(withPlan(scenario, car.code, next)); };
  const letter = letterOf(index);
  return (
    <section className={active ? "plan-row plan-active" : "plan-row"} style={{ "--plan": `var(--plan-${index + 1})` }} aria-label={`Plan ${letter}`} onPointerDownCapture={onActive} onFocusCapture={onActive}>
      <div className="plan-head">
        <i className="plan-letter" aria-hidden="true">{letter}</i>
        <PlanName scenario={scenario} driver={car.code} letter={letter} onName={(name) => { onScenario({ ...scenario, name }); }} />
        <span className="plan-acts">
          <button type="button" className="plan-act" disabled={!changed} title="Reset to what happened" aria-label={`Reset plan ${letter} to what happened`} onClick={() => { onScenario({ ...withoutPlan(scenario, car.code), plans: {}, events: [], wear: 1, onlyThese: false, name: null }); onChoose(null); }}><RestartIcon /></button>
          <button type="button" className="plan-act" disabled={props.full} title="Copy this plan" aria-label={`Copy plan ${letter}`} onClick={props.onCopy}><CopyIcon /></button>
          <button type="button" className="plan-act" title="Remove this plan" aria-label={`Remove plan ${letter}`} onClick={props.onRemove}><CloseIcon /></button>
        </span>
        <Figures told={told} late={late} same={!changed} />
      </div>
      <Timeline
        car={car} plan={plan} span={span} season={season} cautions={cautions} index={index} events={{ scenario, onScenario }}
        edit={{ chosen: active ? chosen : null, onPlan, onChoose: (next) => { onActive(); onChoose(next); } }}
      />
      {left.length > 0 && <p className="plan-left" role="status">Left out: {left.join(" ")}</p>}
      {active && !car.retired && (
        <Inspector scenario={scenario} plan={plan ?? { ...NO_PLAN, react: true }} {...{ car, span, season, compounds, chosen, onPlan, onScenario, onChoose }} />
      )}
    </section>
  );
}

interface NameProps { readonly scenario: ScenarioDraft; readonly driver: string; readonly letter: string; readonly onName: (name: string | null) => void }

/** The plan's name; a press on it makes it a field. Emptied, the plan is again named after what is in it. */
function PlanName({ scenario, driver, letter, onName }: NameProps) {
  const [writing, write] = useState<string | null>(null);
  const shown = nameOf(scenario, driver);
  const done = () => {
    if (writing !== null) onName(writing.trim() === "" || writing.trim() === contents(scenario, driver) ? null : writing.trim().slice(0, 60));
    write(null);
  };
  if (writing === null) {
    return <button type="button" className="plan-name" title="Press to rename" aria-label={`Plan ${letter}: ${shown}. Rename`} onClick={() => { write(scenario.name ?? ""); }}>{shown}</button>;
  }
  return (
    <input
      className="field plan-field" aria-label={`Name of plan ${letter}`} value={writing} maxLength={60} placeholder={contents(scenario, driver) || "Name"}
      ref={(field) => { if (field && document.activeElement !== field) field.focus(); }}
      onChange={(event) => { write(event.target.value); }} onBlur={done}
      onKeyDown={(event) => { if (event.key === "Enter") done(); else if (event.key === "Escape") write(null); }}
    />
  );
}
