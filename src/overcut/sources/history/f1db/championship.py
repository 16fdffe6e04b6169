"""Which rows of F1DB make the tables of the championship: races, results, grids, sessions, standings."""

from __future__ import annotations

import msgspec

from overcut.domain.tables import Table
from overcut.domain.tables.history_tables import (
    CONSTRUCTOR_STANDINGS,
    DRIVER_OF_THE_DAY,
    DRIVER_STANDINGS,
    FASTEST_LAPS,
    GRIDS,
    HISTORY_PIT_STOPS,
    PRACTICE,
    QUALIFYING,
    RACES,
    RESULTS,
    SEASON_DRIVERS,
    SPRINTS,
)


class Query(msgspec.Struct, frozen=True):
    """``table`` is what ``SELECT values FROM origin`` gives: one expression for each of its columns, in order."""

    table: Table
    values: tuple[str, ...]
    origin: str

    @property
    def sql(self) -> str:
        """The statement. Its parts are constants of these modules; nothing of a user's enters it."""
        return f"SELECT {', '.join(self.values)} FROM {self.origin}"  # noqa: S608


_CAR = ("d.driver_number", "d.driver_id", "d.constructor_id", "d.engine_manufacturer_id", "d.tyre_manufacturer_id")
_AT = ("r.year", "r.round")
_PLACED = ("d.position_display_order", "d.position_number", "d.position_text")


def _rows(*types: str) -> str:
    names = ", ".join(f"'{name}'" for name in types)
    return (
        f"race_data d JOIN race r ON r.id = d.race_id WHERE d.type IN ({names}) "
        "ORDER BY r.year, r.round, d.type, d.position_display_order"
    )


def _case(column: str, words: dict[str, str]) -> str:
    cases = " ".join(f"WHEN '{word}' THEN '{code}'" for word, code in words.items())
    return f"CASE {column} {cases} END"


_QUALIFYINGS = {
    "PRE_QUALIFYING_RESULT": "PQ",
    "QUALIFYING_1_RESULT": "Q1",
    "QUALIFYING_2_RESULT": "Q2",
    "QUALIFYING_RESULT": "Q",
    "SPRINT_QUALIFYING_RESULT": "SQ",
}
_PRACTICES = {
    "FREE_PRACTICE_1_RESULT": "FP1",
    "FREE_PRACTICE_2_RESULT": "FP2",
    "FREE_PRACTICE_3_RESULT": "FP3",
    "FREE_PRACTICE_4_RESULT": "FP4",
    "WARMING_UP_RESULT": "WU",
}
_GRIDS = {"STARTING_GRID_POSITION": "R", "SPRINT_STARTING_GRID_POSITION": "S"}

_RUN = "r.id IN (SELECT race_id FROM race_data WHERE type = 'RACE_RESULT')"

_LOCAL_DAY = """CASE
WHEN r.year = 2023 AND r.grand_prix_id = 'las-vegas' AND r.date = '2023-11-19' THEN '2023-11-18'
WHEN r.time IS NULL OR r.time = '' THEN r.date
ELSE date(r.date || ' ' || r.time, printf('%+d minutes', 4 * c.longitude)) END"""
"""F1DB's day is that of the start in UTC: a race in the evening in Las Vegas has the next day's. Four minutes of time
for each degree of longitude give the sun's own hour there, near enough to know the local day. The 2023 race in Las
Vegas has no time in F1DB; it began at 06:00 UTC."""

RACE_QUERY = Query(
    RACES,
    (
        *_AT,
        _LOCAL_DAY,
        "CASE WHEN r.time IS NULL OR r.time = '' THEN NULL ELSE r.date || ' ' || r.time END",
        "r.grand_prix_id",
        "r.official_name",
        "r.circuit_id",
        "r.circuit_layout_id",
        "r.qualifying_format",
        "r.sprint_qualifying_format",
        "r.course_length",
        f"CASE WHEN {_RUN} THEN r.laps END",
        "r.distance",
        f"CASE WHEN {_RUN} THEN r.scheduled_laps ELSE coalesce(r.scheduled_laps, r.laps) END",
        "r.scheduled_distance",
        "r.sprint_race_laps IS NOT NULL OR r.sprint_race_date IS NOT NULL",
        "coalesce(r.drivers_championship_decider, 0)",
        "coalesce(r.constructors_championship_decider, 0)",
    ),
    "race r LEFT JOIN circuit c ON c.id = r.circuit_id ORDER BY r.year, r.round",
)

_DRIVEN = (
    "d.race_laps",
    "d.race_time_millis",
    "d.race_time_penalty_millis",
    "d.race_gap_millis",
    "d.race_gap_laps",
    "d.race_reason_retired",
    "d.race_points",
)

RESULT_QUERY = Query(
    RESULTS,
    (
        *_AT,
        *_PLACED,
        *_CAR,
        "coalesce(d.race_shared_car, 0)",
        *_DRIVEN,
        "coalesce(d.race_pole_position, 0)",
        "d.race_qualification_position_number",
        "d.race_grid_position_number",
        "d.race_grid_position_text",
        "d.race_positions_gained",
        "d.race_pit_stops",
        "coalesce(d.race_fastest_lap, 0)",
        "coalesce(d.race_driver_of_the_day, 0)",
        "d.race_grand_slam",
    ),
    _rows("RACE_RESULT"),
)

SPRINT_QUERY = Query(
    SPRINTS,
    (
        *_AT,
        *_PLACED,
        *_CAR,
        *_DRIVEN,
        "d.race_grid_position_number",
        "d.race_grid_position_text",
        "d.race_positions_gained",
    ),
    _rows("SPRINT_RACE_RESULT"),
)

QUALIFYING_QUERY = Query(
    QUALIFYING,
    (
        *_AT,
        _case("d.type", _QUALIFYINGS),
        *_PLACED,
        *_CAR,
        "d.qualifying_time_millis",
        "d.qualifying_q1_millis",
        "d.qualifying_q2_millis",
        "d.qualifying_q3_millis",
        "d.qualifying_gap_millis",
        "d.qualifying_laps",
    ),
    _rows(*_QUALIFYINGS),
)

_PENALTY_PLACES = """coalesce(d.starting_grid_position_grid_penalty_positions,
CASE WHEN d.starting_grid_position_grid_penalty GLOB '[0-9]*'
THEN CAST(d.starting_grid_position_grid_penalty AS INTEGER) END)"""
"""Some releases have the places only as text: "10"; "SFB" sends to the back."""

GRID_QUERY = Query(
    GRIDS,
    (
        *_AT,
        _case("d.type", _GRIDS),
        *_PLACED,
        *_CAR,
        "d.starting_grid_position_qualification_position_number",
        "d.starting_grid_position_grid_penalty",
        _PENALTY_PLACES,
        "d.starting_grid_position_time_millis",
    ),
    _rows(*_GRIDS),
)

PRACTICE_QUERY = Query(
    PRACTICE,
    (
        *_AT,
        _case("d.type", _PRACTICES),
        *_PLACED,
        *_CAR,
        "d.practice_time_millis",
        "d.practice_gap_millis",
        "d.practice_laps",
    ),
    _rows(*_PRACTICES),
)

FASTEST_LAP_QUERY = Query(
    FASTEST_LAPS,
    (
        *_AT,
        "d.position_display_order",
        "d.position_number",
        *_CAR,
        "d.fastest_lap_lap",
        "d.fastest_lap_time_millis",
        "d.fastest_lap_gap_millis",
    ),
    _rows("FASTEST_LAP"),
)

PIT_STOP_QUERY = Query(
    HISTORY_PIT_STOPS,
    (*_AT, "d.position_display_order", *_CAR, "d.pit_stop_stop", "d.pit_stop_lap", "d.pit_stop_time_millis"),
    _rows("PIT_STOP"),
)

DRIVER_OF_THE_DAY_QUERY = Query(
    DRIVER_OF_THE_DAY,
    (*_AT, "d.position_display_order", "d.driver_id", "d.constructor_id", "d.driver_of_the_day_percentage"),
    _rows("DRIVER_OF_THE_DAY_RESULT"),
)


def _standings(of: str, table: Table, who: tuple[str, ...]) -> Query:
    """After each round from ``race_…_standing``, and as round 0 the final table from ``season_…_standing``.

    ``championship_won`` is empty in some releases; the champion is then who leads once the championship is decided.
    """
    decided = f"SELECT year, min(round) AS round FROM race WHERE {of}s_championship_decider = 1 GROUP BY year"  # noqa: S608
    rank = ("s.position_display_order", "s.position_number", "s.position_text")
    won = "coalesce(s.championship_won, coalesce(s.position_number = 1 AND {}, 0))"
    after = (*_AT, *rank, *who, "s.points", "s.positions_gained", won.format("r.round >= k.round"))
    final = ("s.year", "0", *rank, *who, "s.points", "NULL", won.format("k.round IS NOT NULL"))
    rounds = f"race_{of}_standing s JOIN race r ON r.id = s.race_id LEFT JOIN ({decided}) k ON k.year = r.year"
    season = f"season_{of}_standing s LEFT JOIN ({decided}) k ON k.year = s.year"
    after_rounds = f"SELECT {', '.join(after)} FROM {rounds}"  # noqa: S608
    return Query(table, final, f"{season} UNION ALL {after_rounds} ORDER BY 1, 2, 3")


DRIVER_STANDING_QUERY = _standings("driver", DRIVER_STANDINGS, ("s.driver_id",))
CONSTRUCTOR_STANDING_QUERY = _standings(
    "constructor", CONSTRUCTOR_STANDINGS, ("s.constructor_id", "s.engine_manufacturer_id")
)

SEASON_DRIVER_QUERY = Query(
    SEASON_DRIVERS,
    (
        "s.year",
        "coalesce(e.name, s.entrant_id)",
        "s.constructor_id",
        "s.engine_manufacturer_id",
        "s.driver_id",
        "s.rounds",
        "coalesce(s.test_driver, 0)",
    ),
    "season_entrant_driver s LEFT JOIN entrant e ON e.id = s.entrant_id ORDER BY 1, 2, 3, 4, 5",
)

CHAMPIONSHIP_QUERIES = (
    RACE_QUERY,
    RESULT_QUERY,
    SPRINT_QUERY,
    QUALIFYING_QUERY,
    GRID_QUERY,
    PRACTICE_QUERY,
    FASTEST_LAP_QUERY,
    PIT_STOP_QUERY,
    DRIVER_OF_THE_DAY_QUERY,
    DRIVER_STANDING_QUERY,
    CONSTRUCTOR_STANDING_QUERY,
    SEASON_DRIVER_QUERY,
)
