/** Keeps one WebSocket alive: connects, resumes where it left off, backs off, and says how it stands. */
import type { StreamMessage } from "../api/types";
import { backoffMs } from "./backoff";

export type Phase = "connecting" | "open" | "waiting";

export interface ConnectionDoors {
  /** The address to connect to now, resume parameters included. */
  readonly address: () => string;
  readonly receive: (message: StreamMessage) => void;
  readonly phase: (phase: Phase) => void;
  /** Whether silence is suspicious now: a running session sends something every second. */
  readonly expectsTraffic: () => boolean;
  readonly open?: (address: string) => WebSocket;
  readonly dice?: () => number;
}

const SILENCE_MS = 15_000;

export class Connection {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private watch: ReturnType<typeof setInterval> | null = null;
  private heardAt = 0;

  constructor(private readonly doors: ConnectionDoors) {}

  start(): void {
    this.watch = setInterval(() => {
      if (this.socket?.readyState !== WebSocket.OPEN || !this.doors.expectsTraffic()) this.heardAt = Date.now();
      else if (Date.now() - this.heardAt > SILENCE_MS) this.restart();
    }, 2_000);
    this.connect();
  }

  stop(): void {
    if (this.retry !== null) clearTimeout(this.retry);
    if (this.watch !== null) clearInterval(this.watch);
    this.retry = this.watch = null;
    this.drop();
  }

  /** Connect again at once: after a gap in the numbers, on silence, when the network or the tab comes back. */
  restart(): void {
    this.drop();
    this.later(0);
  }

  /** Do not wait any longer, if we are waiting. */
  hurry(): void {
    if (this.retry === null) return;
    this.attempt = 0;
    this.later(0);
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private later(delayMs: number): void {
    if (this.retry !== null) clearTimeout(this.retry);
    this.doors.phase("waiting");
    this.retry = setTimeout(() => {
      this.retry = null;
      this.connect();
    }, delayMs);
  }

  private connect(): void {
    this.doors.phase("connecting");
    const open = this.doors.open ?? ((address: string) => new WebSocket(address));
    const socket = open(this.doors.address());
    this.socket = socket;
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.heardAt = Date.now();
      this.doors.phase("open");
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      if (this.socket !== socket) return;
      this.heardAt = Date.now();
      // Only a message proves that the server accepts us; a bare open that closes at once must keep backing off.
      this.attempt = 0;
      this.doors.receive(JSON.parse(event.data) as StreamMessage);
    };
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.later(backoffMs(this.attempt++, (this.doors.dice ?? Math.random)()));
    };
  }
}
