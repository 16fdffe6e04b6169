/** The last laps in figures: lap, time, sectors, tyre; the lap chart for those who read numbers. */
import { memo } from "react";
import type { Lap } from "../api/types";
import { lapTime } from "../format/time";
import { tyreLook } from "../format/tyres";
import { neutralised } from "./lapSeries";

const FLAG = { sc: "SC", vsc: "VSC", red: "Red" } as const;

export const LapTable = memo(function LapTable({ laps, season }: { laps: readonly Lap[]; season: number }) {
  if (laps.length === 0) return null;
  const best = Math.min(...laps.flatMap((lap) => (lap.lap_ms && !lap.deleted ? [lap.lap_ms] : [])));
  return (
    <table className="lap-table">
      <caption className="sr-only">Completed laps, newest first</caption>
      <thead>
        <tr>
          {["Lap", "Time", "S1", "S2", "S3", "Tyre", ""].map((name) => (
            <th key={name} scope="col" className="label">{name || <span className="sr-only">Notes</span>}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...laps].reverse().map((lap) => {
          const flag = neutralised(lap);
          const notes = [lap.pit_in && "in", lap.pit_out && "out", flag && FLAG[flag], lap.deleted && "deleted"]
            .filter(Boolean).join(" ");
          return (
            <tr key={`${lap.part ?? 0}-${lap.lap}`}>
              <th scope="row">{lap.lap}</th>
              <LapTime lap={lap} best={lap.lap_ms === best} />
              <td>{lapTime(lap.s1_ms) || "–"}</td>
              <td>{lapTime(lap.s2_ms) || "–"}</td>
              <td>{lapTime(lap.s3_ms) || "–"}</td>
              <td>{tyreLook(lap.compound, season).letter}{lap.age_laps ? ` ${lap.age_laps}` : ""}</td>
              <td className="quiet">{notes}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
});

/** How a time is known, where the feed did not send it. */
const DERIVED: Readonly<Record<string, string>> = {
  repeated: "Not sent: equal to the lap before, which the sectors confirm",
  sector_sum: "Not sent: the sum of its sectors",
};

function LapTime({ lap, best }: { lap: Lap; best: boolean }) {
  const time = lapTime(lap.lap_ms);
  if (!time) return <td>–</td>;
  if (lap.deleted) {
    return <td><s className="quiet" title={`Deleted: ${lap.deleted_reason ?? ""}`}>{time}</s></td>;
  }
  const derived = DERIVED[lap.lap_time_source ?? ""];
  return (
    <td className={best ? "lap-best" : ""}>
      {time}{derived ? <abbr className="quiet" title={derived}>*</abbr> : null}
    </td>
  );
}
