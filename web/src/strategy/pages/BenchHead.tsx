/** Which race, which driver, from which lap, against whom: what all plans have in common. */
import { useEffect, useState } from "react";
import { Choice, PageHead } from "../../history/parts/Page";
import { Link } from "../../app/place";
import type { Setting } from "../api/question";
import type { Drafts } from "../model/useDrafts";
import type { CarView, RaceView } from "../model/view";
import { Tip } from "../parts/Tip";
import { LinkIcon } from "../parts/icons";
import { HOME } from "../routes";
import { tyreLook } from "../../format/tyres";

interface Props { readonly race: RaceView; readonly car: CarView; readonly drafts: Drafts; readonly setting: Setting }

/** The race is asked for anew once the hand has rested on a lap. */
const REST_MS = 140;

const RIVALS = [["as_they_did", "As they did"], ["as_teams_do", "As teams do"]] as const;
const WORLD = [["as_it_was", "As it was"], ["open", "Open"]] as const;

export function BenchHead({ race, car, drafts, setting }: Props) {
  const order = [...race.cars].sort((a, b) => a.position - b.position);
  return (
    <div className="bench-head">
      <PageHead
        kind={`${race.season} · ${race.session}${race.simulated ? " · Simulated" : race.live ? " · Live" : ""}`} title={race.title} tab={`Strategy: ${race.title}`}
        beside={<><Link className="step" href={HOME}>All races</Link><CopyLink /></>}
      />
      <div className="bench-choices">
        <label className="bench-choice">
          <span className="label">Driver</span>
          <select className="choice bench-driver" value={car.code} onChange={(event) => { drafts.set({ driver: event.target.value }); }}>
            {order.map(({ code, position, team, retired }) => <option key={code} value={code}>{retired ? "Out" : `P${position}`} {code} · {team}</option>)}
          </select>
        </label>
        <LapChoice race={race} car={car} onLap={(lap) => { drafts.set({ lap }); }} />
        {race.finished && (
          <>
            <span className="bench-choice"><span className="label"><Tip of="others">Rivals</Tip></span><Choice label="What the rivals do" of={RIVALS} chosen={setting.rivals} onChoose={(rivals) => { drafts.set({ rivals }); }} /></span>
            <span className="bench-choice"><span className="label"><Tip of="world">Safety cars, rain</Tip></span><Choice label="Safety cars and rain" of={WORLD} chosen={setting.world} onChoose={(world) => { drafts.set({ world }); }} /></span>
          </>
        )}
      </div>
    </div>
  );
}

function LapChoice({ race, car, onLap }: { readonly race: RaceView; readonly car: CarView; readonly onLap: (lap: number) => void }) {
  const [held, hold] = useState<number | null>(null);
  const lap = held ?? race.lap;
  useEffect(() => {
    if (held === null) return undefined;
    const rest = setTimeout(() => { onLap(held); hold(null); }, REST_MS);
    return () => { clearTimeout(rest); };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only the lap that is held starts the wait
  }, [held]);
  const standing = car.retired ? `${car.code} is out` : race.lap === 0 ? `${car.code} starts P${car.position} on ${tyreLook(car.compound, race.season).name}s` : `${car.code} is P${car.position}${car.behindS > 0 ? `, ${car.behindS.toFixed(1)} s behind` : ", leading"}, ${tyreLook(car.compound, race.season).name}s ${car.tyreAge} ${car.tyreAge === 1 ? "lap" : "laps"} old`;
  return (
    <label className="bench-choice bench-lap">
      <span className="bench-lap-words"><span className="label">From lap</span> <output className="figure bench-lap-number">{lap === 0 ? "Grid" : lap}</output> <span className="quiet">of {race.total} · {standing}</span></span>
      <input type="range" aria-label="Lap from which the race is played anew" min={0} max={race.lastLap} value={lap} aria-valuetext={lap === 0 ? "the grid" : `after lap ${lap} of ${race.total}`} onChange={(event) => { hold(Number(event.target.value)); }} />
    </label>
  );
}

function CopyLink() {
  const [told, tell] = useState("");
  useEffect(() => {
    if (told === "") return undefined;
    const wait = setTimeout(() => { tell(""); }, 2_500);
    return () => { clearTimeout(wait); };
  }, [told]);
  const copy = () => {
    // The clipboard may be forbidden; the address bar has the link all the same.
    navigator.clipboard.writeText(location.href).then(() => { tell("Link copied"); }, () => { tell("Copy it from the address bar"); });
  };
  return <button type="button" className="step step-link" onClick={copy}><LinkIcon /><span role="status">{told || "Copy link"}</span></button>;
}
