/** Where car places and telemetry samples go: straight to those who draw them, past React. */
import type { MapMessage } from "../api/types";

export type MapListener = (message: MapMessage) => void;

export class MapFeed {
  latest: MapMessage | null = null;
  private readonly listeners = new Set<MapListener>();

  publish(message: MapMessage): void {
    this.latest = message;
    for (const listener of this.listeners) listener(message);
  }

  /** Places of another moment are worthless after a seek. */
  clear(): void {
    this.latest = null;
  }

  subscribe(listener: MapListener): () => void {
    this.listeners.add(listener);
    if (this.latest) listener(this.latest);
    return () => this.listeners.delete(listener);
  }
}
