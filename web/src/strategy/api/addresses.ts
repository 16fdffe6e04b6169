/** Where the API answers what about strategy. */
import type { Address } from "../../history/api/useAnswer";
import { lines } from "./stream";
import type { OptimiseQuestion, OptimiserAnswer, OptimiserLine, RaceAnswer, RaceHindsight, StopsAnswer, StrategySession, StreamLine, WhatIfAnswer, WhatIfQuestion } from "./types";
import { RequestError } from "../../api/client";

const part = (key: string) => `/${encodeURIComponent(key)}`;
const session = (key: string) => `/strategy${part(key)}`;

export const addresses = {
  sessions: (): Address<readonly StrategySession[]> => "/strategy/sessions",
  race: (key: string, lap: number | null): Address<RaceAnswer> => `${session(key)}${lap === null ? "" : `?lap=${lap}`}`,
  stops: (key: string, lap: number): Address<StopsAnswer> => `${session(key)}/stops?lap=${lap}`,
  hindsight: (key: string, driver: string | null): Address<RaceHindsight> => `${session(key)}/hindsight${driver === null ? "" : `?driver=${encodeURIComponent(driver)}`}`,
};

/** A picture of an answer that is still getting sharper. */
export interface Picture { readonly races: number; readonly of: number; readonly value: WhatIfAnswer | null }

/** Asks what becomes of the plans; `question` is a `WhatIfQuestion` as JSON with the session's key before it. */
export async function* whatIf(question: string, signal: AbortSignal): AsyncGenerator<Picture> {
  const { key, question: body } = JSON.parse(question) as { key: string; question: WhatIfQuestion };
  let last: WhatIfAnswer | null = null;
  for await (const line of lines<StreamLine>(`${part(key)}/whatif/stream`, body, signal)) {
    if (line.problem) throw new RequestError(422, line.problem, line.hint);
    last = line.answer ?? last;
    yield { races: line.races, of: line.of, value: last };
  }
}

/** How far a search for the best plan is; parts of a thousand, as races are counted elsewhere. */
export interface Search { readonly races: number; readonly of: number; readonly value: OptimiserAnswer }

/** Asks for the best plan; `question` is an `OptimiseQuestion` as JSON with the session's key before it. */
export async function* optimise(question: string, signal: AbortSignal): AsyncGenerator<Search> {
  const { key, question: body } = JSON.parse(question) as { key: string; question: OptimiseQuestion };
  for await (const line of lines<OptimiserLine>(`${part(key)}/optimise/stream`, body, signal)) {
    if (line.problem) throw new RequestError(422, line.problem, line.hint);
    if (line.answer) yield { races: Math.round(line.answer.stage.done * 1000), of: 1000, value: line.answer };
  }
}
