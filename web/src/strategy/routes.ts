/** What an address of the strategy page means, and how it is written: the race, the lap, the driver, every scenario. */
import { MOST_SCENARIOS, type ScenarioDraft } from "./model/draft";
import { readScenario, writeScenario } from "./model/codec";

export interface Place {
  /** Whose race; null: none chosen. */
  readonly session: string | null;
  /** Laps that the leader has completed; null: the page chooses. */
  readonly lap: number | null;
  /** Three-letter code; null: the page chooses. */
  readonly driver: string | null;
  /** What the rivals do, and which safety cars and rain come; null: the page chooses by whether the race is over. */
  readonly rivals: Rivals | null;
  readonly world: World | null;
  readonly scenarios: readonly ScenarioDraft[];
  /** What in the address was not understood. */
  readonly unread: readonly string[];
}

export type Rivals = "as_teams_do" | "as_they_did";
export type World = "open" | "as_it_was";

export const HOME = "/strategy";

const RIVALS: Readonly<Record<string, Rivals>> = { teams: "as_teams_do", did: "as_they_did" };
const WORLDS: Readonly<Record<string, World>> = { open: "open", was: "as_it_was" };

const chosen = <T,>(of: Readonly<Record<string, T>>, name: string | null): T | null => (name !== null && Object.hasOwn(of, name) ? (of[name] ?? null) : null);
const named = <T,>(of: Readonly<Record<string, T>>, value: T): string => Object.keys(of).find((name) => of[name] === value) ?? "";

/** /strategy/2024-05-R?lap=20&driver=VER&s=VER.25H; a trailing slash changes nothing. */
export function placeOf(path: string, search: string): Place {
  const query = new URLSearchParams(search);
  const [, session = null] = path.split("/").filter(Boolean).map(decoded);
  const lap = query.get("lap") ?? "";
  const driver = query.get("driver")?.toUpperCase() ?? "";
  const read = query.getAll("s").slice(0, MOST_SCENARIOS - 1).map((text, index) => readScenario(text, index + 1));
  const isLap = /^\d{1,3}$/.test(lap);
  return {
    session: session || null,
    lap: isLap ? Number(lap) : null,
    driver: driver || null,
    rivals: chosen(RIVALS, query.get("rivals")),
    world: chosen(WORLDS, query.get("world")),
    scenarios: read.map(({ scenario }) => scenario),
    unread: [...(lap && !isLap ? [`lap=${lap}`] : []), ...read.flatMap(({ unread }) => unread)],
  };
}

export function addressOf({ session, lap, driver, rivals, world, scenarios }: Omit<Place, "unread">): string {
  const query = new URLSearchParams();
  if (lap !== null) query.set("lap", String(lap));
  if (driver) query.set("driver", driver);
  if (rivals) query.set("rivals", named(RIVALS, rivals));
  if (world) query.set("world", named(WORLDS, world));
  for (const scenario of scenarios) {
    const text = writeScenario(scenario);
    if (text) query.append("s", text);
  }
  const text = query.toString();
  return `${HOME}${session ? `/${encodeURIComponent(session)}` : ""}${text && "?"}${text}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a % that encodes nothing: no session is called so, and the page says it
  }
}
