"""Which endpoint of OpenF1 is which SELECT over the lake.

Names and meanings of the columns follow https://openf1.org/docs (October 2025). Two things differ, and are said in
docs/how-to/use-openf1-clients.md: keys of sessions and meetings are numbers of our own, made from season, round and
kind; and what the lake does not hold (head shots, mini-sectors, broadcast names) is null.
"""
# ruff: noqa: S608 -- statements are put together from the constants of this module alone

from __future__ import annotations

from collections.abc import Mapping

from overcut.domain.tables import ColumnType
from overcut.lake.rows import Rows

_KINDS = {"FP1": 1, "FP2": 2, "FP3": 3, "SQ": 4, "S": 5, "Q": 6, "R": 7}
_NAMES = {
    "FP1": ("Practice 1", "Practice"),
    "FP2": ("Practice 2", "Practice"),
    "FP3": ("Practice 3", "Practice"),
    "SQ": ("Sprint Qualifying", "Qualifying"),
    "S": ("Sprint", "Race"),
    "Q": ("Qualifying", "Qualifying"),
    "R": ("Race", "Race"),
}


def _case(of: str, choices: Mapping[str, object], otherwise: str) -> str:
    branches = " ".join(f"WHEN '{key}' THEN {value}" for key, value in choices.items())
    return f"CASE {of} {branches} ELSE {otherwise} END"


def _digest(text: str) -> str:
    """A number from the MD5 of a text, above every official key: for sessions without season and round."""
    return f"1000000000 + CAST('0x' || substr(md5({text}), 1, 7) AS BIGINT)"


_OFFICIAL = "s.season IS NOT NULL AND s.round IS NOT NULL AND NOT s.simulated"
_SESSION_KEY = (
    f"CASE WHEN {_OFFICIAL} THEN CAST(s.season AS BIGINT) * 10000 + s.round * 100 + {_case('s.session', _KINDS, '0')} "
    f"ELSE {_digest('s.session_key')} END"
)
_WEEKEND = "regexp_replace(s.session_key, '-(FP[123]|SQ|S|Q|R)$', '')"
_MEETING_KEY = f"CASE WHEN {_OFFICIAL} THEN CAST(s.season AS BIGINT) * 100 + s.round ELSE {_digest(_WEEKEND)} END"
_KEYS = f"{_MEETING_KEY} AS meeting_key, {_SESSION_KEY} AS session_key, s.session_key AS overcut_key"
_NUMBER = "TRY_CAST({0}.driver_number AS SMALLINT) AS driver_number"

_INT, _BIG, _REAL, _TEXT = ColumnType.INT16, ColumnType.INT64, ColumnType.FLOAT64, ColumnType.TEXT
_BOOL, _UTC = ColumnType.BOOL, ColumnType.UTC_MS
_KEY_TYPES = {"meeting_key": _BIG, "session_key": _BIG, "overcut_key": _TEXT}
_CAR_TYPES = {**_KEY_TYPES, "driver_number": _INT}


def _at(ms: str) -> str:
    """The instant of a time since the feed began; null where the feed's zero is not known."""
    return f"make_timestamptz(CAST((epoch_ms(s.zero_utc) + {ms}) * 1000 AS BIGINT))"


def _of(table: str, columns: str, where: str = "TRUE") -> str:
    return f"SELECT {columns}, {_KEYS} FROM {table} AS t JOIN sessions AS s USING (session_key) WHERE {where}"


def _rows(name: str, select: str, types: Mapping[str, ColumnType]) -> Rows:
    return Rows(name, select, types)


_SESSION_NAME = _case("s.session", {kind: f"'{name}'" for kind, (name, _) in _NAMES.items()}, "s.session")
_SESSION_TYPE = _case("s.session", {kind: f"'{group}'" for kind, (_, group) in _NAMES.items()}, "NULL")
_PLACE = (
    "c.name AS circuit_short_name, c.circuit_id AS circuit_key, c.place AS location, n.name AS country_name, "
    "n.alpha3 AS country_code"
)
_PLACE_TYPES = dict.fromkeys(
    ("circuit_short_name", "circuit_key", "location", "country_name", "country_code"), ColumnType.TEXT
)
_WHERE_HELD = "sessions AS s LEFT JOIN circuits AS c USING (circuit_id) LEFT JOIN countries AS n USING (country_id)"
_BEGAN = "coalesce(s.start_utc, s.zero_utc)"

_LAPPED = "'+' || {0} || CASE WHEN {0} = 1 THEN ' LAP' ELSE ' LAPS' END"


def _gap(seconds: str, laps: str) -> str:
    """A gap as OpenF1 has it: seconds, or words of laps."""
    return f"CASE WHEN {laps} > 0 THEN {_LAPPED.format(laps)} ELSE CAST(round({seconds}, 3) AS VARCHAR) END"


ENDPOINTS: Mapping[str, Rows] = {
    found.name: found
    for found in (
        _rows(
            "sessions",
            f"SELECT {_KEYS}, {_SESSION_NAME} AS session_name, {_SESSION_TYPE} AS session_type, "
            f"{_BEGAN} AS date_start, "
            f"make_timestamptz(CAST((epoch_ms(s.zero_utc) + s.duration_ms) * 1000 AS BIGINT)) AS date_end, {_PLACE}, "
            f"s.season AS year, s.simulated FROM {_WHERE_HELD}",
            {
                **_KEY_TYPES, "session_name": _TEXT, "session_type": _TEXT, "date_start": _UTC, "date_end": _UTC,
                **_PLACE_TYPES, "year": _INT, "simulated": _BOOL,
            },
        ),
        _rows(
            "meetings",
            f"SELECT DISTINCT ON (meeting_key) {_MEETING_KEY} AS meeting_key, s.event AS meeting_name, "
            "r.official_name AS meeting_official_name, "
            f"min({_BEGAN}) OVER (PARTITION BY {_MEETING_KEY}) AS date_start, "
            f"{_PLACE}, s.season AS year FROM {_WHERE_HELD} "
            "LEFT JOIN races AS r ON r.season = s.season AND r.round = s.round AND NOT s.simulated "
            "ORDER BY meeting_key, s.session_key",
            {
                "meeting_key": _BIG, "meeting_name": _TEXT, "meeting_official_name": _TEXT, "date_start": _UTC,
                **_PLACE_TYPES, "year": _INT,
            },
        ),
        _rows(
            "drivers",
            _of(
                "entries",
                f"{_NUMBER.format('t')}, t.driver AS name_acronym, t.full_name, "
                "regexp_extract(t.full_name, '^(\\S+)', 1) AS first_name, "
                "regexp_extract(t.full_name, '^\\S+\\s+(.*)$', 1) AS last_name, "
                "t.team AS team_name, t.colour AS team_colour, NULL::VARCHAR AS headshot_url, "
                "NULL::VARCHAR AS broadcast_name, NULL::VARCHAR AS country_code",
            ),
            {
                **_CAR_TYPES,
                **dict.fromkeys(
                    (
                        "name_acronym", "full_name", "first_name", "last_name", "team_name", "team_colour",
                        "headshot_url", "broadcast_name", "country_code",
                    ),
                    _TEXT,
                ),
            },
        ),
        _rows(
            "laps",
            _of(
                "laps",
                f"{_NUMBER.format('t')}, t.lap AS lap_number, {_at('t.lap_start_s * 1000')} AS date_start, "
                "t.lap_time_s AS lap_duration, t.s1_s AS duration_sector_1, t.s2_s AS duration_sector_2, "
                "t.s3_s AS duration_sector_3, t.speed_i1 AS i1_speed, t.speed_i2 AS i2_speed, t.speed_st AS st_speed, "
                "coalesce(t.pit_out, FALSE) AS is_pit_out_lap",
            ),
            {
                **_CAR_TYPES, "lap_number": _INT, "date_start": _UTC, "lap_duration": _REAL,
                **dict.fromkeys(
                    (
                        "duration_sector_1", "duration_sector_2", "duration_sector_3", "i1_speed", "i2_speed",
                        "st_speed",
                    ),
                    _REAL,
                ),
                "is_pit_out_lap": _BOOL,
            },
        ),
        _rows(
            "stints",
            _of(
                "stints",
                f"{_NUMBER.format('t')}, t.stint AS stint_number, t.start_lap AS lap_start, t.end_lap AS lap_end, "
                "t.compound, t.tyre_life_start AS tyre_age_at_start",
            ),
            {
                **_CAR_TYPES, "stint_number": _INT, "lap_start": _INT, "lap_end": _INT, "compound": _TEXT,
                "tyre_age_at_start": _INT,
            },
        ),
        _rows(
            "pit",
            _of(
                "pit_stops",
                f"{_NUMBER.format('t')}, t.lap AS lap_number, {_at('t.pit_in_time_s * 1000')} AS date, "
                "t.pit_lane_s AS pit_duration, t.pit_lane_s AS lane_duration, t.stationary_s AS stop_duration",
            ),
            {
                **_CAR_TYPES, "lap_number": _INT, "date": _UTC, "pit_duration": _REAL, "lane_duration": _REAL,
                "stop_duration": _REAL,
            },
        ),
        _rows(
            "position",
            "SELECT * EXCLUDE (before) FROM ("
            + _of(
                "positions",
                f"{_NUMBER.format('t')}, {_at('t.t_ms')} AS date, t.position, "
                "lag(t.position) OVER (PARTITION BY t.session_key, t.driver_number ORDER BY t.t_ms) AS before",
                "t.position IS NOT NULL",
            )
            + ") WHERE position IS DISTINCT FROM before",
            {**_CAR_TYPES, "date": _UTC, "position": _INT},
        ),
        _rows(
            "intervals",
            _of(
                "positions",
                f"{_NUMBER.format('t')}, {_at('t.t_ms')} AS date, {_gap('t.gap_s', 't.gap_laps')} AS gap_to_leader, "
                f"{_gap('t.interval_s', 't.interval_laps')} AS interval",
                "t.gap_s IS NOT NULL OR t.gap_laps IS NOT NULL OR t.interval_s IS NOT NULL",
            ),
            {**_CAR_TYPES, "date": _UTC, "gap_to_leader": _TEXT, "interval": _TEXT},
        ),
        _rows(
            "weather",
            _of(
                "weather",
                f"{_at('t.t_ms')} AS date, t.air_temp_c AS air_temperature, t.track_temp_c AS track_temperature, "
                "t.humidity_pct AS humidity, t.pressure_mbar AS pressure, CAST(t.rainfall AS SMALLINT) AS rainfall, "
                "t.wind_direction_deg AS wind_direction, t.wind_speed_ms AS wind_speed",
            ),
            {
                **_KEY_TYPES, "date": _UTC, "air_temperature": _REAL, "track_temperature": _REAL, "humidity": _REAL,
                "pressure": _REAL, "rainfall": _INT, "wind_direction": _REAL, "wind_speed": _REAL,
            },
        ),
        _rows(
            "race_control",
            _of(
                "race_control",
                f"coalesce(t.utc, {_at('t.t_ms')}) AS date, {_NUMBER.format('t')}, t.lap AS lap_number, t.category, "
                "t.flag, t.scope, t.sector, t.message",
            ),
            {
                **_CAR_TYPES, "date": _UTC, "lap_number": _INT, "category": _TEXT, "flag": _TEXT, "scope": _TEXT,
                "sector": _INT, "message": _TEXT,
            },
        ),
        _rows(
            "car_data",
            _of(
                "telemetry",
                f"{_NUMBER.format('t')}, {_at('t.session_t_ms')} AS date, CAST(t.speed_kmh AS SMALLINT) AS speed, "
                "CAST(t.rpm AS INTEGER) AS rpm, t.gear AS n_gear, CAST(t.throttle_pct AS SMALLINT) AS throttle, "
                "t.brake_pct AS brake, t.drs",
                "t.source IN ('car', 'both')",
            ),
            {
                **_CAR_TYPES, "date": _UTC,
                **dict.fromkeys(("speed", "rpm", "n_gear", "throttle", "brake", "drs"), ColumnType.INT32),
            },
        ),
        _rows(
            "location",
            _of(
                "telemetry",
                f"{_NUMBER.format('t')}, {_at('t.session_t_ms')} AS date, CAST(round(t.x_m * 10) AS INTEGER) AS x, "
                "CAST(round(t.y_m * 10) AS INTEGER) AS y, CAST(round(t.z_m * 10) AS INTEGER) AS z",
                "t.source IN ('position', 'both')",
            ),
            {**_CAR_TYPES, "date": _UTC, **dict.fromkeys(("x", "y", "z"), ColumnType.INT32)},
        ),
    )
}  # fmt: skip
"""Every endpoint by its name: its rows, and the type of each column. Positions are in decimetres, as sent."""
