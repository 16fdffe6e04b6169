/** One car's race on a line: what it has run, where it is, and the plan for what is left, to be taken hold of. */
import type { ReactNode } from "react";
import { tyreLook } from "../../format/tyres";
import { onePace, type PlanDraft, type ScenarioDraft, type Span, stintsOf } from "../model/draft";
import type { CarView, CautionView } from "../model/view";
import { EVENT_NAME } from "../model/words";
import { EventBlock } from "./EventBlock";
import { StopHandle } from "./StopHandle";

export type Chosen = { readonly is: "stint" | "event"; readonly index: number } | null;

interface Props {
  readonly car: CarView;
  /** null: the team decides when the time comes. */
  readonly plan: PlanDraft | null;
  readonly span: Span;
  readonly season: number;
  readonly cautions: readonly CautionView[];
  /** Which scenario's it is; the palette reads it where something is let go. */
  readonly index: number;
  /** Where it may be changed; what happened may not. */
  readonly edit?: {
    readonly chosen: Chosen;
    readonly onPlan: (plan: PlanDraft) => void;
    readonly onChoose: (chosen: Chosen) => void;
  } | undefined;
  /** The lane above, where events lie. */
  readonly events?: { readonly scenario: ScenarioDraft; readonly onScenario: (scenario: ScenarioDraft) => void } | undefined;
}

export function Timeline({ car, plan, span, season, cautions, index: scenarioIndex, edit, events }: Props) {
  const share = (laps: number) => `${(laps / span.total) * 100}%`;
  return (
    <div className={edit ? "timeline timeline-open" : "timeline"} data-track data-scenario={scenarioIndex} data-driver={car.code} data-edit={edit ? "" : undefined}>
      {(edit ?? cautions.length > 0) && (
        <div className="event-lane">
          {cautions.filter(({ from }) => !edit || from <= span.lap).map(({ kind, from, to }) => (
            <span
              key={`${kind}-${from}`} className={`caution event-${kind.toLowerCase()}`} title={`${EVENT_NAME[kind]}, laps ${from} to ${to}: it happened`}
              style={{ left: share(from - 1), width: share(to - from + 1) }}
            />
          ))}
          {edit && events?.scenario.events.map((_, index) => (
            <EventBlock
              key={index} index={index} span={span} scenario={events.scenario} onScenario={events.onScenario}
              chosen={edit.chosen?.is === "event" && edit.chosen.index === index}
              onChoose={() => { edit.onChoose({ is: "event", index }); }}
            />
          ))}
        </div>
      )}
      <div className="timeline-track">
        <Done car={car} span={span} season={season} share={share} />
        {!car.retired && <Ahead {...{ car, plan, span, season, edit, share }} />}
        {span.lap > 0 && <span className="now-line" style={{ left: share(span.lap) }} aria-hidden="true" />}
        {!car.retired && edit && plan?.stops.map((_, index) => (
          <StopHandle
            key={index} driver={car.code} {...{ plan, index, span, season }} onPlan={edit.onPlan}
            chosen={edit.chosen?.is === "stint" && edit.chosen.index === index + 1}
            onChoose={() => { edit.onChoose({ is: "stint", index: index + 1 }); }}
          />
        ))}
      </div>
    </div>
  );
}

interface PartProps { readonly car: CarView; readonly span: Span; readonly season: number; readonly share: (laps: number) => string }

function Done({ car, span, season, share }: PartProps): ReactNode {
  return car.done.map(({ from, to, compound, age }) => {
    const look = tyreLook(compound, season);
    return (
      <span
        key={from} className="set set-done" title={`${look.name}, laps ${from} to ${to}${age > 0 ? `, ${age} laps old when fitted` : ""}: run already`}
        style={{ left: share(from - 1), width: share(to - from + 1), "--set": `var(--tyre-${look.family})` }}
      >
        {(to - from + 1) / span.total > 0.05 && look.letter}
      </span>
    );
  });
}

function Ahead({ car, plan, span, season, edit, share }: PartProps & Pick<Props, "plan" | "edit">): ReactNode {
  if (plan === null) {
    return <span className="set set-open" style={{ left: share(span.lap), width: share(span.total - span.lap) }}>as the team decides</span>;
  }
  const mixed = onePace(plan) === null;
  return stintsOf(plan, span).map((stint, index) => {
    const look = tyreLook(stint.compound ?? car.compound, season);
    const laps = stint.to - stint.from + 1;
    const wide = laps / span.total;
    const words = `${look.name}, laps ${stint.from} to ${stint.to}${stint.pace === "normal" ? "" : `, ${stint.pace}`}`;
    const inside = <span className="set-inside">{wide > 0.04 && look.letter}{wide > 0.1 && <span className="set-laps">{laps}</span>}{(mixed || stint.pace !== "normal") && wide > 0.14 && stint.pace !== "normal" && <span className="set-pace">{stint.pace}</span>}</span>;
    const style = { left: share(stint.from - 1), width: share(laps), "--set": `var(--tyre-${look.family})` };
    const name = `set set-ahead${stint.age > 0 ? " set-used" : ""}`;
    if (!edit) return <span key={index} className={name} style={style} title={words}>{inside}<span className="sr-only">{words}</span></span>;
    const chosen = edit.chosen?.is === "stint" && edit.chosen.index === index;
    return (
      <button
        key={index} type="button" className={chosen ? `${name} set-chosen` : name} style={style} title={`${words}: press to change`}
        aria-pressed={chosen}
        onClick={() => { edit.onChoose(chosen ? null : { is: "stint", index }); }}
      >
        {inside}<span className="sr-only"> {car.code}, set {index + 1} from here: {words}</span>
      </button>
    );
  });
}
