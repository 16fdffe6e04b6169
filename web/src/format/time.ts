/** How times are written: lap and sector times, gaps, clocks. Milliseconds in, text out; "" for what is not known. */
import type { Gap, Maybe } from "../api/types";

const pad = (value: number, width: number) => String(value).padStart(width, "0");

/** 103123 is "1:43.123", 58900 is "58.900". */
export function lapTime(ms: Maybe<number>): string {
  if (ms === null || ms === undefined) return "";
  const whole = Math.floor(ms / 1000);
  const minutes = Math.floor(whole / 60);
  const seconds = whole % 60;
  const fraction = pad(ms % 1000, 3);
  return minutes > 0 ? `${minutes}:${pad(seconds, 2)}.${fraction}` : `${seconds}.${fraction}`;
}

/** 1234 is "+1.234", 62345 is "+1:02.345"; laps are "+1 lap", "+2 laps". */
export function gapTime(gap: Maybe<Gap>): string {
  if (!gap) return "";
  if (gap.laps !== null && gap.laps !== undefined) return `+${gap.laps} ${gap.laps === 1 ? "lap" : "laps"}`;
  return gap.ms === null || gap.ms === undefined ? "" : `+${lapTime(gap.ms)}`;
}

/** 3723000 is "1:02:03", 723000 is "12:03"; negative times count as zero. */
export function clockTime(ms: number, withHours = false): string {
  const whole = Math.floor(Math.max(ms, 0) / 1000);
  const hours = Math.floor(whole / 3600);
  const rest = `${pad(Math.floor(whole / 60) % 60, 2)}:${pad(whole % 60, 2)}`;
  return hours > 0 || withHours ? `${hours}:${rest}` : rest;
}

/** Playback speed as people say it: 0 is "max", 0.25 is "¼×". */
export function speedName(speed: number): string {
  if (speed === 0) return "Max";
  if (speed === 0.25) return "¼×";
  if (speed === 0.5) return "½×";
  return `${speed}×`;
}
