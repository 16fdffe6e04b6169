"""How the lake's tables become facts in the order in which they became known, and what was known before a session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
import polars as pl

from overcut.domain.events import AnyEvent
from overcut.lake.features.facts import (
    Fact,
    LapFact,
    SessionContext,
    StartFact,
    TrackFact,
    WeatherFact,
    context_of_key,
    fact_of_event,
)

TOLD_EVENTS = ("LapCompleted", "LapAmended", "SessionStatusChanged", "TrackStatusChanged", "WeatherChanged")
"""The engine's events that carry facts."""

LAP_COLUMNS = (
    "driver_number", "lap", "lap_time_s", "s1_s", "s2_s", "s3_s", "position", "compound", "tyre_life", "stint",
    "fresh_tyre", "pit_in", "pit_out", "speed_st", "track_status", "lap_end_s", "amended_at", "generated",
)  # fmt: skip
"""The columns of ``laps`` that become facts. Columns that may rest on what came later are not among them:
``is_accurate`` (some sources judge it by the next lap), ``deleted``, ``is_personal_best``."""

_decode_event = msgspec.json.Decoder(AnyEvent).decode


def facts_of_events(bodies: Iterable[str]) -> Iterator[Fact]:
    """The facts of a session's events (``events.body``), in the events' own order.

    This is all that was known, when it was known: also values that were amended later.
    """
    for body in bodies:
        fact = fact_of_event(_decode_event(body))
        if fact is not None:
            yield fact


def facts_of_tables(laps: pl.DataFrame, track: pl.DataFrame, weather: pl.DataFrame, status: pl.DataFrame) -> list[Fact]:
    """The facts that a session's tables tell, in the order in which they became known.

    A lap is known from its end on; one that was amended, from then on, for what was told before is lost. Rows that
    somebody inserted for a retired car are left out, and so are laps of which not even the end can be worked out.
    """
    facts: list[tuple[int, int, Fact]] = []
    for known_ms, digit in track.select("t_ms", "status").sort("t_ms", maintain_order=True).iter_rows():
        facts.append((known_ms, 0, TrackFact(known_ms, digit)))
    for (known_ms,) in status.filter(pl.col("status") == "Started").select("t_ms").iter_rows():
        facts.append((known_ms, 0, StartFact(known_ms)))
    columns = ("t_ms", "air_temp_c", "track_temp_c", "humidity_pct", "wind_speed_ms", "rainfall")
    for row in weather.select(columns).sort("t_ms", maintain_order=True).iter_rows():
        facts.append((row[0], 1, WeatherFact(*row)))
    facts += [(lap.known_ms, 2, lap) for lap in sorted(lap_facts(laps), key=lambda lap: (lap.end_ms, lap.number))]
    facts.sort(key=lambda told: told[:2])
    return [fact for _, _, fact in facts]


def lap_facts(laps: pl.DataFrame) -> list[LapFact]:
    """The laps of one session as facts, by car and lap.

    Where the source gives no end, the lap time is added to the end before it; in a race without any ends (before
    2018) all laps are counted from the start, which is the same for all cars.
    """
    ms = ("lap_time_s", "s1_s", "s2_s", "s3_s", "lap_end_s", "amended_at")
    table = laps.filter(~pl.col("generated").fill_null(value=False)).sort("driver_number", "lap")
    table = table.with_columns(
        *((pl.col(name) * 1000).round().cast(pl.Int64) for name in ms),
        pl.col("compound", "track_status").fill_null(""),
        pl.col("pit_in", "pit_out").fill_null(value=False),
    )
    start_ms = 0 if table["lap_end_s"].null_count() == table.height else None
    facts: list[LapFact] = []
    car, before, end_ms = "", 0, start_ms
    for row in table.select(LAP_COLUMNS[:-1]).iter_rows():
        number, lap, lap_ms, s1_ms, s2_ms, s3_ms, position, compound, age, stint, fresh, *rest = row
        pit_in, pit_out, trap, status, told_ms, amended_ms = rest
        if number != car:
            car, before, end_ms = number, 0, start_ms
        if told_ms is not None:
            end_ms = told_ms
        elif end_ms is not None:
            end_ms = end_ms + lap_ms if lap_ms is not None and lap == before + 1 else None
        before = lap
        if end_ms is None:
            continue
        known_ms = end_ms if amended_ms is None else max(end_ms, amended_ms)
        facts.append(
            LapFact(
                known_ms, number, lap, end_ms, lap_ms, s1_ms, s2_ms, s3_ms, position, compound, age, stint, fresh,
                pit_in, pit_out, trap, status,
            )
        )  # fmt: skip
    return facts


def context_of_tables(
    key: str, laps: pl.DataFrame, entries: pl.DataFrame, grid: pl.DataFrame, planned_laps: int | None
) -> SessionContext:
    """What was known before a session.

    Args:
        key: its key.
        laps, entries: of the session, for the cars' teams; the entries' where they are told.
        grid: ``driver_number`` and ``position`` of its starting grid; may be empty.
        planned_laps: the announced distance by the history of races; where that is not known, the calendar's.
    """
    teams = {
        number: team for number, team in laps.select("driver_number", "team").unique().sort("team").iter_rows() if team
    }
    told = entries.select("driver_number", pl.coalesce("team", "constructor_id"))
    teams = {**teams, **{number: team for number, team in told.iter_rows() if team}}
    places = {
        number: place for number, place in grid.select("driver_number", "position").iter_rows() if number and place
    }
    context = context_of_key(key, grid=places, teams=teams)
    return context if planned_laps is None else msgspec.structs.replace(context, laps=planned_laps)
