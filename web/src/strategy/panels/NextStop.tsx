/** When this car should stop next, what each lap costs, where it would rejoin, and who undercuts whom. */
import { useState } from "react";
import { tyreLook } from "../../format/tyres";
import { useAnswer } from "../../history/api/useAnswer";
import { Answered, asSentence } from "../../history/parts/Answered";
import { addresses } from "../api/addresses";
import type { CarStops, StopDuel, StopsAnswer } from "../api/types";
import type { CarView, RaceView } from "../model/view";
import { chance, signed } from "../model/words";
import { Tip } from "../parts/Tip";

export function NextStop({ race, car }: { readonly race: RaceView; readonly car: CarView }) {
  const [open, show] = useState(false);
  return (
    <details className="field-sheet" onToggle={(event) => { show(event.currentTarget.open); }}>
      <summary><span className="section-title">Pit window and rejoin</span><span className="quiet"> the next stop of {car.code}, at the end of lap {race.lap}</span></summary>
      {open && <Loaded race={race} car={car} />}
    </details>
  );
}

function Loaded({ race, car }: { readonly race: RaceView; readonly car: CarView }) {
  const answer = useAnswer(addresses.stops(race.key, race.lap));
  return (
    <div className="next-stop">
      <Answered of={answer} what="the pit window" waiting={<p className="chart-note" role="status">The stops of every car are being worked out…</p>}>
        {(stops) => <Told stops={stops} car={car} season={race.season} />}
      </Answered>
    </div>
  );
}

function Told({ stops, car, season }: { readonly stops: StopsAnswer; readonly car: CarView; readonly season: number }) {
  const own = stops.cars.find(({ driver_number: number }) => number === car.number);
  if (!own) return <p className="chart-note">{car.code} is not running at this lap.</p>;
  const codes = new Map(stops.cars.map(({ driver_number: number, driver }) => [number, driver]));
  const name = (number: string | null) => (number === null ? "nobody" : (codes.get(number) ?? number));
  return (
    <>
      {own.recommendation && (
        <p className="next-advice"><strong>{asSentence(own.recommendation.why.text)}</strong> <small>Better than the next best choice in {chance(own.recommendation.confidence)} of {own.recommendation.races > 0 ? `${own.recommendation.races} paired races` : "cases by the cost curve"}.</small></p>
      )}
      <div className="next-grid">
        <Window own={own} season={season} />
        <Rejoins own={own} name={name} />
        <Duels own={own} name={name} />
      </div>
    </>
  );
}

function Window({ own, season }: { readonly own: CarStops; readonly season: number }) {
  const { window } = own;
  const laps = window.laps ?? [];
  const most = Math.max(...laps.map(({ cost_s: cost, traffic_s: traffic = 0 }) => cost + traffic), 1);
  return (
    <section aria-label="Pit window">
      <h3 className="part-title"><Tip of="window">Pit window</Tip></h3>
      <p>{window.first_lap === null || window.compound === null
        ? "No further stop is worth making."
        : <>Laps <strong className="figure">{window.first_lap}–{window.last_lap}</strong>, best lap {window.best_lap} for {tyreLook(window.compound, season).name}s; {window.stops_left === 1 ? "one stop" : `${window.stops_left} stops`} to make.</>}
      </p>
      <div className="window-chart" role="img" aria-label={`Cost by lap: ${laps.filter((_, index) => index % 5 === 0).map(({ lap, cost_s: cost }) => `lap ${lap} ${cost.toFixed(1)} s`).join(", ")}`}>
        {laps.map(({ lap, cost_s: cost, traffic_s: traffic = 0, compound }) => (
          <span key={lap} className={inside(own, lap) ? "window-lap window-open" : "window-lap"} title={`Lap ${lap} for ${tyreLook(compound, season).name}s: ${cost.toFixed(1)} s, and ${traffic.toFixed(1)} s in traffic`}>
            <i className="window-traffic" style={{ "--part": traffic / most }} />
            <i className="window-cost" style={{ "--part": cost / most }} />
          </span>
        ))}
      </div>
      <p className="window-axis figure" aria-hidden="true"><span>{laps[0]?.lap}</span><span>seconds lost against the best lap; pale: in traffic</span><span>{laps.at(-1)?.lap}</span></p>
    </section>
  );
}

const inside = ({ window: { first_lap: first, last_lap: last } }: CarStops, lap: number): boolean => first !== null && last !== null && lap >= first && lap <= last;

function Rejoins({ own, name }: { readonly own: CarStops; readonly name: (number: string | null) => string }) {
  const { rejoin, cheap } = own;
  return (
    <section aria-label="Rejoin">
      <h3 className="part-title"><Tip of="rejoin">If it stops now</Tip></h3>
      {rejoin === null ? <p>It cannot stop now.</p> : (
        <dl className="assumed-facts">
          <div><dt>Rejoins</dt><dd className="figure"><strong>P{rejoin.place}</strong> <small>P{rejoin.low} to P{rejoin.high}</small></dd></div>
          <div><dt>Behind</dt><dd className="figure">{name(rejoin.ahead)}{rejoin.gap_ahead_s !== null && <small> {rejoin.gap_ahead_s.toFixed(1)} s</small>}</dd></div>
          <div><dt>Ahead of</dt><dd className="figure">{name(rejoin.behind)}{rejoin.gap_behind_s !== null && <small> {rejoin.gap_behind_s.toFixed(1)} s</small>}</dd></div>
          <div><dt>Held up</dt><dd className="figure">{rejoin.stuck_laps.toFixed(1)} laps <small>{rejoin.traffic_s.toFixed(1)} s</small></dd></div>
          <div><dt>The stop costs</dt><dd className="figure">{rejoin.loss_s.toFixed(1)} s</dd></div>
          {cheap && <div><dt>Under the {cheap.status} it saves</dt><dd className="figure">{cheap.saved_s.toFixed(1)} s <small>{cheap.worth_it ? "worth it" : "not worth it"}</small></dd></div>}
        </dl>
      )}
    </section>
  );
}

function Duels({ own, name }: { readonly own: CarStops; readonly name: (number: string | null) => string }) {
  const said = (duel: StopDuel) => (duel.attacker === own.driver_number ? `${duel.kind} on ${name(duel.rival)}` : `${duel.kind} by ${name(duel.attacker)}`);
  return (
    <section aria-label="Undercut and overcut">
      <h3 className="part-title"><Tip of="undercut">Undercut and overcut</Tip></h3>
      {own.duels.length === 0 ? <p>Nobody is near enough.</p> : (
        <dl className="assumed-facts">
          {[...own.duels].sort((a, b) => b.chance - a.chance).slice(0, 6).map((duel) => (
            <div key={`${duel.kind}-${duel.attacker}-${duel.rival}`}><dt>{asSentence(said(duel)).slice(0, -1)}</dt><dd className="figure"><strong>{chance(duel.chance)}</strong> <small>{signed(duel.gain_s)} s for a gap of {duel.gap_s.toFixed(1)}</small></dd></div>
          ))}
        </dl>
      )}
    </section>
  );
}
