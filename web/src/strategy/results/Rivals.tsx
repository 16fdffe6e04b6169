/** Who is beaten, and how often: a line from never to always for each rival, a dot for each plan. */
import { chance, letterOf } from "../model/words";
import type { Told } from "../model/told";

interface Props {
  readonly told: readonly Told[];
  readonly active: number;
  readonly colours: ReadonlyMap<string, string>;
}

export function Rivals({ told, active, colours }: Props) {
  const shown = told.find(({ index }) => index === active) ?? told[0];
  if (!shown) return null;
  return (
    <div className="rivals">
      <div className="rival-axis" aria-hidden="true"><span /><span className="rival-scale"><b>0 %</b><b>50 %</b><b>100 %</b></span><span /></div>
      <ul>
        {shown.answer.ahead.map(({ driver: code, chance: ahead, change }) => (
            <li key={code} className="rival">
              <span className="rival-code" style={{ borderColor: colours.get(code) }}>{code}</span>
              <span className="rival-track" aria-hidden="true">
                <i className="rival-half" />
                {told.map(({ index, answer }) => {
                  const share = answer.ahead.find((one) => one.driver === code)?.chance;
                  return share === undefined ? null : <i key={index} className={index === active ? "rival-dot rival-active" : "rival-dot"} style={{ left: `${share * 100}%`, "--plan": `var(--plan-${index + 1})` }} />;
                })}
              </span>
              <span className="rival-words figure">
                <span className="sr-only">ahead of {code} in </span>{chance(ahead)}
                {change !== null && <small className={change > 0.005 ? "gain" : change < -0.005 ? "loss" : ""}> {points(change)}<span className="sr-only"> percentage points against plan {letterOf(0)}</span></small>}
              </span>
            </li>
        ))}
      </ul>
    </div>
  );
}

/** A change of a chance, in percentage points: "+12", "−3", "±0". */
export function points(change: number): string {
  const whole = Math.round(change * 100);
  return whole === 0 ? "±0" : `${whole < 0 ? "−" : "+"}${Math.abs(whole)}`;
}
