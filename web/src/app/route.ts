/** What the address says: which session, which driver. The page can be sent to a friend as it stands. */
import { useCallback, useEffect, useState } from "react";

export interface Route { readonly session: string | null; readonly driver: string | null }

export function readRoute(search: string): Route {
  const query = new URLSearchParams(search);
  return { session: query.get("session"), driver: query.get("driver") };
}

export function writeRoute(route: Route): string {
  const query = new URLSearchParams();
  if (route.session) query.set("session", route.session);
  if (route.driver) query.set("driver", route.driver);
  const text = query.toString();
  return text ? `?${text}` : location.pathname;
}

/** The route, and a way to change it: a session makes a step in the history, a driver does not. */
export function useRoute(): [Route, (route: Route) => void] {
  const [route, setRoute] = useState<Route>(() => readRoute(location.search));
  useEffect(() => {
    const read = () => { setRoute(readRoute(location.search)); };
    window.addEventListener("popstate", read);
    return () => { window.removeEventListener("popstate", read); };
  }, []);
  const go = useCallback((next: Route) => {
    const steps = readRoute(location.search).session !== next.session;
    history[steps ? "pushState" : "replaceState"](null, "", writeRoute(next));
    setRoute(next);
  }, []);
  return [route, go];
}
