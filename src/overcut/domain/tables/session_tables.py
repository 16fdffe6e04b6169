"""Which tables hold what happened within a session: laps, stints, stops, gaps, weather, messages, events."""

from __future__ import annotations

from overcut.domain.tables.column import (
    NUMBER,
    SESSION_KEY,
    Column,
    ColumnType,
    Table,
    Unit,
    count,
    day,
    flag,
    ms,
    number,
    text,
    utc,
)

SESSIONS = Table(
    "sessions",
    "one session: what, when and where it was",
    Unit.SESSION,
    ("session_key",),
    (
        SESSION_KEY,
        count("season", "year of the championship; null where the session's key does not say", within=(1900, 2100)),
        count("round", "round of the season, 1-based; null likewise", within=(1, 40)),
        text("session", "FP1 to FP4, Q1, Q2, PQ, WU, SQ, S, Q or R; the whole key where that is not known"),
        text("event", "name of the Grand Prix as the source has it"),
        text("circuit_id", "circuit, by its F1DB id; null where unknown"),
        day("date", "local day on which it began"),
        utc("start_utc", "when it began, or was to begin"),
        utc("zero_utc", "the instant that t_ms counts from; null where unknown"),
        number("zero_error_s", "how far zero_utc may be out", "s", within=(0, None)),
        flag("simulated", "never took place: made by a simulation", nullable=False),
        flag("reconstructed", "rebuilt from tables, not from frames", nullable=False),
        count("laps", "laps of the winner in a race; null elsewhere", within=(0, 300)),
        ms("duration_ms", "from the first frame to the last"),
        Column("frames", ColumnType.INT32, "", "frames read; null where it was no stream"),
    ),
    order=("session_key",),
)

ENTRIES = Table(
    "entries",
    "one car of a session's entry list",
    Unit.SESSION,
    ("session_key", "driver_number"),
    (
        SESSION_KEY,
        NUMBER,
        text("driver", "three-letter code"),
        text("full_name", "driver's name as the source has it"),
        text("team", "team as the source names it"),
        text("driver_id", "driver, by F1DB id; null where unknown"),
        text("constructor_id", "constructor, by F1DB id; null where unknown"),
        text("colour", "team's colour as RRGGBB"),
    ),
    order=("session_key", "driver_number"),
)

LAPS = Table(
    "laps",
    "one lap of one car",
    Unit.SESSION,
    ("session_key", "driver_number", "lap"),
    (
        SESSION_KEY,
        count("season", "year of the championship; null where the session's key does not say", within=(1900, 2100)),
        count("round", "round of the season, 1-based; null likewise", within=(1, 40)),
        text("event", "name of the Grand Prix as the feed has it"),
        text("session", "FP1, FP2, FP3, SQ, S, Q or R; the session's whole key where that is not known"),
        text("driver", "three-letter code"),
        NUMBER,
        text("team", "team as the feed names it"),
        count("lap", "lap number of this car, 1-based", nullable=False, within=(0, 300)),
        number("lap_time_s", "lap time; null on lap 1 of a race and where it was never sent", "s", within=(0, 20_000)),
        number("s1_s", "sector 1", "s", within=(0, 20_000)),
        number("s2_s", "sector 2", "s", within=(0, 20_000)),
        number("s3_s", "sector 3", "s", within=(0, 20_000)),
        count(
            "position", "rank of crossing the line among the cars that completed this lap; races only", within=(1, None)
        ),
        text("compound", "tyre compound; null where unknown"),
        count(
            "tyre_life",
            "laps on the set at the end of the lap, those before this session included",
            "laps",
            within=(0, 200),
        ),
        count("stint", "number of the set within the session, 1-based; null where unknown"),
        flag("fresh_tyre", "the set was new when fitted; null where unknown"),
        flag("pit_in", "the lap ended in the pits"),
        flag("pit_out", "the lap began from the pits"),
        text("track_status", "the feed's digits seen during the lap, each once, in order"),
        flag("is_accurate", "the lap time tells the car's pace"),
        number("speed_i1", "speed at the first intermediate", "km/h", within=(0, 500)),
        number("speed_i2", "speed at the second intermediate", "km/h", within=(0, 500)),
        number("speed_fl", "speed at the finish line", "km/h", within=(0, 500)),
        number("speed_st", "speed at the speed trap", "km/h", within=(0, 500)),
        number("pit_in_time_s", "when the car entered the pits, since the session's feed began", "s"),
        number("pit_out_time_s", "when the car left the pits, likewise", "s"),
        number("lap_start_s", "when the lap began, likewise", "s"),
        number("lap_end_s", "when the lap ended, likewise", "s"),
        flag("is_personal_best", "the driver's best so far, by the feed's colour when it was sent"),
        flag("deleted", "race control deleted the lap time; null where no message of race control was recorded"),
        flag("generated", "inserted by somebody for a car that had retired; never by us"),
        text(
            "lap_time_source",
            "f1 (sent), repeated (equal to the lap before), sector_sum; from elsewhere also ergast, derived_lap1; "
            "null for none",
        ),
        text("deleted_reason", "why it was deleted, in race control's words"),
        text("accuracy_reason", "why the lap is not accurate"),
        count("part", "qualifying part 1-3; null elsewhere", within=(1, 3)),
        number("amended_at", "when a late value last changed the lap, since the session's feed began", "s"),
    ),
    order=("session_key", "driver_number", "lap"),
)

STINTS = Table(
    "stints",
    "one set of tyres on one car: the laps between two visits to the pits at which tyres were changed",
    Unit.SESSION,
    ("session_key", "driver_number", "stint"),
    (
        SESSION_KEY,
        text("driver", "three-letter code"),
        NUMBER,
        count("stint", "number of the set within the session, 1-based", nullable=False),
        text("compound", "tyre compound; null where unknown"),
        flag("fresh_tyre", "the set was new when fitted; null where unknown"),
        count("start_lap", "first lap on the set", nullable=False, within=(0, 300)),
        count("end_lap", "last lap on the set", nullable=False, within=(0, 300)),
        count("laps", "laps driven on it in this session", "laps", nullable=False, within=(0, 300)),
        count("tyre_life_start", "laps on the set when it was fitted", "laps", within=(0, 200)),
        count("tyre_life_end", "laps on the set at the end", "laps", within=(0, 200)),
    ),
    order=("session_key", "driver_number", "stint"),
)

PIT_STOPS = Table(
    "pit_stops",
    "one visit to the pit lane",
    Unit.SESSION,
    ("session_key", "driver_number", "stop"),
    (
        SESSION_KEY,
        text("driver", "three-letter code; null where unknown"),
        text("driver_id", "driver, by F1DB id; null where unknown"),
        NUMBER,
        text("team", "team as the source names it"),
        count("stop", "number of the visit, 1-based", nullable=False),
        count("lap", "the lap that ended in the pits", within=(0, 300)),
        number("pit_in_time_s", "when the car entered the pit lane, since the session's feed began", "s"),
        number("pit_lane_s", "time in the pit lane, entry to exit", "s", within=(0, 20_000)),
        number("stationary_s", "time at rest in the box; null where not sent", "s", within=(0, 20_000)),
        text("compound_before", "tyre compound on arrival"),
        count("tyre_life_before", "laps on it", "laps", within=(0, 200)),
        text("compound_after", "tyre compound on leaving"),
        count("tyre_life_after", "laps on it after the first lap on it", "laps", within=(0, 200)),
        text("track_status", "the feed's digits during the in-lap and the stop"),
    ),
    order=("session_key", "driver_number", "stop"),
)

POSITIONS = Table(
    "positions",
    "a car's position, gap or interval as it changed",
    Unit.SESSION,
    ("session_key", "t_ms", "driver_number"),
    (
        SESSION_KEY,
        ms("t_ms", "since the session's feed began", nullable=False),
        NUMBER,
        count("position", "position on the timing screen", within=(1, None)),
        number("gap_s", "behind the leader; null when lapped or unknown", "s", within=(0, 20_000)),
        number("interval_s", "behind the car in front; null likewise", "s", within=(0, 20_000)),
        count("gap_laps", "laps behind the leader; null when on the leader's lap", "laps", within=(0, 300)),
        count("interval_laps", "laps behind the car in front; null likewise", "laps", within=(0, 300)),
        count("leader_lap", "lap that the leader was on; null where unknown", within=(0, 300)),
    ),
    order=("session_key", "t_ms", "driver_number"),
)

WEATHER = Table(
    "weather",
    "one reading of the weather station at the track",
    Unit.SESSION,
    ("session_key", "t_ms"),
    (
        SESSION_KEY,
        ms("t_ms", "since the session's feed began", nullable=False),
        number("air_temp_c", "air", "°C", within=(-30, 60)),
        number("track_temp_c", "track surface", "°C", within=(-30, 90)),
        number("humidity_pct", "relative humidity", "%", within=(0, 100)),
        number("pressure_mbar", "air pressure", "mbar", within=(500, 1100)),
        flag("rainfall", "rain falls"),
        number("wind_direction_deg", "where the wind comes from, clockwise from north", "°", within=(0, 360)),
        number("wind_speed_ms", "wind", "m/s", within=(0, 100)),
    ),
    order=("session_key", "t_ms"),
)

RACE_CONTROL = Table(
    "race_control",
    "one message of race control",
    Unit.SESSION,
    ("session_key", "message_number"),
    (
        SESSION_KEY,
        count("message_number", "in order of sending, 1-based", nullable=False),
        ms("t_ms", "since the session's feed began; null where unknown"),
        utc("utc", "as the message is stamped; null where unknown"),
        text("category", "Flag, SafetyCar, Drs, CarEvent, Other …"),
        text("message", "the words", nullable=False),
        text("status", "what came of it, where the feed says"),
        text("flag", "GREEN, YELLOW, RED …"),
        text("scope", "Track, Sector or Driver"),
        count("sector", "marshal sector, where the scope is one"),
        text("driver_number", "racing number, where a driver is meant"),
        count("lap", "lap of the leader", within=(0, 300)),
    ),
    order=("session_key", "message_number"),
)

TRACK_STATUS = Table(
    "track_status",
    "a change of the flags for the whole track",
    Unit.SESSION,
    ("session_key", "t_ms", "status"),
    (
        SESSION_KEY,
        ms("t_ms", "since the session's feed began", nullable=False),
        text("status", "the feed's digit: 1 clear, 2 yellow, 4 safety car, 5 red, 6 VSC, 7 VSC ending", nullable=False),
        text("message", "the feed's word for it"),
    ),
    order=("session_key", "t_ms"),
)

SESSION_STATUS = Table(
    "session_status",
    "a change of the session's own status",
    Unit.SESSION,
    ("session_key", "t_ms", "status"),
    (
        SESSION_KEY,
        ms("t_ms", "since the session's feed began", nullable=False),
        text("status", "Inactive, Started, Aborted, Finished, Finalised, Ends", nullable=False),
    ),
    order=("session_key", "t_ms"),
)

NEUTRALISATIONS = Table(
    "neutralisations",
    "one period under safety car, virtual safety car or red flag",
    Unit.SESSION,
    ("session_key", "start_ms", "kind"),
    (
        SESSION_KEY,
        text("kind", "SC, VSC or RED", nullable=False),
        ms("start_ms", "since the session's feed began", nullable=False),
        ms("end_ms", "likewise; null where it lasted to the end"),
        count("start_lap", "lap of the leader at the start", within=(0, 300)),
        count("end_lap", "lap of the leader at the end", within=(0, 300)),
    ),
    order=("session_key", "start_ms"),
)

TELEMETRY = Table(
    "telemetry",
    "one sample of one car, as sent or at the begin or end of a lap",
    Unit.SESSION,
    ("session_key", "driver_number", "lap", "t_s"),
    (
        SESSION_KEY,
        text("driver", "three-letter code; empty where the feed named nobody"),
        NUMBER,
        count("lap", "lap number, from 1", nullable=False, within=(0, 300)),
        number("t_s", "time since the lap began, the table's axis", "s", nullable=False),
        ms("session_t_ms", "the same instant since the session's feed began", nullable=False),
        text("source", "what was sent at this instant: car, position, both; edge: the lap's begin or end"),
        number("speed_kmh", "speed; interpolated where only a position was sent", "km/h", within=(0, 500)),
        number("rpm", "engine speed; interpolated where only a position was sent", "1/min", within=(0, 25_000)),
        count("gear", "gear, 0 neutral; never interpolated", within=(-1, 9)),
        number("throttle_pct", "throttle, 0 to 100; interpolated where only a position was sent", "%", within=(0, 110)),
        count("brake_pct", "brake, 0 or 100 (the feed tells no more); never interpolated", "%", within=(0, 110)),
        count("drs", "DRS code (10, 12, 14: open), null since 2026; never interpolated"),
        number("x_m", "place in the feed's own coordinates; interpolated where only a car was sent", "m"),
        number("y_m", "the same, second axis", "m"),
        number("z_m", "the same, height", "m"),
        flag("on_track", "the feed's word on the car's place; never interpolated"),
        number("distance_m", "distance along the lap; see the report for how it was fitted", "m"),
        number("relative_distance", "the same as a share of the lap, 0 to 1", within=(0, 1.001)),
        flag("gap", "within a stretch in which car data or positions are missing"),
    ),
    order=("session_key", "driver_number", "lap", "t_s"),
)

CHANNELS = Table(
    "channels",
    "one value of any further numeric channel of a car: games, own loggers, other series",
    Unit.SESSION,
    ("session_key", "driver_number", "channel", "t_ms"),
    (
        SESSION_KEY,
        NUMBER,
        text("channel", "the channel's name", nullable=False),
        ms("t_ms", "since the session began", nullable=False),
        number("value", "in the channel's own unit", nullable=False),
        text("unit", "of the value; empty for none"),
    ),
    order=("session_key", "driver_number", "channel", "t_ms"),
)

EVENTS = Table(
    "events",
    "one thing that happened, as the engine told it",
    Unit.SESSION,
    ("session_key", "number"),
    (
        SESSION_KEY,
        Column("number", ColumnType.INT32, "", "number within the session, from 1, without holes", nullable=False),
        ms("t_ms", "since the session's feed began", nullable=False),
        text("kind", "LapCompleted, PitEntered, TrackStatusChanged …", nullable=False),
        text("driver_number", "whom it concerns; null for the whole track"),
        count("lap", "lap that it concerns; null for none", within=(0, 300)),
        text("body", "the whole event as JSON (docs/reference/events.md)", nullable=False),
    ),
    order=("session_key", "number"),
)

FORECASTS = Table(
    "forecasts",
    "one forecast, as it was made, and what came of it",
    Unit.SESSION,
    ("session_key", "forecast_id"),
    (
        SESSION_KEY,
        text("forecast_id", "unique within the session", nullable=False),
        ms("t_ms", "when it was made, since the session's feed began", nullable=False),
        count("lap", "lap of the leader by then; 0 before the start", within=(0, 300)),
        text("task", "laptime, overtake, pit, race, qualifying, safetycar, championship", nullable=False),
        text("model", "who made it", nullable=False),
        text("model_version", "which version of it", nullable=False),
        text("inputs_hash", "SHA-256 of what it was made from", nullable=False),
        text("subject", "whom it concerns: racing number, or two joined by '>'; empty for the session"),
        text(
            "outcome", "what is forecast: a class's name; for a number, the quantile (q05, q50, mean …)", nullable=False
        ),
        number("value", "probability of the class, or the quantile in the task's unit", nullable=False),
        text("observed", "what happened; null as long as it is open"),
        number("observed_value", "the same as a number, where it is one"),
    ),
    order=("session_key", "t_ms", "forecast_id"),
)

SESSION_TABLES = (
    SESSIONS,
    ENTRIES,
    LAPS,
    STINTS,
    PIT_STOPS,
    POSITIONS,
    WEATHER,
    RACE_CONTROL,
    TRACK_STATUS,
    SESSION_STATUS,
    NEUTRALISATIONS,
    TELEMETRY,
    CHANNELS,
    EVENTS,
    FORECASTS,
)
