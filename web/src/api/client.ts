/** How the board asks the server: one function a question, one error that keeps the server's own words. */
import type { Feed, LapsAnswer, Playback, PlaybackCommand, SessionSummary, StateAnswer, Timeline, TrackOutline } from "./types";

const ROOT = "/api/v1";

/** A problem as the server told it (RFC 9457), or as the network did (status 0). */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    title: string,
    readonly hint = "",
  ) {
    super(title);
    this.name = "RequestError";
  }
}

/** The answer's text. The browser keeps answers with their tags: one that has not changed is not sent again. */
export async function askText(path: string, init?: RequestInit): Promise<string> {
  let answer: Response;
  try {
    answer = await fetch(ROOT + path, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new RequestError(0, "The server does not answer.", "Is `overcut serve` still running?");
  }
  if (!answer.ok) {
    const problem = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string; hint?: string };
    throw new RequestError(
      answer.status,
      problem.detail ?? problem.title ?? `The server answered ${answer.status}.`,
      problem.hint,
    );
  }
  return answer.text();
}

const ask = async <T>(path: string, init?: RequestInit): Promise<T> => JSON.parse(await askText(path, init)) as T;

const session = (key: string) => `/sessions/${encodeURIComponent(key)}`;
const stop = (signal?: AbortSignal): RequestInit | undefined => (signal ? { signal } : undefined);

export const listSessions = (signal?: AbortSignal) => ask<SessionSummary[]>("/sessions", stop(signal));
export const readState = (key: string) => ask<StateAnswer>(`${session(key)}/state`);
export const readTrack = (key: string, signal?: AbortSignal) =>
  ask<TrackOutline>(`${session(key)}/track`, stop(signal));
export const readTimeline = (key: string, signal?: AbortSignal) =>
  ask<Timeline>(`${session(key)}/timeline`, stop(signal));

/** How the live feed stands; refused with 404 by a server that follows none. */
export const readFeed = (signal?: AbortSignal) => ask<Feed>("/feed", stop(signal));

/** Completed laps of the given cars up to the playback's moment. */
export const readLaps = (key: string, drivers: readonly string[], signal?: AbortSignal) =>
  ask<LapsAnswer>(
    `${session(key)}/laps?${drivers.map((number) => `driver=${encodeURIComponent(number)}`).join("&")}`,
    stop(signal),
  );

export const changePlayback = (key: string, command: PlaybackCommand) =>
  ask<Playback>(`${session(key)}/playback`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(command),
  });

export interface Resume { readonly seq: number; readonly epoch: number }

/** The stream's address; `resume` says where we left off. */
export function streamAddress(key: string, resume: Resume | null, origin: string = location.origin): string {
  const address = new URL(`${ROOT}${session(key)}/stream`, origin);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.searchParams.set("channels", "board,map");
  if (resume) {
    address.searchParams.set("since", String(resume.seq));
    address.searchParams.set("epoch", String(resume.epoch));
  }
  return address.href;
}
