/** Where the plan wins or loses its seconds against what happened, and the laps on which its race turns. */
import { asSentence } from "../../history/parts/Answered";
import type { Moment } from "../api/types";
import type { Told } from "../model/told";
import { chance, letterOf, signed } from "../model/words";

/** The seconds of the difference, one bar a reason, from plan A's time on the left to this plan's. */
export function Reasons({ told }: { readonly told: Told }) {
  const { why } = told.answer;
  if (!why) return <p className="chart-note">{told.index === 0 ? "This is plan A. Choose another plan to see where its seconds come from." : "Too few of the races finish in both plans to say why."}</p>;
  const most = Math.max(...why.reasons.map(({ seconds }) => Math.abs(seconds)), Math.abs(why.rest_s), 0.1);
  return (
    <div className="reasons">
      <p className="reason-total">{why.total_s < 0 ? "Wins" : "Loses"} <strong className="figure">{Math.abs(why.total_s).toFixed(1)} s</strong> against plan A in the mean:</p>
      <ul>
        {why.reasons.map((reason, index) => <Bar key={index} share={reason.seconds / most} seconds={reason.seconds} words={asSentence(reason.words)} />)}
        {Math.abs(why.rest_s) >= 0.05 && <Bar share={why.rest_s / most} seconds={why.rest_s} words="All the rest: what no single cause explains." />}
      </ul>
    </div>
  );
}

function Bar({ share, seconds, words }: { readonly share: number; readonly seconds: number; readonly words: string }) {
  return (
    <li className="reason">
      <span className={`reason-seconds figure ${seconds < 0 ? "gain" : "loss"}`}>{signed(seconds)} s</span>
      <span className="reason-track" aria-hidden="true"><i className={seconds < 0 ? "reason-bar reason-won" : "reason-bar reason-lost"} style={{ "--part": Math.min(Math.abs(share), 1) }} /></span>
      <span className="reason-words">{words}</span>
    </li>
  );
}

export function Moments({ told }: { readonly told: Told }) {
  const { moments } = told.answer;
  if (moments.length === 0) return <p className="chart-note">Nothing stands out in this plan.</p>;
  return (
    <ol className="moment-list" aria-label={`Key moments of plan ${letterOf(told.index)}`} style={{ "--plan": `var(--plan-${told.index + 1})` }}>
      {moments.map((moment, index) => (
        <li key={index} className={`moment moment-${moment.kind}`}>
          <span className="moment-lap figure">{moment.lap}<span className="sr-only"> is the lap: </span></span>
          <span>{asSentence(moment.words)}</span>
          <span className="moment-chance figure">{chanceOf(moment)}</span>
        </li>
      ))}
    </ol>
  );
}

/** How often it happens; of a rival gained or lost the words say it. */
const chanceOf = ({ kind, chance: share = 0 }: Moment): string => (kind === "gained" || kind === "lost" ? "" : chance(share));
