/** Which columns the board shows, by kind of session and by the room there is. */
import type { SessionKind } from "../format/cars";

export type ColumnId =
  | "position" | "movement" | "driver" | "name" | "gap" | "interval" | "gaps" | "last" | "best"
  | "q1" | "q2" | "q3" | "s1" | "s2" | "s3" | "tyre" | "stints" | "stops" | "laps" | "trap";

export interface Column {
  readonly id: ColumnId;
  readonly label: string;
  /** The whole word, for screen readers and tooltips. */
  readonly words: string;
  /** Least width, px. */
  readonly width: number;
  readonly align: "start" | "center" | "end";
}

const column = (
  id: ColumnId, label: string, words: string, width: number, align: Column["align"] = "end",
): Column => ({ id, label, words, width, align });

const COLUMNS = {
  position: column("position", "P", "Position", 26),
  movement: column("movement", "±", "Places won since the grid", 32, "start"),
  driver: column("driver", "Driver", "Driver", 76, "start"),
  name: column("name", "", "Name or status", 84, "start"),
  gap: column("gap", "Gap", "Gap to the leader", 70),
  interval: column("interval", "Int", "Interval to the car ahead", 66),
  gaps: column("gaps", "Gap · Int", "Gap to the leader, interval or status below", 70),
  last: column("last", "Last", "Last lap", 72),
  best: column("best", "Best", "Best lap", 72),
  q1: column("q1", "Q1", "Best lap of part 1", 70),
  q2: column("q2", "Q2", "Best lap of part 2", 70),
  q3: column("q3", "Q3", "Best lap of part 3", 70),
  s1: column("s1", "S1", "Sector 1", 74, "start"),
  s2: column("s2", "S2", "Sector 2", 66, "start"),
  s3: column("s3", "S3", "Sector 3", 66, "start"),
  tyre: column("tyre", "Tyre", "Tyre and its age in laps", 50, "start"),
  stints: column("stints", "Stints", "Tyres so far", 96, "start"),
  stops: column("stops", "Pit", "Pit stops", 28, "center"),
  laps: column("laps", "Laps", "Laps done", 36),
  trap: column("trap", "Trap", "Speed trap, km/h", 44),
} satisfies Record<ColumnId, Column>;

/** Left to right as shown. */
const SHOWN: Record<SessionKind, readonly ColumnId[]> = {
  race: [
    "position", "movement", "driver", "name", "gap", "interval", "gaps", "last", "best", "s1", "s2", "s3", "tyre",
    "stints", "stops", "trap",
  ],
  qualifying: [
    "position", "driver", "name", "best", "gap", "interval", "gaps", "last", "q1", "q2", "q3", "s1", "s2", "s3", "tyre",
    "laps", "trap",
  ],
  practice: [
    "position", "driver", "name", "best", "gap", "interval", "gaps", "last", "s1", "s2", "s3", "tyre", "stints", "laps",
    "trap",
  ],
};

type Groups = readonly (readonly ColumnId[])[];

/** First to last as granted room. On a phone gap and interval share one column. */
const PHONE: Record<SessionKind, Groups> = {
  race: [["position", "driver", "gaps", "tyre"], ["last"], ["movement"], ["stops"]],
  qualifying: [["position", "driver", "best", "gaps"], ["tyre"], ["last"]],
  practice: [["position", "driver", "best", "gaps"], ["tyre"], ["last"]],
};
const WIDE: Record<SessionKind, Groups> = {
  race: [
    ["position", "driver", "gap", "tyre"], ["interval"], ["last"], ["movement"], ["name"], ["stops"],
    ["s1", "s2", "s3"], ["best"], ["stints"], ["trap"],
  ],
  qualifying: [
    ["position", "driver", "best", "gap"], ["tyre"], ["name"], ["last"], ["s1", "s2", "s3"], ["q1", "q2", "q3"],
    ["interval"], ["laps"], ["trap"],
  ],
  practice: [
    ["position", "driver", "best", "gap"], ["tyre"], ["name"], ["last"], ["s1", "s2", "s3"], ["laps"],
    ["interval"], ["stints"], ["trap"],
  ],
};

/** Room between two columns and at either edge of a row, px; board.css has the same. */
export const COLUMN_GAP = 8;
export const ROW_EDGE = 8;
/** Below this the board is a phone's, px. */
const PHONE_WIDTH = 480;

/** The columns that fit `width` px, in reading order. A group that does not fit is left out whole; later ones may fit. */
export function columnsFor(kind: SessionKind, width: number): Column[] {
  const granted = new Set<ColumnId>();
  let room = width - 2 * ROW_EDGE + COLUMN_GAP;
  for (const [index, group] of (width < PHONE_WIDTH ? PHONE : WIDE)[kind].entries()) {
    const needed = group.reduce((sum, id) => sum + COLUMNS[id].width + COLUMN_GAP, 0);
    if (index > 0 && needed > room) continue;
    room -= needed;
    for (const id of group) granted.add(id);
  }
  return SHOWN[kind].filter((id) => granted.has(id)).map((id) => COLUMNS[id]);
}

/** Grid template: figures keep their width; names, sectors and stints share what is left. */
export function template(columns: readonly Column[]): string {
  const named = columns.some(({ id }) => id === "name");
  const share: Partial<Record<ColumnId, string>> = { name: "3fr", stints: "4fr", s1: "1fr", s2: "1fr", s3: "1fr" };
  return columns
    .map(({ id, width }) => {
      const part = id === "driver" && !named ? "1fr" : share[id];
      return part ? `minmax(${width}px, ${part})` : `${width}px`;
    })
    .join(" ");
}
