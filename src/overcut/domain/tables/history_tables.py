"""Which tables hold the championship since 1950: races, results, grids, qualifying, practice, standings."""

from __future__ import annotations

from overcut.domain.tables.column import (
    ROUND,
    SEASON,
    Column,
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

_DRIVER = text("driver_id", "driver, by F1DB id", nullable=False)
_CONSTRUCTOR = text("constructor_id", "constructor, by F1DB id")
_CAR: tuple[Column, ...] = (
    text("driver_number", "racing number"),
    _DRIVER,
    _CONSTRUCTOR,
    text("engine_id", "engine manufacturer, by F1DB id"),
    text("tyre_id", "tyre manufacturer, by F1DB id"),
)
_ROW = count("row", "place in the published table, 1-based: classified cars first", nullable=False, within=(1, None))
_POSITION = count("position", "classified position; null for a car that is not classified", within=(1, None))
_POSITION_TEXT = text("position_text", "the same, or DNF, DNS, DNQ, DNPQ, DNP, NC, DSQ, EX", nullable=False)
_SESSION = text("session", "which session", nullable=False)

RACES = Table(
    "races",
    "one round of a championship",
    Unit.SEASON,
    ("season", "round"),
    (
        SEASON,
        ROUND,
        day("date", "local day of the race", nullable=False),
        utc("start_utc", "when the race was to begin; null where unknown"),
        text("grand_prix_id", "Grand Prix, by F1DB id", nullable=False),
        text("official_name", "the name in full"),
        text("circuit_id", "circuit, by F1DB id", nullable=False),
        text("layout_id", "layout of the circuit, by F1DB id"),
        text("qualifying_format", "KNOCKOUT, ONE_SESSION, TWO_SESSION, FOUR_LAPS, AGGREGATE, SPRINT_RACE …"),
        text("sprint_format", "format of the sprint's qualifying; null without a sprint"),
        number("lap_km", "length of a lap", "km", within=(0.5, 30)),
        count("laps", "laps of the race; null before it is run", "laps", within=(0, 300)),
        number("distance_km", "the race's length", "km", within=(0, 1000)),
        count("scheduled_laps", "laps that were planned, where the race was shorter", "laps", within=(0, 300)),
        number("scheduled_distance_km", "the same in length", "km", within=(0, 1000)),
        flag("sprint", "the round has a sprint", nullable=False),
        flag("drivers_decider", "the drivers' championship was decided here, by the source", nullable=False),
        flag("constructors_decider", "the constructors' championship likewise", nullable=False),
    ),
    order=("season", "round"),
)

RESULTS = Table(
    "results",
    "one driver in one car in one race; a shared car has a row for each of its drivers",
    Unit.SEASON,
    ("season", "round", "row"),
    (
        SEASON,
        ROUND,
        _ROW,
        _POSITION,
        _POSITION_TEXT,
        *_CAR,
        flag("shared_car", "several drivers drove this car in turn", nullable=False),
        count("laps", "laps completed", "laps", within=(0, 300)),
        ms("time_ms", "race time; of classified cars on the winner's lap", within=(0, 86_400_000)),
        ms("penalty_ms", "time penalty within it", within=(0, 86_400_000)),
        ms("gap_ms", "behind the winner, on the same lap", within=(0, 86_400_000)),
        count("gap_laps", "laps behind the winner", "laps", within=(0, 300)),
        text("reason_retired", "why the car stopped, or was left out"),
        number(
            "points", "points as the source has them (never an input of the championship arithmetic)", within=(0, 1000)
        ),
        flag("pole", "started from pole position", nullable=False),
        count("qualification_position", "position in qualifying", within=(1, None)),
        count("grid", "place on the grid; null from the pit lane and for those who did not start", within=(1, None)),
        text("grid_text", "the same, or PL for the pit lane"),
        count("positions_gained", "places won since the grid", within=(-60, 60)),
        count("pit_stops", "visits to the pits, where known"),
        flag("fastest_lap", "drove the race's fastest lap", nullable=False),
        flag("driver_of_the_day", "voted driver of the day", nullable=False),
        flag("grand_slam", "pole, win, fastest lap and every lap led; null where the source does not tell"),
    ),
    order=("season", "round", "row"),
)

SPRINTS = Table(
    "sprints",
    "one driver in one sprint",
    Unit.SEASON,
    ("season", "round", "row"),
    (
        SEASON,
        ROUND,
        _ROW,
        _POSITION,
        _POSITION_TEXT,
        *_CAR,
        count("laps", "laps completed", "laps", within=(0, 300)),
        ms("time_ms", "race time; of classified cars on the winner's lap", within=(0, 86_400_000)),
        ms("penalty_ms", "time penalty within it", within=(0, 86_400_000)),
        ms("gap_ms", "behind the winner, on the same lap", within=(0, 86_400_000)),
        count("gap_laps", "laps behind the winner", "laps", within=(0, 300)),
        text("reason_retired", "why the car stopped"),
        number("points", "points as the source has them", within=(0, 1000)),
        count("grid", "place on the grid", within=(1, None)),
        text("grid_text", "the same, or PL for the pit lane"),
        count("positions_gained", "places won since the grid", within=(-60, 60)),
    ),
    order=("season", "round", "row"),
)

QUALIFYING = Table(
    "qualifying",
    "one driver in one qualifying session",
    Unit.SEASON,
    ("season", "round", "session", "row"),
    (
        SEASON,
        ROUND,
        text(
            "session",
            "Q the qualifying that set the grid, Q1 and Q2 its days, PQ pre-qualifying, SQ the sprint's",
            nullable=False,
        ),
        _ROW,
        _POSITION,
        _POSITION_TEXT,
        *_CAR,
        ms("time_ms", "best time, where there was one session", within=(0, 86_400_000)),
        ms("q1_ms", "best time of the first part", within=(0, 86_400_000)),
        ms("q2_ms", "best time of the second part", within=(0, 86_400_000)),
        ms("q3_ms", "best time of the third part", within=(0, 86_400_000)),
        ms("gap_ms", "behind the fastest", within=(0, 86_400_000)),
        count("laps", "laps driven", "laps", within=(0, 300)),
    ),
    order=("season", "round", "session", "row"),
)

GRIDS = Table(
    "grids",
    "one place on a starting grid",
    Unit.SEASON,
    ("season", "round", "session", "row"),
    (
        SEASON,
        ROUND,
        text("session", "R the race, S the sprint", nullable=False),
        _ROW,
        count("position", "place on the grid; null from the pit lane", within=(1, None)),
        _POSITION_TEXT,
        *_CAR,
        count("qualification_position", "position in qualifying", within=(1, None)),
        text("penalty", "grid penalty, as published"),
        count("penalty_places", "places lost to it"),
        ms("time_ms", "the time that earned the place", within=(0, 86_400_000)),
    ),
    order=("season", "round", "session", "row"),
)

PRACTICE = Table(
    "practice",
    "one driver in one practice or warm-up",
    Unit.SEASON,
    ("season", "round", "session", "row"),
    (
        SEASON,
        ROUND,
        text("session", "FP1 to FP4; WU the warm-up", nullable=False),
        _ROW,
        _POSITION,
        _POSITION_TEXT,
        *_CAR,
        ms("time_ms", "best time", within=(0, 86_400_000)),
        ms("gap_ms", "behind the fastest", within=(0, 86_400_000)),
        count("laps", "laps driven", "laps", within=(0, 300)),
    ),
    order=("season", "round", "session", "row"),
)

FASTEST_LAPS = Table(
    "fastest_laps",
    "one driver's best lap of a race",
    Unit.SEASON,
    ("season", "round", "row"),
    (
        SEASON,
        ROUND,
        _ROW,
        _POSITION,
        *_CAR,
        count("lap", "which lap it was", within=(0, 300)),
        ms("time_ms", "its time", within=(0, 86_400_000)),
        ms("gap_ms", "behind the fastest", within=(0, 86_400_000)),
    ),
    order=("season", "round", "row"),
)

HISTORY_PIT_STOPS = Table(
    "history_pit_stops",
    "one pit stop of a race as published after it, since 1994",
    Unit.SEASON,
    ("season", "round", "row"),
    (
        SEASON,
        ROUND,
        _ROW,
        *_CAR,
        count("stop", "number of the driver's stop, 1-based", nullable=False),
        count("lap", "the lap that ended in the pits", within=(0, 300)),
        ms("time_ms", "time in the pit lane", within=(0, 86_400_000)),
    ),
    order=("season", "round", "row"),
)

DRIVER_OF_THE_DAY = Table(
    "driver_of_the_day",
    "a driver's share of the vote for driver of the day",
    Unit.SEASON,
    ("season", "round", "row"),
    (SEASON, ROUND, _ROW, _DRIVER, _CONSTRUCTOR, number("share_pct", "of the votes", "%", within=(0, 100))),
    order=("season", "round", "row"),
)

_STANDING: tuple[Column, ...] = (
    SEASON,
    count("round", "after this round; 0: the final table of the season", nullable=False, within=(0, 40)),
    count("row", "place in the published table, 1-based", nullable=False, within=(1, None)),
    count("position", "position; null for one that is not classified", within=(1, None)),
    text("position_text", "the same, or DSQ or EX", nullable=False),
)
_POINTS: tuple[Column, ...] = (
    number("points", "points that count", nullable=False, within=(0, 1000)),
    count("positions_gained", "places won with this round", within=(-60, 60)),
    flag("champion", "won the championship with this", nullable=False),
)

DRIVER_STANDINGS = Table(
    "driver_standings",
    "one driver in the championship after a round, as published",
    Unit.SEASON,
    ("season", "round", "row"),
    (*_STANDING, _DRIVER, *_POINTS),
    order=("season", "round", "row"),
)

CONSTRUCTOR_STANDINGS = Table(
    "constructor_standings",
    "one constructor (chassis and engine) in the championship after a round, as published",
    Unit.SEASON,
    ("season", "round", "row"),
    (
        *_STANDING,
        text("constructor_id", "constructor, by F1DB id", nullable=False),
        text("engine_id", "engine manufacturer, by F1DB id"),
        *_POINTS,
    ),
    order=("season", "round", "row"),
)

SEASON_DRIVERS = Table(
    "season_drivers",
    "one driver's seat in a season",
    Unit.SEASON,
    ("season", "entrant", "constructor_id", "engine_id", "driver_id"),
    (
        SEASON,
        text("entrant", "who entered the car, as a name", nullable=False),
        text("constructor_id", "constructor, by F1DB id", nullable=False),
        text("engine_id", "engine manufacturer, by F1DB id", nullable=False),
        text("driver_id", "driver, by F1DB id", nullable=False),
        text("rounds", "in which rounds: 1-3,5"),
        flag("test_driver", "named as a test or reserve driver", nullable=False),
    ),
    order=("season", "entrant", "constructor_id", "engine_id", "driver_id"),
)

PASSES = Table(
    "passes",
    "one pass noted by a person watching the race, 1994 to 2022",
    Unit.SEASON,
    ("season", "row"),
    (
        SEASON,
        count("row", "number within the season, 1-based", nullable=False, within=(1, None)),
        count("round", "round of the season; null where the race was not recognised", within=(1, 40)),
        text("race", "name of the race as noted", nullable=False),
        count("lap", "lap of the pass", within=(0, 300)),
        count("position", "position that was won", within=(1, None)),
        text("overtaker", "who passed, as noted"),
        text("overtaken", "who was passed, as noted"),
        text("turn", "where on the track"),
        flag("on_television", "seen live; null where not noted"),
    ),
    order=("season", "row"),
)

ODDS = Table(
    "odds",
    "a bookmaker's price before a race",
    Unit.SEASON,
    ("season", "round", "market", "bookmaker", "driver"),
    (
        SEASON,
        ROUND,
        text("market", "win, top3, top6 or top10", nullable=False),
        text("bookmaker", "who offered it; empty where not said", nullable=False),
        text("driver", "driver as the source names them", nullable=False),
        text("driver_id", "driver, by F1DB id; null where not recognised"),
        number(
            "decimal_odds", "what a stake of 1 returns, the margin still within", nullable=False, within=(1, 1_000_000)
        ),
    ),
    order=("season", "round", "market", "bookmaker", "driver"),
)

HISTORY_TABLES = (
    RACES,
    RESULTS,
    SPRINTS,
    QUALIFYING,
    GRIDS,
    PRACTICE,
    FASTEST_LAPS,
    HISTORY_PIT_STOPS,
    DRIVER_OF_THE_DAY,
    DRIVER_STANDINGS,
    CONSTRUCTOR_STANDINGS,
    SEASON_DRIVERS,
    PASSES,
    ODDS,
)
