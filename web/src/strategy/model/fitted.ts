/** A scenario as it can be run from the present lap: what lies before it or after the flag is left out, and said. */
import type { EventDraft, PlanDraft, ScenarioDraft, Span } from "./draft";
import { EVENT_NAME } from "./words";

export interface Fitted {
  readonly scenario: ScenarioDraft;
  /** What was left out, one sentence each. */
  readonly left: readonly string[];
}

export function fitted(scenario: ScenarioDraft, span: Span, known: (driver: string) => boolean): Fitted {
  const left: string[] = [];
  const plans: Record<string, PlanDraft> = {};
  for (const [driver, plan] of Object.entries(scenario.plans)) {
    if (known(driver)) plans[driver] = fittedPlan(driver, plan, span, left);
    else left.push(`${driver} is not in this race.`);
  }
  return { scenario: { ...scenario, plans, events: scenario.events.flatMap((event) => fittedEvent(event, span, left)) }, left };
}

function fittedPlan(driver: string, plan: PlanDraft, { lap, total }: Span, left: string[]): PlanDraft {
  const stops = plan.stops.filter((stop) => {
    if (stop.lap > lap && stop.lap < total) return true;
    left.push(stop.lap <= lap ? `${driver}'s stop on lap ${stop.lap} lies before lap ${lap}.` : `${driver}'s stop on lap ${stop.lap} comes too late: the race has ${total} laps.`);
    return false;
  });
  const start = lap === 0 ? plan.start : null;
  return stops.length === plan.stops.length && start === plan.start ? plan : { ...plan, start, stops };
}

function fittedEvent(event: EventDraft, { lap, total }: Span, left: string[]): EventDraft[] {
  const name = EVENT_NAME[event.kind];
  if (event.lap > total) {
    left.push(`${name} on lap ${event.lap} comes too late: the race has ${total} laps.`);
    return [];
  }
  const end = Math.min(event.lap + event.laps - 1, total);
  if (end <= lap) {
    left.push(`${name} on lap ${event.lap} lies before lap ${lap}.`);
    return [];
  }
  const from = Math.max(event.lap, lap + 1);
  return [from === event.lap && end === event.lap + event.laps - 1 ? event : { ...event, lap: from, laps: end - from + 1 }];
}
