/** Which race: what is open on the board first, then every race of the lake, by season. */
import { useState } from "react";
import { Link } from "../../app/place";
import { Answered } from "../../history/parts/Answered";
import { PageHead } from "../../history/parts/Page";
import { useAnswer } from "../../history/api/useAnswer";
import { addresses } from "../api/addresses";
import type { StrategySession } from "../api/types";
import { addressOf } from "../routes";

export function Choose() {
  const answer = useAnswer(addresses.sessions());
  return <Answered of={answer} what="the races">{(sessions) => <Races sessions={sessions} />}</Answered>;
}

function Races({ sessions }: { readonly sessions: readonly StrategySession[] }) {
  const [wanted, want] = useState("");
  const words = wanted.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = sessions.filter((one) => words.every((word) => `${one.session_key} ${one.season} ${one.event} ${one.circuit_id} ${one.sprint ? "sprint" : ""}`.toLowerCase().includes(word)));
  const open = found.filter(({ origin }) => origin !== "lake");
  const kept = found.filter(({ origin }) => origin === "lake");
  const seasons = [...new Set(kept.map(({ season }) => season))].sort((a, b) => b - a);
  return (
    <>
      <PageHead kind="Strategy" title="What if they had stopped a lap later?" tab="Strategy" lead="Choose a race. Drag the stops, change the tyres, send out the safety car: ten thousand simulated races tell what would have become of it, and why." />
      {sessions.length === 0
        ? <Nothing />
        : (
          <>
            <label className="choose-search"><span className="label">Find a race</span><input className="field" type="search" placeholder="Monaco, 2024, sprint" value={wanted} onChange={(event) => { want(event.target.value); }} /></label>
            {found.length === 0 && <p className="page-lead" role="status">No race is called “{wanted}”.</p>}
            {open.length > 0 && <Group title="On the board" sessions={open} />}
            {seasons.map((season) => <Group key={season} title={season === 0 ? "Others" : String(season)} sessions={kept.filter((one) => one.season === season)} />)}
          </>
        )}
    </>
  );
}

function Group({ title, sessions }: { readonly title: string; readonly sessions: readonly StrategySession[] }) {
  return (
    <section className="choose-group" aria-label={title}>
      <h2 className="section-title">{title}</h2>
      <ul className="choose-list">
        {sessions.map((session) => (
          <li key={session.session_key}>
            <Link className="choose-race" href={addressOf({ session: session.session_key, lap: null, driver: null, rivals: null, world: null, scenarios: [] })}>
              <strong>{session.event || session.session_key}</strong>
              <span className="quiet">{[session.round ? `Round ${session.round}` : "", session.sprint ? "Sprint" : "Race", `${session.laps} laps`].filter(Boolean).join(" · ")}</span>
              {session.live === true && <span className="tag tag-best">Live, lap {session.lap}</span>}
              {session.simulated === true && <span className="tag">Simulated</span>}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Nothing() {
  return (
    <div className="trouble">
      <p className="page-lead">The server has no race to play with yet. In a terminal:</p>
      <dl className="front-commands">
        <div><dt><code>overcut demo</code></dt><dd>a simulated race, at ten times real time</dd></div>
        <div><dt><code>overcut import</code></dt><dd>recorded races into the lake</dd></div>
        <div><dt><code>overcut live</code></dt><dd>the race that is on right now</dd></div>
      </dl>
    </div>
  );
}
