/** Which page an address of the history means, and how such addresses are written. They are permanent: never change one. */

export type Page =
  | { readonly is: "home" }
  | { readonly is: "season"; readonly year: number }
  | { readonly is: "championship"; readonly year: number }
  | { readonly is: "race"; readonly year: number; readonly round: number }
  | { readonly is: "drivers" | "constructors" | "circuits" | "grands-prix" | "records" | "eras" }
  | { readonly is: "driver" | "constructor" | "circuit" | "grand-prix" | "record"; readonly id: string }
  | { readonly is: "head-to-head"; readonly a: string | null; readonly b: string | null }
  | { readonly is: "nothing" };

const LISTS = { "drivers": "driver", "constructors": "constructor", "circuits": "circuit", "grands-prix": "grand-prix", "records": "record" } as const;
const NOTHING: Page = { is: "nothing" };

/** The page of a path such as /history/1996/6; a trailing slash changes nothing. */
export function pageOf(path: string): Page {
  const parts = decoded(path);
  if (parts?.[0] !== "history") return NOTHING;
  const [first, second, third] = parts.slice(1);
  if (parts.length > 4) return NOTHING;
  if (first === undefined) return { is: "home" };
  if (first === "head-to-head") return { is: "head-to-head", a: second ?? null, b: third ?? null };
  if (third !== undefined) return NOTHING;
  if (/^\d{4}$/.test(first)) return ofSeason(Number(first), second);
  if (first === "eras") return second === undefined ? { is: "eras" } : NOTHING;
  if (!isList(first)) return NOTHING;
  return second === undefined ? { is: first } : { is: LISTS[first], id: second };
}

const isList = (name: string): name is keyof typeof LISTS => Object.hasOwn(LISTS, name);

function ofSeason(year: number, rest: string | undefined): Page {
  if (rest === undefined) return { is: "season", year };
  if (rest === "championship") return { is: "championship", year };
  return /^\d{1,2}$/.test(rest) && Number(rest) > 0 ? { is: "race", year, round: Number(rest) } : NOTHING;
}

function decoded(path: string): string[] | null {
  try {
    return path.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return null; // a % that encodes nothing
  }
}

const part = encodeURIComponent;
export const paths = {
  home: "/history",
  season: (year: number) => `/history/${year}`,
  championship: (year: number) => `/history/${year}/championship`,
  race: ({ season, round }: { readonly season: number; readonly round: number }) => `/history/${season}/${round}`,
  drivers: "/history/drivers",
  driver: (id: string) => `/history/drivers/${part(id)}`,
  constructors: "/history/constructors",
  constructor: (id: string) => `/history/constructors/${part(id)}`,
  circuits: "/history/circuits",
  circuit: (id: string) => `/history/circuits/${part(id)}`,
  grandsPrix: "/history/grands-prix",
  grandPrix: (id: string) => `/history/grands-prix/${part(id)}`,
  records: "/history/records",
  record: (name: string) => `/history/records/${part(name)}`,
  headToHead: (a?: string | null, b?: string | null) => ["/history/head-to-head", a, b].flatMap((one, index) => (one ? [index === 0 ? one : part(one)] : [])).join("/"),
  eras: "/history/eras",
};

/** A whole number in the address's query, between two bounds; null where there is none. */
export function asked(search: string, name: string, least: number, most: number): number | null {
  const text = new URLSearchParams(search).get(name) ?? "";
  if (!/^\d{1,6}$/.test(text)) return null;
  return Math.min(Math.max(Number(text), least), most);
}
