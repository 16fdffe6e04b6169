/** What the server answers about history, under the names that the pages use; generated, as all types of the server. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type NamedRef = Schemas["NamedRef"];
export type DriverRef = Schemas["DriverRef"];
export type RaceRef = Schemas["RaceRef"];
export type SearchHit = Schemas["SearchHit"];
export type SeasonLine = Schemas["SeasonLine"];
export type SeasonsAnswer = Schemas["SeasonsAnswer"];
export type RoundLine = Schemas["RoundLine"];
export type StandingRow = Schemas["StandingRow"];
export type StandingsAnswer = Schemas["StandingsAnswer"];
export type ProgressAnswer = Schemas["ProgressAnswer"];
export type ProgressLine = Schemas["ProgressLine"];
export type SeatLine = Schemas["SeatLine"];
export type CountLine = Schemas["CountLine"];
export type SeasonAnswer = Schemas["SeasonAnswer"];
export type ResultRow = Schemas["ResultRow"];
export type QualifyingTable = Schemas["QualifyingTable"];
export type QualifyingRow = Schemas["QualifyingRow"];
export type GridRow = Schemas["GridRow"];
export type FastestLapRow = Schemas["FastestLapRow"];
export type PitStopRow = Schemas["PitStopRow"];
export type RaceAnswer = Schemas["RaceAnswer"];
export type CareerTotals = Schemas["CareerTotals"];
export type CareerLine = Schemas["CareerLine"];
export type CareersAnswer = Schemas["CareersAnswer"];
export type CareerSeason = Schemas["CareerSeason"];
export type CareerPlace = Schemas["CareerPlace"];
export type CareerResult = Schemas["CareerResult"];
export type CareerResultsAnswer = Schemas["CareerResultsAnswer"];
export type Milestone = Schemas["Milestone"];
export type Duel = Schemas["Duel"];
export type DuelSeason = Schemas["DuelSeason"];
export type TeamMate = Schemas["TeamMate"];
export type DriverAnswer = Schemas["DriverAnswer"];
export type ConstructorAnswer = Schemas["ConstructorAnswer"];
export type HeadToHeadAnswer = Schemas["HeadToHeadAnswer"];
export type TeamMatePair = Schemas["TeamMatePair"];
export type TeamMatesAnswer = Schemas["TeamMatesAnswer"];
export type RecordInfo = Schemas["RecordInfo"];
export type RecordsAnswer = Schemas["RecordsAnswer"];
export type RecordRow = Schemas["RecordRow"];
export type RecordAnswer = Schemas["RecordAnswer"];
export type EraRow = Schemas["EraRow"];
export type EraPeriod = Schemas["EraPeriod"];
export type ErasAnswer = Schemas["ErasAnswer"];
export type CircuitLine = Schemas["CircuitLine"];
export type CircuitsAnswer = Schemas["CircuitsAnswer"];
export type GrandPrixLine = Schemas["GrandPrixLine"];
export type GrandsPrixAnswer = Schemas["GrandsPrixAnswer"];
export type LayoutLine = Schemas["LayoutLine"];
export type LapRecord = Schemas["LapRecord"];
export type PlaceAnswer = Schemas["PlaceAnswer"];

/** Whose championship: the drivers' or the constructors'. */
export type Of = "drivers" | "constructors";

export type ChampionshipAnswer = Schemas["ChampionshipAnswer"];
export type ChampionshipLine = Schemas["ChampionshipLine"];
export type ChampionshipEntrant = Schemas["Entrant"];
export type TitleNeed = Schemas["TitleNeed"];
