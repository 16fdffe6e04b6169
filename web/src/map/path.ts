/** The lap as a line: how far along it a place is, and where a distance along it lies. Decimetres throughout. */

export type Point = readonly [x: number, y: number];

/** A place told along the lap: `along` from the line (0 to length), `aside` to the left of travel. */
export interface LapPlace { readonly along: number; readonly aside: number }

export class LapPath {
  readonly length: number;
  private readonly starts: Float64Array;

  /** `points` is closed: the last joins the first. Needs at least three. */
  constructor(readonly points: readonly Point[]) {
    this.starts = new Float64Array(points.length + 1);
    for (let index = 0; index < points.length; index++) {
      const [ax, ay] = this.point(index);
      const [bx, by] = this.point(index + 1);
      this.starts[index + 1] = (this.starts[index] ?? 0) + Math.hypot(bx - ax, by - ay);
    }
    this.length = this.starts[points.length] ?? 0;
  }

  /**
   * The nearest place on the lap. `near` (a distance along the lap) is searched first, 4 % behind to 16 % ahead, so
   * that a track that crosses or nearly touches itself does not throw a car to its other arm.
   */
  project(x: number, y: number, near: number | null): LapPlace {
    if (near !== null) {
      const from = this.segmentAt(near - 0.04 * this.length);
      const close = this.nearest(x, y, from, Math.ceil(this.points.length * 0.2));
      if (Math.abs(close.aside) < NEAR_ENOUGH_DM) return close;
    }
    return this.nearest(x, y, 0, this.points.length);
  }

  /** Where a place on the lap lies. */
  at({ along, aside }: LapPlace): Point {
    const index = this.segmentAt(along);
    const [ax, ay] = this.point(index);
    const [bx, by] = this.point(index + 1);
    const start = this.starts[index] ?? 0;
    const size = Math.max((this.starts[index + 1] ?? start) - start, 1e-9);
    const share = (this.wrap(along) - start) / size;
    const ux = (bx - ax) / size;
    const uy = (by - ay) / size;
    return [ax + (bx - ax) * share - uy * aside, ay + (by - ay) * share + ux * aside];
  }

  /** Distance from one place to another in the direction of travel; a little backwards stays backwards. */
  ahead(from: number, to: number): number {
    const forward = this.wrap(to - from);
    return forward > 0.9 * this.length ? forward - this.length : forward;
  }

  wrap(along: number): number {
    return ((along % this.length) + this.length) % this.length;
  }

  private point(index: number): Point {
    return this.points[index % this.points.length] ?? [0, 0];
  }

  private segmentAt(along: number): number {
    const wanted = this.wrap(along);
    let low = 0;
    let high = this.points.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private nearest(x: number, y: number, from: number, count: number): LapPlace {
    let best = Infinity;
    let place: LapPlace = { along: 0, aside: 0 };
    for (let step = 0; step < count; step++) {
      const index = (from + step) % this.points.length;
      const [ax, ay] = this.point(index);
      const [bx, by] = this.point(index + 1);
      const dx = bx - ax;
      const dy = by - ay;
      const square = dx * dx + dy * dy;
      if (square === 0) continue;
      const share = Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / square, 0), 1);
      const ox = x - (ax + dx * share);
      const oy = y - (ay + dy * share);
      const distance = ox * ox + oy * oy;
      if (distance >= best) continue;
      best = distance;
      const size = Math.sqrt(square);
      place = {
        along: (this.starts[index] ?? 0) + share * size,
        aside: Math.sign(dx * oy - dy * ox) * Math.sqrt(distance),
      };
    }
    return place;
  }
}

/** Beyond 40 m from the line a car is not on this stretch of the lap. */
const NEAR_ENOUGH_DM = 400;
