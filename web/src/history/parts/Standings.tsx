/** A championship table: position, who, points, how far behind. */
import type { StandingRow } from "../api/types";
import { points } from "../words";
import { Driver, Entrant } from "./Names";
import { type Column, Table } from "./Table";

export const keyOfEntrant = ({ driver, constructor, engine }: Pick<StandingRow, "driver" | "constructor" | "engine">): string =>
  driver ? driver.id : `${constructor?.id ?? ""}/${engine?.id ?? ""}`;

export const nameOfEntrant = ({ driver, constructor, engine }: Pick<StandingRow, "driver" | "constructor" | "engine">): string =>
  driver?.name ?? [constructor?.name, engine && engine.name !== constructor?.name ? engine.name : ""].filter(Boolean).join(" ");

const gained = (places: number | null | undefined) => (places ? `${places > 0 ? "▲" : "▼"}${Math.abs(places)}` : "");

function columns(of: "drivers" | "constructors", moves: boolean): Column<StandingRow>[] {
  return [
    { id: "position", label: "Pos", means: "Position", cell: (row) => row.position ?? row.position_text, value: (row) => row.position, first: "up", figure: true },
    {
      id: "name", label: of === "drivers" ? "Driver" : "Constructor", heads: true, value: nameOfEntrant,
      cell: (row) => (row.driver ? <Driver of={row.driver} /> : row.constructor && <Entrant constructor={row.constructor} engine={row.engine} />),
    },
    ...(moves ? [{
      id: "moved", label: "±", means: "Places won or lost with this round", figure: true, room: "middle" as const,
      cell: (row: StandingRow) => <span className={(row.positions_gained ?? 0) > 0 ? "gain" : "loss"}>{gained(row.positions_gained)}</span>,
      value: (row: StandingRow) => row.positions_gained,
    }] : []),
    { id: "wins", label: "Wins", cell: (row) => row.wins || "", value: (row) => row.wins ?? 0, figure: true },
    { id: "gap", label: "Gap", means: "Points behind the leader", cell: (row) => (row.gap ? `−${points(row.gap)}` : ""), value: (row) => row.gap, first: "up", figure: true, room: "middle" },
    { id: "points", label: "Points", cell: (row) => <span className="strong">{points(row.points)}</span>, value: (row) => row.points, figure: true },
  ];
}

interface Props { readonly of: "drivers" | "constructors"; readonly rows: readonly StandingRow[]; readonly caption: string; readonly moves?: boolean; readonly most?: number }

export const Standings = ({ of, rows, caption, moves = false, most = 60 }: Props) => (
  <Table
    caption={caption} rows={rows} columns={columns(of, moves)} keyOf={keyOfEntrant} most={most} marked={(row) => row.champion === true}
    empty={of === "constructors" ? "There was no constructors' championship." : "Nobody has scored yet."}
  />
);
