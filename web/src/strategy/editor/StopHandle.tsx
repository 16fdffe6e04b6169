/** A stop on the timeline: dragged, moved by keys, removed by Delete. */
import { tyreLook } from "../../format/tyres";
import { moveStop, type PlanDraft, removeStop, type Span, stopBounds } from "../model/draft";
import { clamp } from "../model/draft";
import { removes, stepOf } from "./keys";
import { useDrag } from "./useDrag";

interface Props {
  readonly plan: PlanDraft;
  readonly index: number;
  readonly span: Span;
  readonly season: number;
  readonly driver: string;
  readonly chosen: boolean;
  readonly onPlan: (plan: PlanDraft) => void;
  readonly onChoose: () => void;
}

export function StopHandle({ plan, index, span, season, driver, chosen, onPlan, onChoose }: Props) {
  const stop = plan.stops[index];
  const lap = stop?.lap ?? 0;
  const drag = useDrag(
    lap / span.total,
    (share) => { onPlan(moveStop(plan, index, share * span.total, span)); },
    () => { onChoose(); },
  );
  if (!stop) return null;
  const [least, most] = stopBounds(plan, index, span);
  const look = tyreLook(stop.compound, season);
  return (
    <span
      className={chosen ? "stop-handle stop-chosen" : "stop-handle"}
      style={{ left: `${(lap / span.total) * 100}%` }}
      role="slider"
      tabIndex={0}
      aria-label={`Stop ${index + 1} of ${driver}`}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={lap}
      aria-valuetext={`lap ${lap}, for ${look.name}s`}
      aria-keyshortcuts="Delete"
      onFocus={onChoose}
      onKeyDown={(event) => {
        const step = stepOf(event);
        if (step !== null) onPlan(moveStop(plan, index, clamp(lap + step, least, most), span));
        else if (removes(event)) onPlan(removeStop(plan, index));
        else return;
        event.preventDefault();
      }}
      {...drag}
    >
      <i className="stop-grip" aria-hidden="true" />
      <b className="stop-lap figure" aria-hidden="true">{lap}</b>
    </span>
  );
}
