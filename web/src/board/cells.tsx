/** What each cell of a row shows. Every cell is drawn again only when its own value changes. */
import { memo } from "react";
import type { CarState, Gap, Maybe, SectorState, Segment, TimedLap, TrapSpeed } from "../api/types";
import { movement, statusLook } from "../format/cars";
import { inkOn, teamColour } from "../format/colours";
import { gapTime, lapTime } from "../format/time";

type Colour = "best" | "personal" | "slower" | "plain";
interface Marks { readonly personal_best?: boolean; readonly overall_best?: boolean }

function colourOf(marks: Marks | null | undefined, unmarked: Colour): Colour {
  if (marks?.overall_best) return "best";
  return marks?.personal_best ? "personal" : unmarked;
}
const SPOKEN: Record<Colour, string> = { best: "best of all", personal: "personal best", slower: "", plain: "" };

/** A time in the sport's colours. Purple and green also differ in shape: a solid and a tinted plate. */
export const Timed = memo(function Timed(props: { ms: Maybe<number>; colour: Colour; stale?: boolean }) {
  if (!props.ms) return <span className="time quiet">–</span>;
  return (
    <span className={`time time-${props.colour}${props.stale ? " time-stale" : ""}`}>
      {lapTime(props.ms)}
      {SPOKEN[props.colour] && <span className="sr-only"> {SPOKEN[props.colour]}</span>}
    </span>
  );
});

export const LapCell = memo(function LapCell({ lap, plain }: { lap: Maybe<TimedLap>; plain: boolean }) {
  return <Timed ms={lap?.ms} colour={plain && !lap?.overall_best ? "plain" : colourOf(lap, plain ? "plain" : "slower")} />;
});

export const MoveCell = memo(function MoveCell({ car }: { car: CarState }) {
  const won = movement(car);
  if (won === null) return null;
  if (won === 0) return <span className="move move-0" title={`Started ${car.grid ?? ""}`}>–<span className="sr-only"> no change</span></span>;
  return (
    <span className={won > 0 ? "move move-up" : "move move-down"} title={`Started ${car.grid ?? ""}`}>
      <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
        <path d={won > 0 ? "M4 1l3.500 6h-7z" : "M4 7L.5 1h7z"} fill="currentColor" />
      </svg>
      <span className="sr-only">{won > 0 ? "up " : "down "}</span>
      {Math.abs(won)}
    </span>
  );
});

export const DriverCell = memo(function DriverCell(props: { number: string; code: string; colour: string }) {
  const colour = teamColour(props.colour);
  return (
    <span className="driver">
      <span className="driver-number figure" style={{ background: colour, color: inkOn(colour) }}>{props.number}</span>
      <span className="driver-code">{props.code || props.number}</span>
    </span>
  );
});

export const GapCell = memo(function GapCell({ gap, leader, strong }: { gap: Maybe<Gap>; leader: string; strong?: boolean }) {
  if (leader) return <span className="quiet">{leader}</span>;
  const close = strong && typeof gap?.ms === "number" && gap.ms < 1000;
  return (
    <span className={close ? "figure gap-close" : "figure"} title={close ? "Within a second of the car ahead" : undefined}>
      {gapTime(gap) || <span className="quiet">–</span>}
    </span>
  );
});

const SEGMENTS = ["none", "yellow", "green", "purple", "pit", "other"] as const;

const MiniSectors = memo(function MiniSectors({ segments }: { segments: readonly Segment[] }) {
  return (
    <span className="minis" aria-hidden="true">
      {segments.map((segment, index) => <i key={index} className={`mini mini-${SEGMENTS[segment]}`} />)}
    </span>
  );
});

export const SectorCell = memo(function SectorCell({ sector }: { sector: SectorState | undefined }) {
  if (!sector) return null;
  const fresh = sector.ms !== null && sector.ms !== undefined;
  return (
    <span className="sector">
      <Timed
        ms={fresh ? sector.ms : sector.previous_ms}
        colour={fresh ? colourOf(sector, "slower") : "plain"}
        stale={!fresh}
      />
      {(sector.segments?.length ?? 0) > 0 && <MiniSectors segments={sector.segments ?? []} />}
    </span>
  );
});

export const TrapCell = memo(function TrapCell({ trap }: { trap: TrapSpeed | undefined }) {
  if (!trap?.kmh) return <span className="quiet">–</span>;
  const colour = colourOf(trap, "plain");
  return (
    <span className={`time time-${colour}`}>
      {trap.kmh}{SPOKEN[colour] && <span className="sr-only"> {SPOKEN[colour]}</span>}
    </span>
  );
});

/** Where the car is, when that is not simply on track; nothing otherwise. */
export const StatusTag = memo(function StatusTag({ status }: { status: CarState["status"] }) {
  const look = statusLook(status);
  return look.tag ? <span className={`tag tag-${status ?? "grid"}`} title={look.words}>{look.tag}</span> : null;
});

/** The family name; a car that is not on track has its status here instead, for the code names the driver already. */
export const NameCell = memo(function NameCell({ name, status }: { name: string; status: CarState["status"] }) {
  if (statusLook(status).tag) return <StatusTag status={status} />;
  return <span className="driver-name">{name.split(" ").slice(1).join(" ") || name}</span>;
});
