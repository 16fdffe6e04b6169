/** Which tyre is on the car: a ring in the compound's colour with its letter; broken when the set was used. */
import { memo } from "react";
import type { Stint } from "../api/types";
import { describeStint, tyreLook } from "../format/tyres";
import "./tyres.css";

export const TyreRing = memo(function TyreRing({ stint, season }: { stint: Stint | undefined; season: number }) {
  if (!stint) return <span className="tyre" />;
  const look = tyreLook(stint.compound, season);
  return (
    <span className="tyre" title={describeStint(stint, season)}>
      <svg className="tyre-ring" viewBox="0 0 22 22" width="22" height="22" aria-hidden="true">
        <circle cx="11" cy="11" r="10.500" fill="var(--tyre-wall)" />
        <circle
          cx="11" cy="11" r="9" fill="none" strokeWidth="2.600" stroke={`var(--tyre-${look.family})`}
          strokeDasharray={stint.new === false ? "10.600 3.540" : undefined} strokeDashoffset="-1.800"
        />
        <text className={look.letter.length > 1 ? "tyre-letter tyre-letter-2" : "tyre-letter"} x="11" y="14.600">
          {look.letter}
        </text>
      </svg>
      <span className="tyre-age figure" aria-hidden="true">{stint.age_laps ?? 0}</span>
      <span className="sr-only">{describeStint(stint, season)}</span>
    </span>
  );
});
