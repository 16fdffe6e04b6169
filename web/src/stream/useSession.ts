/** How components read the session: a selector a value, drawn again only when that value changes. */
import { createContext, useContext, useSyncExternalStore } from "react";
import type { CarState, SessionState } from "../api/types";
import type { SessionStore, View } from "./store";

export const StoreContext = createContext<SessionStore | null>(null);

export function useStore(): SessionStore {
  const store = useContext(StoreContext);
  if (!store) throw new Error("A part of the board was used outside a session.");
  return store;
}

/** `select` must return a part of the view or a primitive, never a new object. */
export function useView<T>(select: (view: View) => T): T {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => select(store.getView()));
}

export const useSession = <T>(select: (state: SessionState) => T): T | undefined =>
  useView((view) => (view.held ? select(view.held.state) : undefined));

export const useCar = (number: string | null): CarState | undefined =>
  useSession((state) => (number === null ? undefined : state.cars?.[number]));
