/** One driver in full: where he stands, how his laps went, on which tyres. */
import { lazy, Suspense } from "react";
import type { CarState } from "../api/types";
import { CloseIcon } from "../design/icons";
import { isGone, movement, statusLook } from "../format/cars";
import { inkOn, teamColour } from "../format/colours";
import { gapTime, lapTime } from "../format/time";
import { seasonOf } from "../format/tyres";
import { useCar, useSession, useStore } from "../stream/useSession";
import { StintStrip } from "../tyres/StintStrip";
import { TyreRing } from "../tyres/TyreRing";
import { Gauges } from "./Gauges";
import { LapTable } from "./LapTable";
import { useLaps } from "./useLaps";
import "./driver.css";

const LapChart = lazy(() => import("./LapChart"));

interface Props { readonly number: string; readonly onClose: () => void }

export function DriverPanel({ number, onClose }: Props) {
  const store = useStore();
  const car = useCar(number);
  const season = useSession((state) => seasonOf(state.key)) ?? 9999;
  const total = useSession((state) => state.lap?.total ?? 0) ?? 0;
  const laps = useLaps(store.key, number);
  if (!car) return <p className="nothing">Car {number} is not in this session.</p>;
  return (
    <section className="driver-panel" aria-label={car.name || car.code || number}>
      <Title car={car} onClose={onClose} />
      <Gauges number={number} />
      <div className="driver-part">
        <h3 className="label">Laps</h3>
        {laps.length === 0
          ? <p className="quiet driver-none">No completed lap yet.</p>
          : (
            <Suspense fallback={<div className="lap-chart-wait" />}>
              <LapChart {...{ laps, season, total }} />
            </Suspense>
          )}
      </div>
      <div className="driver-part">
        <h3 className="label">Tyres</h3>
        <div className="driver-tyres">
          <TyreRing stint={car.stints?.at(-1)} season={season} />
          <StintStrip stints={car.stints} laps={car.laps ?? 0} total={total} season={season} tall />
        </div>
      </div>
      <Facts car={car} />
      <LapTable {...{ laps, season }} />
    </section>
  );
}

function Title({ car, onClose }: { car: CarState; onClose: () => void }) {
  const colour = teamColour(car.colour);
  const [given, ...family] = (car.name ?? "").split(" ");
  return (
    <header className="driver-title" style={{ "--team": colour }}>
      <span className="driver-big" style={{ background: colour, color: inkOn(colour) }}>{car.number}</span>
      <div className="driver-names">
        <p className="driver-given">{given}</p>
        <h2 className="driver-family">{family.join(" ") || car.code}</h2>
        <p className="quiet">{car.team}</p>
      </div>
      <button type="button" className="button" onClick={onClose} aria-label="Close driver" title="Close (Esc)"><CloseIcon /></button>
    </header>
  );
}

function Facts({ car }: { car: CarState }) {
  const won = movement(car);
  const speeds = Object.values(car.traps ?? {}).flatMap((trap) => (trap.kmh ? [trap.kmh] : []));
  const facts: [name: string, value: string][] = [
    ["Position", car.position ? `P${car.position}` : "–"],
    ["Grid", car.grid ? `P${car.grid}${won ? ` (${won > 0 ? "+" : "−"}${Math.abs(won)})` : ""}` : "–"],
    ["Gap", isGone(car) ? statusLook(car.status).tag : gapTime(car.gap) || "–"],
    ["Interval", isGone(car) ? "–" : gapTime(car.interval) || "–"],
    ["Last lap", lapTime(car.last_lap?.ms) || "–"],
    ["Best lap", lapTime(car.best_lap?.ms) || "–"],
    ["Stops", String(car.pit_stops ?? 0)],
    ["Top trap", speeds.length > 0 ? `${Math.max(...speeds)} km/h` : "–"],
  ];
  return (
    <dl className="driver-facts">
      {facts.map(([name, value]) => <div key={name}><dt className="label">{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}
