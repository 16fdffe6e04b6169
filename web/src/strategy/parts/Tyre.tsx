/** A compound as a mark: its ring and letter, as on the board. */
import type { Compound } from "../../api/types";
import { tyreLook } from "../../format/tyres";

export function Tyre({ compound, season }: { readonly compound: Compound; readonly season: number }) {
  const look = tyreLook(compound, season);
  return (
    <svg className="tyre-mark" viewBox="0 0 22 22" width="22" height="22" aria-hidden="true">
      <circle cx="11" cy="11" r="10.500" fill="var(--tyre-wall)" />
      <circle cx="11" cy="11" r="9" fill="none" strokeWidth="2.600" stroke={`var(--tyre-${look.family})`} />
      <text x="11" y="14.600" className={look.letter.length > 1 ? "tyre-mark-letter tyre-mark-2" : "tyre-mark-letter"}>{look.letter}</text>
    </svg>
  );
}
