/** How a streamed answer is asked for and read: one JSON document a line, each sharper than the one before. */
import { RequestError } from "../../api/client";

const ROOT = "/api/v1/strategy";

/** The lines of the answer, as they come. Ending the signal closes the connection, which stops the server's work too. */
export async function* lines<T>(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<T> {
  const answer = await send(path, body, signal);
  if (!answer.ok || !answer.body) throw await problem(answer);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      const parts = (held + (value ?? "")).split("\n");
      held = done ? "" : (parts.pop() ?? "");
      for (const part of parts) if (part.trim() !== "") yield JSON.parse(part) as T;
      if (done) return;
    }
  } catch (cause) {
    throw isAbort(cause) || cause instanceof RequestError ? cause : new RequestError(0, "The connection broke while the races ran.", "Is `overcut serve` still running?");
  } finally {
    reader.cancel().catch(() => undefined); // already closed: there is nothing left to cancel
  }
}

export const isAbort = (cause: unknown): boolean => cause instanceof DOMException && cause.name === "AbortError";

async function send(path: string, body: unknown, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(ROOT + path, {
      method: "POST", signal, headers: { "content-type": "application/json", "accept": "application/x-ndjson" }, body: JSON.stringify(body),
    });
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    throw new RequestError(0, "The server does not answer.", "Is `overcut serve` still running?");
  }
}

interface Told { readonly status?: number; readonly title?: string; readonly detail?: string; readonly hint?: string }

async function problem(answer: Response): Promise<RequestError> {
  const told = (await answer.json().catch(() => ({}))) as Told;
  return new RequestError(answer.status, told.detail ?? told.title ?? `The server answered ${answer.status}.`, told.hint);
}
