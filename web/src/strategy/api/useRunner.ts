/** A runner as a component holds it: the question changes, the answers come, leaving the page stops the work. */
import { useCallback, useEffect, useRef, useState } from "react";
import { IDLE, type Progress, Runner, type Running } from "./runner";

export interface Held<A> extends Running<A> {
  readonly cancel: () => void;
  readonly again: () => void;
}

/** `question` null asks nothing and keeps what was answered. `ask` must not change. */
export function useRunner<A extends Progress>(question: string | null, ask: (question: string, signal: AbortSignal) => AsyncIterable<A>): Held<A> {
  const [state, tell] = useState<Running<A>>(IDLE);
  const runner = useRef<Runner<A> | null>(null);
  useEffect(() => {
    const made = new Runner(ask, tell);
    runner.current = made;
    return () => {
      made.end();
      runner.current = null;
    };
  }, [ask]);
  useEffect(() => {
    if (question !== null) runner.current?.question(question);
  }, [question, ask]);
  const cancel = useCallback(() => { runner.current?.cancel(); }, []);
  const again = useCallback(() => { if (question !== null) runner.current?.question(question); }, [question]);
  return { ...state, cancel, again };
}
