"""What really happened in a race: every car's stops and places by lap, and when it was neutralised or wet?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from overcut.domain.tyres import Compound
from overcut.strategy.situation.moment import known_laps
from overcut.strategy.situation.tyres import with_stints
from overcut.strategy.whatif.answers import ActualCar, ActualPeriod, ActualStop

WATER = (Compound.INTERMEDIATE.value, Compound.WET.value)
LED_THROUGH = 0.5
"""Where at least this share of the field went through the pit lane on one lap, a car whose tyres just got older did not
stop: the safety car led everybody through (Zandvoort 2022), or nobody changed tyres under a red flag."""

WET_SHARE = 0.25
"""Rain counts where, on its laps or the three after, at least this share of the field ran on tyres for water."""

_DIGITS = (("RED", "5"), ("SC", "4"), ("VSC", "6"))


def actual_cars(laps: pl.DataFrame, numbers: Sequence[str], *, finished: bool) -> tuple[ActualCar, ...]:
    """What each car did.

    Args:
        laps: the lap table of one session, as far as it has come.
        numbers: the cars, in the order of the answer; one without a lap is told as such.
        finished: whether the race is over.
    """
    table = _laps(laps)
    if table.is_empty():
        return tuple(ActualCar(number, None, (), (), (), 0, None) for number in numbers)
    finishes = _finishes(table) if finished else {}
    mine = {str(number): part for (number,), part in table.group_by("driver_number", maintain_order=True)}
    return tuple(_car(number, mine.get(number), finishes.get(number)) for number in numbers)


def actual_periods(laps: pl.DataFrame, weather: pl.DataFrame | None) -> tuple[ActualPeriod, ...]:
    """Laps of the leader under RED, SC or VSC (one of them a lap, in this order), and laps of RAIN.

    Args:
        laps: as for `actual_cars`. ``weather``: t_ms and rainfall on the clock of the laps; None for none known.
    """
    table = _laps(laps)
    if table.is_empty():
        return ()
    led = table.sort("lap_end_s").unique("lap", keep="first").sort("lap")
    kinds = [_kind(str(status or "1")) for status in led["track_status"]]
    numbers = [int(lap) for lap in led["lap"]]
    periods = _runs(numbers, kinds)
    return tuple(sorted((*periods, *_rain(table, led, weather)), key=lambda one: (one.first_lap, one.kind)))


def _laps(laps: pl.DataFrame) -> pl.DataFrame:
    """Laps with their set of tyres, place at the line and gap to whoever ended the same lap first."""
    known = known_laps(laps, 10_000)
    if known.is_empty():
        return known
    return with_stints(known).with_columns(
        pl.col("lap_end_s").rank("ordinal").over("lap").cast(pl.Int32).alias("place"),
        (pl.col("lap_end_s") - pl.col("lap_end_s").min().over("lap")).alias("behind_s"),
        pl.col("pit_in").fill_null(value=False).mean().over("lap").alias("in_pits"),
    )


def _finishes(table: pl.DataFrame) -> dict[str, int]:
    """Place at the flag of every car that took it: those who crossed the line once the winner had."""
    last = table.sort("lap").group_by("driver_number", maintain_order=True).last()
    flag = last.sort("lap", "lap_end_s", descending=[True, False])["lap_end_s"][0]
    home = last.filter(pl.col("lap_end_s") >= flag).sort(
        "lap", "lap_end_s", "driver_number", descending=[True, False, False]
    )
    return {number: place for place, number in enumerate(home["driver_number"], start=1)}


def _car(number: str, part: pl.DataFrame | None, finish: int | None) -> ActualCar:
    if part is None:
        return ActualCar(number, None, (), (), (), 0, None)
    rows = part.sort("lap").to_dicts()
    stops = tuple(_stop(before, after) for before, after in pairwise(rows) if _stopped(before, after))
    last = int(rows[-1]["lap"])
    by_lap = {int(row["lap"]): row for row in rows}
    told = [by_lap.get(lap) for lap in range(1, last + 1)]
    return ActualCar(
        driver_number=number,
        start=rows[0]["dry"],
        stops=stops,
        places=tuple(int(row["place"]) if row else 0 for row in told),
        behind_s=tuple(round(float(row["behind_s"]), 3) if row else None for row in told),
        laps=last,
        finish=finish,
    )


def _stopped(before: dict[str, object], after: dict[str, object]) -> bool:
    if not before["pit_in"]:
        return False
    older = before["tyre_life"], after["tyre_life"]
    just_older = isinstance(older[0], int) and isinstance(older[1], int) and older[1] == older[0] + 1
    led_through = float(str(before["in_pits"])) >= LED_THROUGH
    return not (led_through and just_older and before["dry"] == after["dry"])


def _stop(before: dict[str, object], after: dict[str, object]) -> ActualStop:
    return ActualStop(
        lap=int(str(before["lap"])),
        compound=_text(after["dry"]),
        age=int(str(after["age"])),
        compound_before=_text(before["dry"]),
        age_before=int(str(before["age"])) + 1,
        track=_kind(str(before["track_status"] or "1")) or "green",
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _kind(digits: str) -> str:
    return next((kind for kind, digit in _DIGITS if digit in digits), "")


def _runs(laps: Sequence[int], kinds: Sequence[str]) -> list[ActualPeriod]:
    found: list[ActualPeriod] = []
    for lap, kind in zip(laps, kinds, strict=True):
        if found and found[-1].kind == kind and found[-1].last_lap == lap - 1:
            found[-1] = ActualPeriod(kind, found[-1].first_lap, lap)
        elif kind:
            found.append(ActualPeriod(kind, lap, lap))
    return found


def _rain(table: pl.DataFrame, led: pl.DataFrame, weather: pl.DataFrame | None) -> list[ActualPeriod]:
    """Runs of laps at whose end the weather station told of rain, where the field was on tyres for water."""
    if weather is None or weather.is_empty():
        return []
    readings = weather.select((pl.col("t_ms") / 1000.0).alias("lap_end_s"), "rainfall").sort("lap_end_s")
    joined = led.select("lap", "lap_end_s").sort("lap_end_s").join_asof(readings, on="lap_end_s").sort("lap")
    wet = ["RAIN" if rains else "" for rains in joined["rainfall"].fill_null(value=False)]
    shares = {
        int(lap): float(share)
        for lap, share in table.group_by("lap").agg(pl.col("dry").is_in(WATER).mean()).iter_rows()
        if share is not None
    }
    runs = _runs([int(lap) for lap in joined["lap"]], wet)
    return [
        run
        for run in runs
        if max((shares.get(lap, 0.0) for lap in range(run.first_lap, run.last_lap + 4)), default=0.0) >= WET_SHARE
    ]
