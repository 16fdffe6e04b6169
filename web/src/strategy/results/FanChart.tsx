/** Where the car is at the end of each lap, in most races and in many: a line and two bands for each plan. */
import { useRef, useState } from "react";
import { useWidth } from "../../board/useWidth";
import type { FanLap } from "../api/types";
import { quantile, type Told } from "../model/told";
import { letterOf } from "../model/words";

interface Props {
  readonly told: readonly Told[];
  /** Whose bands are drawn, beside those of what happened. */
  readonly active: number;
  readonly cars: number;
  readonly from: number;
  readonly total: number;
}

const HEIGHT = 280, LEFT = 30, RIGHT = 30, TOP = 10, BOTTOM = 24, LETTER_PX = 13;

export function FanChart({ told, active, cars, from, total }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [at, point] = useState<number | null>(null);
  const lowest = Math.min(cars, Math.max(4, ...told.flatMap(({ answer }) => answer.fan.map(({ high }) => high))) + 1);
  const x = (lap: number) => LEFT + ((lap - from) / Math.max(total - from, 1)) * (width - LEFT - RIGHT);
  const y = (place: number) => TOP + ((place - 0.5) / lowest) * (HEIGHT - TOP - BOTTOM);
  const lapAt = (px: number) => Math.min(Math.max(Math.round(from + ((px - LEFT) / Math.max(width - LEFT - RIGHT, 1)) * (total - from)), from), total);
  const banded = told.filter(({ index }) => index === active || told.length === 1);
  const places = Array.from({ length: lowest }, (_, index) => index + 1).filter((place) => lowest <= 8 || place === 1 || place % 2 === 0);
  const step = width < 480 ? 10 : 5;
  const laps = Array.from({ length: total - from + 1 }, (_, index) => from + index).filter((lap) => lap === total || (lap % step === 0 && total - lap >= step / 2));
  return (
    <figure className="fan">
      <div ref={frame} className="fan-frame">
        {width > 0 && (
          <svg
            width={width} height={HEIGHT} role="img" aria-label={`Place by lap: ${told.map(({ index, name, answer }) => `plan ${letterOf(index)}, ${name}: from the middle place ${round(answer.fan[0]?.middle)} to ${round(answer.fan.at(-1)?.middle)}`).join("; ")}`}
            onPointerMove={(event) => { point(lapAt(event.clientX - event.currentTarget.getBoundingClientRect().left)); }}
            onPointerLeave={(event) => { if (event.pointerType === "mouse") point(null); }}
          >
            {places.map((place) => <g key={place}><line className="chart-rule" x1={LEFT} x2={width - RIGHT} y1={y(place)} y2={y(place)} /><text className="chart-tick chart-tick-y" x={LEFT - 8} y={y(place) + 4}>{place}</text></g>)}
            {laps.map((lap) => <text key={lap} className="chart-tick chart-tick-x" x={x(lap)} y={HEIGHT - 6}>{lap}</text>)}
            {banded.map(({ index, answer: { fan } }) => (
              <g key={index} style={{ color: `var(--plan-${index + 1})` }}>
                <path className="fan-outer" d={area(fan, x, y, ({ low }) => low, ({ high }) => high)} />
                <path className="fan-inner" d={area(fan, x, y, ({ chances }) => quantile(chances, 0.25), ({ chances }) => quantile(chances, 0.75))} />
              </g>
            ))}
            {told.map(({ index, answer: { fan } }) => (
              <path key={index} className={index === active ? "fan-line fan-active" : "fan-line"} style={{ color: `var(--plan-${index + 1})` }} strokeDasharray={DASHES[index]} d={line(fan, x, y)} />
            ))}
            {apart(told.map(({ index, answer: { fan } }) => ({ index, y: y(fan.at(-1)?.middle ?? lowest) + 4 })), LETTER_PX, HEIGHT - BOTTOM).map((letter) => (
              <text key={letter.index} className="fan-letter" style={{ color: `var(--plan-${letter.index + 1})` }} x={width - RIGHT + 8} y={letter.y}>{letterOf(letter.index)}</text>
            ))}
            {at !== null && <line className="chart-cursor" x1={x(at)} x2={x(at)} y1={TOP} y2={HEIGHT - BOTTOM} />}
          </svg>
        )}
      </div>
      <input
        className="fan-reader" type="range" aria-label="Read the chart at lap" min={from} max={total} value={at ?? total} aria-valuetext={words(told, at ?? total)}
        onChange={(event) => { point(Number(event.target.value)); }} onBlur={() => { point(null); }} style={{ marginInline: `${LEFT - 8}px ${RIGHT - 8}px` }}
      />
      <figcaption className="chart-note">{at === null ? "Line: the middle race. Dark band: half of the races. Light band: 90 %. Point at a lap to read it." : words(told, at)}</figcaption>
    </figure>
  );
}

/** So that plans are told apart without colour too. */
const DASHES: readonly (string | undefined)[] = [undefined, undefined, "7 4", "2 4", "10 4 2 4"];

const round = (value: number | undefined): string => (value === undefined ? "unknown" : String(value));

interface Letter { readonly index: number; readonly y: number }

/** Letters that would lie over one another, moved apart downwards, and up again where they would leave the chart. */
export function apart(letters: readonly Letter[], least: number, bottom: number): readonly Letter[] {
  const sorted = [...letters].sort((a, b) => a.y - b.y || a.index - b.index);
  const placed: Letter[] = [];
  for (const letter of sorted) placed.push({ ...letter, y: Math.max(letter.y, (placed.at(-1)?.y ?? -Infinity) + least) });
  for (let at = placed.length - 1; at >= 0; at--) {
    const most = at === placed.length - 1 ? bottom : (placed[at + 1]?.y ?? bottom) - least;
    const letter = placed[at];
    if (letter && letter.y > most) placed[at] = { ...letter, y: most };
  }
  return placed;
}

type Scale = (value: number) => number;

const line = (fan: readonly FanLap[], x: Scale, y: Scale): string =>
  fan.map(({ lap, middle }, index) => `${index === 0 ? "M" : "L"}${x(lap).toFixed(1)} ${y(middle).toFixed(1)}`).join("");

function area(fan: readonly FanLap[], x: Scale, y: Scale, low: (one: FanLap) => number, high: (one: FanLap) => number): string {
  if (fan.length === 0) return "";
  const edge = (side: (one: FanLap) => number) => (one: FanLap) => `${x(one.lap).toFixed(1)} ${y(side(one)).toFixed(1)}`;
  return `M${[...fan.map(edge(low)), ...[...fan].reverse().map(edge(high))].join("L")}Z`;
}

function words(told: readonly Told[], lap: number): string {
  const each = told.flatMap(({ index, answer }) => {
    const there = answer.fan.find((one) => one.lap === lap);
    return there ? [`${letterOf(index)} P${there.middle} (90 %: P${there.low} to P${there.high})`] : [];
  });
  return `Lap ${lap}: ${each.join(" · ") || "no figures"}`;
}
