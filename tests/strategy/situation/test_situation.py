"""A race at the end of a lap, from nothing but what was known then."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from overcut.domain.tyres import Compound
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake import Lake
from overcut.strategy.backtest.leaks import with_shuffled_future, without_future
from overcut.strategy.model import TrackStatus
from overcut.strategy.parameters import ParameterSet
from overcut.strategy.simulator import simulate
from overcut.strategy.situation import PaceSettings, SessionFacts, facts_of, race_rules, situation
from tests.strategy.invented_races import (
    LAP_S,
    ZERO_S,
    Car,
    Invented,
    field_of,
    lake_of_races,
    messages,
    statuses,
    weather,
)

PARAMETERS = ParameterSet()


def eventful() -> Invented:
    cars = [*field_of(6), Car("9", 8.0, stops=(6,)), Car("11", 0.5, retires=8)]
    return Invented(cars, laps=24, status={12: "14", 13: "4", 14: "41"}, slow={12: 20.0, 13: 45.0, 14: 30.0})


def told(race: Invented) -> SessionFacts:
    t = ZERO_S + 11.4 * LAP_S
    return race.facts(
        start_ms=int(ZERO_S * 1000),
        weather=weather((0.0, False), (ZERO_S + 10 * LAP_S, False), (ZERO_S + 18 * LAP_S, True)),
        track_status=statuses((0.0, "1"), (t, "4"), (t + 3 * LAP_S, "1")),
        messages=messages((ZERO_S + 9 * LAP_S, "5 SECOND TIME PENALTY FOR CAR 3 (D03) - SPEEDING")),
    )


def test_the_state_has_what_the_laps_say() -> None:
    race = eventful()
    found = situation(PARAMETERS, told(race), race.table(), lap=13)
    state = {car.driver_number: one for car, one in zip(found.cars, found.states, strict=True)}
    assert found.lap == 13
    assert found.track.status is TrackStatus.SC
    assert state["11"].retired
    assert not state["9"].retired
    assert state["9"].behind_s > 40.0
    assert state["1"].stops == 1
    assert state["1"].used == (Compound.MEDIUM, Compound.HARD)
    assert state["1"].tyre_age == 13 - 8
    running = sorted(one.position for one in found.states if not one.retired)
    assert running == list(range(1, 8))


def test_a_penalty_not_yet_served_is_part_of_the_state() -> None:
    race = Invented(field_of(4), laps=24)
    facts = race.facts(messages=messages((ZERO_S + 12 * LAP_S, "5 SECOND TIME PENALTY FOR CAR 3 (D03) - SPEEDING")))
    found = situation(PARAMETERS, facts, race.table(), lap=14)
    assert [one.penalty_s for one in found.states] == [0.0, 0.0, 5.0, 0.0]


@hypothesis_settings(max_examples=12)
@given(lap=st.integers(0, 23))
def test_nothing_that_happens_later_changes_it(lap: int) -> None:
    race = eventful()
    facts, laps = told(race), race.table()
    found = situation(PARAMETERS, facts, laps, lap=lap)
    for change in (without_future, with_shuffled_future):
        other_facts, other_laps = change(facts, laps, lap)
        assert situation(PARAMETERS, other_facts, other_laps, lap=lap) == found


def test_what_happened_before_does_change_it() -> None:
    race = eventful()
    laps = race.table()
    quicker = pl.when((pl.col("driver_number") == "5") & (pl.col("lap") < 12)).then(pl.col("lap_time_s") - 1.0)
    found = situation(PARAMETERS, race.facts(), laps, lap=12)
    other = situation(
        PARAMETERS, race.facts(), laps.with_columns(quicker.otherwise("lap_time_s").alias("lap_time_s")), lap=12
    )
    place = [car.driver_number for car in found.cars].index("5")
    assert other.cars[place].pace_s.mean < found.cars[place].pace_s.mean - 0.3


def test_the_grid_is_the_grid() -> None:
    race = eventful()
    found = situation(PARAMETERS, told(race), race.table(), lap=0)
    assert [one.position for one in found.states] == list(range(1, 9))
    assert all(one.behind_s == 0.0 and one.stops == 0 for one in found.states)
    assert found.cars[0].pace_s.mean < found.cars[5].pace_s.mean


@pytest.mark.parametrize("lap", [0, 1, 5, 13, 23])
def test_the_simulator_takes_it(lap: int) -> None:
    race = eventful()
    (outcome,) = simulate(situation(PARAMETERS, told(race), race.table(), lap=lap), races=64, threads=1)
    assert outcome.position.shape == (64, 8)


def test_settings_scale_retirements_stops_and_what_is_unknown_of_tyres() -> None:
    race = Invented(field_of(2))
    plain = PaceSettings(retirements=1.0, stop_sharpness=1.0, tyre_doubt=1.0)
    other = PaceSettings(retirements=0.5, stop_sharpness=2.0, tyre_doubt=0.0)
    for lap in (0, 8):
        one, two = (situation(PARAMETERS, race.facts(), race.table(), lap=lap, settings=way) for way in (plain, other))
        assert two.cars[0].retirement_per_lap == pytest.approx(0.5 * one.cars[0].retirement_per_lap)
        assert two.circuit.stops.age == pytest.approx([2.0 * value for value in one.circuit.stops.age])
        assert all(
            tyre.wear_s.sd == 0.0 < before.wear_s.sd
            for tyre, before in zip(two.circuit.tyres, one.circuit.tyres, strict=True)
        )


def test_laps_outside_the_race_are_refused() -> None:
    race = eventful()
    for lap in (-1, 24, 99):
        with pytest.raises(WrongUsageError, match=f"Lap {lap}"):
            situation(PARAMETERS, race.facts(), race.table(), lap=lap)
    with pytest.raises(DataMissingError, match="Nobody"):
        situation(PARAMETERS, race.facts(entrants=()), race.table(), lap=1)


def test_rules_follow_season_circuit_and_kind() -> None:
    race = Invented(field_of(2))
    assert race_rules(race.facts(season=2025, circuit_id="monaco")).stops_required == 2
    assert race_rules(race.facts(season=2024)).fastest_lap_point
    assert not race_rules(race.facts(season=2025)).fastest_lap_point
    assert race_rules(race.facts(season=2023)).help_after_laps == 2
    sprint = race_rules(race.facts(season=2025, sprint=True))
    assert sprint.sprint
    assert sprint.points[0] == 8
    assert race_rules(race.facts(season=2021, sprint=True)).points == (3, 2, 1)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return lake_of_races(tmp_path_factory.mktemp("races") / "lake", 2)


def test_facts_come_from_the_lake(lake: Lake) -> None:
    facts = facts_of(lake, "2031-01-R")
    assert (facts.season, facts.circuit_id, facts.laps, facts.sprint) == (2031, "monza", 12, False)
    assert [one.grid for one in facts.entrants] == [1, 2, 3, 4, 5, 6]
    assert min(one.qualifying for one in facts.entrants if one.qualifying is not None) == 0.0
    assert facts.start_ms == 3_600_000
    found = situation(PARAMETERS, facts, lake.read("laps", units=["2031-01-R"]), lap=6)
    assert found.session_key == "2031-01-R"


def test_what_is_no_race_has_no_situation(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match="no race"):
        facts_of(lake, "2031-01-FP1")
    with pytest.raises(DataMissingError, match="entry list"):
        facts_of(Lake(tmp_path / "none"), "2031-01-R")
