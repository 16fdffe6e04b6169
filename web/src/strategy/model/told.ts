/** What was answered about one plan on the page, for the driver who is looked at. */
import type { DriverAnswer, ScenarioAnswer, WhatIfAnswer } from "../api/types";

export interface Told {
  /** The plan's place on the page: 0 is what happened. */
  readonly index: number;
  readonly name: string;
  readonly answer: ScenarioAnswer;
  readonly driver: DriverAnswer;
}

/** The answer's scenarios as the page has them; `indices` and `names` by their order in the question. */
export function toldOf(answer: WhatIfAnswer, indices: readonly number[], nameOf: (index: number) => string): readonly Told[] {
  return answer.scenarios.flatMap((scenario, order) => {
    const index = indices[order];
    const driver = scenario.drivers.find((one) => one.driver_number === answer.driver_number);
    return index === undefined || !driver ? [] : [{ index, name: nameOf(index), answer: scenario, driver }];
  });
}

/** The place below which a share of the races is: the smallest one with at least so much at it or before it. */
export function quantile(chances: readonly number[], share: number): number {
  let sum = 0;
  for (const [index, chance] of chances.entries()) {
    sum += chance;
    if (sum >= share - 1e-9) return index + 1;
  }
  return chances.length;
}
