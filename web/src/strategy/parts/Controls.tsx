/** The small controls of the page: a tyre of several, a number with steps, a slider of three paces, a switch. */
import { type ReactNode, useId } from "react";
import type { Compound } from "../../api/types";
import { tyreLook } from "../../format/tyres";
import type { Pace } from "../model/draft";
import { Tyre } from "./Tyre";

interface TyresProps {
  readonly label: string;
  readonly of: readonly Compound[];
  readonly chosen: Compound;
  readonly season: number;
  readonly onChoose: (compound: Compound) => void;
}

export function TyrePicker({ label, of, chosen, season, onChoose }: TyresProps) {
  const name = useId();
  return (
    <fieldset className="tyre-picker">
      <legend className="sr-only">{label}</legend>
      {of.map((compound) => (
        <label key={compound} className="tyre-choice" title={tyreLook(compound, season).name}>
          <input type="radio" className="sr-only" name={name} checked={compound === chosen} aria-label={tyreLook(compound, season).name} onChange={() => { onChoose(compound); }} />
          <Tyre compound={compound} season={season} />
        </label>
      ))}
    </fieldset>
  );
}

interface StepperProps {
  readonly label: ReactNode;
  /** What is stepped, for the buttons: "lap". */
  readonly what: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

/** A number between two bounds, a step at a time. */
export function Stepper({ label, what, value, least, most, onChange }: StepperProps) {
  return (
    <span className="stepper" role="group" aria-label={what}>
      <span className="label">{label}</span>
      <button type="button" className="step-button" aria-label={`${what}: one less`} disabled={value <= least} onClick={() => { onChange(value - 1); }}>−</button>
      <output className="step-value figure">{value}</output>
      <button type="button" className="step-button" aria-label={`${what}: one more`} disabled={value >= most} onClick={() => { onChange(value + 1); }}>+</button>
    </span>
  );
}

const PACES = ["save", "normal", "push"] as const satisfies readonly Pace[];
const PACE_WORDS: Readonly<Record<Pace, string>> = { save: "Save", normal: "Normal", push: "Push" };

/** Save, normal, push. `pace` null: several at once. */
export function PaceSlider({ label, pace, onPace }: { readonly label: string; readonly pace: Pace | null; readonly onPace: (pace: Pace) => void }) {
  const id = useId();
  const at = pace === null ? 1 : PACES.indexOf(pace);
  return (
    <span className="pace-slider">
      <input
        type="range" min={0} max={2} step={1} value={at} aria-label={label} aria-valuetext={pace === null ? "mixed" : PACE_WORDS[pace]} aria-describedby={id}
        onChange={(event) => { onPace(PACES[Number(event.target.value)] ?? "normal"); }}
      />
      <span className="pace-words" id={id} aria-hidden="true">
        {PACES.map((one) => <span key={one} className={one === pace ? "pace-word pace-on" : "pace-word"}>{PACE_WORDS[one]}</span>)}
      </span>
    </span>
  );
}

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly words: string;
  readonly onChange: (value: number) => void;
}

export function Slider({ label, value, least, most, step, words, onChange }: SliderProps) {
  return (
    <span className="slider">
      <input type="range" aria-label={label} aria-valuetext={words} min={least} max={most} step={step} value={value} onChange={(event) => { onChange(Number(event.target.value)); }} />
      <output className="slider-value figure">{words}</output>
    </span>
  );
}

export function Switch({ on, onChange, children }: { readonly on: boolean; readonly onChange: (on: boolean) => void; readonly children: ReactNode }) {
  return (
    <label className="switch">
      <input type="checkbox" role="switch" checked={on} onChange={(event) => { onChange(event.target.checked); }} />
      <span>{children}</span>
    </label>
  );
}
