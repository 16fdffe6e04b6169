/** The championship since 1950: the frame of its pages, and which of them the address means. */
import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { ErrorBoundary } from "../app/ErrorBoundary";
import { PageShape } from "./parts/Answered";
import { Footer, TopBar } from "./parts/Frame";
import { Home } from "./pages/Home";
import { RacePage } from "./pages/Race";
import { SeasonPage } from "./pages/Season";
import { type Page, pageOf, paths } from "./routes";
import { Link } from "../app/place";
import "./history.css";

const Careers = lazy(() => import("./pages/Careers"));
const Places = lazy(() => import("./pages/Places"));
const Comparisons = lazy(() => import("./pages/Comparisons"));
const Championship = lazy(() => import("./pages/Championship"));

export default function History({ path }: { readonly path: string }) {
  const page = pageOf(path);
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);

  // A new page begins at its top, and is told to those who do not see it: the focus goes to the page itself.
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    window.scrollTo({ top: 0 });
    main.current?.focus({ preventScroll: true });
  }, [path]);

  return (
    <div className="history">
      <a className="skip" href="#page" onClick={(click) => { click.preventDefault(); main.current?.focus(); }}>Skip to the page</a>
      <TopBar page={page.is} />
      <main className="page" id="page" ref={main} tabIndex={-1}>
        <ErrorBoundary part="This page" key={path}>
          <Suspense fallback={<PageShape what="the page" />}>{shown(page)}</Suspense>
        </ErrorBoundary>
      </main>
      <Footer />
    </div>
  );
}

function shown(page: Page): ReactNode {
  switch (page.is) {
    case "home": return <Home />;
    case "season": return <SeasonPage key={page.year} year={page.year} />;
    case "race": return <RacePage key={`${page.year}-${page.round}`} year={page.year} round={page.round} />;
    case "championship": return <Championship key={page.year} year={page.year} />;
    case "drivers": case "constructors": case "driver": case "constructor": return <Careers page={page} />;
    case "circuits": case "grands-prix": case "circuit": case "grand-prix": return <Places page={page} />;
    case "records": case "record": case "head-to-head": case "eras": return <Comparisons page={page} />;
    case "nothing": return <NoSuchPage />;
  }
}

function NoSuchPage() {
  useEffect(() => { document.title = "No such page · Overcut"; }, []);
  return (
    <div className="trouble">
      <h1 className="page-title">No such page</h1>
      <p className="page-lead">Nothing of the history is at this address. Search above, or begin at <Link href={paths.home}>the seasons</Link>.</p>
    </div>
  );
}
