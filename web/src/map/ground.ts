/** Draws what stands still on the map: the track, its line, sector ends and corners. */
import type { TrackOutline } from "../api/types";
import type { LapPath, Point } from "./path";
import type { Viewport } from "./viewport";

export interface Ink {
  readonly line: string; readonly edge: string; readonly text: string; readonly quiet: string;
  readonly panel: string; readonly accent: string; readonly font: string;
}

/** The theme's colours, as the canvas needs them. */
export function readInk(element: Element): Ink {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    line: token("--track-line"), edge: token("--track-edge"), text: token("--text"), quiet: token("--text-3"),
    panel: token("--panel"), accent: token("--accent"), font: token("--font") || "sans-serif",
  };
}

/** The flag's colour on the track itself; null when the track is clear. */
export type TrackTint = string | null;

export function drawGround(
  context: CanvasRenderingContext2D, outline: TrackOutline, path: LapPath, view: Viewport, ink: Ink, tint: TrackTint,
): void {
  const line = new Path2D();
  path.points.forEach((point, index) => {
    const [x, y] = view.place(point);
    if (index === 0) line.moveTo(x, y);
    else line.lineTo(x, y);
  });
  line.closePath();
  context.lineJoin = context.lineCap = "round";
  if (outline.origin === "schematic") context.setLineDash([10, 7]);
  stroke(context, line, tint ?? ink.line, 7);
  stroke(context, line, ink.edge, 3.6);
  context.setLineDash([]);

  across(context, path, view, 0, 9, ink.text, 3);
  for (const end of outline.sector_ends ?? []) {
    across(context, path, view, (end / path.points.length) * path.length, 6, ink.quiet, 2);
  }
  drawCorners(context, outline, path, view, ink);
}

function stroke(context: CanvasRenderingContext2D, line: Path2D, colour: string, width: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(line);
}

/** A bar across the track at `along`, `half` px to either side. */
function across(
  context: CanvasRenderingContext2D, path: LapPath, view: Viewport, along: number, half: number, colour: string, width: number,
): void {
  const side = half / view.scale;
  const [ax, ay] = view.place(path.at({ along, aside: side }));
  const [bx, by] = view.place(path.at({ along, aside: -side }));
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineCap = "butt";
  context.beginPath();
  context.moveTo(ax, ay);
  context.lineTo(bx, by);
  context.stroke();
}

/** Corner labels stand outside the lap, away from its middle, and give way to each other. */
function drawCorners(
  context: CanvasRenderingContext2D, outline: TrackOutline, path: LapPath, view: Viewport, ink: Ink,
): void {
  context.font = `600 11px ${ink.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = ink.quiet;
  const taken: Point[] = [];
  for (const corner of outline.corners ?? []) {
    const { along } = path.project(corner.x, corner.y, null);
    const spots = [15, -15].map((px) => view.place(path.at({ along, aside: px / view.scale })));
    // The roomier side: the one farther from the rest of the track.
    const spot = spots.sort((a, b) => room(b, path, view) - room(a, path, view))[0];
    if (!spot || taken.some(([x, y]) => Math.hypot(x - spot[0], y - spot[1]) < 13)) continue;
    taken.push(spot);
    context.fillText(corner.label, spot[0], spot[1]);
  }
}

function room(spot: Point, path: LapPath, view: Viewport): number {
  let least = Infinity;
  for (let index = 0; index < path.points.length; index += 4) {
    const point = path.points[index];
    if (!point) continue;
    const [x, y] = view.place(point);
    least = Math.min(least, (x - spot[0]) ** 2 + (y - spot[1]) ** 2);
  }
  return least;
}
