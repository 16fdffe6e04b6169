/** Strategy: what would have become of a race, what may become of it yet. The frame, and which page is shown. */
import { useEffect, useRef } from "react";
import { ErrorBoundary } from "../app/ErrorBoundary";
import { Link } from "../app/place";
import { Mark, SiteNav } from "../app/SiteNav";
import { MoonIcon, SunIcon } from "../design/icons";
import { useTheme } from "../design/theme";
import { Bench } from "./pages/Bench";
import { Choose } from "./pages/Choose";
import { HOME, placeOf } from "./routes";
import "../history/history.css";
import "./strategy.css";
import "./editor/editor.css";
import "./panels/panels.css";
import "./results/results.css";

export default function Strategy({ path }: { readonly path: string }) {
  const { session } = placeOf(path, "");
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    window.scrollTo({ top: 0 });
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <div className="history strategy">
      <a className="skip" href="#page" onClick={(click) => { click.preventDefault(); main.current?.focus(); }}>Skip to the page</a>
      <Bar />
      <main className="page" id="page" ref={main} tabIndex={-1}>
        <ErrorBoundary part="This page" key={session ?? ""}>
          {session === null ? <Choose /> : <Bench key={session} session={session} />}
        </ErrorBoundary>
      </main>
      <footer className="foot">
        <p>Forecasts of simulated races, computed by Overcut from what was recorded; not what teams or the sport say. Not associated with Formula 1 companies.</p>
        <p className="quiet">The same answers as JSON: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a></p>
      </footer>
    </div>
  );
}

function Bar() {
  const [theme, toggle] = useTheme();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "t" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.matches("input:not([type=range], [type=checkbox], [type=radio]), select, textarea")) return;
      toggle();
    };
    window.addEventListener("keydown", press);
    return () => { window.removeEventListener("keydown", press); };
  }, [toggle]);
  return (
    <header className="top">
      <div className="top-bar">
        <Link className="mark-link" href={HOME} aria-label="Overcut, strategy"><Mark /></Link>
        <SiteNav here="strategy" />
        <button type="button" className="button top-theme strategy-theme" onClick={toggle} aria-label={theme === "dark" ? "Light theme" : "Dark theme"} title="Theme (t)">
          {theme === "dark" ? <SunIcon /> : <MoonIcon />}
        </button>
      </div>
    </header>
  );
}
