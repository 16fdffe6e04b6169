/** What surrounds every page: the bar with the search, and whose data it is. */
import { Mark, SiteNav } from "../../app/SiteNav";
import { Link } from "../../app/place";
import { MoonIcon, SunIcon } from "../../design/icons";
import { useTheme } from "../../design/theme";
import { type Page, paths } from "../routes";
import { Search } from "./Search";
import { useEffect } from "react";

const CHAPTERS: readonly { readonly path: string; readonly words: string; readonly of: readonly Page["is"][] }[] = [
  { path: paths.home, words: "Seasons", of: ["home", "season", "race", "championship"] },
  { path: paths.drivers, words: "Drivers", of: ["drivers", "driver"] },
  { path: paths.constructors, words: "Constructors", of: ["constructors", "constructor"] },
  { path: paths.circuits, words: "Circuits", of: ["circuits", "circuit"] },
  { path: paths.grandsPrix, words: "Grands Prix", of: ["grands-prix", "grand-prix"] },
  { path: paths.records, words: "Records", of: ["records", "record"] },
  { path: paths.headToHead(), words: "Head to head", of: ["head-to-head"] },
  { path: paths.eras, words: "Eras", of: ["eras"] },
];

export function TopBar({ page }: { readonly page: Page["is"] }) {
  const [theme, toggle] = useTheme();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "t" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.matches("input, select, textarea")) return;
      toggle();
    };
    window.addEventListener("keydown", press);
    return () => { window.removeEventListener("keydown", press); };
  }, [toggle]);
  return (
    <header className="top">
      <div className="top-bar">
        <Link className="mark-link" href={paths.home} aria-label="Overcut, history"><Mark /></Link>
        <SiteNav here="history" />
        <Search />
        <button type="button" className="button top-theme" onClick={toggle} aria-label={theme === "dark" ? "Light theme" : "Dark theme"} title="Theme (t)">
          {theme === "dark" ? <SunIcon /> : <MoonIcon />}
        </button>
      </div>
      <nav className="chapters" aria-label="History">
        {CHAPTERS.map(({ path, words, of }) => (
          <Link key={path} className="chapter" href={path} aria-current={of.includes(page) ? (of[0] === page ? "page" : "true") : undefined}>{words}</Link>
        ))}
      </nav>
    </header>
  );
}

export function Footer() {
  return (
    <footer className="foot">
      <p>
        Results, standings and people from <a href="https://github.com/f1db/f1db" rel="noreferrer">F1DB</a>, licensed under{" "}
        <a href="https://creativecommons.org/licenses/by/4.0/" rel="noreferrer license">CC BY 4.0</a>. Records, shares and comparisons are computed by Overcut.
      </p>
      <p className="quiet">Not associated with Formula 1 companies. The same answers as JSON: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a></p>
    </footer>
  );
}
