"""How the lake's history becomes races, one after another, for the features of what came before a race."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from overcut.lake.features.courses import courses_of
from overcut.lake.features.past import NOT_STARTED, Course, Finish, GridPlace, Qualified, RaceFacts
from overcut.lake.store.lake import Lake

Round = tuple[int, int]
LAP_COLUMNS = ("session_key", "driver_number", "lap", "position", "pit_in", "pit_out", "track_status")


def races_of(lake: Lake) -> list[RaceFacts]:
    """Every race of the lake's history in order; those to come have no finishes."""
    finishes = _finishes(lake)
    qualified = _qualified(lake)
    grids = _grids(lake)
    courses = _courses(lake)
    races = lake.read("races", columns=["season", "round", "circuit_id"]).sort("season", "round")
    return [
        RaceFacts(
            season=season,
            round=number,
            circuit=circuit,
            finishes=finishes.get((season, number), []),
            qualified=qualified.get((season, number), []),
            grid=grids.get((season, number), []),
            course=courses.get((season, number)),
        )
        for season, number, circuit in races.iter_rows()
    ]


def _finishes(lake: Lake) -> dict[Round, list[Finish]]:
    """Who started, once each: of a shared car's drivers and of a driver in several cars the best row counts."""
    columns = ["season", "round", "row", "driver_id", "constructor_id", "position", "position_text", "grid", "points"]
    table = (
        lake.read("results", columns=columns)
        .filter(~pl.col("position_text").is_in(sorted(NOT_STARTED)))
        .sort("season", "round", "row")
        .unique(["season", "round", "driver_id"], keep="first", maintain_order=True)
        .with_columns(pl.len().over("season", "round").alias("starters"), pl.col("points").fill_null(0.0))
    )
    wanted = ("season", "round", "driver_id", "constructor_id", "starters", "position", "grid", "points")
    found: dict[Round, list[Finish]] = {}
    for season, number, driver, constructor, *rest in table.select(wanted).iter_rows():
        found.setdefault((season, number), []).append(Finish(driver, constructor or "", *rest))
    return found


def _qualified(lake: Lake) -> dict[Round, list[Qualified]]:
    columns = ["season", "round", "row", "session", "driver_id", "constructor_id", "position", "q1_ms", "q2_ms"]
    table = lake.read("qualifying", columns=[*columns, "q3_ms", "time_ms"]).filter(pl.col("session") == "Q")
    table = table.sort("season", "round", "row")
    wanted = ("season", "round", "driver_id", "constructor_id", "position", "q1_ms", "q2_ms", "q3_ms", "time_ms")
    found: dict[Round, list[Qualified]] = {}
    for season, number, driver, constructor, *rest in table.select(wanted).iter_rows():
        found.setdefault((season, number), []).append(Qualified(driver, constructor or "", *rest))
    return found


def _grids(lake: Lake) -> dict[Round, list[GridPlace]]:
    columns = ["season", "round", "row", "session", "driver_id", "constructor_id", "position", "penalty_places"]
    table = lake.read("grids", columns=columns).filter(pl.col("session") == "R").sort("season", "round", "row")
    wanted = ("season", "round", "driver_id", "constructor_id", "position", "penalty_places")
    found: dict[Round, list[GridPlace]] = {}
    for season, number, driver, constructor, position, penalty in table.select(wanted).iter_rows():
        found.setdefault((season, number), []).append(GridPlace(driver, constructor or "", position, penalty or 0))
    return found


def _courses(lake: Lake) -> dict[Round, Course]:
    """The courses of the Grands Prix whose laps the lake has."""
    keys = {key: told for key in lake.units("laps") if (told := round_of(key)) is not None and key.endswith("-R")}
    if not keys:
        return {}
    courses = courses_of(lake.read("laps", units=sorted(keys), columns=LAP_COLUMNS))
    return {keys[key]: course for key, course in courses.items()}


def round_of(key: str) -> Round | None:
    """Season and round of a session's key; None for what belongs to no championship."""
    parts = key.split("-")
    return (int(parts[0]), int(parts[1])) if len(parts) == 3 and parts[0].isdecimal() and parts[1].isdecimal() else None


def drivers_of(lake: Lake, keys: Iterable[str]) -> pl.DataFrame:
    """Who drove which car: ``session_key``, ``driver_number``, ``driver_id``, ``constructor_id``.

    As the session's entries say; where they do not, who started that weekend's race with that number.
    """
    wanted = sorted(set(keys))
    columns = ["session_key", "driver_number", "driver_id", "constructor_id"]
    entries = lake.read("entries", units=wanted, columns=columns)
    rounds = [(key, *told) for key in wanted if (told := round_of(key)) is not None]
    sessions = pl.DataFrame(
        rounds, schema={"session_key": pl.String, "season": pl.Int16, "round": pl.Int16}, orient="row"
    )
    told = lake.read(
        "results",
        units=sorted({str(season) for _, season, _ in rounds}),
        columns=["season", "round", "row", "driver_number", "driver_id", "constructor_id"],
    ).sort("season", "round", "row")
    started = (
        sessions.join(told, on=["season", "round"])
        .drop_nulls("driver_number")
        .select(columns)
        .unique(["session_key", "driver_number"], keep="first", maintain_order=True)
    )
    joined = entries.join(started, on=["session_key", "driver_number"], how="full", coalesce=True, suffix="_raced")
    return joined.select(
        "session_key",
        "driver_number",
        pl.coalesce("driver_id", "driver_id_raced").alias("driver_id"),
        pl.coalesce("constructor_id", "constructor_id_raced").alias("constructor_id"),
    ).unique(["session_key", "driver_number"], keep="first", maintain_order=True)
