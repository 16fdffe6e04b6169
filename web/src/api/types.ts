/**
 * What the server sends, under the names that the board uses. Generated from the server's OpenAPI document
 * (`npm run types` writes schema.ts); nothing here is typed by hand.
 *
 * A member that is not known may be null or absent, because a merge patch removes what becomes unknown.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** Not known (yet): null on the wire, absent after a merge patch. */
export type Maybe<T> = T | null | undefined;

export type TrackStatus = Schemas["TrackStatus"];
export type SessionStatus = Schemas["SessionStatus"];
export type CarStatus = Schemas["CarStatus"];
/** 0 not yet, 1 yellow, 2 green, 3 purple, 4 pit lane, 5 other. */
export type Segment = Schemas["Segment"];
export type Compound = Schemas["Compound"];
export type Gap = Schemas["Gap"];
export type TimedLap = Schemas["TimedLap"];
export type SectorState = Schemas["SectorState"];
export type TrapSpeed = Schemas["TrapSpeed"];
export type Stint = Schemas["Stint"];
export type CarState = Schemas["CarState"];
export type Meeting = Schemas["Meeting"];
export type Weather = Schemas["Weather"];
export type RaceControlMessage = Schemas["RaceControlMessage"];
export type SessionState = Schemas["SessionState"];
export type Lap = Schemas["Lap"];
export type Playback = Schemas["PlaybackStatus"];
export type Feed = Schemas["FeedStatus"];
export type SessionSummary = Schemas["SessionSummary"];
export type StateAnswer = Schemas["StateAnswer"];
export type LapsAnswer = Schemas["LapsAnswer"];
export type TrackOutline = Schemas["TrackOutline"];
export type Timeline = Schemas["Timeline"];
export type PlaybackCommand = Schemas["PlaybackCommand"];

export type SnapshotMessage = Schemas["Snapshot"];
/** The schema can only say "an object" of a merge patch. */
export type DeltaMessage = Omit<Schemas["Delta"], "patch"> & { readonly patch?: unknown };
export type MapMessage = Schemas["MapUpdate"];
export type FeedMessage = Schemas["FeedUpdate"];
export type StreamMessage = SnapshotMessage | DeltaMessage | MapMessage | FeedMessage;
/** x, y in decimetres, and whether the car is on the track (1) or not (0). */
export type Place = MapMessage["places"][string];
/** rpm, km/h, gear, throttle %, brake %, DRS code; the last three null where not known. */
export type Sample = NonNullable<MapMessage["samples"]>[string];
