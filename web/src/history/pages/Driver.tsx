/** A driver: who they are, what they won, season by season, against their team mates, race by race. */
import { useState } from "react";
import { Link } from "../../app/place";
import { addresses } from "../api/addresses";
import type { CareerResult, DriverAnswer, TeamMate } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { Answered } from "../parts/Answered";
import { CircuitsTable, Figures, Meanings, Milestones, PlacesChart, Seasons } from "../parts/Career";
import { Constructor, Constructors, Driver, Race } from "../parts/Names";
import { PageHead, Section } from "../parts/Page";
import { type Column, Table } from "../parts/Table";
import { gapOf, score } from "../parts/TeamMates";
import { paths } from "../routes";
import { day, finish, kinship, outcome, points, span, years } from "../words";

export function DriverPage({ id }: { readonly id: string }) {
  const driver = useAnswer(addresses.driver(id));
  return <Answered of={driver} what="the driver">{(answer) => <DriverShown of={answer} />}</Answered>;
}

function life({ born, died, birthplace }: DriverAnswer): string {
  const birth = born ? `born ${day(born)}${birthplace ? ` in ${birthplace}` : ""}` : "";
  return [birth, died && `died ${day(died)}`].filter(Boolean).join(", ");
}

function DriverShown({ of }: { readonly of: DriverAnswer }) {
  return (
    <>
      <PageHead
        kind={["Driver", of.driver.code, of.permanent_number && `No. ${of.permanent_number}`].filter(Boolean).join(" · ")}
        title={of.driver.name}
        lead={<>
          {[of.country_name, life(of)].filter(Boolean).join("; ")}.
          {of.title_years.length > 0 && <strong> World champion {years(of.title_years)}.</strong>}
          {of.relatives.length > 0 && <> Related: {of.relatives.map(({ driver, relation }, index) => <span key={driver.id}>{index > 0 && ", "}<Link href={paths.driver(driver.id)}>{driver.name}</Link> ({kinship(relation)})</span>)}.</>}
        </>}
        beside={<Link className="step" href={paths.headToHead(of.driver.id)}>Compare with …</Link>}
      />
      <Figures of={of.totals} definitions={of.definitions} />
      <div className="columns">
        <Section title="Seasons"><Seasons of={of.seasons} /></Section>
        <div className="stack">
          <PlacesChart of={of.seasons} name={of.driver.name} />
          {of.milestones.length > 0 && <Section title="Milestones"><Milestones of={of.milestones} /></Section>}
        </div>
      </div>
      {of.team_mates.length > 0 && (
        <Section title="Against team mates" wide note="Over the races that both started for the same team; a driver who was not classified is behind one who was.">
          <Table caption={`${of.driver.name} against team mates`} rows={of.team_mates} columns={mates(of.driver.id)} keyOf={({ driver }) => driver.id} most={15} />
        </Section>
      )}
      <div className="columns">
        <Section title="Results"><Results id={of.driver.id} /></Section>
        <Section title="Circuits"><CircuitsTable of={of.circuits} /></Section>
      </div>
      <Meanings of={of.definitions} />
    </>
  );
}

const mates = (id: string): Column<TeamMate>[] => [
  { id: "mate", label: "Team mate", heads: true, cell: ({ driver, first, last }) => <Driver of={driver} sub={span(first, last)} />, value: ({ driver }) => driver.name },
  { id: "years", label: "Seasons", cell: ({ first, last }) => span(first, last), value: ({ first }) => first, room: "middle" },
  { id: "team", label: "Team", cell: ({ constructors }) => <Constructors of={constructors} />, value: ({ constructors }) => constructors[0]?.name, room: "wide" },
  { id: "races", label: "Races", cell: ({ duel }) => duel.races ?? 0, value: ({ duel }) => duel.races, figure: true },
  { id: "qualifying", label: "Qual.", means: "Ahead in qualifying", cell: ({ duel }) => score(duel.qualifying_a, duel.qualifying_b), value: ({ duel }) => (duel.qualifying_a ?? 0) / Math.max(duel.qualified ?? 0, 1), figure: true },
  { id: "gap", label: "Gap", means: "Median gap in qualifying to the team mate; minus is faster", cell: ({ duel }) => gapOf(duel), value: ({ duel }) => duel.qualifying_gap_pct, figure: true, room: "wide" },
  { id: "race", label: "Race", means: "Ahead in the race", cell: ({ duel }) => score(duel.race_a, duel.race_b), value: ({ duel }) => (duel.race_a ?? 0) / Math.max(duel.races ?? 0, 1), figure: true },
  { id: "points", label: "Points", cell: ({ duel }) => <span className="nowrap">{points(duel.points_a)}–{points(duel.points_b)}</span>, value: ({ duel }) => duel.points_a, figure: true, room: "middle" },
  { id: "page", label: "", means: "Compared", cell: ({ driver }) => <Link href={paths.headToHead(id, driver.id)} aria-label={`Compare with ${driver.name}`}>Compare</Link>, room: "wide" },
];

const PAGE = 50;

/** Results, newest first, a page at a time: a long career has hundreds. */
function Results({ id }: { readonly id: string }) {
  const [limit, more] = useState(PAGE);
  const answer = useAnswer(addresses.driverResults(id, { limit }), { keep: true });
  return (
    <Answered of={answer} what="the results" waiting={<div className="chart-hold" style={{ height: 400 }} role="status" aria-label="Loading the results" />}>
      {({ items, total }) => (
        <>
          <Table caption="Results, newest first" rows={items} columns={RESULTS} keyOf={({ race, result }) => `${race.season}-${race.round}-${result.row}`} most={limit} />
          {total > items.length && <button type="button" className="button choice more" onClick={() => { more(limit === PAGE ? 1000 : limit + 1000); }}>All {total} results</button>}
        </>
      )}
    </Answered>
  );
}

const RESULTS: Column<CareerResult>[] = [
  { id: "race", label: "Race", heads: true, cell: ({ race, result }) => <span className="name"><Race of={race} /><span className="name-sub">{result.constructor?.name}</span></span>, value: ({ race }) => race.season * 100 + race.round, first: "down" },
  { id: "team", label: "Car", cell: ({ result }) => <Constructor of={result.constructor} />, value: ({ result }) => result.constructor?.name, room: "middle" },
  { id: "grid", label: "Grid", cell: ({ result }) => result.grid ?? result.grid_text ?? "–", value: ({ result }) => result.grid, first: "up", figure: true },
  {
    id: "position", label: "Result", first: "up", figure: true, value: ({ result }) => result.position,
    cell: ({ result }) => <span className={result.position === 1 ? "champion" : undefined} title={finish(result)}>{result.position ?? <abbr title={result.reason_retired ?? outcome(result.position_text)}>{result.position_text}</abbr>}</span>,
  },
  { id: "points", label: "Pts", means: "Points", cell: ({ result }) => (result.points ? points(result.points) : ""), value: ({ result }) => result.points, figure: true },
];
