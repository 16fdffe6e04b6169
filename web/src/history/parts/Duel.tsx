/** Two drivers side by side: one bar a measure, its two parts their shares. */
import { points, share } from "../words";

interface Measure { readonly label: string; readonly a: number; readonly b: number; readonly note?: string }

/** Bars that meet where the two shares meet; the figures are text, so that nobody must read a length. */
export function DuelBars({ of, a, b }: { readonly of: readonly Measure[]; readonly a: string; readonly b: string }) {
  return (
    <table className="duel">
      <caption className="sr-only">{a} and {b}, measure by measure</caption>
      <thead>
        <tr><th scope="col">{a}</th><th scope="col"><span className="sr-only">Measure</span></th><th scope="col">{b}</th></tr>
      </thead>
      <tbody>
        {of.map((measure) => <DuelRow key={measure.label} {...measure} />)}
      </tbody>
    </table>
  );
}

function DuelRow({ label, a, b, note }: Measure) {
  const whole = a + b;
  const part = whole > 0 ? a / whole : 0.5;
  return (
    <tr>
      <td className={a >= b ? "duel-a duel-ahead" : "duel-a"}>{points(a)}</td>
      <th scope="row">
        <span className="duel-label">{label}{note && <span className="quiet"> {note}</span>}</span>
        <span className={whole > 0 ? "duel-bar" : "duel-bar duel-none"} title={whole > 0 ? `${share(part)} to ${share(1 - part)}` : undefined}>
          <i className="duel-part-a" style={{ "--part": part }} />
          <i className="duel-part-b" style={{ "--part": 1 - part }} />
        </span>
      </th>
      <td className={b >= a ? "duel-b duel-ahead" : "duel-b"}>{points(b)}</td>
    </tr>
  );
}
