/** A finished race looked back at: what was done, what could have been known, what would have been best. */
import { useState } from "react";
import { useAnswer } from "../../history/api/useAnswer";
import { Answered, asSentence } from "../../history/parts/Answered";
import { addresses } from "../api/addresses";
import type { DriverHindsight, Missed, RaceHindsight } from "../api/types";
import type { PlanDraft } from "../model/draft";
import { planOf } from "../model/planOf";
import type { CarView, RaceView } from "../model/view";
import { signed } from "../model/words";
import { Tip } from "../parts/Tip";

interface Props {
  readonly race: RaceView;
  readonly car: CarView;
  readonly full: boolean;
  readonly onTake: (driver: string) => (plan: PlanDraft, name: string) => void;
  readonly onDriver: (code: string) => void;
}

export function LookingBack(props: Props) {
  const [open, show] = useState(false);
  return (
    <details className="field-sheet" onToggle={(event) => { show(event.currentTarget.open); }}>
      <summary><span className="section-title">Hindsight</span><span className="quiet"> the best plan for the race as it came, from the grid</span></summary>
      {open && <Loaded {...props} />}
    </details>
  );
}

function Loaded({ race, car, full, onTake, onDriver }: Props) {
  const [all, ask] = useState(false);
  const answer = useAnswer(addresses.hindsight(race.key, all ? null : car.code));
  return (
    <div className="next-stop">
      <Answered of={answer} what="hindsight" waiting={<p className="chart-note" role="status">{all ? "Every driver’s race is being looked back at; this takes a minute…" : `${car.code}’s race is being looked back at…`}</p>}>
        {(found) => (
          <>
            <Table found={found} lap={race.lap} full={full} onTake={onTake} onDriver={onDriver} />
            {!all && <button type="button" className="act" onClick={() => { ask(true); }}>Look at everybody</button>}
            <details className="best-assumed"><summary>What hindsight assumes</summary><ul>{found.assumptions.map((one) => <li key={one}>{asSentence(one)}</li>)}</ul></details>
          </>
        )}
      </Answered>
    </div>
  );
}

interface TableProps extends Pick<Props, "full" | "onTake" | "onDriver"> { readonly found: RaceHindsight; readonly lap: number }

function Table({ found, lap, full, onTake, onDriver }: TableProps) {
  return (
    <div className="best-frame">
      <table className="best-table">
        <caption className="sr-only">What each driver did and what would have been best</caption>
        <thead><tr><th scope="col">Driver</th><th scope="col">Did</th><th scope="col"><Tip of="hindsight">Best in hindsight</Tip></th><th scope="col">Missed, s</th><th scope="col">Missed, points</th><th scope="col" className="best-wide">Could be known, s</th><th scope="col"><span className="sr-only">Take it</span></th></tr></thead>
        <tbody>{found.drivers.map((driver) => <Row key={driver.driver_number} driver={driver} lap={lap} full={full} onTake={onTake} onDriver={onDriver} />)}</tbody>
      </table>
    </div>
  );
}

function Row({ driver, lap, full, onTake, onDriver }: Pick<TableProps, "lap" | "full" | "onTake" | "onDriver"> & { readonly driver: DriverHindsight }) {
  const code = <button type="button" className="field-code" onClick={() => { onDriver(driver.driver); }} title={driver.team}>{driver.driver}</button>;
  if (!driver.judged) return <tr><th scope="row">{code}</th><td colSpan={6}>{driver.why_not && asSentence(driver.why_not)}</td></tr>;
  const best = driver.hindsight?.plan;
  return (
    <tr>
      <th scope="row">{code}<small> {driver.finish === null ? "retired" : `P${driver.finish}`}</small></th>
      <td>{driver.actual?.told}</td>
      <td>{driver.hindsight?.told}</td>
      <td className="figure">{missed(driver.missed, "seconds", 1)}</td>
      <td className="figure">{missed(driver.missed, "points", 1)}</td>
      <td className="figure best-wide">{missed(driver.foreseeable, "seconds", 1)}</td>
      <td>{best && <button type="button" className="act" disabled={full || lap > 0} title={lap > 0 ? "This plan begins on the grid: go to the grid first" : "Lay it on the bench"} onClick={() => { onDriver(driver.driver); onTake(driver.driver)(planOf(best), "In hindsight"); }}>Take</button>}</td>
    </tr>
  );
}

function missed(of: Missed | null | undefined, what: keyof Missed, digits: number) {
  if (!of) return "–";
  const { mean, half_width: half } = of[what];
  return <>{signed(mean, digits)} <small>± {half.toFixed(digits)}</small></>;
}
