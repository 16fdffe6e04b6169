/** What a chart of lines draws: which lines are coloured, and how the others step back. */

export interface Line {
  readonly id: string;
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** The limits of an interval around the values. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

/** How many lines have a colour of their own; more cannot be told apart. */
export const COLOURS = 8;

/** The colour of each line, 1-based: the chosen ones in their order; 0 for those that step back. */
export function coloured(lines: readonly Line[], chosen: readonly string[]): readonly number[] {
  return lines.map(({ id }) => chosen.slice(0, COLOURS).indexOf(id) + 1);
}

/** The chosen lines after a press on one: out when it was in, else in, in place of the oldest when there are too many. */
export function pressedLine(chosen: readonly string[], id: string): readonly string[] {
  if (chosen.includes(id)) return chosen.filter((one) => one !== id);
  return [...chosen, id].slice(-COLOURS);
}

/** The values at one place, best first: what the chart's caption says there. */
export function at(lines: readonly Line[], chosen: readonly string[], index: number, upwards: boolean): readonly { line: Line; value: number }[] {
  return lines
    .flatMap((line) => {
      const value = line.values[index];
      return chosen.includes(line.id) && value !== null && value !== undefined ? [{ line, value }] : [];
    })
    .sort((a, b) => (upwards ? b.value - a.value : a.value - b.value));
}

/** Which places have a rule: each of a few, else the first and every fifth. */
export function placesShown(lowest: number): number[] {
  const last = Math.floor(lowest);
  return Array.from({ length: last }, (_, index) => index + 1).filter((place) => last <= 8 || place === 1 || place % 5 === 0);
}
