/** How a page asks for its data: what was read before is shown at once, and asked for again behind it. */
import { useCallback, useEffect, useState } from "react";
import { askText, RequestError } from "../../api/client";

/** An address of the API, and what is answered there. */
export type Address<T> = string & { readonly answers?: T };

export interface Answer<T> {
  /** What is known: of this address or, with `keep`, of the one before while this one is on the way. */
  readonly value: T | undefined;
  /** Whether the value is not this address's own. */
  readonly late: boolean;
  readonly failure: RequestError | null;
  readonly again: () => void;
}

interface Held { readonly text: string; readonly value: unknown }

/** Newest last; the oldest goes when there are too many. The server's tags keep what is here true. */
const held = new Map<string, Held>();
const MOST = 80;

/** The answer, the very object that was given before when nothing has changed. */
export async function read<T>(address: Address<T>, signal: AbortSignal): Promise<T> {
  const text = await askText(address, { signal });
  const before = held.get(address);
  const now = before?.text === text ? before : { text, value: JSON.parse(text) as unknown };
  held.delete(address);
  held.set(address, now);
  const oldest = held.keys().next().value;
  if (held.size > MOST && oldest !== undefined) held.delete(oldest);
  return now.value as T;
}

/** Forgets everything that was read; for tests. */
export const forget = (): void => { held.clear(); };

type Got<T> = { readonly address: string | null } & ({ readonly value: T } | { readonly failure: RequestError });

/** What is answered at an address; null asks for nothing. */
export function useAnswer<T>(address: Address<T> | null, { keep = false }: { readonly keep?: boolean } = {}): Answer<T> {
  const [got, take] = useState<Got<T> | null>(null);
  const [attempt, count] = useState(0);
  useEffect(() => {
    if (address === null) return undefined;
    const abort = new AbortController();
    read(address, abort.signal).then(
      (value) => { take((before) => (before?.address === address && "value" in before && before.value === value ? before : { address, value })); },
      (cause: unknown) => { if (cause instanceof RequestError) take({ address, failure: cause }); },
    );
    return () => { abort.abort(); };
  }, [address, attempt]);
  const again = useCallback(() => {
    take(null);
    count((before) => before + 1);
  }, []);

  const own = got !== null && got.address === address;
  if (own && "failure" in got) return { value: undefined, late: false, failure: got.failure, again };
  const known = own && "value" in got ? got.value : address === null ? undefined : (held.get(address)?.value as T | undefined);
  const before = keep && got && "value" in got ? got.value : undefined;
  return { value: known ?? before, late: known === undefined, failure: null, again };
}
