import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Motion } from "../src/map/motion";
import { LapPath, type Point } from "../src/map/path";
import { fit } from "../src/map/viewport";

/** A round track of 5 km, 500 points, run anticlockwise. */
const radius = 50_000 / (2 * Math.PI);
const circle: Point[] = Array.from({ length: 500 }, (_, index) => {
  const angle = (index / 500) * 2 * Math.PI;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
});
const path = new LapPath(circle);
const message = (t: number, [x, y]: Point) => ({
  type: "map" as const, t_ms: t, epoch: 1, estimated: false, places: { 44: [x, y, 1] as const },
});
const spot = (motion: Motion, now: number) => [...motion.places(now)][0]?.xy ?? [NaN, NaN];

describe("LapPath", () => {
  it("finds every place again, on the line and beside it", () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 0.9999, noNaN: true }), fc.double({ min: -200, max: 200, noNaN: true }), (share, aside) => {
      const along = share * path.length;
      const found = path.project(...path.at({ along, aside }), null);
      const off = Math.abs(path.ahead(along, found.along));
      expect(Math.min(off, path.length - off)).toBeLessThan(60);
      expect(found.aside).toBeCloseTo(aside, -1);
    }));
  });
  it("stays on its own arm where the track crosses itself", () => {
    const eight: Point[] = Array.from({ length: 400 }, (_, index) => {
      const angle = (index / 400) * 2 * Math.PI;
      return [10_000 * Math.sin(angle), 5_000 * Math.sin(2 * angle)];
    });
    const figure = new LapPath(eight);
    const middle = figure.length / 2;
    const place = figure.project(30, 20, middle - 300);
    expect(Math.abs(place.along - middle)).toBeLessThan(600);
  });
  it("counts a small step back as back, all else as on", () => {
    expect(path.ahead(100, 50)).toBeCloseTo(-50);
    expect(path.ahead(path.length - 10, 20)).toBeCloseTo(30);
  });
});

describe("Motion", () => {
  const run = (glides = true) => {
    const motion = new Motion(path, glides);
    for (let tick = 0; tick <= 40; tick++) motion.receive(message(tick, circle[tick * 10] ?? [0, 0]), tick * 100);
    return motion;
  };
  it("keeps a moving car on the circle between messages, where a straight line would cut it", () => {
    const motion = run();
    for (let now = 4_000; now <= 4_100; now += 5) {
      const [x, y] = spot(motion, now);
      expect(Math.abs(Math.hypot(x, y) - radius)).toBeLessThan(5);
    }
  });
  it("never jumps: each frame moves by the car's speed, across a new message too", () => {
    const motion = run();
    let before = spot(motion, 4_060);
    for (let now = 4_070; now <= 4_200; now += 10) {
      if (now === 4_100) motion.receive(message(41, circle[410] ?? [0, 0]), now);
      const here = spot(motion, now);
      expect(Math.hypot(here[0] - before[0], here[1] - before[1])).toBeLessThan(250);
      before = here;
    }
  });
  it("stands exactly where the last message put it once the time is up", () => {
    expect(spot(run(), 9_000)).toEqual(circle[400]);
  });
  it("does not glide when motion is reduced", () => {
    const motion = run(false);
    motion.receive(message(41, circle[410] ?? [0, 0]), 4_100);
    expect(spot(motion, 4_100)).toEqual(circle[410]);
  });
  it("forgets cars that a message no longer has, and all of them when cleared", () => {
    const motion = run();
    motion.receive({ ...message(42, [0, 0]), places: {} }, 5_000);
    expect([...motion.places(5_000)]).toEqual([]);
  });
});

describe("fit", () => {
  it("keeps every point inside the margins, whatever the shape", () => {
    fc.assert(fc.property(
      fc.array(fc.tuple(fc.integer({ min: -9e4, max: 9e4 }), fc.integer({ min: -9e4, max: 9e4 })), { minLength: 3, maxLength: 40 }),
      (points) => {
        const view = fit(points, 420, 300, 30, 16);
        for (const point of points) {
          const [x, y] = view.place(point);
          expect(x).toBeGreaterThanOrEqual(29.99);
          expect(x).toBeLessThanOrEqual(390.01);
          expect(y).toBeGreaterThanOrEqual(29.99);
          expect(y).toBeLessThanOrEqual(254.01);
        }
      },
    ));
  });
});
