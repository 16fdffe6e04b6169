/** Lines over rounds or seasons. A legend of buttons chooses which are coloured; the words below say what is pointed at. */
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { onThemeChange } from "../../design/theme";
import { at, coloured, COLOURS, type Line, placesShown, pressedLine } from "./series";

export interface ChartProps {
  /** What the chart shows, in a sentence. */
  readonly label: string;
  readonly x: readonly number[];
  readonly lines: readonly Line[];
  readonly height: number;
  /** What a place on the x axis is called. */
  readonly xName: (x: number) => string;
  readonly yName: (y: number) => string;
  /** The same in the words below, where there is more room. */
  readonly wordOf?: (x: number) => string;
  /** Places: the first is on top. */
  readonly inverted?: boolean;
  readonly dots?: boolean;
  readonly yRange?: readonly [number, number];
  /** What the words say before anything is pointed at. */
  readonly hint: string;
  readonly legend?: boolean;
}

interface Shown { readonly props: ChartProps; readonly colours: readonly number[] }

export default function LineChart(props: ChartProps) {
  const { lines, height, label, xName, yName, inverted = false, legend = true, hint, x, wordOf = xName } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [picked, pick] = useState<readonly string[] | null>(null);
  const [hovered, hover] = useState<number | null>(null);
  const chosen = picked ?? lines.slice(0, COLOURS).map(({ id }) => id);
  const colours = coloured(lines, chosen);
  const look = JSON.stringify([colours, x, lines]);

  const shown = useRef<Shown>({ props, colours });
  useEffect(() => { shown.current = { props, colours }; });

  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    let chart: uPlot | null = null;
    const build = () => {
      chart?.destroy();
      chart = new uPlot(options(element, shown.current, hover), dataOf(shown.current.props), element);
    };
    build();
    const observer = new ResizeObserver(() => { chart?.setSize({ width: element.clientWidth, height }); });
    observer.observe(element);
    const forget = onThemeChange(build);
    return () => {
      observer.disconnect();
      forget();
      chart?.destroy();
    };
  }, [look, height, inverted]);

  const here = hovered === null || x[hovered] === undefined ? null : { name: wordOf(x[hovered]), values: at(lines, chosen, hovered, !inverted) };
  return (
    <figure className="chart">
      <div ref={frame} className="chart-frame" role="img" aria-label={label} style={{ height }} />
      <figcaption className="chart-word">
        {here ? <><strong>{here.name}</strong> {here.values.map(({ line, value }) => `${line.label} ${yName(value)}`).join(" · ") || "no figures"}</> : hint}
      </figcaption>
      {legend && (
        <div className="chart-legend" role="group" aria-label="Lines in colour">
          {lines.map(({ id, label: name }, index) => (
            <button
              key={id} type="button" className="chart-key" aria-pressed={(colours[index] ?? 0) > 0}
              style={{ "--key": colours[index] ? `var(--chart-${colours[index]})` : "transparent" }}
              onClick={() => { pick(pressedLine(chosen, id)); }}
            >
              <i aria-hidden="true" />{name}
            </button>
          ))}
        </div>
      )}
    </figure>
  );
}

/** The columns that uPlot draws: x, every line, then the limits of the lines that have an interval. */
function dataOf({ x, lines }: ChartProps): uPlot.AlignedData {
  const bands = lines.flatMap(({ low, high }) => (low && high ? [[...high], [...low]] : []));
  return [[...x], ...lines.map(({ values }) => [...values]), ...bands];
}

function options(element: HTMLElement, { props, colours }: Shown, hover: (index: number | null) => void): uPlot.Options {
  const { x, lines, height, xName, yName, inverted = false, dots = false, yRange } = props;
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: token("--text-3"), font: `500 11px ${token("--font")}`, ticks: { show: false }, gap: 6 };
  const ink = (index: number) => (colours[index] ? token(`--chart-${colours[index]}`) : token("--line-strong"));
  const banded = lines.map((line, index) => ({ line, index })).filter(({ line }) => line.low && line.high);
  const pad = dots ? 0.6 : 0.2;
  return {
    width: element.clientWidth,
    height,
    padding: [10, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: (_, index) => ((colours[index - 1] ?? 0) > 0 ? 8 : 0) } },
    scales: {
      x: { time: false, range: () => [(x[0] ?? 0) - pad, (x.at(-1) ?? 1) + pad] },
      y: { dir: inverted ? -1 : 1, range: (_, low, high) => (yRange ? [...yRange] : inverted ? [0.5, Math.max(high, 3) + 0.5] : [Math.min(low, 0), Math.max(high, 1) * 1.04]) },
    },
    axes: [
      { ...axis, size: 28, grid: { show: false }, incrs: [1, 2, 5, 10, 20], values: (_, ticks) => ticks.map((tick) => (x.includes(tick) ? xName(tick) : "")), space: 46 },
      { ...axis, size: 44, grid: { stroke: token("--line"), width: 1 }, ...(inverted && { splits: (_: uPlot, __: number, low: number, high: number) => placesShown(Math.max(low, high)) }), values: (_, ticks) => ticks.map((tick) => (inverted && tick < 1 ? "" : yName(tick))) },
    ],
    series: [
      {},
      ...lines.map((_line, index): uPlot.Series => ({
        stroke: ink(index), width: colours[index] ? 2 : 1, spanGaps: false,
        points: dots ? { show: true, size: 6, fill: ink(index), stroke: ink(index) } : { show: false },
      })),
      ...banded.flatMap((): uPlot.Series[] => [{ stroke: "transparent", points: { show: false } }, { stroke: "transparent", points: { show: false } }]),
    ],
    bands: banded.flatMap(({ index }, place) => (colours[index]
      ? [{ series: [1 + lines.length + 2 * place, 2 + lines.length + 2 * place] as [number, number], fill: `color-mix(in srgb, ${ink(index)} 18%, transparent)` }]
      : [])),
    hooks: { setCursor: [(chart) => { hover(chart.cursor.left !== undefined && chart.cursor.left >= 0 ? (chart.cursor.idx ?? null) : null); }] },
  };
}
