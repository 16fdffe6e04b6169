/** Circuits and Grands Prix: the lists of all, and the page of one. */
import { Link } from "../../app/place";
import { lapTime } from "../../format/time";
import { addresses } from "../api/addresses";
import type { CircuitLine, GrandPrixLine, LapRecord, LayoutLine, PlaceAnswer, RoundLine } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { Answered } from "../parts/Answered";
import { Constructor, Driver, Drivers, Race, Several } from "../parts/Names";
import { Facts, PageHead, Section } from "../parts/Page";
import { type Column, Table } from "../parts/Table";
import { type Page, paths } from "../routes";
import { counted, day, ordinal, share, span } from "../words";
import { Counts } from "./Season";

export default function PlacesPages({ page }: { readonly page: Page }) {
  if (page.is === "circuits") return <CircuitsPage />;
  if (page.is === "grands-prix") return <GrandsPrixPage />;
  if (page.is === "circuit" || page.is === "grand-prix") return <PlacePage key={`${page.is}-${page.id}`} is={page.is} id={page.id} />;
  return null;
}

const TYPES: Readonly<Record<string, string>> = { RACE: "Race track", ROAD: "Public roads", STREET: "Streets" };
const km = (length: number | null | undefined) => (length ? `${length.toFixed(3)} km` : "");

const CIRCUITS: Column<CircuitLine>[] = [
  { id: "name", label: "Circuit", heads: true, cell: ({ id, name, place, country_name }) => <span className="name"><Link className="name-link" href={paths.circuit(id)}>{name}</Link><span className="name-sub">{[place, country_name].filter(Boolean).join(", ")}</span></span>, value: ({ name }) => name },
  { id: "country", label: "Country", cell: ({ country_name }) => country_name, value: ({ country_name }) => country_name, room: "middle" },
  { id: "type", label: "Type", cell: ({ type }) => TYPES[type ?? ""], value: ({ type }) => type, room: "wide" },
  { id: "length", label: "Length", cell: ({ length_km }) => km(length_km), value: ({ length_km }) => length_km, figure: true, room: "middle" },
  { id: "turns", label: "Turns", cell: ({ turns }) => turns, value: ({ turns }) => turns, figure: true, room: "wide" },
  { id: "years", label: "Seasons", cell: ({ first, last }) => span(first, last), value: ({ first }) => first, figure: true, first: "up" },
  { id: "races", label: "Races", cell: ({ races }) => races, value: ({ races }) => races, figure: true },
];

function CircuitsPage() {
  return (
    <Answered of={useAnswer(addresses.circuits())} what="the circuits">
      {({ total, items }) => (
        <>
          <PageHead kind="History" title="Circuits" lead={`${counted(total, "circuit")}, the busiest first.`} />
          <Section title="All" wide><Table caption="Circuits" rows={items} columns={CIRCUITS} keyOf={({ id }) => id} /></Section>
        </>
      )}
    </Answered>
  );
}

const GRANDS_PRIX: Column<GrandPrixLine>[] = [
  { id: "name", label: "Grand Prix", heads: true, cell: ({ id, name }) => <Link className="name-link" href={paths.grandPrix(id)}>{name}</Link>, value: ({ name }) => name },
  { id: "full", label: "In full", cell: ({ full_name }) => full_name, value: ({ full_name }) => full_name, room: "middle" },
  { id: "circuits", label: "Circuits", cell: ({ circuits }) => circuits, value: ({ circuits }) => circuits, figure: true, room: "middle" },
  { id: "years", label: "Seasons", cell: ({ first, last }) => span(first, last), value: ({ first }) => first, figure: true, first: "up" },
  { id: "races", label: "Races", cell: ({ races }) => races, value: ({ races }) => races, figure: true },
];

function GrandsPrixPage() {
  return (
    <Answered of={useAnswer(addresses.grandsPrix())} what="the Grands Prix">
      {({ total, items }) => (
        <>
          <PageHead kind="History" title="Grands Prix" lead={`${counted(total, "Grand Prix", "Grands Prix")}, the oldest names among them.`} />
          <Section title="All" wide><Table caption="Grands Prix" rows={items} columns={GRANDS_PRIX} keyOf={({ id }) => id} /></Section>
        </>
      )}
    </Answered>
  );
}

function PlacePage({ is, id }: { readonly is: "circuit" | "grand-prix"; readonly id: string }) {
  const place = useAnswer(is === "circuit" ? addresses.circuit(id) : addresses.grandPrix(id));
  return <Answered of={place} what={is === "circuit" ? "the circuit" : "the Grand Prix"}>{(answer) => <Place of={answer} circuit={is === "circuit"} />}</Answered>;
}

const DIRECTIONS: Readonly<Record<string, string>> = { CLOCKWISE: "clockwise", ANTI_CLOCKWISE: "anti-clockwise" };

function Place({ of, circuit }: { readonly of: PlaceAnswer; readonly circuit: boolean }) {
  const { about } = of;
  const races = of.races.filter(({ race }) => race.run);
  const span_ = span(races.at(-1)?.race.season, races[0]?.race.season);
  const others = circuit ? of.grands_prix : of.circuits;
  return (
    <>
      <PageHead
        kind={circuit ? "Circuit" : "Grand Prix"} title={about.name} tab={circuit ? about.name : `${about.name} Grand Prix`}
        lead={<>
          {[about.full_name !== about.name && about.full_name, about.place, about.country_name].filter(Boolean).join(", ")}
          {about.previous_names && `, once ${about.previous_names.replaceAll(";", ",")}`}.
          {others.length > 0 && <> {circuit ? "Grands Prix held here: " : "Held at: "}<Several of={others}>{(one) => <Link href={circuit ? paths.grandPrix(one.id) : paths.circuit(one.id)}>{one.name}</Link>}</Several>.</>}
        </>}
      />
      <Facts
        of={[
          { label: "Races", value: races.length, sub: span_ },
          { label: "Length", value: km(about.length_km), sub: [about.turns && `${about.turns} turns`, DIRECTIONS[about.direction ?? ""]].filter(Boolean).join(", ") },
          { label: "Kind", value: TYPES[about.type ?? ""] ?? "" },
          { label: "Won from pole", value: of.pole_races > 0 ? share(of.pole_wins / of.pole_races) : "", sub: of.pole_races > 0 && `${of.pole_wins} of ${of.pole_races}` },
          { label: "Won from furthest back", value: of.lowest_winning_grid_place ? ordinal(of.lowest_winning_grid_place) : "", sub: of.lowest_winning_grid[0] && <Race of={of.lowest_winning_grid[0]} /> },
        ]}
      />
      <Section title="Who did best">
        <div className="counts">
          <Counts title="Wins" of={of.wins} /><Counts title="Wins of constructors" of={of.constructor_wins} /><Counts title="Pole positions" of={of.poles} /><Counts title="Podiums" of={of.podiums} />
        </div>
      </Section>
      <Section title="Races" wide><Table caption={`Races: ${about.name}`} rows={of.races} columns={racesOf(circuit)} keyOf={({ race }) => `${race.season}-${race.round}`} most={30} /></Section>
      <div className="columns">
        {of.lap_records.length > 0 && <Section title="Lap records" note="The fastest lap of a race on each layout, as far as lap times are known."><Table caption="Lap records" rows={of.lap_records} columns={RECORDS} keyOf={(_, index) => index} most={12} /></Section>}
        {of.layouts.length > 1 && <Section title="Layouts"><Table caption="Layouts" rows={of.layouts} columns={LAYOUTS} keyOf={({ id }) => id} most={12} /></Section>}
      </div>
    </>
  );
}

const racesOf = (circuit: boolean): Column<RoundLine>[] => [
  { id: "race", label: "Race", heads: true, cell: ({ race }) => <Race of={race} />, value: ({ race }) => race.date, first: "down" },
  { id: "date", label: "Date", cell: ({ race }) => <span className="nowrap">{day(race.date, "short")}</span>, room: "middle" },
  ...(circuit ? [] : [{ id: "circuit", label: "Circuit", cell: ({ race }: RoundLine) => <Link className="quiet-link" href={paths.circuit(race.circuit.id)}>{race.circuit.name}</Link>, value: ({ race }: RoundLine) => race.circuit.name, room: "wide" as const }]),
  { id: "winner", label: "Winner", cell: ({ winners, winning_constructor }) => <span className="name"><Drivers of={winners} /><span className="name-sub">{winning_constructor?.name}</span></span>, value: ({ winners }) => winners[0]?.name },
  { id: "car", label: "Car", cell: ({ winning_constructor }) => <Constructor of={winning_constructor} />, value: ({ winning_constructor }) => winning_constructor?.name, room: "middle" },
  { id: "pole", label: "Pole position", cell: ({ pole }) => <Drivers of={pole} />, value: ({ pole }) => pole[0]?.name, room: "wide" },
  { id: "fastest", label: "Fastest lap", cell: ({ fastest_lap }) => <Drivers of={fastest_lap} />, value: ({ fastest_lap }) => fastest_lap[0]?.name, room: "wide" },
];

const RECORDS: Column<LapRecord>[] = [
  { id: "layout", label: "Layout", cell: ({ layout_id }) => layout_id, value: ({ layout_id }) => layout_id, room: "middle" },
  { id: "time", label: "Time", heads: true, cell: ({ time_ms }) => lapTime(time_ms), value: ({ time_ms }) => time_ms, first: "up" },
  { id: "driver", label: "Driver", cell: ({ driver, constructor }) => <Driver of={driver} sub={constructor?.name} />, value: ({ driver }) => driver.name },
  { id: "race", label: "Race", cell: ({ race }) => <Race of={race} />, value: ({ race }) => race.date },
];

const LAYOUTS: Column<LayoutLine>[] = [
  { id: "layout", label: "Layout", heads: true, cell: ({ id, current }) => <>{id}{current && <span className="tag">Now</span>}</>, value: ({ id }) => id },
  { id: "length", label: "Length", cell: ({ length_km }) => km(length_km), value: ({ length_km }) => length_km, figure: true },
  { id: "turns", label: "Turns", cell: ({ turns }) => turns, value: ({ turns }) => turns, figure: true, room: "middle" },
  { id: "years", label: "Seasons", cell: ({ first, last }) => span(first, last) || "–", value: ({ first }) => first, figure: true, first: "up" },
  { id: "races", label: "Races", cell: ({ races }) => races, value: ({ races }) => races, figure: true },
];
