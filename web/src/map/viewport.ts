/** How the circuit is laid into the canvas: turned so that it is largest, y up, with a margin. */
import type { Point } from "./path";

export interface Viewport {
  /** Decimetres to CSS pixels. */
  readonly place: (point: Point) => Point;
  /** CSS pixels per decimetre. */
  readonly scale: number;
}

const STEP_DEG = 5;

/** The best of 36 turns of `points` into `width` x `whole` px, leaving `margin` px all around
 * and `foot` px more below. */
export function fit(points: readonly Point[], width: number, whole: number, margin: number, foot: number): Viewport {
  const height = whole - foot;
  let best = { scale: 0, sin: 0, cos: 1, midX: 0, midY: 0 };
  for (let degrees = 0; degrees < 180; degrees += STEP_DEG) {
    const sin = Math.sin((degrees * Math.PI) / 180);
    const cos = Math.cos((degrees * Math.PI) / 180);
    let [minX, maxX, minY, maxY] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of points) {
      const px = x * cos - y * sin;
      const py = x * sin + y * cos;
      minX = Math.min(minX, px);
      maxX = Math.max(maxX, px);
      minY = Math.min(minY, py);
      maxY = Math.max(maxY, py);
    }
    const scale = Math.min(
      Math.max(width - 2 * margin, 10) / Math.max(maxX - minX, 1),
      Math.max(height - 2 * margin, 10) / Math.max(maxY - minY, 1),
    );
    // A turn must win clearly, so that most circuits stay north up.
    if (scale > best.scale * (best.scale === 0 ? 1 : 1.03)) {
      best = { scale, sin, cos, midX: (minX + maxX) / 2, midY: (minY + maxY) / 2 };
    }
  }
  const { scale, sin, cos, midX, midY } = best;
  return {
    scale,
    place: ([x, y]) => [
      width / 2 + (x * cos - y * sin - midX) * scale,
      height / 2 - (x * sin + y * cos - midY) * scale,
    ],
  };
}
