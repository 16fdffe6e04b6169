/** Lap times by lap: dots in the tyre's colour, pit laps open, neutralised laps shaded. Loaded only when opened. */
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Lap } from "../api/types";
import { onThemeChange } from "../design/theme";
import { tyreLook } from "../format/tyres";
import { lapTime } from "../format/time";
import { flagRuns, lapSeries, neutralised } from "./lapSeries";

interface Props { readonly laps: readonly Lap[]; readonly season: number; readonly total: number }

const HEIGHT = 200;

export default function LapChart({ laps, season, total }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const shown = useRef({ laps, season, total });
  const [hovered, hover] = useState<number | null>(null);

  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const build = () => {
      chart.current?.destroy();
      chart.current = new uPlot(options(element, shown, hover), data(shown.current.laps), element);
    };
    build();
    const observer = new ResizeObserver(() => {
      chart.current?.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    observer.observe(element);
    const forget = onThemeChange(build);
    return () => {
      observer.disconnect();
      forget();
      chart.current?.destroy();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    shown.current = { laps, season, total };
    chart.current?.setData(data(laps));
  }, [laps, season, total]);

  const lap = hovered === null ? undefined : laps[hovered];
  return (
    <figure className="lap-chart">
      <div ref={frame} className="lap-chart-frame" role="img" aria-label={`Lap times of ${laps.length} laps; the table below has them in figures`} />
      <figcaption className="lap-chart-word">{lap ? describe(lap, season) : "Dots in tyre colours · rings are pit laps · shading is safety car, VSC or red flag"}</figcaption>
    </figure>
  );
}

function describe(lap: Lap, season: number): string {
  const parts = [`Lap ${lap.lap}`, lapTime(lap.lap_ms) || "no time", tyreLook(lap.compound, season).name];
  if (lap.pit_in) parts.push("into the pits");
  if (lap.pit_out) parts.push("out of the pits");
  const flag = neutralised(lap);
  if (flag) parts.push({ sc: "safety car", vsc: "virtual safety car", red: "red flag" }[flag]);
  return parts.join(" · ");
}

function data(laps: readonly Lap[]): uPlot.AlignedData {
  const series = lapSeries(laps);
  return [[...series.laps], [...series.seconds]];
}

function options(
  element: HTMLElement,
  shown: { readonly current: Props },
  hover: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: token("--text-3"), font: `500 11px ${token("--font")}`, ticks: { show: false }, gap: 4 };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: false, range: () => [0.5, Math.max(shown.current.total, shown.current.laps.length, 5) + 0.5] },
      y: { range: () => [...lapSeries(shown.current.laps).range] },
    },
    axes: [
      { ...axis, size: 24, grid: { show: false }, incrs: [1, 2, 5, 10, 20] },
      {
        ...axis, size: 54, grid: { stroke: token("--line"), width: 1 },
        values: (_, ticks) => ticks.map((value) => lapTime(Math.round(value * 1000)).slice(0, -2)),
      },
    ],
    series: [
      {},
      { stroke: token("--line-strong"), width: 1, points: { show: false }, spanGaps: true },
    ],
    hooks: {
      drawClear: [(chart) => { shade(chart, shown.current.laps, token); }],
      draw: [(chart) => { dots(chart, shown.current, token); }],
      setCursor: [(chart) => { hover(chart.cursor.idx ?? null); }],
    },
  };
}

function shade(chart: uPlot, laps: readonly Lap[], token: (name: string) => string): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.globalAlpha = 0.22;
  for (const [from, to, flag] of flagRuns(laps)) {
    const left = chart.valToPos(from - 0.5, "x", true);
    ctx.fillStyle = token(`--flag-${flag}`);
    ctx.fillRect(left, bbox.top, chart.valToPos(to + 0.5, "x", true) - left, bbox.height);
  }
  ctx.restore();
}

function dots(chart: uPlot, { laps, season }: Props, token: (name: string) => string): void {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const radius = 3.4 * ratio;
  ctx.save();
  ctx.lineWidth = 1.6 * ratio;
  for (const lap of laps) {
    if (!lap.lap_ms) continue;
    const x = chart.valToPos(lap.lap, "x", true);
    const y = Math.max(chart.valToPos(lap.lap_ms / 1000, "y", true), bbox.top + radius);
    const colour = token(`--tyre-${tyreLook(lap.compound, season).family}`);
    const pit = lap.pit_in === true || lap.pit_out === true;
    ctx.beginPath();
    ctx.arc(x, y, pit ? radius * 1.25 : radius, 0, 2 * Math.PI);
    ctx.fillStyle = pit ? token("--panel") : colour;
    ctx.strokeStyle = pit ? colour : token("--panel");
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}
