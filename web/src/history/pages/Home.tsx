/** The way in: search, every season with its champions, a few records to begin with. */
import { useEffect } from "react";
import { Link } from "../../app/place";
import { addresses } from "../api/addresses";
import type { RecordInfo, SeasonLine, SeasonsAnswer } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { Answered } from "../parts/Answered";
import { PageHead } from "../parts/Page";
import { paths } from "../routes";
import { counted, points } from "../words";

export function Home() {
  const seasons = useAnswer(addresses.seasons());
  return <Answered of={seasons} what="the seasons">{(answer) => <Seasons of={answer} />}</Answered>;
}

function Seasons({ of: { items } }: { readonly of: SeasonsAnswer }) {
  useEffect(() => { document.title = "Championship history · Overcut"; }, []);
  const races = items.reduce((sum, { rounds_run }) => sum + rounds_run, 0);
  const [newest, oldest] = [items[0]?.year, items.at(-1)?.year];
  return (
    <>
      <PageHead
        kind="History" title="Every season" tab="Championship history"
        lead={<>{counted(items.length, "season")}{oldest !== newest && <>, {oldest} to {newest}</>}, {counted(races, "race")}. Press <kbd>/</kbd> to search them all.</>}
      />
      <Highlights />
      {decades(items).map(([decade, of]) => (
        <section key={decade} className="decade" aria-labelledby={`decade-${decade}`}>
          <h2 className="decade-name" id={`decade-${decade}`}>{decade}s</h2>
          <ul className="seasons">{of.map((season) => <SeasonCard key={season.year} of={season} />)}</ul>
        </section>
      ))}
    </>
  );
}

/** Seasons by decade, in the order they come. */
export function decades(items: readonly SeasonLine[]): readonly (readonly [number, readonly SeasonLine[]])[] {
  const found = new Map<number, SeasonLine[]>();
  for (const season of items) {
    const decade = Math.floor(season.year / 10) * 10;
    found.set(decade, [...(found.get(decade) ?? []), season]);
  }
  return [...found];
}

function SeasonCard({ of }: { readonly of: SeasonLine }) {
  const running = of.rounds_run < of.rounds;
  return (
    <li>
      <Link className="season-card" href={paths.season(of.year)}>
        <span className="season-year">{of.year}</span>
        <span className="season-champion">{of.champion?.name ?? (running ? "Not decided" : "No title")}</span>
        <span className="season-team">{of.constructors_champion?.name ?? " "}</span>
        <span className="season-rounds">{running ? `${of.rounds_run} of ${of.rounds} races` : counted(of.rounds, "race")}{of.champion_points !== null && !running && ` · ${points(of.champion_points)} pts`}</span>
      </Link>
    </li>
  );
}

const HIGHLIGHTS = ["titles", "wins", "poles", "podiums", "wins-in-a-row", "youngest-winner"] as const;

/** The first of a few lists; each is asked for alone, so that none keeps the seasons waiting. */
function Highlights() {
  const list = useAnswer(addresses.records());
  const items = list.value?.items ?? [];
  const known = HIGHLIGHTS.flatMap((name) => items.filter((item) => item.name === name));
  const shown = known.length >= 4 ? known : items.slice(0, 6);
  if (list.failure) return null;
  return (
    <section className="highlights" aria-label="Records">
      {shown.map((info) => <Highlight key={info.name} of={info} />)}
      {list.value === undefined && HIGHLIGHTS.map((name) => <span key={name} className="highlight highlight-wait" />)}
    </section>
  );
}

function Highlight({ of }: { readonly of: RecordInfo }) {
  const { value } = useAnswer(addresses.record(of.name, { limit: 2 }));
  const first = value?.rows[0];
  const who = first?.driver?.name ?? first?.constructor?.name ?? first?.holder?.name ?? "";
  return (
    <Link className="highlight" href={paths.record(of.name)}>
      <span className="label">{of.title}</span>
      <span className="highlight-value">{first?.text ?? " "}</span>
      <span className="highlight-who">{who}{first?.tied && <span className="quiet"> and others</span>}</span>
    </Link>
  );
}
