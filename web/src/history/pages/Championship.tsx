/** A championship after any round: the table then, and who could still win. */
import { useState } from "react";
import { go, Link, useSearch } from "../../app/place";
import { addresses } from "../api/addresses";
import type { Of, SeasonAnswer } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { Answered } from "../parts/Answered";
import { ChampionshipTable, Contention } from "../parts/Contention";
import { Choice, DRIVERS_OR_CONSTRUCTORS, PageHead, Section } from "../parts/Page";
import { ProgressChart } from "../parts/Progress";
import { asked, paths } from "../routes";

export default function ChampionshipPage({ year }: { readonly year: number }) {
  return <Answered of={useAnswer(addresses.season(year))} what="the season">{(season) => <Championship season={season} />}</Answered>;
}

function Championship({ season }: { readonly season: SeasonAnswer }) {
  const search = useSearch();
  const run = season.rounds.filter(({ race }) => race.run).map(({ race }) => race);
  const last = run.at(-1)?.round ?? 0;
  const of: Of = new URLSearchParams(search).get("of") === "constructors" && season.constructors.length > 0 ? "constructors" : "drivers";
  const after = asked(search, "after", 1, Math.max(last, 1)) ?? last;
  const show = (round: number, who: Of) => {
    const query = new URLSearchParams({ after: String(round), ...(who === "constructors" && { of: who }) });
    go(`${paths.championship(season.year)}?${query.toString()}`, { replace: true });
  };
  const answer = useAnswer(addresses.championship(season.year, of, after), { keep: true });
  const race = run.find(({ round }) => round === after);
  return (
    <>
      <PageHead
        kind={`${season.year} · Championship`}
        title={after === last ? (season.finished ? "The final table" : `After ${race?.grand_prix.name ?? "no race"}`) : `After ${race?.grand_prix.name ?? ""}`}
        tab={`${season.year} championship after round ${after}`}
        lead={<><Link href={paths.season(season.year)}>{season.year} season</Link>{race && <> · <Link href={paths.race(race)}>round {after} of {season.rounds.length}</Link></>}</>}
      />
      {last > 0 && (
        <div className="filters">
          <Choice label="Championship of" of={season.constructors.length > 0 ? DRIVERS_OR_CONSTRUCTORS : DRIVERS_OR_CONSTRUCTORS.slice(0, 1)} chosen={of} onChoose={(who) => { show(after, who); }} />
          <RoundSlider round={after} last={last} name={(round) => run.find((one) => one.round === round)?.grand_prix.name ?? ""} onChoose={(round) => { show(round, of); }} />
        </div>
      )}
      <Answered of={answer} what="the championship" waiting={<div className="chart-hold" style={{ height: 600 }} role="status" aria-label="Loading the table" />}>
        {(value) => (
          <div className="columns">
            <Section title="Table" note={value.source}><ChampionshipTable of={value} /></Section>
            <div className="stack">
              <Contention of={value} />
              {last > 1 && <Section title="Round by round"><ProgressChart year={season.year} of={of} /></Section>}
            </div>
          </div>
        )}
      </Answered>
    </>
  );
}

interface SliderProps { readonly round: number; readonly last: number; readonly name: (round: number) => string; readonly onChoose: (round: number) => void }

/** Moves at once under the finger; the address follows. */
function RoundSlider({ round, last, name, onChoose }: SliderProps) {
  const [held, hold] = useState<number | null>(null);
  const shown = held ?? round;
  return (
    <label className="round-slider">
      <span className="label">After round</span>
      <button type="button" className="button" aria-label="One round back" disabled={shown <= 1} onClick={() => { onChoose(shown - 1); }}>←</button>
      <input
        type="range" min={1} max={last} step={1} value={shown} aria-valuetext={`${shown}, ${name(shown)}`}
        onChange={(event) => { hold(Number(event.target.value)); onChoose(Number(event.target.value)); }}
        onPointerUp={() => { hold(null); }} onBlur={() => { hold(null); }}
      />
      <button type="button" className="button" aria-label="One round on" disabled={shown >= last} onClick={() => { onChoose(shown + 1); }}>→</button>
      <output className="round-name"><strong>{shown}</strong> {name(shown)}</output>
    </label>
  );
}
