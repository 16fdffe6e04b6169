"""A folder of timing tables for the invented championship: laps that add up to its results, and a few known faults."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from overcut.lake import Lake

SEASON = 2024
START_S = 3600.0
"""When lap 1 of each race begins, since the feed began."""


def write_timing(folder: Path, lake: Lake, rounds: tuple[int, ...] = (1, 2)) -> None:
    """Write laps.parquet and every other table for races of `SEASON`; ``lake`` holds the championship."""
    folder.mkdir(parents=True, exist_ok=True)
    laps = lap_rows(lake, rounds)
    laps.write_parquet(folder / "laps.parquet")
    _stops(lake, rounds).write_parquet(folder / "pit_stops.parquet")
    gaps = [(SEASON, 1, "Race", 3_700_000 + step * 500, 2 + step % 3, 1 + step % 3, step / 10) for step in range(30)]
    gaps += [gaps[-1], (*gaps[-2][:-1], 9.0)]  # one row again, and one instant told twice
    columns = ["season", "round", "session", "t_ms", "driver_number", "position", "gap_s"]
    pl.DataFrame(gaps, schema=columns, orient="row").write_parquet(folder / "gap_stream.parquet")
    at = {"season": SEASON, "round": 1, "event": "Harbour Ring Grand Prix", "session": "Race"}
    pl.DataFrame([
        at | {"Time": 10.0, "AirTemp": 21.5, "Humidity": 40.0, "Pressure": 1012.0, "Rainfall": False, "TrackTemp": 31.0,
              "WindDirection": 120, "WindSpeed": 2.5},
        at | {"Time": 70.0, "AirTemp": 999.0, "Humidity": 41.0, "Pressure": 1012.0, "Rainfall": True, "TrackTemp": 31.0,
              "WindDirection": 121, "WindSpeed": 2.0},
    ]).write_parquet(folder / "weather.parquet")  # fmt: skip
    pl.DataFrame([
        at | {"Time": _naive(2024, 3, 11, 13, 0, 5), "Message": "GREEN LIGHT - PIT EXIT OPEN", "Category": "Flag"},
        at | {"Time": _naive(2024, 3, 11, 13, 0, 1), "Message": "CLEAR", "Category": "Flag"},
    ]).write_parquet(folder / "race_control.parquet")  # fmt: skip
    pl.DataFrame([at | {"Time": 5.0, "Status": "2", "Message": "Yellow"}]).write_parquet(
        folder / "track_status.parquet"
    )
    pl.DataFrame([at | {"Time": START_S, "Status": "Started"}]).write_parquet(folder / "session_status.parquet")
    pl.DataFrame([
        at | {"t0_utc": _naive(2024, 3, 11, 12, 0, 0), "anchors": 5, "spread_s": 0.25},
        at | {"round": 2, "t0_utc": _naive(2024, 4, 12, 12, 0, 0), "anchors": 1, "spread_s": 0.0},
    ]).write_parquet(folder / "session_zero.parquet")  # fmt: skip
    pl.DataFrame([
        at | {"kind": "SC", "start_s": 4000.0, "end_s": 4200.0, "lap_start": 4, "lap_end": 6}
    ]).write_parquet(folder / "neutralisations.parquet")  # fmt: skip
    drivers = [at | {"DriverNumber": "2", "Abbreviation": "BRA", "FullName": "Anna Brandt", "TeamName": "Bolt"}]
    pl.DataFrame(drivers).write_parquet(folder / "drivers.parquet")
    pl.DataFrame(
        [
            (1995, "Harbour Ring", 3, 2, "Brandt", "Aalto", "4", "No"),
            (1995, "Nowhere", 4, 1, "Aalto", "Brandt", None, None),
        ],
        schema=["season", "race", "lap", "position", "overtaker", "overtaken", "turn", "live"],
        orient="row",
    ).write_parquet(folder / "overtakes_1994_2022.parquet")
    (folder / "odds_2024.csv").write_text(
        "season,race,driver,win,top3,win_p,top3_p\n"
        "2024,HarbourRing,Anna Brandt,-300,,0.75,\n"
        "2024,HarbourRing,Novak Emil,350,100,0.2222,0.5\n"
        "2024,HarbourRing,Goran Slit,n/a,,0.1,\n",
        encoding="utf-8",
    )


def _naive(*parts: int) -> datetime:
    """An instant in UTC, without saying so: as the feed's tables have it."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)  # pyright: ignore[reportArgumentType]


def lap_rows(lake: Lake, rounds: tuple[int, ...]) -> pl.DataFrame:
    """Laps of each classified or retired car, whose times add up to its race time."""
    results = lake.read("results", units=[str(SEASON)]).filter(pl.col("round").is_in(rounds))
    rows: list[dict[str, object]] = []
    for result in results.iter_rows(named=True):
        laps = result["laps"]
        total_ms = result["time_ms"] or laps * 93_000
        end_ms = 0
        for lap in range(1, laps + 1):
            lap_ms = total_ms * lap // laps - end_ms
            rows.append(_lap(result, lap, lap_ms, end_ms))
            end_ms += lap_ms
        if not result["time_ms"] and laps:  # it came into the pits, and did not come out again
            rows.append(
                _lap(result, laps + 1, None, end_ms) | {"pit_in": True, "lap_end_s": START_S + end_ms / 1000 + 80}
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def _lap(result: dict[str, object], lap: int, lap_ms: int | None, begin_ms: int) -> dict[str, object]:
    begin_s = START_S + begin_ms / 1000
    return {
        "season": SEASON,
        "round": result["round"],
        "event": "A Grand Prix",
        "session": "Race",
        "driver": str(result["driver_id"])[:3].upper(),
        "driver_number": result["driver_number"],
        "team": result["constructor_id"],
        "lap": lap,
        "lap_time_s": None if lap_ms is None else lap_ms / 1000,
        "lap_start_s": begin_s,
        "lap_end_s": begin_s + (lap_ms or 0) / 1000,
        "stint": 1 if lap <= 25 else 2,
        "compound": "HARD" if lap <= 25 else "SOFT",
        "tyre_life": lap if lap <= 25 else lap - 25,
        "pit_in": False,
        "generated": False,
        "lap_time_source": "f1",
    }


def _stops(lake: Lake, rounds: tuple[int, ...]) -> pl.DataFrame:
    """F1DB's stops, but the first of each race is missing, and the last took three seconds longer."""
    stops = lake.read("history_pit_stops", units=[str(SEASON)]).filter(pl.col("round").is_in(rounds))
    first, last = pl.col("row") == 1, pl.col("row") == pl.col("row").max().over("round")
    return stops.filter(~first).select(
        pl.col("season", "round"),
        pl.lit("Race").alias("session"),
        "driver_number",
        "lap",
        (pl.col("time_ms") / 1000 + pl.when(last).then(3).otherwise(0)).alias("pit_lane_s"),
        pl.lit("1").alias("track_status"),
    )
