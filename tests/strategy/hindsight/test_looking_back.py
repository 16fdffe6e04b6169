"""Is the plan of hindsight never worse than what was done, is nothing later than its moment known, are scores sound?"""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from overcut.domain.tyres import Compound
from overcut.kernel.errors import OvercutError
from overcut.strategy.hindsight import LookingBack, RaceHindsight, look_back, median_team, season_hindsight, world_of
from overcut.strategy.hindsight.advised import advised, moments
from overcut.strategy.hindsight.answers import DriverHindsight, Missed
from overcut.strategy.hindsight.season import bootstrapped
from overcut.strategy.model import Interruption, Plan, PlannedStop, Rain, Scenario, TrackStatus
from overcut.strategy.optimiser import CancelledError, Effort, PlanLimits, Value, broken_rules
from tests.strategy.hindsight.invented import invented_past, invented_race

TINY = LookingBack(Effort(8, ((24, 4), (48, 2)), 1, 0, 0, 0, replies=False), races=192)


@pytest.fixture(scope="module")
def found() -> RaceHindsight:
    return look_back(invented_race(), invented_past(), TINY)


def test_every_driver_who_finished_is_judged_and_who_did_not_says_why(found: RaceHindsight) -> None:
    assert [car.driver_number for car in found.drivers] == ["1", "2", "3", "4", "5", "6"]
    assert [car.judged for car in found.drivers] == [True] * 5 + [False]
    assert found.drivers[-1].why_not == "it did not finish"
    assert found.neutralised == 4


def test_plan_of_hindsight_keeps_the_rules_and_is_not_worse_than_what_was_done(found: RaceHindsight) -> None:
    race = invented_race()
    for car in found.drivers[:5]:
        for told in (car.actual, car.foresight, car.advised, car.hindsight):
            assert told is not None
            assert told.plan is not None
            assert broken_rules(race, car.driver_number, told.plan, PlanLimits(most_stops=4)) == ()
        assert car.missed is not None
        assert car.missed.points.mean > -2 * car.missed.points.half_width - 0.1


def test_stop_far_too_early_is_seen(found: RaceHindsight) -> None:
    first = found.drivers[0]
    assert first.missed is not None
    assert first.foreseeable is not None
    assert first.missed.seconds.mean > 5.0
    assert first.missed.points.mean > first.missed.points.half_width
    assert first.foreseeable.points.mean > 0


def test_world_is_the_race_as_it_came() -> None:
    world = world_of(invented_race(), invented_past())
    assert world.only_these
    assert set(world.plans) == {"1", "2", "3", "4", "5"}
    assert world.plans["2"] == Plan((PlannedStop(18, Compound.HARD),), Compound.MEDIUM)


def test_race_that_is_not_over_cannot_be_looked_back_at() -> None:
    unfinished = msgspec.structs.replace(invented_past(), finished=False)
    with pytest.raises(OvercutError, match="whole race"):
        look_back(invented_race(), unfinished, TINY)
    with pytest.raises(CancelledError):
        look_back(invented_race(), invented_past(), TINY, cancelled=lambda: True)


def test_only_the_named_driver_is_looked_at_and_progress_is_told() -> None:
    seen: list[tuple[int, int]] = []
    one = look_back(invented_race(), invented_past(), TINY, drivers=["6"], progress=lambda d, n: seen.append((d, n)))
    assert [car.driver_number for car in one.drivers] == ["6"]
    assert seen == [(1, 1)]


def test_advice_knows_nothing_of_what_comes_later() -> None:
    race = invented_race()
    world = Scenario(
        interruptions=(Interruption("VSC", 8, 2), Interruption("SC", 20, 9)), rain=(Rain(30, 4),), only_these=True
    )
    first, second, third = moments(race, world)
    assert (first.lap, second.lap, third.lap) == (7, 19, 29)
    assert [(one.kind, one.lap) for one in first.scenario.interruptions] == [("VSC", 8)]
    assert not first.scenario.rain
    assert second.status is TrackStatus.SC
    assert second.scenario.interruptions[0] == Interruption("VSC", 8, 2)
    assert second.scenario.interruptions[1].laps != 9, "how long it lasts is not known while it lasts"
    assert third.scenario.rain[0].lap == 30


def test_advice_is_the_same_whatever_comes_after_its_last_stop() -> None:
    """A caution after the last lap for a stop changes nothing that was decided before it."""
    race, plan = invented_race(), Plan((PlannedStop(20, Compound.HARD),), react=True)
    early = Scenario(interruptions=(Interruption("SC", 10, 3),), only_these=True)
    late = Scenario(interruptions=(Interruption("SC", 10, 3), Interruption("SC", 39, 1)), only_these=True)
    limits = PlanLimits(most_stops=2)
    assert advised(race, "2", early, plan, limits, 0) == advised(race, "2", late, plan, limits, 0)


# --- seasons --------------------------------------------------------------------------------------------------------


def _race(key: str, gains: dict[str, float]) -> RaceHindsight:
    def missed(of: float) -> Missed:
        return Missed(Value(of, 0.1), Value(of / 2, 0.1), Value(3 * of, 0.1))

    drivers = tuple(
        DriverHindsight(
            str(i), f"D{i}", team, i, judged=True, missed=missed(gain + 1), foreseeable=missed(gain),
            advisable=missed(gain), gained=missed(-gain),
        )
        for i, (team, gain) in enumerate(gains.items())
    )  # fmt: skip
    return RaceHindsight(1, key, 2024, 64, 0, drivers, 0, 0, ("made up",))


def test_teams_are_in_the_order_of_what_they_gained_with_honest_intervals() -> None:
    rng = np.random.default_rng(3)
    races = [_race(f"2024-{n:02d}-R", {"A": rng.normal(1), "B": rng.normal(0), "C": rng.normal(-1)}) for n in range(24)]
    season = season_hindsight(2024, races, [("2024-25-R", "no laps")])
    assert [team.team for team in season.teams] == ["C", "B", "A"]
    best = season.teams[0]
    assert best.gained_points.low < best.gained_points.mean < best.gained_points.high
    assert best.gained_points.low < 1.0 < best.gained_points.high
    assert season.left_out == (("2024-25-R", "no laps"),)
    assert msgspec.json.decode(msgspec.json.encode(season))["median_team"]["races"] == 24


def test_median_team_is_the_middle_one_of_each_race() -> None:
    races = [_race("2024-01-R", {"A": 5.0, "B": 1.0, "C": -1.0}), _race("2024-02-R", {"A": -3.0, "B": 9.0, "C": 2.0})]
    median = median_team(races)
    assert median is not None
    assert median.points.mean == pytest.approx(1.5)
    assert median.seconds.mean == pytest.approx(4.5)
    assert median.better == 1.0
    assert median_team([_race("2024-01-R", {"A": 1.0})]) is None


def test_interval_of_a_constant_is_that_constant() -> None:
    assert bootstrapped(np.array([2.0, 2.0]), 0) == bootstrapped(np.array([2.0, 2.0]), 9)
    assert np.isnan(bootstrapped(np.array([]), 0).mean)
