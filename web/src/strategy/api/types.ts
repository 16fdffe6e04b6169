/** What the server takes and answers about strategy, under the names that the page uses; generated, as all its types. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Estimate = Schemas["TyreNow"]["offset_s"];
export type Spread = Schemas["Spread"];
export type StrategySession = Schemas["StrategySession"];
export type RaceAnswer = Schemas["StrategyRace"];
export type ActualCar = Schemas["ActualCar"];
export type CarNow = Schemas["CarNow"];
export type DriverAnswer = Schemas["DriverOutlook"];
export type FanLap = Schemas["FanLap"];
export type Moment = Schemas["Moment"];
export type Reason = Schemas["Reason"];
export type ScenarioAnswer = Schemas["ScenarioAnswer"];
export type WhatIfAnswer = Schemas["WhatIfAnswer"];
export type StreamLine = Schemas["StreamLine"];
export type PlanAsked = Schemas["PlanAsked"];
export type ScenarioAsked = Schemas["ScenarioAsked"];
export type WhatIfQuestion = Schemas["WhatIfQuestion"];
export type OptimiseQuestion = Schemas["OptimiseQuestion"];
export type OptimiserAnswer = Schemas["OptimiserAnswer"];
export type OptimiserLine = Schemas["OptimiserLine"];
export type PlanValue = Schemas["PlanValue"];
export type Value = Schemas["Value"];
export type Objective = Schemas["Objective"];
export type StopsAnswer = Schemas["StopsAnswer"];
export type CarStops = Schemas["CarStops"];
export type StopDuel = Schemas["StopDuel"];
export type RaceHindsight = Schemas["RaceHindsight"];
export type DriverHindsight = Schemas["DriverHindsight"];
export type Missed = Schemas["Missed"];
