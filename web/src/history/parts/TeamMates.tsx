/** Who beat whom in the same car, by season. */
import { Link } from "../../app/place";
import { addresses } from "../api/addresses";
import type { Duel, TeamMatePair } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { paths } from "../routes";
import { points } from "../words";
import { Answered } from "./Answered";
import { Constructor, Driver } from "./Names";
import { Section } from "./Page";
import { type Column, Table } from "./Table";

/** "14–6": how often each was ahead. */
export const score = (a: number | undefined, b: number | undefined): string => (a || b ? `${a ?? 0}–${b ?? 0}` : "–");

/** The median gap in qualifying as seen from the first driver: −0.210 % is faster. */
export const gapOf = ({ qualifying_gap_pct: gap }: Duel): string =>
  gap === null || gap === undefined ? "" : `${gap > 0 ? "−" : gap < 0 ? "+" : ""}${Math.abs(gap).toFixed(3)} %`;

const COLUMNS: Column<TeamMatePair>[] = [
  { id: "team", label: "Team", cell: ({ constructor }) => <Constructor of={constructor} />, value: ({ constructor }) => constructor.name, room: "middle" },
  {
    id: "pair", label: "Team mates", heads: true, value: ({ a }) => a.name,
    cell: ({ constructor, a, b }) => (
      <span className="pair"><Driver of={a} /> <Driver of={b} sub={constructor.name} /></span>
    ),
  },
  { id: "races", label: "Races", means: "Races that both started", cell: ({ duel }) => duel.races ?? 0, value: ({ duel }) => duel.races, figure: true, room: "middle" },
  { id: "qualifying", label: "Qual.", means: "Ahead in qualifying", cell: ({ duel }) => score(duel.qualifying_a, duel.qualifying_b), value: ({ duel }) => (duel.qualifying_a ?? 0) / Math.max(duel.qualified ?? 0, 1), figure: true },
  { id: "race", label: "Race", means: "Ahead in the race", cell: ({ duel }) => score(duel.race_a, duel.race_b), value: ({ duel }) => (duel.race_a ?? 0) / Math.max(duel.races ?? 0, 1), figure: true },
  { id: "points", label: "Points", cell: ({ duel }) => <span className="nowrap">{points(duel.points_a)}–{points(duel.points_b)}</span>, value: ({ duel }) => (duel.points_a ?? 0) - (duel.points_b ?? 0), figure: true, room: "middle" },
  { id: "gap", label: "Qual. gap", means: "Median gap in qualifying of the first to the second", cell: ({ duel }) => gapOf(duel), value: ({ duel }) => duel.qualifying_gap_pct, figure: true, room: "wide" },
  { id: "page", label: "", means: "Compared", cell: ({ a, b }) => <Link href={paths.headToHead(a.id, b.id)} aria-label={`Compare ${a.name} and ${b.name}`}>Compare</Link>, room: "wide" },
];

export function TeamMates({ year }: { readonly year: number }) {
  const answer = useAnswer(addresses.teamMates(year));
  return (
    <Section title="Team mates" wide note={answer.value?.definition}>
      <Answered of={answer} what="the team mates" waiting={<div className="chart-hold" style={{ height: 200 }} role="status" aria-label="Loading the team mates" />}>
        {({ pairs }) => <Table caption={`Team mates of ${year}`} rows={pairs} columns={COLUMNS} keyOf={({ constructor, a, b }) => `${constructor.id}-${a.id}-${b.id}`} most={24} empty="No two drivers shared a team." />}
      </Answered>
    </Section>
  );
}
