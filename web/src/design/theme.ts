/** Which theme the page wears, and how that is remembered. */
import { useEffect, useState } from "react";

export type Theme = "dark" | "light";
const PLACE = "overcut.theme";
const CHANGED = "overcut:theme";

const system = (): Theme => (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark");

export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "dark" || chosen === "light" ? chosen : system();
}

export function setTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(PLACE, theme);
  } catch {
    // Private windows may forbid storage: the choice then lasts as long as the page.
  }
  window.dispatchEvent(new Event(CHANGED));
}

export const toggleTheme = (): void => { setTheme(currentTheme() === "dark" ? "light" : "dark"); };

/** Calls `listener` when the theme changes, by the toggle or by the system. */
export function onThemeChange(listener: () => void): () => void {
  const media = matchMedia("(prefers-color-scheme: light)");
  window.addEventListener(CHANGED, listener);
  media.addEventListener("change", listener);
  return () => {
    window.removeEventListener(CHANGED, listener);
    media.removeEventListener("change", listener);
  };
}

export function useTheme(): [Theme, () => void] {
  const [theme, change] = useState<Theme>(currentTheme);
  useEffect(() => onThemeChange(() => { change(currentTheme()); }), []);
  return [theme, toggleTheme];
}
