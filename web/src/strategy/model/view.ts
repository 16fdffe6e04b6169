/** The race as the page's parts take it: every car with what it has run and what it did then. */
import type { Compound } from "../../api/types";
import type { EventKind, PlanDraft } from "./draft";

export interface DoneStint { readonly from: number; readonly to: number; readonly compound: Compound; readonly age: number }

export interface CarView {
  readonly number: string;
  readonly code: string;
  readonly name: string;
  readonly team: string;
  readonly colour: string;
  readonly position: number;
  /** Seconds behind the leader at the line; 0 on the grid. */
  readonly behindS: number;
  readonly compound: Compound;
  readonly tyreAge: number;
  readonly retired: boolean;
  /** The sets run up to the present lap. */
  readonly done: readonly DoneStint[];
  /** What the car did from the present lap on; null where nobody knows: the race is still on. */
  readonly actual: PlanDraft | null;
  /** Where it finished; null while that is not known. */
  readonly finish: number | null;
}

export interface CautionView { readonly kind: EventKind; readonly from: number; readonly to: number }

export interface RaceView {
  readonly key: string;
  readonly title: string;
  readonly session: string;
  readonly season: number;
  readonly lap: number;
  readonly total: number;
  /** The last lap that can be asked about. */
  readonly lastLap: number;
  readonly simulated: boolean;
  readonly live: boolean;
  /** Whether what happened is complete. */
  readonly finished: boolean;
  /** In the order of the race at this lap, retired cars last. */
  readonly cars: readonly CarView[];
  /** What may be fitted: dry ones first. */
  readonly compounds: readonly Compound[];
  /** What neutralised the race, as far as is known. */
  readonly cautions: readonly CautionView[];
}
