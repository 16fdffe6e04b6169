/** How a championship went: points or places after every round. */
import { useState } from "react";
import { addresses } from "../api/addresses";
import type { Of, ProgressAnswer } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { Chart } from "../charts/Chart";
import type { Line } from "../charts/series";
import { ordinal, points } from "../words";
import { Answered } from "./Answered";
import { Choice } from "./Page";
import { keyOfEntrant, nameOfEntrant } from "./Standings";

type Measure = "points" | "places";
const HEIGHT = 340;
const MOST = 24;

export function ProgressChart({ year, of }: { readonly year: number; readonly of: Of }) {
  const answer = useAnswer(addresses.progress(year, of), { keep: true });
  return (
    <Answered of={answer} what="the chart" waiting={<div className="chart-hold" style={{ height: HEIGHT }} role="status" aria-label="Loading the chart" />}>
      {(value) => <Progress key={value.of} of={value} />}
    </Answered>
  );
}

function Progress({ of }: { readonly of: ProgressAnswer }) {
  const [measure, choose] = useState<Measure>("points");
  const lines = linesOf(of, measure);
  if (lines.length === 0) return <p className="empty">There is nothing to draw yet.</p>;
  const rounds = of.rounds.slice(0, drawn(of));
  const names = new Map(rounds.map((race) => [race.round, race.grand_prix.name]));
  return (
    <div className="progress-chart">
      <Choice label="Drawn" of={[["points", "Points"], ["places", "Places"]]} chosen={measure} onChoose={choose} />
      <Chart
        key={measure}
        label={`${measure === "points" ? "Points" : "Places"} of the first ${lines.length} after each of ${rounds.length} rounds of ${of.season}; the page of each round has them in figures`}
        x={rounds.map(({ round }) => round)} lines={lines} height={HEIGHT} inverted={measure === "places"}
        xName={(round) => (names.has(round) ? String(round) : "")}
        yName={measure === "points" ? points : (place) => (place < 1 ? "" : ordinal(Math.round(place)))}
        hint="Point at a round for its figures; press a name to colour its line."
        wordOf={(round) => `${round} ${names.get(round) ?? ""}:`}
      />
    </div>
  );
}

/** How many rounds have a table: those that are still to come have none. */
const drawn = ({ lines, rounds }: ProgressAnswer): number =>
  rounds.reduce((most, _, index) => (lines.some((line) => line.points[index] !== null && line.points[index] !== undefined) ? index + 1 : most), 0);

/** The lines of the first in the last table, the best first. */
export function linesOf(of: ProgressAnswer, measure: Measure): readonly Line[] {
  const last = drawn(of) - 1;
  const place = (positions: readonly (number | null)[]) => positions[last] ?? 999;
  return [...of.lines]
    .sort((a, b) => place(a.positions) - place(b.positions))
    .slice(0, MOST)
    .map((line) => ({ id: keyOfEntrant(line), label: nameOfEntrant(line), values: (measure === "points" ? line.points : line.positions).slice(0, last + 1) }));
}
