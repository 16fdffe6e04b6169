/** One car's row. It slides to its place by a transform, so the page never lays out again. */
import { memo, type ReactNode } from "react";
import type { CarState } from "../api/types";
import { isGone, statusLook } from "../format/cars";
import { useCar } from "../stream/useSession";
import { StintStrip } from "../tyres/StintStrip";
import { TyreRing } from "../tyres/TyreRing";
import { DriverCell, GapCell, LapCell, MoveCell, NameCell, SectorCell, StatusTag, Timed, TrapCell } from "./cells";
import type { Column, ColumnId } from "./columns";

export const rowId = (number: string) => `car-${number}`;

interface Props {
  readonly number: string;
  /** Place on the board from 0, and how far below a cut-off line it stands. */
  readonly index: number;
  readonly top: string;
  readonly columns: readonly Column[];
  readonly grid: string;
  readonly race: boolean;
  readonly total: number;
  readonly season: number;
  readonly selected: boolean;
  readonly danger: boolean;
  readonly onPick: (number: string) => void;
}

export const Row = memo(function Row(props: Props) {
  const car = useCar(props.number);
  if (!car) return null;
  const gone = isGone(car);
  const classes = ["row", props.selected && "row-selected", gone && "row-gone", props.danger && "row-danger"];
  return (
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid itself takes the keys (aria-activedescendant)
    <div
      role="row"
      id={rowId(props.number)}
      aria-rowindex={props.index + 2}
      aria-selected={props.selected}
      tabIndex={-1}
      className={classes.filter(Boolean).join(" ")}
      style={{ transform: `translateY(${props.top})`, gridTemplateColumns: props.grid }}
      onClick={() => { props.onPick(props.number); }}
    >
      {props.columns.map((column) => (
        <div
          key={column.id}
          role={column.id === "driver" ? "rowheader" : "gridcell"}
          className={`cell cell-${column.id} to-${column.align}`}
        >
          {cell(column.id, car, props)}
        </div>
      ))}
    </div>
  );
});

function cell(id: ColumnId, car: CarState, { race, total, season, index }: Props): ReactNode {
  const gone = isGone(car);
  switch (id) {
    case "position":
      return <span className="position">{car.position ?? index + 1}</span>;
    case "movement":
      return <MoveCell car={car} />;
    case "driver":
      return <DriverCell number={car.number} code={car.code ?? ""} colour={car.colour ?? ""} />;
    case "name":
      return <NameCell name={car.name ?? ""} status={car.status} />;
    case "gap":
      if (gone && race) return <span className="quiet">{car.laps ? `Lap ${car.laps}` : "–"}</span>;
      return <GapCell gap={car.gap} leader={race && index === 0 && !car.gap ? "Leader" : ""} />;
    case "interval":
      return gone && race ? null : <GapCell gap={car.interval} leader="" strong={race && car.status === "track"} />;
    case "gaps":
      return (
        <span className="gaps">
          {gone && race
            ? <span className="quiet">{car.laps ? `Lap ${car.laps}` : "–"}</span>
            : <GapCell gap={car.gap} leader={race && index === 0 && !car.gap ? "Leader" : ""} />}
          {statusLook(car.status).tag
            ? <StatusTag status={car.status} />
            : <small><GapCell gap={car.interval} leader="" strong={race} /></small>}
        </span>
      );
    case "last":
      return <LapCell lap={car.last_lap} plain={false} />;
    case "best":
      return <LapCell lap={car.best_lap} plain />;
    case "q1":
    case "q2":
    case "q3":
      return <Timed ms={car.best_by_part?.[Number(id[1]) - 1]} colour="plain" />;
    case "s1":
    case "s2":
    case "s3":
      return <SectorCell sector={car.sectors?.[Number(id[1]) - 1]} />;
    case "tyre":
      return <TyreRing stint={car.stints?.at(-1)} season={season} />;
    case "stints":
      return <StintStrip stints={car.stints} laps={car.laps ?? 0} total={total} season={season} />;
    case "stops":
      return <span className="figure">{car.pit_stops ?? 0}</span>;
    case "laps":
      return <span className="figure">{car.laps ?? 0}</span>;
    case "trap":
      return <TrapCell trap={car.traps?.ST} />;
  }
}
