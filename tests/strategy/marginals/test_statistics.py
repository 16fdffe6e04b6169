"""What is counted of a race: passes, stops, cautions, the same way for recorded and simulated ones."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from overcut.strategy.marginals.recorded import recorded_laps, simulated_laps
from overcut.strategy.marginals.statistics import RaceLaps, measured
from overcut.strategy.model import Interruption, Scenario
from overcut.strategy.model.generic import generic_race
from overcut.strategy.simulator import simulate
from tests.strategy.events.simulated_lake import driven, lap_table


def steady(laps: int = 30, cars: int = 12, gap_s: float = 3.0) -> RaceLaps:
    """Cars that follow each other at equal pace, so that nothing ever happens."""
    starts = 100.0 + gap_s * np.arange(cars)
    at = starts + 90.0 * np.arange(laps)[:, None]
    return RaceLaps(at, np.zeros((laps, cars), bool))


def test_nothing_happens_in_a_procession() -> None:
    found = measured(steady())
    assert found.passes == 0
    assert found.near == 0
    assert found.neutral_laps == 0
    assert found.stops == 0
    assert found.retirements == 0
    assert found.lap_s == pytest.approx(90.0)
    assert found.winner_s == pytest.approx(100.0 + 29 * 90.0)
    assert found.spread_s == pytest.approx(27.0)


def test_a_pass_is_counted_once_and_one_by_a_stop_is_not() -> None:
    race = steady(cars=4)
    race.at_s[10:, 1] -= 3.5  # the second passes the leader on lap 11
    assert measured(race).passes == 1
    stopped = steady(cars=4)
    stopped.at_s[10:, 0] += 5.0
    stopped.at_s[11:, 0] += 16.0
    stopped.stop[10, 0] = True
    found = measured(stopped)
    assert found.passes == 0
    assert found.pit_loss_s == pytest.approx(21.0)


def test_slow_laps_of_the_field_are_neutral_and_their_stops_do_not_count() -> None:
    race = steady()
    race.at_s[12:, :] += 40.0
    race.at_s[13:, :] += 40.0
    race.stop[12, 3] = True
    found = measured(race)
    assert found.neutral_laps == 2
    assert found.neutralised == 1.0
    assert found.pit_loss_s is None


def test_a_retired_car_is_counted_and_not_its_stops() -> None:
    race = steady()
    race.at_s[9:, 5] = np.nan
    race.stop[3, 5] = True
    found = measured(race)
    assert found.retirements == 1
    assert found.stops == 0


def test_close_cars_are_near() -> None:
    assert measured(steady(gap_s=0.8)).near == pytest.approx(11 / 12)


def test_recorded_and_simulated_laps_of_one_race_measure_alike() -> None:
    one = next(race for race in driven(3) if race.safety_car)
    flags = pl.DataFrame(schema={"kind": pl.String, "start_ms": pl.Int64})
    real = recorded_laps(lap_table(one), flags)
    assert real is not None
    again, straight = measured(real), measured(simulated_laps(one.outcome, one.number))
    assert again.passes == straight.passes
    assert again.neutral_laps == straight.neutral_laps > 0
    assert again.winner_s == pytest.approx(straight.winner_s)
    assert again.stops == pytest.approx(straight.stops)


def test_a_called_safety_car_is_seen_in_the_laps_alone() -> None:
    called = Scenario("called", interruptions=(Interruption("SC", 20, 5),), only_these=True)
    (outcome,) = simulate(generic_race(20, 50), (called,), races=3, traces=3, threads=1)
    for race in range(3):
        assert 4 <= measured(simulated_laps(outcome, race)).neutral_laps <= 6


def test_what_a_red_flag_took_is_taken_off_the_clock() -> None:
    one = driven(1)[0]
    laps = lap_table(one)
    start = float(laps.filter(pl.col("lap") == 20)["lap_end_s"].min()) - 20.0  # pyright: ignore[reportArgumentType]
    late = pl.when(pl.col("lap_end_s") > start).then(1800.0).otherwise(0.0)
    stood = laps.with_columns((pl.col("lap_end_s") + late).alias("lap_end_s"))
    flags = pl.DataFrame({"kind": ["RED"], "start_ms": [int(start * 1000)]})
    before, after = recorded_laps(laps, flags.clear()), recorded_laps(stood, flags)
    assert before is not None
    assert after is not None
    plain, red = measured(before).winner_s, measured(after).winner_s
    assert plain is not None
    assert red is not None
    assert red == pytest.approx(plain, abs=60.0)


def test_laps_without_times_are_no_race() -> None:
    empty = lap_table(driven(1)[0]).with_columns(pl.lit(None, dtype=pl.Float64).alias("lap_end_s"))
    assert recorded_laps(empty, pl.DataFrame(schema={"kind": pl.String, "start_ms": pl.Int64})) is None
