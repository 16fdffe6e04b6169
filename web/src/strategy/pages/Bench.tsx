/** One race at one lap for one driver: the plans side by side, and what becomes of them. */
import { useEffect, useMemo, useState } from "react";
import { Answered } from "../../history/parts/Answered";
import { useAnswer } from "../../history/api/useAnswer";
import { addresses, whatIf } from "../api/addresses";
import { asked } from "../api/question";
import { raceView } from "../api/race";
import type { RaceAnswer } from "../api/types";
import { useRunner } from "../api/useRunner";
import { Plans } from "../editor/Plans";
import { WholeField } from "../editor/WholeField";
import type { Chosen } from "../editor/Timeline";
import { emptyScenario, isChanged, MOST_SCENARIOS, type PlanDraft, type ScenarioDraft } from "../model/draft";
import { fitted } from "../model/fitted";
import { toldOf } from "../model/told";
import { type Drafts, useDrafts } from "../model/useDrafts";
import { nameOf } from "../model/words";
import { Results } from "../results/Results";
import { Assumed } from "../panels/Assumed";
import { BestPlan } from "../panels/BestPlan";
import { LookingBack } from "../panels/LookingBack";
import { NextStop } from "../panels/NextStop";
import { BenchHead } from "./BenchHead";
import { Running } from "./Running";

export function Bench({ session }: { readonly session: string }) {
  const drafts = useDrafts(session);
  const answer = useAnswer(addresses.race(session, drafts.lap), { keep: true });
  return (
    <Answered of={answer} what="this race's strategy">
      {(race) => <Race answer={race} drafts={drafts} />}
    </Answered>
  );
}

function Race({ answer, drafts }: { readonly answer: RaceAnswer; readonly drafts: Drafts }) {
  const race = useMemo(() => raceView(answer), [answer]);
  const [active, activate] = useState(1);
  const [chosen, choose] = useState<Chosen>(null);
  const car = race.cars.find(({ code }) => code === drafts.driver) ?? race.cars.find(({ retired }) => !retired) ?? race.cars[0];
  const span = useMemo(() => ({ lap: race.lap, total: race.total }), [race]);
  const setting = useMemo(() => ({
    rivals: drafts.rivals ?? (race.finished ? "as_they_did" : "as_teams_do"),
    world: drafts.world ?? (race.finished ? "as_it_was" : "open"),
  } as const), [drafts.rivals, drafts.world, race.finished]);
  const known = useMemo(() => new Set(race.cars.map(({ code }) => code)), [race]);
  const fits = useMemo(() => drafts.scenarios.map((scenario) => fitted(scenario, span, (code) => known.has(code))), [drafts.scenarios, span, known]);
  const scenarios = useMemo(() => fits.map(({ scenario }) => scenario), [fits]);
  const code = car?.code ?? "";
  const question = useMemo(() => (code === "" ? null : asked(race, code, scenarios, setting)), [race, code, scenarios, setting]);
  const text = question && JSON.stringify({ key: race.key, indices: question.indices, question: question.question });
  const run = useRunner(text, whatIf);

  useEffect(() => { document.title = `Strategy: ${code} · ${race.title} · Overcut`; }, [code, race.title]);

  const shown = run.answer;
  const told = useMemo(() => {
    if (!shown?.value.value) return [];
    const { indices } = JSON.parse(shown.question) as { indices: readonly number[] };
    return shown.value.value.driver === code ? toldOf(shown.value.value, indices, (index) => {
      const scenario = scenarios[index - 1];
      return scenario ? nameOf(scenario, code) : "What happened";
    }) : [];
  }, [shown, code, scenarios]);

  if (!car) return <p className="page-lead">Nobody is in this race.</p>;
  const did = (driver: string) => race.cars.find((one) => one.code === driver)?.actual ?? null;
  const at = Math.min(active, scenarios.length);
  const change = (scenario: ScenarioDraft) => { drafts.change(scenario); };
  const full = scenarios.length >= MOST_SCENARIOS - 1;
  const look = (driver: string) => { drafts.set({ driver }); choose(null); };
  /** A plan of the server's, laid into the plan under the hand where that changes nothing yet, else as one more. */
  const take = (on: string) => (plan: PlanDraft, name: string) => {
    const under = scenarios[at - 1];
    const next = { ...emptyScenario(under?.id ?? 1), name: name || null, plans: { [on]: plan } };
    choose(null);
    if (under && !isChanged(under, did)) change(next);
    else {
      drafts.add(next);
      activate(scenarios.length + 1);
    }
  };
  return (
    <>
      <BenchHead race={race} car={car} drafts={drafts} setting={setting} />
      {drafts.unread.length > 0 && <p className="bench-notice" role="alert">Part of the address was not understood and is left out: {drafts.unread.map((one) => <code key={one}>{one}</code>)}</p>}
      <Plans
        {...{ race, car, span, told, chosen, choose, change }} scenarios={scenarios} active={at} activate={activate}
        left={fits.map(({ left }) => left)} changed={scenarios.map((scenario) => isChanged(scenario, did))} late={shown?.question !== text}
        onAdd={() => { drafts.add(); activate(scenarios.length + 1); choose(null); }}
        onCopy={(scenario) => { drafts.add({ ...scenario, name: null }); activate(scenarios.length + 1); choose(null); }}
        onRemove={(scenario) => { drafts.remove(scenario.id); activate(1); choose(null); }}
      />
      <Running run={run} />
      <Results told={told} active={at} race={race} car={car} onPick={activate} late={shown?.question !== text} />
      <BestPlan key={`${race.lap}-${code}-${setting.world}`} race={race} car={car} setting={setting} full={full} onTake={take(code)} />
      <NextStop race={race} car={car} />
      <WholeField {...{ race, span, change }} driver={code} scenario={scenarios[at - 1]} index={at} onDriver={look} />
      {race.finished && <LookingBack race={race} car={car} full={full} onTake={take} onDriver={look} />}
      <Assumed answer={answer} race={race} />
    </>
  );
}
