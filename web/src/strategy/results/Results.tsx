/** What becomes of the plans, in pictures: place by lap, chances, seconds, rivals, where it turns and why. */
import { Choice, Section } from "../../history/parts/Page";
import type { Told } from "../model/told";
import type { CarView, RaceView } from "../model/view";
import { letterOf } from "../model/words";
import { Tip } from "../parts/Tip";
import { Delta } from "./Delta";
import { FanChart } from "./FanChart";
import { Moments, Reasons } from "./Moments";
import { Rivals } from "./Rivals";
import { FieldHeat, Spread } from "./Spread";

interface Props {
  readonly told: readonly Told[];
  readonly active: number;
  readonly race: RaceView;
  readonly car: CarView;
  readonly late: boolean;
  readonly onPick: (index: number) => void;
}

export function Results({ told, active, race, car, late, onPick }: Props) {
  const first = told[0];
  if (!first) return <div className="results-wait" role="status" aria-label="The first races are running" />;
  const shown = told.find(({ index }) => index === active) ?? first;
  const colours = new Map(race.cars.map(({ code, colour }) => [code, colour]));
  const pick = told.length > 1 && <Choice label="Plan shown" of={told.map(({ index }) => [String(index), letterOf(index)] as const)} chosen={String(shown.index)} onChoose={(index) => { onPick(Number(index)); }} />;
  return (
    <div className={late ? "results results-late" : "results"} aria-busy={late || undefined}>
      <Section title="Place by lap" beside={<Tip of="fan" />}><FanChart told={told} active={shown.index} cars={race.cars.length} from={race.lap} total={race.total} /></Section>
      <Section title="Seconds against plan A" beside={<Tip of="delta" />}>
        <Delta told={told} active={shown.index} onPick={onPick} />
        <h3 className="part-title">Chance of each place <Tip of="spread" /></h3>
        <Spread told={told} active={shown.index} />
      </Section>
      <Section title={`Why plan ${letterOf(shown.index)}`} beside={<span className="beside">{pick}<Tip of="why" /></span>}>
        <Reasons told={shown} />
        <h3 className="part-title">Key moments <Tip of="moments" /></h3>
        <Moments told={shown} />
      </Section>
      <Section title={`${car.code} ahead of`} beside={<span className="beside">{pick}<Tip of="rivals" /></span>}><Rivals told={told} active={shown.index} colours={colours} /></Section>
      <Section wide title={`Everybody in plan ${letterOf(shown.index)}`} beside={<span className="beside">{pick}<Tip of="field" /></span>}><FieldHeat told={shown} driver={car.code} colours={colours} /></Section>
    </div>
  );
}
