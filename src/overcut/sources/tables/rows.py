"""What a row of the lap table says, typed and in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from overcut.sources.tables.reading import Row, int_of, ms_of, text_of

TRAPS = (("I1", "speed_i1"), ("I2", "speed_i2"), ("FL", "speed_fl"), ("ST", "speed_st"))
MOST_LAPS = 200
"""More than in any session; a larger number is damage."""

UNTOLD_SOURCES = ("derived_lap1", "sector_sum")
"""Lap times that the tables' makers worked out: no feed sent them, so the reconstruction does not either."""


class LapRow(msgspec.Struct, frozen=True):
    """One lap of one car; times in milliseconds since the feed began.

    ``told_ms`` is the lap time where somebody sent it; ``sectors`` and ``passed`` have three items: how long each
    sector took, and when the car passed its end (None: not known, and for the line the end of the lap).
    """

    number: str
    lap: int
    start_ms: int
    end_ms: int
    told_ms: int | None
    sectors: tuple[int | None, int | None, int | None]
    passed: tuple[int | None, int | None, int]
    speeds: dict[str, int]
    compound: str
    age: int | None
    stint: int | None
    fresh: bool | None
    pit_in_ms: int | None
    pit_out_ms: int | None
    pit_in: bool
    pit_out: bool
    deleted: bool


class LapRows(msgspec.Struct, frozen=True):
    """The laps of each car in order, and how many rows were left out: inserted ones, and those without number or time.

    ``added_up``: no row says when its lap was, so that lap times were added up from the start of the race.
    """

    by_car: dict[str, list[LapRow]]
    generated: int
    untimed: int
    added_up: bool = False


def lap_rows(rows: Iterable[Row], *, race: bool) -> LapRows:
    """The laps that took place; rows that were inserted for a retired car are no facts and left out."""
    by_car: dict[str, list[LapRow]] = {}
    generated = untimed = 0
    rows = list(rows)
    added_up = race and all(row["lap_end_s"] is None for row in rows)
    if added_up:
        rows = _added_up(rows)
    for row in rows:
        if row.get("generated") is True:
            generated += 1
            continue
        lap = _lap(row, race=race)
        if lap is None:
            untimed += 1
        else:
            by_car.setdefault(lap.number, []).append(lap)
    for laps in by_car.values():
        laps.sort(key=lambda lap: (lap.lap, lap.end_ms))
    return LapRows(dict(sorted(by_car.items(), key=lambda item: item[0].zfill(3))), generated, untimed, added_up)


def _added_up(rows: list[Row]) -> list[Row]:
    """The rows with their laps one after another from 0: old tables have lap times, the first from the start, alone."""
    clock: dict[str, float | None] = {}
    timed: list[Row] = []
    for row in sorted(rows, key=lambda row: int_of(row["lap"]) or 0):
        number, begun = text_of(row["driver_number"]), clock.get(text_of(row["driver_number"]), 0.0)
        ms = ms_of(row["lap_time_s"])
        ended = None if begun is None or ms is None else begun + ms / 1000  # after a gap nothing can be placed
        clock[number] = ended
        timed.append({**row, "lap_start_s": begun, "lap_end_s": ended})
    return timed


def _lap(row: Row, *, race: bool) -> LapRow | None:
    end, number = ms_of(row["lap_end_s"]), int_of(row["lap"])
    car = text_of(row["driver_number"])
    if end is None or number is None or not 1 <= number <= MOST_LAPS or not car:
        return None
    time = ms_of(row["lap_time_s"])
    start = ms_of(row["lap_start_s"])
    if start is None or start > end:
        start = end - (time or 0)
    source = text_of(row.get("lap_time_source"))
    told = None if source in UNTOLD_SOURCES or (race and number == 1) else time
    sectors = (ms_of(row.get("s1_s")), ms_of(row.get("s2_s")), ms_of(row.get("s3_s")))
    pit_in_ms, pit_out_ms = ms_of(row.get("pit_in_time_s")), ms_of(row.get("pit_out_time_s"))
    return LapRow(
        number=car,
        lap=number,
        start_ms=start,
        end_ms=end,
        told_ms=told,
        sectors=sectors,
        passed=_passed(start, end, sectors),
        speeds={trap: kmh for trap, column in TRAPS if (kmh := int_of(row.get(column))) is not None},
        compound=text_of(row.get("compound")),
        age=int_of(row.get("tyre_life")),
        stint=int_of(row.get("stint")),
        fresh=row["fresh_tyre"] if isinstance(row.get("fresh_tyre"), bool) else None,  # pyright: ignore[reportArgumentType]
        pit_in_ms=pit_in_ms,
        pit_out_ms=pit_out_ms,
        pit_in=row.get("pit_in") is True or pit_in_ms is not None,
        pit_out=row.get("pit_out") is True or pit_out_ms is not None,
        deleted=row.get("deleted") is True,
    )


def _passed(
    start: int, end: int, sectors: tuple[int | None, int | None, int | None]
) -> tuple[int | None, int | None, int]:
    """When the car passed the end of each sector: counted from both ends of the lap, and the later is taken.

    The two differ where a lap's start was shifted (a red flag's restart); the later tells nothing too early.
    """
    s1, s2, s3 = sectors
    first = None if s1 is None else start + s1
    from_end = end - s3 if s3 is not None else None
    second = None if s2 is None else from_end
    if s2 is not None and s1 is not None:
        second = max(second or 0, start + s1 + s2)
    elif s2 is not None and second is None:
        second = end
    if first is not None and s2 is not None and from_end is not None:
        first = max(first, from_end - s2)
    return (None if first is None else min(first, end), None if second is None else min(second, end), end)
