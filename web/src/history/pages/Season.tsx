/** A season: its calendar and winners, how the championships went, its tables, team mates and seats. */
import { useState } from "react";
import { Link } from "../../app/place";
import { addresses } from "../api/addresses";
import type { CountLine, Of, RoundLine, SeasonAnswer, SeatLine } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { Answered } from "../parts/Answered";
import { Constructor, Driver, Drivers, Entrant } from "../parts/Names";
import { Choice, DRIVERS_OR_CONSTRUCTORS, Facts, PageHead, Section } from "../parts/Page";
import { ProgressChart } from "../parts/Progress";
import { Standings } from "../parts/Standings";
import { type Column, Table } from "../parts/Table";
import { TeamMates } from "../parts/TeamMates";
import { paths } from "../routes";
import { counted, day, points, ranges } from "../words";

export function SeasonPage({ year }: { readonly year: number }) {
  const season = useAnswer(addresses.season(year));
  return <Answered of={season} what="the season">{(answer) => <Season of={answer} />}</Answered>;
}

function Season({ of }: { readonly of: SeasonAnswer }) {
  const [who, choose] = useState<Of>("drivers");
  const run = of.rounds.filter(({ race }) => race.run);
  const table = who === "drivers" ? of.drivers : of.constructors;
  const [first, second] = of.drivers;
  return (
    <>
      <PageHead
        kind="Season" title={String(of.year)} tab={`${of.year} season`}
        beside={<Neighbours before={of.previous} after={of.next} />}
        lead={of.note || (of.finished ? undefined : `${run.length} of ${of.rounds.length} races run.`)}
      />
      <Facts
        of={[
          { label: of.finished ? "Champion" : "Leader", value: first?.driver && <Drivers of={[of.champion ?? first.driver]} />, sub: first && `${points(first.points)} points${second ? `, ${points(first.points - second.points)} ahead` : ""}` },
          { label: of.finished ? "Constructors' champion" : "Leading constructor", value: of.constructors[0]?.constructor && <Constructor of={of.constructors_champion ?? of.constructors[0].constructor} />, sub: of.constructors[0] && `${points(of.constructors[0].points)} points` },
          { label: "Races", value: of.rounds.length },
          { label: "Winners", value: of.wins.length || "", sub: of.first_time_winners.length > 0 && <>first win: <Drivers of={of.first_time_winners} /></> },
        ]}
      />
      <Section title="Races" wide>
        <Table caption={`Races of ${of.year}`} rows={of.rounds} columns={ROUNDS} keyOf={({ race }) => race.round} />
      </Section>
      <div className="columns">
        <Section
          title="Championship"
          beside={<Choice label="Championship of" of={DRIVERS_OR_CONSTRUCTORS} chosen={who} onChoose={choose} />}
          note={<Link href={paths.championship(of.year)}>The table after any round, and who could still win</Link>}
        >
          <Standings of={who} rows={table} caption={`${who === "drivers" ? "Drivers'" : "Constructors'"} championship of ${of.year}`} most={20} />
        </Section>
        <Section title="Round by round"><ProgressChart year={of.year} of={who} /></Section>
      </div>
      <Section title="Wins, poles, podiums">
        <div className="counts">
          <Counts title="Wins" of={of.wins} /><Counts title="Pole positions" of={of.poles} /><Counts title="Podiums" of={of.podiums} />
        </div>
      </Section>
      <TeamMates year={of.year} />
      <Section title="Who drove for whom" wide note={of.debuts.length > 0 && <>First start: <Drivers of={of.debuts} /></>}>
        <Table caption={`Seats of ${of.year}`} rows={of.seats} columns={SEATS} keyOf={(_, index) => index} most={12} />
      </Section>
    </>
  );
}

const Neighbours = ({ before, after }: { readonly before: number | null; readonly after: number | null }) => (
  <>
    {before !== null && <Link className="step" href={paths.season(before)} rel="prev">← {before}</Link>}
    {after !== null && <Link className="step" href={paths.season(after)} rel="next">{after} →</Link>}
  </>
);

const ROUNDS: Column<RoundLine>[] = [
  { id: "round", label: "", means: "Round", cell: ({ race }) => <span className="quiet">{race.round}</span>, figure: true },
  {
    id: "race", label: "Grand Prix", heads: true, value: ({ race }) => race.round,
    cell: ({ race, drivers_decider, sprint }) => (
      <span className="name">
        <Link className="name-link" href={paths.race(race)}>{race.grand_prix.name}</Link>
        {sprint && <span className="tag">Sprint</span>}{drivers_decider && <span className="tag" title="The drivers' championship was decided here">Title</span>}
      </span>
    ),
  },
  { id: "date", label: "Date", cell: ({ race }) => <span className="nowrap">{day(race.date, "short")}</span>, value: ({ race }) => race.date, room: "middle" },
  { id: "circuit", label: "Circuit", cell: ({ race }) => <Link className="quiet-link" href={paths.circuit(race.circuit.id)}>{race.circuit.name}</Link>, value: ({ race }) => race.circuit.name, room: "wide" },
  {
    id: "winner", label: "Winner", value: ({ winners }) => winners[0]?.name,
    cell: ({ winners, winning_constructor, race }) => race.run
      ? <span className="name"><Drivers of={winners} /><span className="name-sub">{winning_constructor?.name}</span></span>
      : <span className="quiet">{day(race.date, "short")}</span>,
  },
  { id: "team", label: "Car", cell: ({ winning_constructor }) => <Constructor of={winning_constructor} />, value: ({ winning_constructor }) => winning_constructor?.name, room: "middle" },
  { id: "pole", label: "Pole position", cell: ({ pole, race }) => race.run && <Drivers of={pole} />, value: ({ pole }) => pole[0]?.name, room: "wide" },
  { id: "fastest", label: "Fastest lap", cell: ({ fastest_lap, race }) => race.run && <Drivers of={fastest_lap} />, value: ({ fastest_lap }) => fastest_lap[0]?.name, room: "wide" },
];

const SEATS: Column<SeatLine>[] = [
  { id: "driver", label: "Driver", heads: true, cell: ({ driver, constructor, test_driver }) => <Driver of={driver} sub={constructor.name} marks={test_driver && <span className="tag">Test</span>} />, value: ({ driver }) => driver.name },
  { id: "constructor", label: "Constructor", cell: ({ constructor, engine }) => <Entrant constructor={constructor} engine={engine} />, value: ({ constructor }) => constructor.name, room: "middle" },
  { id: "entrant", label: "Entrant", cell: ({ entrant }) => entrant, value: ({ entrant }) => entrant, room: "wide" },
  { id: "rounds", label: "Rounds", cell: ({ rounds }) => ranges(rounds) || "–", figure: true },
];

export function Counts({ title, of, most = 8 }: { readonly title: string; readonly of: readonly CountLine[]; readonly most?: number }) {
  const top = Math.max(...of.map(({ count }) => count), 1);
  return (
    <div className="count-list">
      <h3 className="label">{title}</h3>
      {of.length === 0 && <p className="quiet">None.</p>}
      <ol>
        {of.slice(0, most).map(({ driver, constructor, count }) => (
          <li key={driver?.id ?? constructor?.id} style={{ "--part": count / top }}>
            <span>{driver ? <Driver of={driver} /> : <Constructor of={constructor} />}</span><span className="figure">{count}</span>
          </li>
        ))}
      </ol>
      {of.length > most && <p className="quiet">and {counted(of.length - most, "other")}</p>}
    </div>
  );
}
