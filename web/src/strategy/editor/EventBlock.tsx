/** A safety car or a shower on the timeline: dragged to another lap, drawn longer at its end, both by keys too. */
import { changeEvent, clamp, type EventDraft, removeEvent, type ScenarioDraft, type Span } from "../model/draft";
import { EVENT_NAME, EVENT_SHORT, eventWords } from "../model/words";
import { BIG_STEP, removes, stepOf } from "./keys";
import { useDrag } from "./useDrag";

interface Props {
  readonly scenario: ScenarioDraft;
  readonly index: number;
  readonly span: Span;
  readonly chosen: boolean;
  readonly onScenario: (scenario: ScenarioDraft) => void;
  readonly onChoose: () => void;
}

export function EventBlock({ scenario, index, span, chosen, onScenario, onChoose }: Props) {
  const event: EventDraft = scenario.events[index] ?? { kind: "SC", lap: 1, laps: 1, intensity: 0 };
  const { kind, lap, laps } = event;
  const change = (next: Partial<EventDraft>) => { onScenario(changeEvent(scenario, index, next, span)); };
  const move = useDrag((lap - 1) / span.total, (share) => { change({ lap: clamp(Math.round(share * span.total) + 1, span.lap + 1, span.total - laps + 1) }); }, onChoose);
  const stretch = useDrag((lap - 1 + laps) / span.total, (share) => { change({ laps: Math.round(share * span.total) - lap + 1 }); }, onChoose);
  return (
    <span
      className={`event-block event-${kind.toLowerCase()}${chosen ? " event-chosen" : ""}`}
      style={{ left: `${((lap - 1) / span.total) * 100}%`, width: `${(laps / span.total) * 100}%` }}
    >
      <span
        className="event-body"
        role="slider"
        tabIndex={0}
        aria-label={`${EVENT_NAME[kind]}, first lap`}
        aria-valuemin={span.lap + 1}
        aria-valuemax={span.total}
        aria-valuenow={lap}
        aria-valuetext={eventWords(event)}
        aria-keyshortcuts="Delete + -"
        title={`${eventWords(event)}: drag it; + and − change its length, Delete removes it`}
        onFocus={onChoose}
        onKeyDown={(pressed) => {
          const step = stepOf(pressed);
          if (step !== null) change({ lap: clamp(lap + step, span.lap + 1, span.total - laps + 1) });
          else if (pressed.key === "+" || pressed.key === "=") change({ laps: laps + (pressed.shiftKey && pressed.key !== "+" ? BIG_STEP : 1) });
          else if (pressed.key === "-") change({ laps: laps - 1 });
          else if (removes(pressed)) onScenario(removeEvent(scenario, index));
          else return;
          pressed.preventDefault();
        }}
        {...move}
      >
        {EVENT_SHORT[kind]}
      </span>
      <span className="event-end" aria-hidden="true" {...stretch} />
    </span>
  );
}
