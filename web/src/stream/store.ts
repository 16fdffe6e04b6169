/** The board's memory: one immutable view of the session, told to React once a frame. */
import { type Resume, streamAddress } from "../api/client";
import type { CarState, Feed, Playback, StreamMessage } from "../api/types";
import { Connection, type ConnectionDoors, type Phase } from "./connection";
import { MapFeed } from "./mapFeed";
import { type Held, reduce } from "./reduce";
import { share } from "./mergePatch";

export interface View {
  readonly held: Held | null;
  readonly phase: Phase;
  /** Racing numbers in board order; the same array as long as the order is the same. */
  readonly order: readonly string[];
  /** When `held.tMs` was received, on the page's own clock (performance.now). */
  readonly heldAt: number;
  /** How the live feed stood when that was last told, at `feedAt` (performance.now); null for a recording. */
  readonly feed: Feed | null;
  readonly feedAt: number;
  /** A stream that we cannot read at all, in words. */
  readonly failure: string | null;
}

/** Cars in board order: by line, those without one last, by number. */
export function boardOrder(cars: Readonly<Record<string, CarState>> | undefined): string[] {
  return Object.values(cars ?? {})
    .sort((a, b) => rank(a) - rank(b) || a.number.padStart(3, "0").localeCompare(b.number.padStart(3, "0")))
    .map((car) => car.number);
}
const rank = (car: CarState) => car.line || 999;

const EMPTY: View = { held: null, phase: "connecting", order: [], heldAt: 0, feed: null, feedAt: 0, failure: null };

export class SessionStore {
  readonly map = new MapFeed();
  private view: View = EMPTY;
  private readonly listeners = new Set<() => void>();
  private frame: number | null = null;
  private readonly connection: Connection;

  constructor(
    readonly key: string,
    doors: Partial<ConnectionDoors> = {},
  ) {
    this.connection = new Connection({
      address: () => streamAddress(key, this.resume()),
      receive: (message) => { this.receive(message); },
      phase: (phase) => { this.change({ phase }); },
      expectsTraffic: () => {
        const playback = this.view.held?.playback;
        return playback !== undefined && !playback.paused && !playback.ended;
      },
      ...doors,
    });
  }

  start(): () => void {
    const hurry = () => { this.connection.hurry(); };
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    this.connection.start();
    return () => {
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
      if (this.frame !== null) cancelAnimationFrame(this.frame);
      this.frame = null;
      this.connection.stop();
    };
  }

  readonly getView = (): View => this.view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Where to take up the stream again. */
  resume(): Resume | null {
    const held = this.view.held;
    return held && { seq: held.seq, epoch: held.epoch };
  }

  /** Takes in one message. Public for tests; the connection calls it. */
  receive(message: StreamMessage): void {
    if (message.type === "map") {
      if (message.epoch === this.view.held?.epoch) this.map.publish(message);
      return;
    }
    if (message.type === "feed") {
      this.change({ feed: message, feedAt: performance.now() });
      return;
    }
    let held: Held | null;
    try {
      held = reduce(this.view.held, message);
    } catch (cause) {
      this.connection.stop();
      this.change({ failure: cause instanceof Error ? cause.message : String(cause) });
      return;
    }
    if (!held) {
      this.connection.restart();
      return;
    }
    if (held.epoch !== this.view.held?.epoch) this.map.clear();
    const order = share(this.view.order, boardOrder(held.state.cars)) as readonly string[];
    this.change({ held, order, heldAt: performance.now() });
  }

  /** Takes in how the playback stands from the answer to a command, which may come before the stream says so. */
  answered(playback: Playback): void {
    const { held } = this.view;
    if (held) this.change({ held: { ...held, playback } });
  }

  private change(part: Partial<View>): void {
    const first = this.view.held === null;
    this.view = { ...this.view, ...part };
    // The first state is shown at once; after that several messages in one frame are one drawing.
    if (first) this.tell();
    else this.frame ??= requestAnimationFrame(() => { this.tell(); });
  }

  private tell(): void {
    this.frame = null;
    for (const listener of this.listeners) listener();
  }
}
