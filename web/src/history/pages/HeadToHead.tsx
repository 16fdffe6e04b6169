/** Two drivers: their careers, and how they did where they met. */
import { useState } from "react";
import { go } from "../../app/place";
import { addresses } from "../api/addresses";
import type { CareerTotals, Duel, DuelSeason, HeadToHeadAnswer } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { Answered } from "../parts/Answered";
import { DriverPicker } from "../parts/DriverPicker";
import { DuelBars } from "../parts/Duel";
import { Constructors, Driver } from "../parts/Names";
import { Choice, PageHead, Section } from "../parts/Page";
import { type Column, Table } from "../parts/Table";
import { gapOf, score } from "../parts/TeamMates";
import { paths } from "../routes";
import { counted, points } from "../words";

export function HeadToHeadPage({ a, b }: { readonly a: string | null; readonly b: string | null }) {
  if (a && b && a !== b) return <Both key={`${a}/${b}`} a={a} b={b} />;
  return <Pick a={a} />;
}

/** One driver or none is chosen yet. */
function Pick({ a }: { readonly a: string | null }) {
  const first = useAnswer(a === null ? null : addresses.driver(a));
  const [chosen, choose] = useState<string | null>(null);
  const name = first.value?.driver.name ?? "";
  return (
    <>
      <PageHead kind="Comparison" title="Head to head" lead="Any two drivers: where they met, who was ahead, and what each has won." />
      <div className="pickers">
        <DriverPicker label="First driver" name={name} onPick={(id) => { go(paths.headToHead(id, chosen && chosen !== id ? chosen : null), { replace: true }); }} />
        <span className="pickers-and">and</span>
        <DriverPicker label="Second driver" name="" onPick={(id) => { if (a && a !== id) go(paths.headToHead(a, id)); else choose(id); }} />
      </div>
      {first.failure && <p role="alert">{first.failure.message}</p>}
      {chosen !== null && a === null && <p className="quiet" role="status">Now choose the first driver.</p>}
    </>
  );
}

function Both({ a, b }: { readonly a: string; readonly b: string }) {
  return <Answered of={useAnswer(addresses.headToHead(a, b))} what="the comparison">{(answer) => <Compared of={answer} />}</Answered>;
}

const career = (a: CareerTotals, b: CareerTotals) => {
  const rows: readonly (readonly [string, keyof CareerTotals])[] = [
    ["Titles", "titles"], ["Wins", "wins"], ["Podiums", "podiums"], ["Poles", "poles"], ["Fastest laps", "fastest_laps"], ["Points", "points"], ["Starts", "starts"],
  ];
  return rows.map(([label, key]) => ({ label, a: Number(a[key]), b: Number(b[key]) }));
};

const met = (duel: Duel) => [
  { label: "Ahead in qualifying", a: duel.qualifying_a ?? 0, b: duel.qualifying_b ?? 0, note: `of ${duel.qualified ?? 0}` },
  { label: "Ahead in the race", a: duel.race_a ?? 0, b: duel.race_b ?? 0, note: `of ${duel.races ?? 0}` },
  { label: "Ahead, both classified", a: duel.finished_a ?? 0, b: duel.finished_b ?? 0, note: `of ${duel.finished ?? 0}` },
  { label: "Points", a: duel.points_a ?? 0, b: duel.points_b ?? 0 },
  { label: "Wins", a: duel.wins_a ?? 0, b: duel.wins_b ?? 0 },
  { label: "Podiums", a: duel.podiums_a ?? 0, b: duel.podiums_b ?? 0 },
  { label: "Poles", a: duel.poles_a ?? 0, b: duel.poles_b ?? 0 },
  ...(duel.sprints ? [{ label: "Ahead in sprints", a: duel.sprint_a ?? 0, b: duel.sprint_b ?? 0, note: `of ${duel.sprints}` }] : []),
];

function Compared({ of }: { readonly of: HeadToHeadAnswer }) {
  const mates = (of.team_mates.races ?? 0) > 0;
  const [which, choose] = useState<"together" | "mates">(mates ? "mates" : "together");
  const duel = which === "mates" ? of.team_mates : of.together;
  const [a, b] = [of.a.name, of.b.name];
  const gap = gapOf(duel);
  return (
    <>
      <PageHead
        kind="Head to head" title={`${a} and ${b}`}
        lead={(of.together.races ?? 0) > 0
          ? <>They met in {counted(of.together.races ?? 0, "race")}{mates && <>, {of.team_mates.races === of.together.races ? "all of them" : of.team_mates.races} as team mates</>}.</>
          : "They never met in a race: only their careers can be compared."}
      />
      <div className="pickers">
        <DriverPicker label="First driver" name={a} onPick={(id) => { go(paths.headToHead(id, of.b.id)); }} />
        <button type="button" className="button choice" onClick={() => { go(paths.headToHead(of.b.id, of.a.id), { replace: true }); }} aria-label="Swap the two">⇄</button>
        <DriverPicker label="Second driver" name={b} onPick={(id) => { go(paths.headToHead(of.a.id, id)); }} />
      </div>
      <div className="columns">
        {(of.together.races ?? 0) > 0 && (
          <Section
            title="Where they met" beside={mates && of.team_mates.races !== of.together.races && <Choice label="Races" of={[["mates", "As team mates"], ["together", "All"]]} chosen={which} onChoose={choose} />}
            note={[gap && `Median qualifying gap of ${a}: ${gap} over ${duel.qualifying_gap_of ?? 0} sessions.`, of.definition].filter(Boolean).join(" ")}
          >
            <DuelBars of={met(duel)} a={a} b={b} />
          </Section>
        )}
        <Section title="Whole careers"><DuelBars of={career(of.totals_a, of.totals_b)} a={a} b={b} /></Section>
      </div>
      {of.seasons.length > 0 && <Section title="Season by season" wide><Table caption="Season by season" rows={of.seasons} columns={SEASONS} keyOf={({ year }) => year} most={30} marked={({ team_mates }) => team_mates} /></Section>}
      <p className="links"><Driver of={of.a} /> <Driver of={of.b} /></p>
    </>
  );
}

const SEASONS: Column<DuelSeason>[] = [
  { id: "year", label: "Season", heads: true, cell: ({ year, team_mates }) => <>{year}{team_mates && <span className="tag">Team mates</span>}</>, value: ({ year }) => year, first: "down" },
  { id: "a", label: "First’s team", cell: ({ constructors_a }) => <Constructors of={constructors_a} />, room: "wide" },
  { id: "b", label: "Second’s team", cell: ({ constructors_b }) => <Constructors of={constructors_b} />, room: "wide" },
  { id: "races", label: "Races", cell: ({ duel }) => duel.races ?? 0, value: ({ duel }) => duel.races, figure: true, room: "middle" },
  { id: "qualifying", label: "Qual.", means: "Ahead in qualifying", cell: ({ duel }) => score(duel.qualifying_a, duel.qualifying_b), figure: true },
  { id: "gap", label: "Gap", means: "Median gap in qualifying of the first", cell: ({ duel }) => gapOf(duel), value: ({ duel }) => duel.qualifying_gap_pct, figure: true, room: "wide" },
  { id: "race", label: "Race", means: "Ahead in the race", cell: ({ duel }) => score(duel.race_a, duel.race_b), figure: true },
  { id: "wins", label: "Wins", cell: ({ duel }) => score(duel.wins_a, duel.wins_b), figure: true, room: "middle" },
  { id: "points", label: "Points", cell: ({ duel }) => <span className="nowrap">{points(duel.points_a)}–{points(duel.points_b)}</span>, value: ({ duel }) => duel.points_a, figure: true },
];
