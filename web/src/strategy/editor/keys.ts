/** Which key moves a handle by how many laps: arrows by one, Page keys and Shift by five, Home and End to the limits. */

export const BIG_STEP = 5;

interface Pressed { readonly key: string; readonly shiftKey: boolean }

/** Laps to move by, the limits as infinities; null for a key that moves nothing. */
export function stepOf({ key, shiftKey }: Pressed): number | null {
  const step = shiftKey ? BIG_STEP : 1;
  switch (key) {
    case "ArrowLeft": case "ArrowDown": return -step;
    case "ArrowRight": case "ArrowUp": return step;
    case "PageDown": return -BIG_STEP;
    case "PageUp": return BIG_STEP;
    case "Home": return -Infinity;
    case "End": return Infinity;
    default: return null;
  }
}

export const removes = ({ key }: Pressed): boolean => key === "Delete" || key === "Backspace";
