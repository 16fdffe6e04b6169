/** Where each car is between two map messages: moved along the lap, so that no corner is cut. */
import type { MapMessage } from "../api/types";
import { type LapPath, type LapPlace, type Point } from "./path";

interface Leg {
  readonly from: LapPlace | null;
  readonly fromXy: Point;
  readonly to: LapPlace | null;
  readonly toXy: Point;
  readonly onTrack: boolean;
}

/** Farther from the outline than this (80 m) a car moves in a straight line: pit lane, run-off, a wrong outline. */
const OFF_LINE_DM = 800;

export class Motion {
  private readonly legs = new Map<string, Leg>();
  private startedAt = 0;
  private heardAt: number | null = null;
  private everyMs = 200;

  constructor(
    private readonly path: LapPath | null,
    /** False shows each message's places as they are, without a glide (reduced motion). */
    private readonly glides = true,
  ) {}

  clear(): void {
    this.legs.clear();
    this.heardAt = null;
  }

  /** Takes in a message that arrived at page time `now`: every car sets off from where it is shown. */
  receive(message: MapMessage, now: number): void {
    if (this.heardAt !== null) {
      const gap = Math.min(Math.max(now - this.heardAt, 30), 1_000);
      this.everyMs += (gap - this.everyMs) * 0.2;
    }
    const shown = new Map([...this.legs.keys()].map((number) => [number, this.spot(number, now)]));
    this.heardAt = this.startedAt = now;
    for (const number of this.legs.keys()) if (!(number in message.places)) this.legs.delete(number);
    for (const [number, [x, y, onTrack]] of Object.entries(message.places)) {
      const before = shown.get(number);
      const to = this.project(x, y, this.legs.get(number)?.to?.along ?? null);
      const leg = { to, toXy: [x, y] as const, onTrack: onTrack === 1 };
      this.legs.set(number, { ...leg, from: before ? before.place : to, fromXy: before ? before.xy : [x, y] });
    }
  }

  /** Cars with their places at page time `now`. */
  *places(now: number): Generator<{ number: string; xy: Point; onTrack: boolean }> {
    for (const [number, leg] of this.legs) {
      yield { number, xy: this.spot(number, now).xy, onTrack: leg.onTrack };
    }
  }

  private project(x: number, y: number, near: number | null): LapPlace | null {
    const place = this.path?.project(x, y, near) ?? null;
    return place && Math.abs(place.aside) < OFF_LINE_DM ? place : null;
  }

  private spot(number: string, now: number): { place: LapPlace | null; xy: Point } {
    const leg = this.legs.get(number);
    if (!leg) return { place: null, xy: [0, 0] };
    const share = this.glides ? Math.min(Math.max((now - this.startedAt) / this.everyMs, 0), 1) : 1;
    if (this.path && leg.from && leg.to) {
      const place = {
        along: this.path.wrap(leg.from.along + this.path.ahead(leg.from.along, leg.to.along) * share),
        aside: leg.from.aside + (leg.to.aside - leg.from.aside) * share,
      };
      return { place, xy: share === 1 ? leg.toXy : this.path.at(place) };
    }
    const [ax, ay] = leg.fromXy;
    const [bx, by] = leg.toXy;
    return { place: share === 1 ? leg.to : null, xy: [ax + (bx - ax) * share, ay + (by - ay) * share] };
  }
}
