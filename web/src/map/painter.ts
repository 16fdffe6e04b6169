/** Runs the map's canvas: one drawing a frame while cars move, none while they stand. Knows nothing of React. */
import type { TrackOutline } from "../api/types";
import { onThemeChange } from "../design/theme";
import type { MapFeed } from "../stream/mapFeed";
import { CarPainter, type MapCar, type PlacedCar } from "./cars";
import { drawGround, type Ink, readInk, type TrackTint } from "./ground";
import { Motion } from "./motion";
import { LapPath } from "./path";
import { fit, type Viewport } from "./viewport";

export interface MapFacts {
  readonly cars: ReadonlyMap<string, MapCar>;
  readonly selected: string | null;
  readonly tint: TrackTint;
}

/** Cars stand still this long after the last message; then frames stop. */
const REST_MS = 1_500;

export class MapPainter {
  private readonly path: LapPath;
  private readonly motion: Motion;
  private readonly painter = new CarPainter();
  private readonly still = document.createElement("canvas");
  private facts: MapFacts = { cars: new Map(), selected: null, tint: null };
  private view: Viewport | null = null;
  private ink: Ink;
  private frame: number | null = null;
  private heardAt = 0;
  private epoch: number | null = null;
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly outline: TrackOutline,
    feed: MapFeed,
  ) {
    this.path = new LapPath(outline.points);
    this.motion = new Motion(this.path, !matchMedia("(prefers-reduced-motion: reduce)").matches);
    this.ink = readInk(canvas);
    const observer = new ResizeObserver(() => { this.resize(); });
    observer.observe(canvas);
    this.stops.push(
      () => { observer.disconnect(); },
      onThemeChange(() => {
        this.ink = readInk(canvas);
        this.redrawGround();
      }),
      feed.subscribe((message) => {
        if (message.epoch !== this.epoch) this.motion.clear();
        this.epoch = message.epoch;
        this.heardAt = performance.now();
        this.motion.receive(message, this.heardAt);
        this.wake();
      }),
    );
    this.resize();
    // The canvas does not wait for the font by itself.
    void document.fonts.ready.then(() => { this.redrawGround(); });
  }

  /** What the board knows of the cars; called whenever that changes. */
  tell(facts: MapFacts): void {
    const tinted = facts.tint !== this.facts.tint;
    this.facts = facts;
    if (tinted) this.redrawGround();
    this.wake();
  }

  /** The car under a point of the canvas (CSS px), or null. */
  pick(x: number, y: number): string | null {
    let best: { number: string; distance: number } | null = null;
    for (const { car, at } of this.placed(performance.now())) {
      const distance = Math.hypot(at[0] - x, at[1] - y);
      if (distance < 18 && (!best || distance < best.distance)) best = { number: car.number, distance };
    }
    return best?.number ?? null;
  }

  stop(): void {
    for (const stop of this.stops) stop();
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    for (const canvas of [this.canvas, this.still]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    this.view = fit(this.outline.points, width, height, 32, 16);
    this.redrawGround();
  }

  private redrawGround(): void {
    const context = this.still.getContext("2d");
    if (!context || !this.view) return;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.still.width, this.still.height);
    drawGround(context, this.outline, this.path, this.view, this.ink, this.facts.tint);
    this.wake();
  }

  private wake(): void {
    this.frame ??= requestAnimationFrame((now) => { this.draw(now); });
  }

  private placed(now: number): PlacedCar[] {
    const placed: PlacedCar[] = [];
    for (const { number, xy, onTrack } of this.motion.places(now)) {
      const car = this.facts.cars.get(number);
      if (car && this.view && !car.gone) placed.push({ car, at: this.view.place(xy), onTrack });
    }
    return placed;
  }

  private draw(now: number): void {
    this.frame = null;
    const context = this.canvas.getContext("2d");
    if (!context) return;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.still.width > 0 && this.still.height > 0) context.drawImage(this.still, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.painter.draw(context, this.placed(now), this.facts.selected, this.ink, this.canvas.clientWidth);
    if (now - this.heardAt < REST_MS) this.wake();
  }
}
