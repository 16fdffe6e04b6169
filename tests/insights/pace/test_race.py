"""Fair pace of made-up races, of which the truth is known: it lies within the intervals as often as they say."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl
import pytest

from overcut.insights.pace.assumptions import race_fuel
from overcut.insights.pace.fairness import fair_laps, told_laps
from overcut.insights.pace.race import fit_race
from overcut.insights.pace.report import Estimate, PaceReport
from overcut.insights.pace.summary import race_report
from overcut.kernel.errors import DataMissingError
from tests.insights.pace.synthetic import DISTANCE, LAP_S, Truth, counted, synthetic_race, synthetic_report

SEEDS = range(12)


def holds(found: Estimate, truth: float) -> bool:
    return found.low <= truth <= found.high


@pytest.fixture(scope="module")
def many() -> list[tuple[PaceReport, Truth]]:
    return [(synthetic_report(laps), truth) for laps, truth in map(synthetic_race, SEEDS)]


def test_drivers_intervals_hold_the_truth_nine_times_in_ten(many: list[tuple[PaceReport, Truth]]) -> None:
    inside = [
        holds(one.to_field_s, truth.drivers[one.driver_number]) for report, truth in many for one in report.drivers
    ]
    assert len(inside) == 144
    assert 0.82 <= np.mean(inside) <= 0.97


def test_wear_fuel_and_track_are_found_within_their_intervals(many: list[tuple[PaceReport, Truth]]) -> None:
    wear = [holds(one.wear_s_per_lap, truth.wear[one.compound]) for report, truth in many for one in report.compounds]
    fuel = [holds(report.fuel.found_s_per_kg, truth.fuel_s_per_kg) for report, truth in many]
    assert np.mean(wear) >= 0.85
    assert np.mean(fuel) >= 0.75
    # Wear is worth knowing: the intervals tell soft from hard in every race.
    for report, _ in many:
        width = {one.compound: one.wear_s_per_lap for one in report.compounds}
        assert width["SOFT"].low > width["HARD"].high


def test_stopwatch_is_wear_less_fuel_plus_track(many: list[tuple[PaceReport, Truth]]) -> None:
    """What no assumption is needed for is told much more surely than its parts."""
    fuel = race_fuel(2024, DISTANCE, LAP_S, sprint=False)
    inside: list[bool] = []
    for report, truth in many:
        for one in report.compounds:
            seen = truth.wear[one.compound] - truth.fuel_s_per_kg * fuel.kg_per_lap + truth.track_s / DISTANCE
            inside.append(holds(one.stopwatch_s_per_lap, seen))
    assert np.mean(inside) >= 0.85


def test_cliff_is_found_where_there_is_one_and_nowhere_else(many: list[tuple[PaceReport, Truth]]) -> None:
    assert all(one.cliff is None for report, _ in many for one in report.compounds)
    for seed in (0, 1, 2):
        laps, _ = synthetic_race(seed, cliff_from=12.0, cliff_s=0.15)
        cliffs = {one.compound: one.cliff for one in synthetic_report(laps).compounds}
        soft = cliffs.pop("SOFT")
        assert soft is not None
        assert soft.age_laps == pytest.approx(12.0, abs=2.0)
        assert soft.more_s_per_lap.value == pytest.approx(0.15, abs=0.05)
        assert set(cliffs.values()) == {None}


def test_report_does_not_depend_on_the_order_of_rows() -> None:
    laps, _ = synthetic_race(5)
    assert msgspec.json.encode(synthetic_report(laps)) == msgspec.json.encode(
        synthetic_report(laps.sample(fraction=1.0, shuffle=True, seed=1).sort("lap", maintain_order=True))
    )


def test_mistake_is_an_outlier_and_moves_nobody() -> None:
    laps, _ = synthetic_race(7)
    spoilt = laps.with_columns(
        pl.when((pl.col("driver_number") == "3") & (pl.col("lap") == 8))
        .then(pl.col("lap_time_s") + 4.0)
        .otherwise(pl.col("lap_time_s"))
        .alias("lap_time_s")
    )
    before, after = synthetic_report(laps), synthetic_report(spoilt)
    fuel = race_fuel(2024, DISTANCE, LAP_S, sprint=False)
    race = fit_race(counted(spoilt), fuel, DISTANCE)
    lap = fair_laps(race).filter((pl.col("driver_number") == "3") & (pl.col("lap") == 8))
    assert lap["verdict"].to_list() == ["outlier"]
    assert lap["off_pace_s"][0] == pytest.approx(4.0, abs=0.7)
    pace = {one.driver_number: one.to_field_s.value for one in before.drivers}
    for one in after.drivers:
        assert one.to_field_s.value == pytest.approx(pace[one.driver_number], abs=0.03)


def test_fair_laps_take_off_what_they_say_and_no_more() -> None:
    laps, _ = synthetic_race(2)
    fair = fair_laps(fit_race(counted(laps), race_fuel(2024, DISTANCE, LAP_S, sprint=False), DISTANCE))
    known = fair.drop_nulls("fair_s")
    parts = known["fair_s"] + known["fuel_s"] + known["tyre_s"] + known["track_s"] - known["lap_time_s"]
    assert parts.abs().max() == pytest.approx(0.0, abs=1e-9)
    clean = known.filter(pl.col("verdict") == "clean")
    raw, made_fair = clean.group_by("driver_number").agg(pl.col("lap_time_s").std(), pl.col("fair_s").std())[:, 1:]
    assert (made_fair < raw).all()
    assert told_laps(fair).height == laps.height


def test_quicker_than_next_and_gaps_agree_with_the_order(many: list[tuple[PaceReport, Truth]]) -> None:
    report, _ = many[0]
    values = [one.pace_s.value for one in report.drivers]
    assert values == sorted(values)
    assert report.drivers[0].gap_s == Estimate(0.0, 0.0, 0.0)
    assert report.drivers[-1].quicker_than_next is None
    assert all(0.5 <= (one.quicker_than_next or 1.0) <= 1.0 for one in report.drivers)


def test_too_few_laps_are_an_error_that_says_so() -> None:
    laps, _ = synthetic_race(0)
    few = counted(laps).filter(pl.col("lap") < 4)
    with pytest.raises(DataMissingError, match="Too few laps"):
        fit_race(few, race_fuel(2024, DISTANCE, LAP_S, sprint=False), DISTANCE)


def test_driver_without_clear_air_is_told_from_traffic_with_less_certainty() -> None:
    laps, _ = synthetic_race(4)
    stuck = counted(laps).with_columns(
        pl.when((pl.col("driver_number") == "6") & (pl.col("verdict") == "clean"))
        .then(pl.lit("traffic"))
        .otherwise(pl.col("verdict"))
        .alias("verdict")
    )

    report = race_report(fit_race(stuck, race_fuel(2024, DISTANCE, LAP_S, sprint=False), DISTANCE))
    widths = {one.driver_number: one.to_field_s.high - one.to_field_s.low for one in report.drivers}
    told = next(one for one in report.drivers if one.driver_number == "6")
    assert told.from_traffic
    assert told.clear_laps == 0
    assert widths["6"] > 3.0 * float(np.median(list(widths.values())))


def test_refuelled_cars_are_not_corrected_for_fuel() -> None:
    fuel = race_fuel(2005, 60, 80.0, sprint=False)
    assert fuel.kg_per_lap == 0.0
    assert "refuelled" in fuel.basis
    assert race_fuel(2024, 20, 90.0, sprint=True).start_kg == pytest.approx(100.0 * 100 / 305)
