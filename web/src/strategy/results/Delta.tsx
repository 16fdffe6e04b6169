/** How much sooner or later at the flag than what happened: a dot and its interval for each plan, on one line of seconds. */
import { letterOf, signed } from "../model/words";
import type { Told } from "../model/told";

export function Delta({ told, active, onPick }: { readonly told: readonly Told[]; readonly active: number; readonly onPick: (index: number) => void }) {
  const rows = told.flatMap(({ index, name, driver }) => (driver.versus?.time_s ? [{ index, name, delta: driver.versus.time_s }] : []));
  if (rows.length === 0) return <p className="chart-note">Change a plan to see its seconds against plan A.</p>;
  const edge = niceEdge(Math.max(...rows.flatMap(({ delta }) => [Math.abs(delta.low), Math.abs(delta.high), Math.abs(delta.mean)]), 0.5));
  const at = (seconds: number) => `${((seconds + edge) / (2 * edge)) * 100}%`;
  return (
    <div className="delta">
      {rows.map(({ index, name, delta }) => (
        <button key={index} type="button" className={index === active ? "delta-row delta-active" : "delta-row"} aria-pressed={index === active} style={{ "--plan": `var(--plan-${index + 1})` }} onClick={() => { onPick(index); }}>
          <i className="plan-dot" aria-hidden="true">{letterOf(index)}</i>
          <span className="delta-track" aria-hidden="true">
            <i className="delta-zero" />
            <i className="delta-span" style={{ left: at(delta.low), right: `calc(100% - ${at(delta.high)})` }} />
            <i className="delta-mean" style={{ left: at(delta.mean) }} />
          </span>
          <span className="delta-words figure"><span className="sr-only">Plan {letterOf(index)}, {name}: </span>{signed(delta.mean)} s<small> {signed(delta.low)} to {signed(delta.high)}</small></span>
        </button>
      ))}
      <div className="delta-axis" aria-hidden="true"><span /><span className="delta-scale"><b>−{edge} s sooner</b><b>A</b><b>later +{edge} s</b></span><span /></div>
    </div>
  );
}

/** The half-width of the line: 1, 2 or 5 times a power of ten, no less than what is drawn. */
export function niceEdge(most: number): number {
  const ten = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((times) => times * ten).find((edge) => edge >= most) ?? 10 * ten;
}
