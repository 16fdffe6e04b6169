/** How long to wait before the next attempt: doubling from a quarter of a second to ten, with jitter. */
const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/** Delay before attempt `attempt` (0 = the first after a loss). `dice` in [0, 1) spreads clients over half the delay. */
export function backoffMs(attempt: number, dice: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 20));
  return Math.round(full / 2 + (full / 2) * dice);
}
