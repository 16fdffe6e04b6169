/** Decides which part of the app is shown: sessions (live, replayed, simulated), the championship's history, or strategy. */
import { lazy, Suspense } from "react";
import { Live } from "./Live";
import { usePath } from "./place";

/** Loaded when they are asked for: the board's first load carries none of them. */
const History = lazy(() => import("../history/History"));
const Strategy = lazy(() => import("../strategy/Strategy"));

const under = (path: string, root: string): boolean => path === root || path.startsWith(`${root}/`);

export function App() {
  const path = usePath();
  const strategy = under(path, "/strategy");
  if (!strategy && !under(path, "/history")) return <Live />;
  return (
    <Suspense fallback={<div className="wait-page" role="status" aria-label="Loading" />}>
      {strategy ? <Strategy path={path} /> : <History path={path} />}
    </Suspense>
  );
}
