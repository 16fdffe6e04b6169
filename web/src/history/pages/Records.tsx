/** The lists of records by chapter, and one list with its filters in the address. */
import { useState } from "react";
import { go, Link, useSearch } from "../../app/place";
import { addresses } from "../api/addresses";
import type { RecordAnswer, RecordRow, RecordsAnswer } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { Answered } from "../parts/Answered";
import { Constructor, Driver, Race } from "../parts/Names";
import { Choice, PageHead, Section } from "../parts/Page";
import { type Column, Table } from "../parts/Table";
import { Years } from "../parts/Years";
import { asked, paths } from "../routes";
import { counted } from "../words";

export function RecordsPage() {
  return <Answered of={useAnswer(addresses.records())} what="the records">{(answer) => <Lists of={answer} />}</Answered>;
}

function Lists({ of: { items } }: { readonly of: RecordsAnswer }) {
  const [text, write] = useState("");
  const wanted = text.trim().toLowerCase();
  const shown = items.filter(({ title, definition }) => `${title} ${definition}`.toLowerCase().includes(wanted));
  const chapters = [...new Set(shown.map(({ group }) => group))];
  return (
    <>
      <PageHead
        kind="History" title="Records" lead={`${counted(items.length, "list")}, each with its definition and exact ties.`}
        beside={<input className="field" type="search" aria-label="Only records that have" placeholder="Streak, youngest, grid …" value={text} onChange={(event) => { write(event.target.value); }} />}
      />
      {shown.length === 0 && <p className="empty">No list is about “{text.trim()}”.</p>}
      {chapters.map((chapter) => (
        <Section key={chapter} title={chapter}>
          <ul className="lists">
            {shown.filter(({ group }) => group === chapter).map(({ name, title, definition }) => (
              <li key={name}><Link className="list-card" href={paths.record(name)}><span className="list-title">{title}</span><span className="list-word">{definition}</span></Link></li>
            ))}
          </ul>
        </Section>
      ))}
    </>
  );
}

const FIRST_SEASON = 1950;
const PAGE = 50;
const OF_WORDS: Readonly<Record<string, string>> = { drivers: "Drivers", constructors: "Constructors", engines: "Engines", tyres: "Tyres", countries: "Countries" };

export function RecordPage({ name }: { readonly name: string }) {
  const search = useSearch();
  const query = new URLSearchParams(search);
  const of = query.get("of");
  const from = asked(search, "from", FIRST_SEASON, 2100);
  const to = asked(search, "to", FIRST_SEASON, 2100);
  const grid = asked(search, "grid", 1, 40);
  const [limit, more] = useState(PAGE);
  const answer = useAnswer(addresses.record(name, { of, from, to, grid, limit }), { keep: true });
  const change = (next: Readonly<Record<string, string | number | null>>) => {
    for (const [key, value] of Object.entries(next)) {
      if (value === null) query.delete(key);
      else query.set(key, String(value));
    }
    const text = query.toString();
    go(`${paths.record(name)}${text && "?"}${text}`, { replace: true });
  };
  return (
    <Answered of={answer} what="the record">
      {(value) => (
        <>
          <PageHead kind={value.record.group} title={value.record.title} lead={value.record.definition} beside={<Link className="step" href={paths.records}>All records</Link>} />
          <div className="filters">
            {value.record.of.length > 1 && (
              <Choice label="Of" of={value.record.of.map((one) => [one, OF_WORDS[one] ?? one] as const)} chosen={value.of} onChoose={(one) => { change({ of: one === value.record.of[0] ? null : one }); }} />
            )}
            <Years from={from} to={to} least={FIRST_SEASON} most={Math.max(value.to_year, to ?? 0)} onChoose={(first, last) => { change({ from: first, to: last }); }} />
            {name === "wins-from-grid" && <GridField key={grid} grid={grid ?? 1} onChoose={(place) => { change({ grid: place }); }} />}
          </div>
          <List of={value} />
          {value.total > value.rows.length && <button type="button" className="button choice more" onClick={() => { more(limit === PAGE ? 1000 : limit + 1000); }}>All {value.total}</button>}
        </>
      )}
    </Answered>
  );
}

function GridField({ grid, onChoose }: { readonly grid: number; readonly onChoose: (place: number) => void }) {
  return (
    <label className="year">Place on the grid
      <select className="choice" value={grid} onChange={(event) => { onChoose(Number(event.target.value)); }}>
        {Array.from({ length: 26 }, (_, index) => <option key={index}>{index + 1}</option>)}
      </select>
    </label>
  );
}

const about = ({ driver, constructor, race, season, holder }: RecordRow): string => driver?.name ?? constructor?.name ?? holder?.name ?? race?.grand_prix.name ?? String(season ?? "");

function Who({ of: { driver, constructor, race, season, holder, detail } }: { readonly of: RecordRow }) {
  const sub = detail || (driver ? constructor?.name : "");
  const main = driver ? <Driver of={driver} /> : constructor ? <Constructor of={constructor} /> : holder?.name ?? (race ? <Race of={race} /> : season ? <Link className="name-link" href={paths.season(season)}>{season}</Link> : "");
  return <span className="name">{main}{sub && <span className="name-sub">{sub}</span>}</span>;
}

function List({ of }: { readonly of: RecordAnswer }) {
  const { rows, record } = of;
  const withDetail = rows.some(({ detail }) => detail);
  const withCar = rows.some(({ driver, constructor }) => driver && constructor);
  const withRace = rows.some(({ race, driver, constructor, holder }) => race && (driver ?? constructor ?? holder));
  const withSeason = rows.some(({ season, driver, constructor }) => season && (driver ?? constructor));
  const withSpan = rows.some(({ first }) => first);
  const columns: Column<RecordRow>[] = [
    { id: "rank", label: "", means: "Rank", figure: true, cell: ({ rank, tied }) => <span title={tied ? "Shared" : undefined}>{rank}{tied && <span className="quiet">=</span>}</span> },
    { id: "value", label: record.unit || "Figure", figure: true, value: ({ value }) => value, cell: ({ text, current }) => <span className="strong">{text}{current && <abbr className="gain" title="It still lasts">*</abbr>}</span> },
    { id: "who", label: record.of[0] === "races" ? "Race" : record.of[0] === "seasons" ? "Season" : (OF_WORDS[of.of] ?? "Who").replace(/ies$/, "y").replace(/s$/, ""), heads: true, value: about, cell: (row) => <Who of={row} /> },
    ...(withCar ? [{ id: "car", label: "Car", cell: ({ constructor }: RecordRow) => <Constructor of={constructor ?? null} />, value: ({ constructor }: RecordRow) => constructor?.name, room: "middle" as const }] : []),
    ...(withDetail ? [{ id: "detail", label: "More", cell: ({ detail }: RecordRow) => detail, room: "middle" as const }] : []),
    ...(withRace ? [{ id: "race", label: "Race", cell: ({ race }: RecordRow) => race && <Race of={race} />, value: ({ race }: RecordRow) => race?.date }] : []),
    ...(withSeason ? [{ id: "season", label: "Season", figure: true, cell: ({ season }: RecordRow) => season && <Link href={paths.season(season)}>{season}</Link>, value: ({ season }: RecordRow) => season }] : []),
    ...(withSpan ? [{ id: "span", label: "From – to", room: "wide" as const, cell: ({ first, last }: RecordRow) => first && <><Race of={first} />{last && (last.season !== first.season || last.round !== first.round) && <> – <Race of={last} /></>}</> }] : []),
  ];
  return (
    <Section
      title={`${of.from_year} to ${of.to_year}`} wide
      note={[of.coverage, (record.least ?? 0) > 0 && `Listed from ${record.least ?? 0} ${record.unit === "%" ? "races" : record.unit} on.`, rows.some(({ tied }) => tied) && "= shared rank", rows.some(({ current }) => current) && "* still lasts"].filter(Boolean).join(" · ")}
    >
      <Table caption={record.title} rows={rows} columns={columns} keyOf={(_, index) => index} most={1000} empty="Nobody, in these seasons." />
    </Section>
  );
}
