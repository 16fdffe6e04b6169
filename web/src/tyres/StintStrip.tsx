/** Which sets a car has run so far: one bar a stint, as long as its share of the race. */
import { memo } from "react";
import type { Stint } from "../api/types";
import { describeStint, stintSpans, tyreLook } from "../format/tyres";
import "./tyres.css";

interface Props {
  readonly stints: readonly Stint[] | undefined;
  readonly laps: number;
  /** Race distance in laps; 0 where there is none (then the strip fills with what was run). */
  readonly total: number;
  readonly season: number;
  readonly tall?: boolean;
}

export const StintStrip = memo(function StintStrip({ stints, laps, total, season, tall = false }: Props) {
  const spans = stintSpans(stints ?? [], laps);
  const scale = 100 / Math.max(total, laps, 1);
  return (
    <span className={tall ? "stints stints-tall" : "stints"} role="img" aria-label={spoken(stints ?? [], season)}>
      {spans.map(({ stint, from, to }) => {
        const look = tyreLook(stint.compound, season);
        const width = (to - from + 1) * scale;
        return (
          <span
            key={from}
            className={stint.new === false ? "stint stint-used" : "stint"}
            title={`${describeStint(stint, season)}, laps ${from} to ${to}`}
            style={{ left: `${(from - 1) * scale}%`, width: `${width}%`, background: `var(--tyre-${look.family})` }}
          >
            {width > (tall ? 7 : 13) && (
              <span className="stint-word">{tall ? `${look.letter} ${to - from + 1}` : look.letter}</span>
            )}
          </span>
        );
      })}
    </span>
  );
});

function spoken(stints: readonly Stint[], season: number): string {
  if (stints.length === 0) return "no tyres known";
  return `${stints.length} ${stints.length === 1 ? "set" : "sets"}: ${stints.map((stint) => describeStint(stint, season)).join("; ")}`;
}
