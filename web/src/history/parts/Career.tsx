/** What drivers' and constructors' pages share: figures, the chart of places, seasons, circuits, milestones. */
import { useState } from "react";
import { Link } from "../../app/place";
import type { CareerPlace, CareerSeason, CareerTotals, Milestone } from "../api/types";
import { Chart } from "../charts/Chart";
import { paths } from "../routes";
import { day, ordinal, points, share } from "../words";
import { Constructors, Drivers, Race } from "./Names";
import { Section } from "./Page";
import { type Column, Table } from "./Table";

interface FiguresProps { readonly of: CareerTotals; readonly definitions: Readonly<Record<string, string>>; readonly team?: boolean }

/** Every figure of a career with its share of the races, and what it means. */
export function Figures({ of, definitions, team = false }: FiguresProps) {
  const part = (count: number) => (of.starts > 0 && count > 0 ? share(count / of.starts) : "");
  const rows: readonly (readonly [string, string, number | null, string])[] = [
    ["titles", "Titles", of.titles, ""], ["starts", "Starts", of.starts, ""], ["wins", "Wins", of.wins, part(of.wins)],
    ["podiums", "Podiums", of.podiums, team ? "" : part(of.podiums)], ["poles", "Poles", of.poles, part(of.poles)],
    ["fastest_laps", "Fastest laps", of.fastest_laps, part(of.fastest_laps)], ["front_rows", "Front rows", of.front_rows, part(of.front_rows)],
    ["points", "Points", of.points, ""], ["points_finishes", "In the points", of.points_finishes, part(of.points_finishes)],
    ["retirements", "Retirements", of.retirements, part(of.retirements)], ["hat_tricks", "Hat-tricks", of.hat_tricks, ""],
    ["grand_slams", "Grand slams", of.grand_slams, ""], ["one_twos", "One-twos", of.one_twos, part(of.one_twos)],
    ["sprint_wins", "Sprint wins", of.sprint_wins, ""], ["laps", "Laps", of.laps, ""],
  ];
  const always = new Set(["starts", "wins", "podiums", "poles", "points"]);
  return (
    <dl className="facts figures">
      {rows.filter(([id, , count]) => count === null || count > 0 || always.has(id)).map(([id, words, count, sub]) => (
        <div key={id} title={definitions[id]}>
          <dt className="label">{words}</dt>
          <dd><span className="fact-value">{count === null ? "not known" : id === "points" ? points(count) : count.toLocaleString("en")}</span><span className="fact-sub">{sub}</span></dd>
        </div>
      ))}
    </dl>
  );
}

export function Meanings({ of }: { readonly of: Readonly<Record<string, string>> }) {
  return (
    <details className="meanings">
      <summary>What is counted, and how</summary>
      <dl>{Object.entries(of).map(([name, words]) => <div key={name}><dt>{name.replaceAll("_", " ")}</dt><dd>{words}</dd></div>)}</dl>
    </details>
  );
}

/** Places in the championship by season, gaps where a season was missed. */
export function PlacesChart({ of, name }: { readonly of: readonly CareerSeason[]; readonly name: string }) {
  const ascending = [...of].sort((a, b) => a.year - b.year);
  const [first, last] = [ascending[0]?.year, ascending.at(-1)?.year];
  if (first === undefined || last === undefined || ascending.filter(({ position }) => position !== null).length < 2) return null;
  const years = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const places = new Map(ascending.map(({ year, position }) => [year, position]));
  return (
    <Section title="Place in the championship">
      <Chart
        label={`Place of ${name} in the championship from ${first} to ${last}; the table of seasons has it in figures`}
        x={years} lines={[{ id: "place", label: name, values: years.map((year) => places.get(year) ?? null) }]}
        height={220} inverted dots legend={false} xName={String} yName={(place) => (place < 1 ? "" : ordinal(Math.round(place)))} hint="Point at a season for its place."
      />
    </Section>
  );
}

const total = (id: "starts" | "wins" | "podiums" | "poles" | "fastest_laps", label: string, room?: "middle" | "wide"): Column<CareerSeason> => ({
  id, label, cell: ({ totals }) => totals[id] || "", value: ({ totals }) => totals[id], figure: true, ...(room && { room }),
});

export function Seasons({ of, team = false }: { readonly of: readonly CareerSeason[]; readonly team?: boolean }) {
  const columns: Column<CareerSeason>[] = [
    { id: "year", label: "Season", heads: true, cell: ({ year }) => <Link className="name-link" href={paths.season(year)}>{year}</Link>, value: ({ year }) => year, first: "down" },
    team
      ? { id: "drivers", label: "Drivers", cell: ({ drivers }) => <span className="several"><Drivers of={drivers} /></span> }
      : { id: "team", label: "Team", cell: ({ constructors }) => <span className="several"><Constructors of={constructors} /></span>, value: ({ constructors }) => constructors[0]?.name },
    total("starts", "Starts", "middle"), total("wins", "Wins"), total("podiums", "Podiums", "middle"), total("poles", "Poles", "middle"), total("fastest_laps", "Fastest laps", "wide"),
    { id: "points", label: "Points", cell: (row) => points(row.points), value: (row) => row.points, figure: true, room: "middle" },
    {
      id: "position", label: "Place", first: "up", figure: true, value: ({ position }) => position,
      cell: ({ position, position_text, champion, finished }) => (
        <span className={champion ? "champion" : undefined}>{position ? ordinal(position) : position_text || "–"}{!finished && <abbr title="so far">*</abbr>}</span>
      ),
    },
  ];
  return <Table caption="Seasons" rows={of} columns={columns} keyOf={({ year }) => year} most={30} marked={({ champion }) => champion} />;
}

const CIRCUITS: Column<CareerPlace>[] = [
  { id: "circuit", label: "Circuit", heads: true, cell: ({ circuit }) => <Link className="name-link" href={paths.circuit(circuit.id)}>{circuit.name}</Link>, value: ({ circuit }) => circuit.name },
  { id: "starts", label: "Starts", cell: ({ starts }) => starts, value: ({ starts }) => starts, figure: true },
  { id: "wins", label: "Wins", cell: ({ wins }) => wins || "", value: ({ wins }) => wins, figure: true },
  { id: "podiums", label: "Podiums", cell: ({ podiums }) => podiums || "", value: ({ podiums }) => podiums, figure: true, room: "middle" },
  { id: "poles", label: "Poles", cell: ({ poles }) => poles || "", value: ({ poles }) => poles, figure: true, room: "middle" },
  { id: "best", label: "Best", cell: ({ best_result }) => (best_result ? ordinal(best_result) : "–"), value: ({ best_result }) => best_result, first: "up", figure: true },
];

export const CircuitsTable = ({ of }: { readonly of: readonly CareerPlace[] }) =>
  <Table caption="Circuits" rows={of} columns={CIRCUITS} keyOf={({ circuit }) => circuit.id} most={15} />;

const FIRST_MILESTONES = 12;

export function Milestones({ of }: { readonly of: readonly Milestone[] }) {
  const [every, showEvery] = useState(false);
  return (
    <>
      <ol className="milestones">
        {(every ? of : of.slice(0, FIRST_MILESTONES)).map(({ kind, text, race }) => (
          <li key={`${kind}-${race.season}-${race.round}`}>
            <span className="milestone-text">{text}</span>
            <span><Race of={race} /> <span className="quiet nowrap">{day(race.date, "short")}</span></span>
          </li>
        ))}
      </ol>
      {!every && of.length > FIRST_MILESTONES && <button type="button" className="button choice more" onClick={() => { showEvery(true); }}>All {of.length} milestones</button>}
    </>
  );
}
