/** Whose strategy is which: the tyres of all cars on one lap axis, in board order. */
import { memo } from "react";
import { teamColour } from "../format/colours";
import { seasonOf } from "../format/tyres";
import { useCar, useSession, useView } from "../stream/useSession";
import { StintStrip } from "./StintStrip";

export function StintTable({ selected }: { selected: string | null }) {
  const order = useView((view) => view.order);
  const total = useSession((state) => state.lap?.total ?? 0) ?? 0;
  const season = useSession((state) => seasonOf(state.key)) ?? 9999;
  const ticks = total > 0 ? Array.from({ length: Math.floor(total / 10) + 1 }, (_, index) => index * 10) : [];
  return (
    <section className="stint-table" aria-label="Tyres of all cars">
      {ticks.length > 0 && (
        <div className="stint-axis" aria-hidden="true">
          {ticks.map((lap) => <span key={lap} style={{ left: `${(lap / total) * 100}%` }}>{lap}</span>)}
        </div>
      )}
      {order.map((number, index) => (
        <StintRow key={number} number={number} place={index + 1} {...{ total, season }} selected={number === selected} />
      ))}
    </section>
  );
}

const StintRow = memo(function StintRow(props: {
  number: string; place: number; total: number; season: number; selected: boolean;
}) {
  const car = useCar(props.number);
  if (!car) return null;
  return (
    <div className="stint-row">
      <span className="quiet figure">{props.place}</span>
      <span className="code" style={{ borderLeft: `3px solid ${teamColour(car.colour)}`, paddingLeft: 6 }}>
        {car.code}{props.selected && <span className="sr-only">, selected</span>}
      </span>
      <StintStrip stints={car.stints} laps={car.laps ?? 0} total={props.total} season={props.season} tall />
    </div>
  );
});
