/** Keeps team colours legible: what may be written on them, and how they look on either theme. */

function channels(hex: string): [number, number, number] | null {
  const match = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  return match ? [parseInt(match[1] ?? "0", 16), parseInt(match[2] ?? "0", 16), parseInt(match[3] ?? "0", 16)] : null;
}

/** WCAG 2 relative luminance of "#RRGGBB", 0 (black) to 1 (white); 0.2 for what is no colour. */
export function luminance(hex: string): number {
  const rgb = channels(hex);
  if (!rgb) return 0.2;
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast ratio of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever reads better on `hex`. */
export const inkOn = (hex: string): "#000000" | "#ffffff" =>
  contrast(hex, "#000000") >= contrast(hex, "#ffffff") ? "#000000" : "#ffffff";

/** A team colour that is safe to put into a style; grey for anything else. */
export const teamColour = (hex: string | undefined): string => (hex && channels(hex) ? hex : "#888888");
