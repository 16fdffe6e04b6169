/** The plans under one another on one axis of laps: what happened, then every other, and what can be laid onto them. */
import type { Compound } from "../../api/types";
import { addEvent, addStop, MOST_SCENARIOS, roomiest, type ScenarioDraft, type Span, withPlan } from "../model/draft";
import type { Told } from "../model/told";
import type { CarView, RaceView } from "../model/view";
import { Figures } from "../results/Figures";
import { PlusIcon } from "../parts/icons";
import { Palette, type Piece, type Target } from "./Palette";
import { PlanRow } from "./PlanRow";
import { type Chosen, Timeline } from "./Timeline";

interface Props {
  readonly race: RaceView;
  readonly car: CarView;
  readonly span: Span;
  readonly scenarios: readonly ScenarioDraft[];
  readonly told: readonly Told[];
  readonly changed: readonly boolean[];
  readonly left: readonly (readonly string[])[];
  /** The answers are of the plans as they were a moment ago. */
  readonly late: boolean;
  readonly active: number;
  readonly activate: (index: number) => void;
  readonly chosen: Chosen;
  readonly choose: (chosen: Chosen) => void;
  readonly change: (scenario: ScenarioDraft) => void;
  readonly onAdd: () => void;
  readonly onCopy: (scenario: ScenarioDraft) => void;
  readonly onRemove: (scenario: ScenarioDraft) => void;
}

export function Plans({ race, car, span, scenarios, told, changed, left, late, active, activate, chosen, choose, change, onAdd, onCopy, onRemove }: Props) {
  const full = scenarios.length >= MOST_SCENARIOS - 1;
  const of = (index: number) => told.find((one) => one.index === index);
  const put = (piece: Piece, target: Target | null) => {
    const index = target?.scenario ?? active;
    const scenario = scenarios[index - 1];
    const on = race.cars.find(({ code }) => code === (target?.driver ?? car.code));
    if (!scenario || !on) return;
    activate(index);
    const lap = target ? target.share * span.total : null;
    if (piece.is === "event") {
      const next = addEvent(scenario, piece.kind, lap === null ? span.lap + 1 + Math.round((span.total - span.lap) / 3) : Math.ceil(lap), span);
      change(next);
      choose({ is: "event", index: next.events.findIndex((event) => !scenario.events.includes(event)) });
      return;
    }
    const plan = scenario.plans[on.code] ?? on.actual ?? { start: null, pace: "normal" as const, stops: [], react: true, delta: 0, fuel: 0 };
    const next = addStop(plan, lap ?? roomiest(plan, span), piece.compound, span);
    change(withPlan(scenario, on.code, next));
    if (on.code === car.code) choose({ is: "stint", index: next.stops.findIndex((stop) => !plan.stops.includes(stop)) + 1 });
  };
  return (
    <div className="plans">
      <div className="plan-row plan-actual" style={{ "--plan": "var(--plan-1)" }}>
        <div className="plan-head">
          <i className="plan-letter" aria-hidden="true">A</i>
          <span className="plan-name">{race.finished ? "What happened" : "As the team decides"}{car.finish !== null && race.finished && <small className="plan-finish"> finished P{car.finish}</small>}</span>
          <span className="plan-acts" />
          <Figures told={of(0)} late={late} same={false} />
        </div>
        <Timeline car={car} plan={car.actual} span={span} season={race.season} cautions={race.cautions} index={0} />
        <Axis span={span} />
      </div>
      {scenarios.map((scenario, at) => (
        <PlanRow
          key={scenario.id} index={at + 1} {...{ scenario, car, span, full, late, chosen, onScenario: change }} season={race.season} compounds={fittable(race.compounds)} cautions={race.cautions}
          told={of(at + 1)} changed={changed[at] ?? false} left={left[at] ?? []} active={active === at + 1}
          onChoose={choose} onActive={() => { if (active !== at + 1) { activate(at + 1); choose(null); } }}
          onCopy={() => { onCopy(scenario); }} onRemove={() => { onRemove(scenario); }}
        />
      ))}
      <div className="plans-foot">
        <Palette compounds={fittable(race.compounds)} season={race.season} disabled={car.retired} onPiece={put} />
        <button type="button" className="button choice plan-add" disabled={full} title={full ? "Five plans at once are the most" : "Another plan, from what happened"} onClick={onAdd}><PlusIcon />Add a plan</button>
      </div>
    </div>
  );
}

const fittable = (compounds: readonly Compound[]): readonly Compound[] => compounds.filter((compound) => compound !== "UNKNOWN" && compound !== "TEST_UNKNOWN");

function Axis({ span }: { readonly span: Span }) {
  const step = span.total > 40 ? 10 : 5;
  const laps = Array.from({ length: Math.floor(span.total / step) + 1 }, (_, index) => index * step).filter((lap) => lap > 0 && span.total - lap > step / 3);
  return (
    <div className="plan-axis" aria-hidden="true">
      {[...laps, span.total].map((lap) => <span key={lap} className={lap === span.total ? "axis-last" : undefined} style={{ left: `${(lap / span.total) * 100}%` }}>{lap}</span>)}
    </div>
  );
}
