/** Where the API answers what: one function a question. */
import type {
  CareerResultsAnswer, CareersAnswer, ChampionshipAnswer, CircuitsAnswer, ConstructorAnswer, DriverAnswer, ErasAnswer, GrandsPrixAnswer, HeadToHeadAnswer,
  Of, PlaceAnswer, ProgressAnswer, RaceAnswer, RecordAnswer, RecordsAnswer, SearchHit, SeasonAnswer, SeasonsAnswer,
  TeamMatesAnswer,
} from "./types";
import type { Address } from "./useAnswer";

type Asked = Readonly<Record<string, string | number | null | undefined>>;

/** A path, under /history unless told otherwise, its parts and its query encoded; what is null or empty is left out. */
function at<T>(parts: readonly (string | number)[], asked: Asked = {}, root = "history"): Address<T> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return `/${root}/${parts.map((part) => encodeURIComponent(part)).join("/")}${text && "?"}${text}`;
}

export const addresses = {
  search: (q: string, limit = 12) => at<readonly SearchHit[]>(["search"], { q, limit }),
  seasons: () => at<SeasonsAnswer>(["seasons"], { limit: 200 }),
  season: (year: number) => at<SeasonAnswer>(["seasons", year]),
  progress: (year: number, of: Of) => at<ProgressAnswer>(["seasons", year, "progress"], { of }),
  teamMates: (year: number) => at<TeamMatesAnswer>(["seasons", year, "team-mates"]),
  /** The computed table after a round, and who can still win. */
  championship: (year: number, of: Of, after: number | null) => at<ChampionshipAnswer>([year], { of, after }, "championship"),
  race: (year: number, round: number) => at<RaceAnswer>(["races", year, round]),
  drivers: (asked: { readonly offset?: number; readonly limit?: number } = {}) => at<CareersAnswer>(["drivers"], asked),
  driver: (id: string) => at<DriverAnswer>(["drivers", id]),
  driverResults: (id: string, asked: { readonly offset?: number; readonly limit?: number } = {}) => at<CareerResultsAnswer>(["drivers", id, "results"], asked),
  constructors: (asked: { readonly offset?: number; readonly limit?: number } = {}) => at<CareersAnswer>(["constructors"], asked),
  constructor: (id: string) => at<ConstructorAnswer>(["constructors", id]),
  circuits: () => at<CircuitsAnswer>(["circuits"], { limit: 200 }),
  circuit: (id: string) => at<PlaceAnswer>(["circuits", id]),
  grandsPrix: () => at<GrandsPrixAnswer>(["grands-prix"], { limit: 200 }),
  grandPrix: (id: string) => at<PlaceAnswer>(["grands-prix", id]),
  records: () => at<RecordsAnswer>(["records"]),
  record: (name: string, asked: { readonly of?: string | null; readonly from?: number | null; readonly to?: number | null; readonly grid?: number | null; readonly limit?: number }) =>
    at<RecordAnswer>(["records", name], asked),
  headToHead: (a: string, b: string) => at<HeadToHeadAnswer>(["head-to-head"], { a, b }),
  eras: (asked: { readonly metric?: string | null; readonly of?: Of | null; readonly from?: number | null; readonly to?: number | null; readonly least?: number | null; readonly limit?: number }) =>
    at<ErasAnswer>(["eras"], asked),
};
