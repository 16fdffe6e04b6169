/** A race: how it ended, where it began, qualifying, the sprint, laps and stops, and the tables after it. */
import { Link } from "../../app/place";
import { lapTime } from "../../format/time";
import { addresses } from "../api/addresses";
import type { FastestLapRow, GridRow, PitStopRow, QualifyingRow, QualifyingTable, RaceAnswer, RaceRef, ResultRow } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { Answered } from "../parts/Answered";
import { Constructor, Driver, Drivers } from "../parts/Names";
import { Facts, PageHead, Section } from "../parts/Page";
import { Standings } from "../parts/Standings";
import { type Column, Table } from "../parts/Table";
import { paths } from "../routes";
import { day, finish, outcome, points, qualifyingName, raceTime } from "../words";

export function RacePage({ year, round }: { readonly year: number; readonly round: number }) {
  const race = useAnswer(addresses.race(year, round));
  return <Answered of={race} what="the race">{(answer) => <Race of={answer} />}</Answered>;
}

function Race({ of }: { readonly of: RaceAnswer }) {
  const { race } = of;
  const winners = of.results.filter(({ position }) => position === 1);
  const pole = of.results.find((row) => row.pole);
  const fastest = of.results.filter((row) => row.fastest_lap);
  const lap = of.fastest_laps[0];
  return (
    <>
      <PageHead
        kind={`${race.season} · Round ${race.round}`} title={race.grand_prix.name} tab={`${race.season} ${race.grand_prix.name}`}
        beside={<Neighbours before={of.previous} after={of.next} />}
        lead={<>
          <Link href={paths.season(race.season)}>{race.season} season</Link> · <Link href={paths.grandPrix(race.grand_prix.id)}>all {race.grand_prix.name} Grands Prix</Link>
          {" · "}<Link href={paths.circuit(race.circuit.id)}>{race.circuit.name}</Link> · {day(race.date)}
          {of.official_name && <span className="page-official">{of.official_name}</span>}
        </>}
      />
      <Facts
        of={[
          { label: winners.length > 1 ? "Winners" : "Winner", value: winners.length > 0 && <Drivers of={winners.map(({ driver }) => driver)} />, sub: raceTime(winners[0]?.time_ms) },
          { label: "Pole position", value: pole && <Drivers of={[pole.driver]} />, sub: pole?.constructor?.name },
          { label: "Fastest lap", value: fastest.length > 0 && <Drivers of={fastest.map(({ driver }) => driver)} />, sub: lap?.time_ms && `${lapTime(lap.time_ms)}${lap.lap ? ` on lap ${lap.lap}` : ""}` },
          { label: "Distance", value: of.laps && `${of.laps} laps`, sub: of.distance_km && `${of.distance_km.toFixed(1)} km${of.scheduled_laps && of.scheduled_laps !== of.laps ? `, ${of.scheduled_laps} laps planned` : ""}` },
        ]}
      />
      {(of.facts.length > 0 || of.note) && <ul className="told">{[...of.facts, ...(of.note ? [of.note] : [])].map((fact) => <li key={fact}>{fact}</li>)}</ul>}
      <Section title="Result" wide>
        <Table caption={`Result of the race: ${race.season} ${race.grand_prix.name}`} rows={of.results} columns={results(of)} keyOf={({ row }) => row} empty={race.run ? "There is no result." : `To be run on ${day(race.date)}.`} />
      </Section>
      <div className="columns">
        {of.qualifying.map((table) => <Qualifying key={table.session} of={table} />)}
        {of.grid.length > 0 && <Section title="Grid"><Table caption="Starting grid" rows={of.grid} columns={GRID} keyOf={(_, index) => index} most={20} /></Section>}
        {of.sprint.length > 0 && <Section title="Sprint"><Table caption="Result of the sprint" rows={of.sprint} columns={SPRINT} keyOf={({ row }) => row} most={20} /></Section>}
        {of.sprint_grid.length > 0 && <Section title="Sprint grid"><Table caption="Starting grid of the sprint" rows={of.sprint_grid} columns={GRID} keyOf={(_, index) => index} most={20} /></Section>}
        {of.fastest_laps.length > 0 && <Section title="Fastest laps"><Table caption="Each driver's fastest lap" rows={of.fastest_laps} columns={LAPS} keyOf={(_, index) => index} most={20} /></Section>}
        {of.pit_stops.length > 0 && <Section title="Pit stops" note="Time from the pit entry to the exit."><Table caption="Pit stops" rows={of.pit_stops} columns={STOPS} keyOf={(_, index) => index} most={20} /></Section>}
      </div>
      {race.run && (
        <div className="columns">
          <Section title="Drivers after this race" note={<Link href={`${paths.championship(race.season)}?after=${race.round}`}>Who could still win then</Link>}>
            <Standings of="drivers" rows={of.drivers} caption="Drivers' championship after this race" moves most={10} />
          </Section>
          {of.constructors.length > 0 && (
            <Section title="Constructors after this race">
              <Standings of="constructors" rows={of.constructors} caption="Constructors' championship after this race" moves most={10} />
            </Section>
          )}
        </div>
      )}
    </>
  );
}

const Neighbours = ({ before, after }: { readonly before: RaceRef | null; readonly after: RaceRef | null }) => (
  <>
    {before && <Link className="step" href={paths.race(before)} rel="prev">← {before.grand_prix.name}</Link>}
    {after && <Link className="step" href={paths.race(after)} rel="next">{after.grand_prix.name} →</Link>}
  </>
);

const place = ({ position, position_text }: { readonly position: number | null; readonly position_text: string }) =>
  position ?? <abbr title={outcome(position_text)}>{position_text}</abbr>;

const POSITION = { id: "position", label: "Pos", means: "Position", first: "up", figure: true } as const;

function results({ results: rows }: RaceAnswer): Column<ResultRow>[] {
  const stops = rows.some(({ pit_stops }) => pit_stops);
  return [
    { ...POSITION, cell: place, value: ({ position }) => position },
    {
      id: "driver", label: "Driver", heads: true, value: ({ driver }) => driver.name,
      cell: (row) => <Driver of={row.driver} sub={row.constructor?.name} marks={<Marks of={row} />} />,
    },
    { id: "number", label: "No.", means: "Racing number", cell: ({ number }) => number, value: ({ number }) => number, figure: true, room: "wide" },
    { id: "car", label: "Car", cell: ({ constructor }) => <Constructor of={constructor} />, value: ({ constructor }) => constructor?.name, room: "middle" },
    { id: "grid", label: "Grid", cell: (row) => row.grid ?? row.grid_text ?? "–", value: ({ grid }) => grid, first: "up", figure: true, room: "middle" },
    { id: "laps", label: "Laps", cell: ({ laps }) => laps ?? "–", value: ({ laps }) => laps, figure: true, room: "wide" },
    ...(stops ? [{ id: "stops", label: "Stops", cell: (row: ResultRow) => row.pit_stops ?? "–", value: (row: ResultRow) => row.pit_stops, figure: true, room: "wide" as const }] : []),
    { id: "finish", label: "Time or why not", cell: (row) => <span className={row.position === null ? "why" : "time-cell"}>{finish(row)}</span>, figure: true },
    { id: "points", label: "Pts", means: "Points", cell: (row) => <span className="strong">{row.points ? points(row.points) : ""}</span>, value: (row) => row.points, figure: true },
  ];
}

function Marks({ of }: { readonly of: ResultRow }) {
  return (
    <>
      {of.grand_slam ? <abbr className="tag" title="Pole position, win, fastest lap, every lap led">Grand slam</abbr> : <>
        {of.pole && <abbr className="tag" title="Pole position">Pole</abbr>}
        {of.fastest_lap && <abbr className="tag tag-best" title="Fastest lap">FL</abbr>}
      </>}
      {of.shared_car && <abbr className="tag" title="Several drivers drove this car in turn">Shared</abbr>}
    </>
  );
}

const SPRINT: Column<ResultRow>[] = [
  { ...POSITION, cell: place, value: ({ position }) => position },
  { id: "driver", label: "Driver", heads: true, cell: (row) => <Driver of={row.driver} sub={row.constructor?.name} />, value: ({ driver }) => driver.name },
  { id: "grid", label: "Grid", cell: ({ grid, grid_text }) => grid ?? grid_text ?? "–", value: ({ grid }) => grid, first: "up", figure: true, room: "middle" },
  { id: "finish", label: "Time", cell: (row) => finish(row), figure: true },
  { id: "points", label: "Pts", means: "Points", cell: (row) => <span className="strong">{row.points ? points(row.points) : ""}</span>, value: (row) => row.points, figure: true },
];

const GRID: Column<GridRow>[] = [
  { ...POSITION, cell: place, value: ({ position }) => position },
  { id: "driver", label: "Driver", heads: true, cell: (row) => <Driver of={row.driver} sub={row.constructor?.name} />, value: ({ driver }) => driver.name },
  { id: "penalty", label: "Penalty", cell: ({ penalty, qualification_position, position }) => penalty ?? (qualification_position && position && qualification_position < position ? `from ${qualification_position}` : ""), room: "middle" },
  { id: "time", label: "Time", cell: ({ time_ms }) => lapTime(time_ms), value: ({ time_ms }) => time_ms, first: "up", figure: true },
];

const LAPS: Column<FastestLapRow>[] = [
  { ...POSITION, cell: ({ position }) => position, value: ({ position }) => position },
  { id: "driver", label: "Driver", heads: true, cell: (row) => <Driver of={row.driver} sub={row.constructor?.name} />, value: ({ driver }) => driver.name },
  { id: "lap", label: "Lap", cell: ({ lap }) => lap, value: ({ lap }) => lap, figure: true, first: "up" },
  { id: "time", label: "Time", cell: ({ time_ms }) => lapTime(time_ms), value: ({ time_ms }) => time_ms, first: "up", figure: true },
];

const STOPS: Column<PitStopRow>[] = [
  { id: "driver", label: "Driver", heads: true, cell: (row) => <Driver of={row.driver} sub={row.constructor?.name} />, value: ({ driver }) => driver.name },
  { id: "stop", label: "Stop", cell: ({ stop }) => stop, value: ({ stop }) => stop, figure: true, first: "up" },
  { id: "lap", label: "Lap", cell: ({ lap }) => lap, value: ({ lap }) => lap, figure: true, first: "up" },
  { id: "time", label: "Time", cell: ({ time_ms }) => lapTime(time_ms), value: ({ time_ms }) => time_ms, first: "up", figure: true },
];

function Qualifying({ of: { session, rows } }: { readonly of: QualifyingTable }) {
  const parts = (["q1_ms", "q2_ms", "q3_ms"] as const).filter((part) => rows.some((row) => row[part] !== null));
  const time = (label: string, part: "q1_ms" | "q2_ms" | "q3_ms" | "time_ms", room?: "middle"): Column<QualifyingRow> => ({
    id: part, label, cell: (row) => lapTime(row[part]), value: (row) => row[part], first: "up", figure: true, ...(room && { room }),
  });
  const best = (row: QualifyingRow) => row.q3_ms ?? row.q2_ms ?? row.q1_ms;
  const columns: Column<QualifyingRow>[] = [
    { ...POSITION, cell: place, value: ({ position }) => position },
    { id: "driver", label: "Driver", heads: true, cell: (row) => <Driver of={row.driver} sub={row.constructor?.name} />, value: ({ driver }) => driver.name },
    ...(parts.length > 0
      ? [...parts.map((part) => time(part.slice(0, 2).toUpperCase(), part, "middle")), { id: "best", label: "Last", means: "Time of the last part driven", cell: (row: QualifyingRow) => lapTime(best(row)), value: best, first: "up" as const, figure: true }]
      : [time("Time", "time_ms")]),
    { id: "gap", label: "Gap", cell: ({ gap_ms }) => (gap_ms ? `+${lapTime(gap_ms)}` : ""), value: ({ gap_ms }) => gap_ms, first: "up", figure: true, room: "middle" },
  ];
  return (
    <Section title={qualifyingName(session)}>
      <Table caption={qualifyingName(session)} rows={rows} columns={columns} keyOf={(_, index) => index} most={20} />
    </Section>
  );
}
