/** A constructor: what it won, season by season, its drivers, and the line of teams that it belongs to. */
import { Link } from "../../app/place";
import { addresses } from "../api/addresses";
import type { ConstructorAnswer } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { Answered } from "../parts/Answered";
import { CircuitsTable, Figures, Meanings, Milestones, PlacesChart, Seasons } from "../parts/Career";
import { columnsOf } from "../parts/careerColumns";
import { Constructor, Race } from "../parts/Names";
import { PageHead, Section } from "../parts/Page";
import { type Column, Table } from "../parts/Table";
import { paths } from "../routes";
import { counted, span, years } from "../words";

export function ConstructorPage({ id }: { readonly id: string }) {
  const constructor = useAnswer(addresses.constructor(id));
  return <Answered of={constructor} what="the constructor">{(answer) => <ConstructorShown of={answer} />}</Answered>;
}

type Named = ConstructorAnswer["engines"][number];
const ENGINES: Column<Named>[] = columnsOf("constructors", false)
  .filter(({ id }) => !["country", "points"].includes(id))
  .map((column) => (column.id === "name" ? { ...column, label: "Engine", cell: ({ name, first, last }) => <span className="name">{name}<span className="name-sub">{span(first, last)}</span></span> } : column));

function ConstructorShown({ of }: { readonly of: ConstructorAnswer }) {
  return (
    <>
      <PageHead
        kind="Constructor" title={of.constructor.name}
        lead={<>
          {[of.full_name !== of.constructor.name && of.full_name, of.country_name].filter(Boolean).join(", ")}.
          {of.title_years.length > 0 && <strong> Constructors’ champion {years(of.title_years)}.</strong>}
          {of.drivers_titles.length > 0 && <> Drivers’ champion {years(of.drivers_titles)}.</>}
          {of.first_race && <> First race: <Race of={of.first_race} />.</>}
        </>}
      />
      <Figures of={of.totals} definitions={of.definitions} team />
      {of.chronology.length > 1 && (
        <Section title="One team, several names" note={of.line_totals && `All names together: ${counted(of.line_totals.starts, "start")}, ${counted(of.line_totals.wins, "win")}, ${counted(of.line_totals.titles, "title")}.`}>
          <ol className="line">
            {of.chronology.map(({ constructor, year_from, year_to }) => (
              <li key={`${constructor.id}-${year_from}`} aria-current={constructor.id === of.constructor.id ? "true" : undefined}>
                <Constructor of={constructor} /> <span className="quiet nowrap">{year_from}–{year_to ?? ""}</span>
              </li>
            ))}
          </ol>
        </Section>
      )}
      <div className="columns">
        <Section title="Seasons"><Seasons of={of.seasons} team /></Section>
        <div className="stack">
          <PlacesChart of={of.seasons} name={of.constructor.name} />
          {of.milestones.length > 0 && <Section title="Milestones"><Milestones of={of.milestones} /></Section>}
        </div>
      </div>
      <Section title="Drivers" wide><Table caption={`Drivers of ${of.constructor.name}`} rows={of.drivers} columns={columnsOf("drivers", false)} keyOf={({ id }) => id} most={15} /></Section>
      <div className="columns">
        <Section title="Circuits"><CircuitsTable of={of.circuits} /></Section>
        {of.engines.length > 0 && <Section title="Engines"><Table caption="Engines" rows={of.engines} columns={ENGINES} keyOf={({ id }) => id} most={15} /></Section>}
      </div>
      <Meanings of={of.definitions} />
      <p><Link href={paths.constructors}>All constructors</Link></p>
    </>
  );
}
