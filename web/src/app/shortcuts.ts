/** What the keys do. One list: it drives the keyboard and fills the help sheet. */
import { useEffect, useRef } from "react";

export interface Shortcut { readonly keys: readonly string[]; readonly does: string }

export type Action =
  | "toggle" | "back" | "forward" | "lap-back" | "lap-forward" | "up" | "down" | "open" | "close" | "theme" | "help" | "live";

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ["Space"], does: "Play or pause" },
  { keys: ["←", "→"], does: "Ten seconds back or on" },
  { keys: ["Shift ←", "Shift →"], does: "One lap back or on" },
  { keys: ["↑", "↓"], does: "Select the driver above or below" },
  { keys: ["Enter"], does: "Open the selected driver" },
  { keys: ["Esc"], does: "Close the driver, or this sheet" },
  { keys: ["l"], does: "Back to live" },
  { keys: ["t"], does: "Dark or light" },
  { keys: ["?"], does: "This sheet" },
];

interface Press {
  readonly key: string; readonly shiftKey: boolean; readonly ctrlKey: boolean; readonly metaKey: boolean; readonly altKey: boolean;
}

/** What a key press means when `focus` (a tag name and input type, lower case) has the focus; null when nothing. */
export function actionOf(press: Press, focus: string): Action | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  // Controls keep the keys that they need themselves: a list its arrows, a button its space and enter.
  const arrowsTaken = focus === "select" || focus === "input:range" || focus === "tab";
  const enterTaken = focus === "button" || focus === "select" || focus === "a" || focus === "tab";
  switch (press.key) {
    case " ": return enterTaken ? null : "toggle";
    case "ArrowLeft": return arrowsTaken ? null : press.shiftKey ? "lap-back" : "back";
    case "ArrowRight": return arrowsTaken ? null : press.shiftKey ? "lap-forward" : "forward";
    case "ArrowUp": return arrowsTaken ? null : "up";
    case "ArrowDown": return arrowsTaken ? null : "down";
    case "Enter": return enterTaken ? null : "open";
    case "Escape": return "close";
    case "t": case "T": return focus === "select" ? null : "theme";
    case "l": case "L": return focus === "select" ? null : "live";
    case "?": return "help";
    default: return null;
  }
}

function focusOf(target: EventTarget | null): string {
  if (!(target instanceof HTMLElement)) return "";
  if (target.getAttribute("role") === "tab") return "tab";
  const tag = target.tagName.toLowerCase();
  return target instanceof HTMLInputElement ? `${tag}:${target.type}` : tag;
}

export function useShortcuts(act: (action: Action) => void): void {
  const latest = useRef(act);
  useEffect(() => { latest.current = act; });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = actionOf(event, focusOf(event.target));
      if (!action || event.defaultPrevented) return;
      event.preventDefault();
      latest.current(action);
    };
    window.addEventListener("keydown", press);
    return () => { window.removeEventListener("keydown", press); };
  }, []);
}
