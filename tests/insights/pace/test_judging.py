"""Each lap counts, or says why not."""

from __future__ import annotations

import polars as pl
import pytest

from overcut.insights.pace.gaps import road_gaps
from overcut.insights.pace.judging import judged
from overcut.insights.pace.verdicts import MEANINGS, Verdict
from overcut.timing.lap_table import SCHEMA

LAP_S = 90.0


def field(*cars: tuple[str, float, list[float]], **common: object) -> pl.DataFrame:
    """A lap table of cars (number, when they cross the line first, lap times)."""
    rows: list[dict[str, object]] = []
    for number, start, times in cars:
        t = start
        for lap, lap_s in enumerate(times, start=2):
            rows.append(
                {
                    "session_key": "2024-01-R",
                    "session": "R",
                    "driver_number": number,
                    "driver": f"D{number}",
                    "lap": lap,
                    "lap_time_s": lap_s,
                    "lap_start_s": t,
                    "lap_end_s": t + lap_s,
                    "compound": "HARD",
                    "tyre_life": lap,
                    "stint": 1,
                    "track_status": "1",
                    "pit_in": False,
                    "pit_out": False,
                    **common,
                }
            )
            t += lap_s
    return pl.DataFrame(rows, schema=dict(SCHEMA))


def verdict_of(laps: pl.DataFrame, weather: pl.DataFrame | None = None, *, race: bool = True) -> list[str]:
    return judged(laps, weather, race=race)["verdict"].to_list()


def rain(*seconds: float) -> pl.DataFrame:
    return pl.DataFrame({"t_ms": [int(t * 1000) for t in seconds], "rainfall": [True] * len(seconds)})


ALONE = ("1", 100.0, [LAP_S] * 5)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"lap_time_s": None}, Verdict.NO_TIME),
        ({"generated": True}, Verdict.NO_TIME),
        ({"pit_in": True}, Verdict.IN_LAP),
        ({"pit_out": True}, Verdict.OUT_LAP),
        ({"track_status": "15"}, Verdict.RED_FLAG),
        ({"track_status": "14"}, Verdict.NEUTRALISED),
        ({"track_status": "671"}, Verdict.NEUTRALISED),
        ({"track_status": "12"}, Verdict.YELLOW),
        ({"accuracy_reason": "sectors_disagree"}, Verdict.DOUBTFUL),
        ({"compound": "INTERMEDIATE"}, Verdict.WET),
        ({"compound": None}, Verdict.UNKNOWN_TYRE),
        ({"tyre_life": None}, Verdict.UNKNOWN_TYRE),
        ({}, Verdict.CLEAN),
    ],
)
def test_each_reason_is_told(change: dict[str, object], verdict: Verdict) -> None:
    assert verdict_of(field(ALONE, **change)) == [verdict.value] * 5


def test_first_lap_of_a_race_is_no_lap_of_pace_but_elsewhere_it_may_be() -> None:
    laps = field(ALONE).with_columns(pl.col("lap") - 1)
    assert verdict_of(laps)[0] == "first_lap"
    assert verdict_of(laps, race=False)[0] == "clean"


def test_slow_lap_is_told_from_the_median() -> None:
    assert verdict_of(field(("1", 0.0, [90, 90, 90, 97, 90])))[3] == "slow"


def test_car_within_two_seconds_on_the_road_is_traffic_whatever_lap_it_is_on() -> None:
    leader, lapped = ("1", 101.5, [LAP_S] * 4), ("2", 100.0, [LAP_S] * 4)
    found = judged(field(leader, lapped), None, race=True)
    assert found.filter(pl.col("driver_number") == "1")["verdict"].to_list() == ["traffic"] * 4
    assert found.filter(pl.col("driver_number") == "2")["verdict"].to_list() == ["clean"] * 4
    assert found.filter(pl.col("driver_number") == "1")["gap_end_s"].to_list() == pytest.approx([1.5] * 4)


def test_pass_on_track_is_a_fight_for_both_and_a_pass_in_the_pits_is_none() -> None:
    slow, fast = ("1", 100.0, [95.0] * 4), ("2", 112.0, [90.0] * 4)
    found = judged(field(slow, fast), None, race=True)
    fought = found.filter(pl.col("verdict") == "fight").select("driver_number", "lap").rows()
    assert fought == [("1", 4), ("2", 4)]
    pitted = field(slow, fast).with_columns(pit_in=(pl.col("driver_number") == "1") & (pl.col("lap") == 4))
    assert "fight" not in verdict_of(pitted)


def test_row_that_stands_for_a_retired_car_fights_nobody() -> None:
    ghost = field(("2", 100.0, [LAP_S, 3_000.0])).with_columns(generated=pl.col("lap") == 3)
    laps = pl.concat([field(("1", 150.0, [LAP_S] * 12)), ghost])
    assert not road_gaps(laps).fought.any()


def test_drizzle_that_nobody_fits_rain_tyres_for_is_no_rain() -> None:
    laps = field(ALONE)
    assert verdict_of(laps, rain(120.0, 180.0, 240.0)) == ["clean"] * 5
    shod = pl.concat([laps, field(("2", 130.0, [LAP_S] * 2), compound="INTERMEDIATE")])
    assert verdict_of(shod, rain(120.0, 180.0, 240.0))[:5] == ["wet"] * 5


def test_slicks_are_wet_for_twenty_minutes_after_the_field_had_rain_tyres() -> None:
    wet = field(("2", 100.0, [LAP_S]), ("3", 106.0, [LAP_S]), compound="INTERMEDIATE")
    found = judged(pl.concat([field(("1", 90.0, [LAP_S] * 20)), wet]), None, race=True)
    mine = found.filter(pl.col("driver_number") == "1")
    last_wet = mine.filter(pl.col("verdict") == "wet")["lap_end_s"].max()
    assert isinstance(last_wet, float)
    assert 190.0 + 1_100.0 < last_wet <= 196.0 + 1_200.0
    assert mine["verdict"].to_list()[-1] == "clean"


def test_every_verdict_has_a_meaning_and_an_empty_table_is_judged() -> None:
    assert set(MEANINGS) == set(Verdict)
    assert judged(field(), None, race=True).is_empty()
