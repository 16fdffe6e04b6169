"""What is known of a race or sprint in the lake, beside its laps?"""

from __future__ import annotations

import polars as pl

from overcut.domain.race_distances import announced_laps
from overcut.domain.session import SessionKind, parts_of_key
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake import Lake
from overcut.strategy.situation.facts import Entrant, SessionFacts

_QUALIFYING = {SessionKind.RACE.value: "Q", SessionKind.SPRINT.value: "SQ"}


def facts_of(lake: Lake, session_key: str) -> SessionFacts:
    """The facts of a race or sprint: entry list, grid, qualifying, distance, weather, track status, messages.

    Raises:
        WrongUsageError: the key is not that of a race or sprint.
        DataMissingError: the lake has no entry list of it, or no distance.
    """
    season, round_number, kind = parts_of_key(session_key)
    if kind not in _QUALIFYING:
        raise WrongUsageError(f"{session_key} is no race", hint="a race's key ends in R, a sprint's in S")
    told = lake.read("sessions", units=[session_key])
    entries = lake.read("entries", units=[session_key])
    if entries.is_empty():
        raise DataMissingError(f"The lake has no entry list of {session_key}", hint="overcut lake import, then again")
    sprint = kind == SessionKind.SPRINT.value
    circuit = str(told["circuit_id"][0] or "") if not told.is_empty() else ""
    return SessionFacts(
        session_key=session_key,
        season=season or 0,
        circuit_id=circuit,
        laps=_distance(lake, session_key, season, round_number, sprint=sprint),
        entrants=_entrants(lake, entries, season, round_number, kind),
        sprint=sprint,
        start_ms=_start(lake, session_key),
        weather=lake.read("weather", units=[session_key], columns=["t_ms", "rainfall"]),
        track_status=lake.read("track_status", units=[session_key], columns=["t_ms", "status"]),
        messages=lake.read("race_control", units=[session_key], columns=["t_ms", "message", "driver_number"]),
    )


def _start(lake: Lake, session_key: str) -> int | None:
    status = lake.read("session_status", units=[session_key])
    started = status.filter(pl.col("status") == "Started").sort("t_ms")
    return None if started.is_empty() else int(started["t_ms"][0])


def _distance(lake: Lake, session_key: str, season: int | None, round_number: int | None, *, sprint: bool) -> int:
    """Announced laps; where nobody announced them, those of the history, where a shortened race keeps its plan."""
    if season is not None and round_number is not None:
        announced = announced_laps(season, round_number, sprint=sprint)
        if announced is not None:
            return announced
        race = lake.read("races", units=[season]).filter(pl.col("round") == round_number)
        if not sprint and not race.is_empty():
            laps = race["scheduled_laps"][0] or race["laps"][0]
            if laps is not None:
                return int(laps)
    told = lake.read("sessions", units=[session_key])
    if told.is_empty() or told["laps"][0] is None:
        raise DataMissingError(f"How many laps {session_key} was to have is not known")
    return int(told["laps"][0])


def _entrants(
    lake: Lake, entries: pl.DataFrame, season: int | None, round_number: int | None, kind: str
) -> tuple[Entrant, ...]:
    units = [] if season is None else [season]
    of_race = (pl.col("round") == (round_number or 0)) & (pl.col("session") == kind)
    grid = lake.read("grids", units=units).filter(of_race).select("driver_number", "position", "position_text")
    qualifying = _qualifying(lake, units, round_number or 0, kind)
    table = entries.join(
        grid.unique("driver_number", keep="first"), on="driver_number", how="left", maintain_order="left"
    ).join(qualifying, on="driver_number", how="left", maintain_order="left")
    if not grid.is_empty():  # withdrawn before the grid was formed
        table = table.filter(pl.col("position_text").is_not_null())
    table = table.sort("position", "gap", "driver_number", nulls_last=True)
    return tuple(
        Entrant(
            driver_number=row["driver_number"],
            driver=row["driver"] or row["driver_number"],
            team=row["constructor_id"] or row["team"] or "",
            grid=place,
            pit_lane_start=row["position_text"] == "PL",
            driver_id=row["driver_id"] or "",
            qualifying=row["gap"],
        )
        for place, row in enumerate(table.iter_rows(named=True), start=1)
    )


def _qualifying(lake: Lake, units: list[int], round_number: int, kind: str) -> pl.DataFrame:
    """Each car's gap to the fastest lap of the last part of qualifying that it set a time in, by driver number."""
    table = lake.read("qualifying", units=units).filter(pl.col("round") == round_number)
    # Some sprint weekends have one qualifying only: it then stands for both.
    mine = table.filter(pl.col("session") == _QUALIFYING[kind])
    if mine.is_empty():
        mine = table.filter(pl.col("session") == "Q")
    parts = ["q1_ms", "q2_ms", "q3_ms"]
    gaps = [(pl.col(part) - pl.col(part).min()) / pl.col(part).min() for part in [*reversed(parts), "time_ms"]]
    return (
        mine.select("driver_number", pl.coalesce(*gaps).alias("gap"))
        .filter(pl.col("driver_number").is_not_null())
        .unique("driver_number", keep="first", maintain_order=True)
    )
