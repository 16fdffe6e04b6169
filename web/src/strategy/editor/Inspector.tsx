/** What is under the hand: the chosen set or event with all that can be changed of it, else the plan as a whole. */
import type { Compound } from "../../api/types";
import { tyreLook } from "../../format/tyres";
import {
  addStop, changeEvent, changeStop, DOWNPOUR, DRIZZLE, type EventDraft, moveStop, onePace, type PlanDraft, RAIN, removeEvent, removeStop,
  roomiest, type ScenarioDraft, setPace, setStintPace, type Span, stintPace, stintsOf, stopBounds,
} from "../model/draft";
import type { CarView } from "../model/view";
import { EVENT_NAME, signed } from "../model/words";
import { PaceSlider, Slider, Stepper, Switch, TyrePicker } from "../parts/Controls";
import { Tip } from "../parts/Tip";
import type { Chosen } from "./Timeline";

interface Props {
  readonly scenario: ScenarioDraft;
  readonly plan: PlanDraft;
  readonly car: CarView;
  readonly span: Span;
  readonly season: number;
  readonly compounds: readonly Compound[];
  readonly chosen: Chosen;
  readonly onPlan: (plan: PlanDraft) => void;
  readonly onScenario: (scenario: ScenarioDraft) => void;
  readonly onChoose: (chosen: Chosen) => void;
}

export function Inspector(props: Props) {
  const { chosen, plan, scenario } = props;
  const event = chosen?.is === "event" ? scenario.events[chosen.index] : undefined;
  if (event && chosen) return <EventPart {...props} event={event} index={chosen.index} />;
  if (chosen?.is === "stint" && chosen.index <= plan.stops.length) return <StintPart {...props} index={chosen.index} />;
  return <WholePart {...props} />;
}

function StintPart({ plan, car, span, season, compounds, index, onPlan, onChoose }: Props & { readonly index: number }) {
  const stint = stintsOf(plan, span)[index];
  const stop = plan.stops[index - 1];
  if (!stint) return null;
  const [least, most] = stop ? stopBounds(plan, index - 1, span) : [0, 0];
  const compound = stint.compound ?? car.compound;
  const free = stop !== undefined || span.lap === 0;
  return (
    <div className="inspector" role="group" aria-label={`Set ${index + 1} from here`}>
      <strong className="inspector-what">{stop ? `Stop ${index}` : span.lap === 0 ? "Start" : "On the car"}</strong>
      {stop && <Stepper label="Lap" what="lap of the stop" value={stop.lap} {...{ least, most }} onChange={(lap) => { onPlan(moveStop(plan, index - 1, lap, span)); }} />}
      {free
        ? <TyrePicker label={stop ? `Tyre of stop ${index}` : "Tyre for the start"} of={compounds} chosen={compound} season={season} onChoose={(next) => { onPlan(stop ? changeStop(plan, index - 1, { compound: next }) : { ...plan, start: next }); }} />
        : <span>{tyreLook(compound, season).name}s, {car.tyreAge} {car.tyreAge === 1 ? "lap" : "laps"} old</span>}
      {stop && <Stepper label="Used" what="laps on the set already" value={stop.age} least={0} most={40} onChange={(age) => { onPlan(changeStop(plan, index - 1, { age })); }} />}
      <span className="inspector-field"><Tip of="pace">Pace</Tip><PaceSlider label={`Pace of set ${index + 1}`} pace={stintPace(plan, index)} onPace={(pace) => { onPlan(setStintPace(plan, index, pace)); }} /></span>
      <span className="inspector-acts">
        <button type="button" className="act" onClick={() => { onPlan(addStop(plan, (stint.from + stint.to) / 2, other(compounds, compound), span)); }}>Stop in here</button>
        {stop && <button type="button" className="act" onClick={() => { onPlan(removeStop(plan, index - 1)); onChoose(null); }}>Remove stop</button>}
        <button type="button" className="act" onClick={() => { onChoose(null); }}>Done</button>
      </span>
    </div>
  );
}

/** Another dry compound than this one, the hardest first: what is usually fitted next. */
export const other = (compounds: readonly Compound[], compound: Compound): Compound =>
  [...(["HARD", "MEDIUM", "SOFT"] as const), ...compounds].find((one) => one !== compound && compounds.includes(one)) ?? compound;

const WATER = [["Drizzle", DRIZZLE], ["Rain", RAIN], ["Downpour", DOWNPOUR]] as const;

function EventPart({ scenario, span, event, index, onScenario, onChoose }: Props & { readonly event: EventDraft; readonly index: number }) {
  const change = (next: Partial<EventDraft>) => { onScenario(changeEvent(scenario, index, next, span)); };
  return (
    <div className="inspector" role="group" aria-label={EVENT_NAME[event.kind]}>
      <strong className="inspector-what">{EVENT_NAME[event.kind]}</strong>
      <Stepper label="From lap" what="first lap" value={event.lap} least={span.lap + 1} most={span.total - event.laps + 1} onChange={(lap) => { change({ lap }); }} />
      <Stepper label="Laps" what="laps it lasts" value={event.laps} least={1} most={span.total - event.lap + 1} onChange={(laps) => { change({ laps }); }} />
      {event.kind === "RAIN" && (
        <span className="segments" role="group" aria-label="How hard it rains">
          {WATER.map(([words, intensity]) => (
            <button key={words} type="button" className="segment" aria-pressed={Math.abs(event.intensity - intensity) < 0.01} onClick={() => { change({ intensity }); }}>{words}</button>
          ))}
        </span>
      )}
      <span className="inspector-acts">
        <button type="button" className="act" onClick={() => { onScenario(removeEvent(scenario, index)); onChoose(null); }}>Remove</button>
        <button type="button" className="act" onClick={() => { onChoose(null); }}>Done</button>
      </span>
    </div>
  );
}

function WholePart({ scenario, plan, car, span, compounds, onPlan, onScenario }: Props) {
  const last = plan.stops.at(-1)?.compound ?? plan.start ?? car.compound;
  return (
    <div className="inspector" role="group" aria-label="The whole plan">
      <button type="button" className="act act-add" disabled={span.total - span.lap < 2} onClick={() => { onPlan(addStop(plan, roomiest(plan, span), other(compounds, last), span)); }}>+ Stop</button>
      <span className="inspector-field"><Tip of="pace">Pace</Tip><PaceSlider label="Pace of the whole plan" pace={onePace(plan)} onPace={(pace) => { onPlan(setPace(plan, pace)); }} /></span>
      <details className="more-settings">
        <summary>More</summary>
        <div className="more-sheet">
          <span className="inspector-field"><Tip of="lapDelta">This car, a lap</Tip><Slider label="Seconds added to each lap of this car" value={plan.delta} least={-1.5} most={1.5} step={0.05} words={`${signed(plan.delta, 2)} s`} onChange={(seconds) => { onPlan({ ...plan, delta: Math.round(seconds * 100) / 100 }); }} /></span>
          <span className="inspector-field"><Tip of="fuel">Extra fuel</Tip><Slider label="Extra fuel carried to the flag" value={plan.fuel} least={0} most={30} step={1} words={`${plan.fuel} kg`} onChange={(fuel) => { onPlan({ ...plan, fuel }); }} /></span>
          <span className="inspector-field"><Tip of="wear">Tyre wear</Tip><Slider label="Wear of all tyres" value={scenario.wear} least={0.5} most={2} step={0.05} words={`${Math.round(scenario.wear * 100)} %`} onChange={(wear) => { onScenario({ ...scenario, wear: Math.round(wear * 100) / 100 }); }} /></span>
          <span className="inspector-field"><Switch on={plan.react} onChange={(react) => { onPlan({ ...plan, react }); }}>May react</Switch><Tip of="react" /></span>
          <span className="inspector-field"><Switch on={scenario.onlyThese} onChange={(onlyThese) => { onScenario({ ...scenario, onlyThese }); }}>Nothing else happens</Switch><Tip of="onlyThese" /></span>
        </div>
      </details>
    </div>
  );
}
