/** Who can still win a championship, what the next race can decide, and by which rules. */
import { Link } from "../../app/place";
import type { ChampionshipAnswer, ChampionshipEntrant, ChampionshipLine, Of, TitleNeed } from "../api/types";
import { paths } from "../routes";
import { counted, points } from "../words";
import { Section } from "./Page";
import { type Column, Table } from "./Table";

export const EntrantLink = ({ of, who }: { readonly of: Of; readonly who: ChampionshipEntrant }) =>
  <Link className="name-link" href={of === "drivers" ? paths.driver(who.page) : paths.constructor(who.page)}>{who.name}</Link>;

const CHANCES: Readonly<Record<ChampionshipLine["chance"], string>> = {
  "champion": "Champion", "open": "Can still win", "level at best": "Level at best", "out": "Out",
};

/** The computed table: what counts, what was dropped, what can still be reached. */
export function ChampionshipTable({ of }: { readonly of: ChampionshipAnswer }) {
  const dropping = of.table.some(({ dropped }) => dropped.length > 0);
  const open = of.champion === null && of.after < of.rounds;
  const columns: Column<ChampionshipLine>[] = [
    { id: "position", label: "Pos", means: "Position", cell: ({ position, position_text }) => position ?? position_text, value: ({ position }) => position, first: "up", figure: true },
    { id: "who", label: of.of === "drivers" ? "Driver" : "Constructor", heads: true, cell: ({ entrant }) => <EntrantLink of={of.of} who={entrant} />, value: ({ entrant }) => entrant.name },
    { id: "points", label: "Points", cell: ({ points: value, exact }) => <span className="strong" title={exact}>{points(value)}</span>, value: (row) => row.points, figure: true },
    { id: "behind", label: "Gap", means: "Points behind the leader", cell: ({ behind }) => (behind ? `−${points(behind)}` : ""), value: ({ behind }) => behind, first: "up", figure: true },
    ...(dropping ? [{ id: "gross", label: "All points", means: "Dropped scores included", cell: (row: ChampionshipLine) => <span title={row.dropped.map(({ round, exact }) => `${exact} of round ${round} dropped`).join(", ") || undefined}>{points(row.gross)}</span>, value: (row: ChampionshipLine) => row.gross, figure: true, room: "middle" as const }] : []),
    ...(open ? [{ id: "most", label: "At most", means: "Points if everything that is left is won", cell: (row: ChampionshipLine) => points(row.most), value: (row: ChampionshipLine) => row.most, figure: true, room: "middle" as const }] : []),
    { id: "chance", label: "Title", cell: ({ chance }) => <span className={`chance chance-${chance.replaceAll(" ", "-")}`}>{CHANCES[chance]}</span>, value: ({ chance }) => chance },
  ];
  return <Table caption={`Championship of ${of.year} after round ${of.after}`} rows={of.table} columns={columns} keyOf={({ entrant }) => entrant.id} most={40} marked={({ chance }) => chance === "champion"} empty="Nobody has scored yet." />;
}

export function Contention({ of }: { readonly of: ChampionshipAnswer }) {
  const { champion, decided, can_win: open, next } = of;
  return (
    <Section title="Who can still win">
      <div className="contention">
        <p className="contention-word">
          {champion
            ? <><strong><EntrantLink of={of.of} who={champion} /></strong> is champion{decided && decided.round < of.after ? <>, since <Link href={`${paths.championship(of.year)}?after=${decided.round}${of.of === "constructors" ? "&of=constructors" : ""}`}>{decided.name}</Link></> : decided?.round === of.after && of.after < of.rounds ? `, with ${counted(of.rounds - of.after, "race")} to spare` : ""}.</>
            : open.length === 0 ? "Nobody: there is no title to win." : <><strong>{open.length}</strong> can, with {counted(of.rounds - of.after, "race")} to go: {open.map((who, index) => <span key={who.id}>{index > 0 && ", "}<EntrantLink of={of.of} who={who} /></span>)}.</>}
        </p>
        {!champion && decided && <p className="quiet">It was decided at <Link href={`${paths.championship(of.year)}?after=${decided.round}${of.of === "constructors" ? "&of=constructors" : ""}`}>{decided.name}</Link>, round {decided.round}.</p>}
        {next && next.needs.length > 0 && (
          <>
            <h3 className="contention-next">What {next.name} can decide{next.sprint && <span className="tag">Sprint</span>}</h3>
            <ul className="needs">{next.needs.slice(0, 8).map((need) => <Need key={need.entrant.id} of={need} />)}</ul>
            {next.needs.length > 8 && <details className="meanings"><summary>and {counted(next.needs.length - 8, "other")}</summary><ul className="needs">{next.needs.slice(8).map((need) => <Need key={need.entrant.id} of={need} />)}</ul></details>}
          </>
        )}
        <details className="meanings">
          <summary>The rules of {of.year}</summary>
          <ul className="rules">{[...of.rules, ...of.rulings].map((rule) => <li key={rule}>{rule}</li>)}</ul>
        </details>
      </div>
    </Section>
  );
}

function Need({ of: { text, ways, can_clinch } }: { readonly of: TitleNeed }) {
  return (
    <li className={can_clinch ? "need need-clinch" : "need"}>
      {text}
      {ways.length > 1 && <details><summary>{counted(ways.length, "way")} to do it</summary><ul className="rules">{ways.map((way) => <li key={way.text}>{way.text}</li>)}</ul></details>}
    </li>
  );
}
