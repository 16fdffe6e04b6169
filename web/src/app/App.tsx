/** Decides which half of the app is shown: sessions (live, replayed, simulated), or the championship's history. */
import { lazy, Suspense } from "react";
import { Live } from "./Live";
import { usePath } from "./place";

/** Loaded when it is asked for: the board's first load carries none of it. */
const History = lazy(() => import("../history/History"));

export function App() {
  const path = usePath();
  if (path !== "/history" && !path.startsWith("/history/")) return <Live />;
  return (
    <Suspense fallback={<div className="wait-page" role="status" aria-label="Loading" />}>
      <History path={path} />
    </Suspense>
  );
}
