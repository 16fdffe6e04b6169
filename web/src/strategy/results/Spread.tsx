/** How often each place: one row a plan, one column a place, as a heat map that is a table too. */
import type { Told } from "../model/told";
import { chance, letterOf } from "../model/words";

/** Ink of a cell: the root, so that small chances are seen; never so strong that the figure on it is hard to read. */
const ink = (share: number): string => `${(Math.sqrt(Math.min(share, 1)) * 46).toFixed(1)}%`;

export function Spread({ told, active }: { readonly told: readonly Told[]; readonly active: number }) {
  const most = lastSeen(told.map(({ driver }) => driver.chances));
  const places = Array.from({ length: most }, (_, index) => index);
  return (
    <div className="heat-frame">
      <table className="heat">
        <caption className="sr-only">Chance of each place, by plan</caption>
        <thead><tr><th scope="col"><span className="sr-only">Plan</span></th>{places.map((place) => <th key={place} scope="col" className="figure">{place + 1}</th>)}</tr></thead>
        <tbody>
          {told.map(({ index, name, driver }) => (
            <tr key={index} className={index === active ? "heat-active" : undefined} style={{ "--plan": `var(--plan-${index + 1})` }}>
              <th scope="row" title={name}><i className="plan-dot" aria-hidden="true">{letterOf(index)}</i><span className="sr-only">{letterOf(index)}, {name}</span></th>
              {places.map((place) => {
                const share = driver.chances[place] ?? 0;
                return <td key={place} style={{ "--ink": ink(share) }} title={`Plan ${letterOf(index)}: P${place + 1} in ${chance(share)} of races`}><span className="figure">{share >= 0.005 ? Math.round(share * 100) : ""}</span></td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Every car's chances under one plan. */
export function FieldHeat({ told, driver, colours }: { readonly told: Told; readonly driver: string; readonly colours: ReadonlyMap<string, string> }) {
  const field = [...told.answer.drivers].sort((a, b) => a.place.mean - b.place.mean);
  const places = Array.from({ length: field.length }, (_, index) => index);
  return (
    <div className="heat-frame">
      <table className="heat heat-field" style={{ "--plan": `var(--plan-${told.index + 1})` }}>
        <caption className="sr-only">Chance of each place for every car, plan {letterOf(told.index)}</caption>
        <thead><tr><th scope="col"><span className="sr-only">Driver</span></th>{places.map((place) => <th key={place} scope="col" className="figure">{place + 1}</th>)}</tr></thead>
        <tbody>
          {field.map(({ driver: code, chances: shares }) => (
            <tr key={code} className={code === driver ? "heat-active" : undefined}>
              <th scope="row"><span className="heat-code" style={{ borderColor: colours.get(code) }}>{code}</span></th>
              {places.map((place) => {
                const share = shares[place] ?? 0;
                return <td key={place} style={{ "--ink": ink(share) }} title={`${code}: P${place + 1} in ${chance(share)} of races`}><span className="figure">{share >= 0.095 ? Math.round(share * 100) : ""}</span><span className="sr-only">{share < 0.095 && share >= 0.005 ? Math.round(share * 100) : ""}</span></td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How many columns are worth showing: to the last place that any plan reaches in one race of two hundred. */
export function lastSeen(rows: readonly (readonly number[])[]): number {
  const last = (row: readonly number[]) => row.findLastIndex((share) => share >= 0.005) + 1;
  return Math.max(3, ...rows.map(last));
}
