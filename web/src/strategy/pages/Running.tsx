/** How far the races are, a way to stop them, and what went wrong where they could not be run. */
import type { Picture } from "../api/addresses";
import type { Held } from "../api/useRunner";
import { asSentence } from "../../history/parts/Answered";
import { Tip } from "../parts/Tip";

export function Running({ run }: { readonly run: Held<Picture> }) {
  const { busy, progress, failure, cancelled } = run;
  const races = run.answer?.value.value?.races ?? 0;
  const share = progress && progress.of > 0 ? progress.races / progress.of : 0;
  return (
    <div className="running">
      <div className="running-bar" role="progressbar" aria-label="Simulated races" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)} data-busy={busy ? "" : undefined}>
        <i style={{ "--part": busy ? share : 1 }} />
      </div>
      <p className="running-words" role="status">
        {failure ? "" : cancelled ? `Stopped. The figures are from ${races.toLocaleString("en")} races a plan.` : busy && races === 0 ? "The first races are running…" : <><strong className="figure">{races.toLocaleString("en")}</strong> <Tip of="races">simulated races</Tip> a plan{busy ? ", more are coming" : ""}</>}
      </p>
      {busy && <button type="button" className="act" onClick={run.cancel}>Cancel</button>}
      {!busy && (cancelled || failure) && <button type="button" className="act" onClick={run.again}>{failure ? "Try again" : "Run on"}</button>}
      {failure && <p className="bench-notice" role="alert">{asSentence(failure.error.message)} {failure.error.hint && asSentence(failure.error.hint)}</p>}
    </div>
  );
}
