/** The plans on the bench and what is asked of them, in step with the address in both directions. */
import { useCallback, useEffect, useRef, useState } from "react";
import { go, usePath, useSearch } from "../../app/place";
import { addressOf, type Place, placeOf } from "../routes";
import { emptyScenario, MOST_SCENARIOS, type ScenarioDraft } from "./draft";

/** Browsers refuse an address that is rewritten too often. */
const WRITE_MS = 250;

type Held = Omit<Place, "session">;

export interface Drafts extends Held {
  /** Another lap, driver or setting. */
  readonly set: (change: Partial<Pick<Held, "lap" | "driver" | "rivals" | "world">>) => void;
  readonly change: (scenario: ScenarioDraft) => void;
  /** One more, like another or empty; nothing where there is no room. */
  readonly add: (like?: Omit<ScenarioDraft, "id">) => void;
  readonly remove: (id: number) => void;
}

/** `scenarios` of what it gives are all but what happened, and never none. */
function read(path: string, search: string): Held {
  const { scenarios, ...rest } = placeOf(path, search);
  return { ...rest, scenarios: scenarios.length > 0 ? scenarios : [emptyScenario(1)] };
}

export function useDrafts(session: string): Drafts {
  const path = usePath();
  const search = useSearch();
  const [held, hold] = useState<Held>(() => read(path, search));
  const written = useRef(path + search);

  // The browser's way back and forth: what the address says then is taken over.
  useEffect(() => {
    if (path + search === written.current) return;
    written.current = path + search;
    hold(read(path, search));
  }, [path, search]);

  useEffect(() => {
    const wait = setTimeout(() => {
      const address = addressOf({ ...held, session });
      if (address === written.current || location.pathname + location.search !== written.current) return;
      written.current = address;
      go(address, { replace: true });
    }, WRITE_MS);
    return () => { clearTimeout(wait); };
  }, [session, held]);

  const set = useCallback<Drafts["set"]>((change) => { hold((now) => ({ ...now, ...change })); }, []);
  const change = useCallback((scenario: ScenarioDraft) => {
    hold((now) => ({ ...now, scenarios: now.scenarios.map((one) => (one.id === scenario.id ? scenario : one)) }));
  }, []);
  const add = useCallback<Drafts["add"]>((like) => {
    hold((now) => {
      if (now.scenarios.length >= MOST_SCENARIOS - 1) return now;
      const id = Math.max(...now.scenarios.map((one) => one.id)) + 1;
      return { ...now, scenarios: [...now.scenarios, { ...(like ?? emptyScenario(id)), id }] };
    });
  }, []);
  const remove = useCallback((id: number) => {
    hold((now) => {
      const rest = now.scenarios.filter((one) => one.id !== id);
      return { ...now, scenarios: rest.length > 0 ? rest : [emptyScenario(id + 1)] };
    });
  }, []);
  return { ...held, set, change, add, remove };
}
