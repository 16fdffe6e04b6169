/**
 * Asks again and again while something is dragged, and never shows an old answer for a new question.
 *
 * The newest question wins, but a question that has not had its first picture yet is let have it (for at most
 * `PATIENCE_MS`): otherwise a hand that moves faster than the first picture comes would see nothing until it stops.
 */
import { RequestError } from "../../api/client";
import { isAbort } from "./stream";

export interface Progress { readonly races: number; readonly of: number }

export interface Running<A> {
  /** The newest picture, and the question that it answers. */
  readonly answer: { readonly question: string; readonly value: A } | null;
  readonly busy: boolean;
  readonly progress: Progress | null;
  readonly failure: { readonly question: string; readonly error: RequestError } | null;
  readonly cancelled: boolean;
}

export const IDLE = { answer: null, busy: false, progress: null, failure: null, cancelled: false } as const;
export const PATIENCE_MS = 350;

type Ask<A> = (question: string, signal: AbortSignal) => AsyncIterable<A>;

interface Run { readonly abort: AbortController; readonly began: number; pictures: number }

export class Runner<A extends Progress> {
  private state: Running<A> = IDLE;
  private run: Run | null = null;
  private waiting: { readonly question: string; readonly timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(private readonly ask: Ask<A>, private readonly tell: (state: Running<A>) => void) {}

  /** Asks a question: now, or as soon as the running one has shown its first picture. */
  question(question: string): void {
    this.stopWaiting();
    const { run } = this;
    const patience = run?.pictures === 0 ? PATIENCE_MS - (performance.now() - run.began) : 0;
    if (patience <= 0) {
      this.begin(question);
      return;
    }
    this.waiting = { question, timer: setTimeout(() => { this.waiting = null; this.begin(question); }, patience) };
    this.change({ busy: true, cancelled: false });
  }

  /** Stops, and keeps what is there. */
  cancel(): void {
    this.end();
    this.change({ busy: false, cancelled: true });
  }

  /** Stops for good: nothing more is told. */
  end(): void {
    this.stopWaiting();
    this.run?.abort.abort();
    this.run = null;
  }

  private stopWaiting(): void {
    clearTimeout(this.waiting?.timer);
    this.waiting = null;
  }

  private begin(question: string): void {
    this.run?.abort.abort();
    const run: Run = { abort: new AbortController(), began: performance.now(), pictures: 0 };
    this.run = run;
    this.change({ busy: true, progress: null, failure: null, cancelled: false });
    void this.follow(question, run);
  }

  private async follow(question: string, run: Run): Promise<void> {
    try {
      for await (const value of this.ask(question, run.abort.signal)) {
        if (this.run !== run) return;
        run.pictures++;
        this.change({ answer: { question, value }, progress: { races: value.races, of: value.of } });
        if (this.waiting) {
          const { question: next } = this.waiting;
          this.stopWaiting();
          this.begin(next);
          return;
        }
      }
      this.over(run, null);
    } catch (cause) {
      if (isAbort(cause)) return;
      const error = cause instanceof RequestError ? cause : new RequestError(0, cause instanceof Error ? cause.message : String(cause));
      this.over(run, { question, error });
    }
  }

  private over(run: Run, failure: Running<A>["failure"]): void {
    if (this.run !== run) return;
    this.run = null;
    if (this.waiting) {
      const { question } = this.waiting;
      this.stopWaiting();
      this.begin(question);
      return;
    }
    this.change({ busy: false, failure });
  }

  private change(change: Partial<Running<A>>): void {
    this.state = { ...this.state, ...change };
    this.tell(this.state);
  }
}
