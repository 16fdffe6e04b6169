/** Draws the cars: a dot in the team's colour, a ring in the pits, a code beside it where there is room. */
import { contrast, inkOn } from "../format/colours";
import type { Ink } from "./ground";
import type { Point } from "./path";

export interface MapCar {
  readonly number: string;
  readonly code: string;
  readonly colour: string;
  /** Place on the board from 0. */
  readonly rank: number;
  readonly inPit: boolean;
  readonly gone: boolean;
}
export interface PlacedCar { readonly car: MapCar; readonly at: Point; readonly onTrack: boolean }

const LABEL_WIDTH = 30;

/** A colour that the panel would swallow: white on paper, black on ink. */
const faint = (colour: string, ink: Ink) => contrast(colour, ink.panel) < 1.5;

interface Box { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

const overlaps = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Where a label may stand, relative to its dot; each car keeps its last choice while that is free. */
const SIDES: readonly Point[] = [[9, -7], [-39, -7], [-15, -23], [-15, 9]];

export class CarPainter {
  private readonly side = new Map<string, number>();

  /** `width` is the canvas's, in CSS px: labels stay inside it. */
  draw(context: CanvasRenderingContext2D, cars: readonly PlacedCar[], selected: string | null, ink: Ink, width: number): void {
    // The selected car and the leaders are drawn last, so on top, and choose their labels' places first.
    const ordered = [...cars].sort((a, b) => weight(b.car, selected) - weight(a.car, selected));
    for (const placed of ordered) this.dot(context, placed, placed.car.number === selected, ink);
    context.font = `700 11px ${ink.font}`;
    context.textBaseline = "middle";
    context.textAlign = "center";
    const taken: Box[] = [];
    for (const placed of ordered.reverse()) {
      this.label(context, placed, placed.car.number === selected, taken, ink, width);
    }
  }

  private dot(context: CanvasRenderingContext2D, { car, at: [x, y], onTrack }: PlacedCar, chosen: boolean, ink: Ink): void {
    context.beginPath();
    context.arc(x, y, chosen ? 8 : 5.5, 0, 2 * Math.PI);
    context.lineWidth = 2;
    if (car.inPit || !onTrack) {
      context.fillStyle = ink.panel;
      context.strokeStyle = car.colour;
    } else {
      context.fillStyle = car.colour;
      context.strokeStyle = faint(car.colour, ink) ? ink.line : ink.panel;
    }
    context.fill();
    context.stroke();
    if (!chosen) return;
    context.beginPath();
    context.arc(x, y, 11, 0, 2 * Math.PI);
    context.strokeStyle = ink.accent;
    context.stroke();
  }

  private label(
    context: CanvasRenderingContext2D, { car, at: [x, y] }: PlacedCar, chosen: boolean, taken: Box[], ink: Ink,
    width: number,
  ): void {
    const last = this.side.get(car.number) ?? 0;
    for (const side of [last, 0, 1, 2, 3]) {
      const [dx, dy] = SIDES[side] ?? [0, 0];
      const box = { x: x + dx, y: y + dy, width: LABEL_WIDTH, height: 14 };
      if (box.x < 0 || box.x + box.width > width) continue;
      if (!chosen && taken.some((other) => overlaps(other, box))) continue;
      taken.push(box);
      this.side.set(car.number, side);
      context.fillStyle = chosen ? ink.accent : car.colour;
      context.beginPath();
      context.roundRect(box.x, box.y, box.width, box.height, 3);
      context.fill();
      if (faint(car.colour, ink)) {
        context.strokeStyle = ink.line;
        context.lineWidth = 1;
        context.stroke();
      }
      context.fillStyle = chosen ? ink.panel : inkOn(car.colour);
      context.fillText(car.code, box.x + 15, box.y + 7.5);
      return;
    }
  }
}

function weight(car: MapCar, selected: string | null): number {
  return car.number === selected ? -1 : car.rank + (car.inPit ? 50 : 0);
}
