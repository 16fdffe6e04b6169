"""The fit of everything but pace, on races that our simulator drove with known parameters."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl
import pytest
from scipy.special import expit

from overcut.lake import Lake
from overcut.strategy.fitting.events import fit_events
from overcut.strategy.fitting.events.decisions import decisions
from overcut.strategy.fitting.events.retiring import starters
from overcut.strategy.fitting.events.seen import races_seen
from overcut.strategy.fitting.events.stopping import log_odds
from overcut.strategy.parameters.events import GENERIC_EVENTS, EventParameters, lognormal
from overcut.strategy.simulator import simulate
from tests.strategy.events.simulated_lake import EASY, HARD, SC_LAPS, driven, race_at, write_lake

ROUNDS = 9


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return write_lake(tmp_path_factory.mktemp("events") / "lake", driven(ROUNDS))


@pytest.fixture(scope="module")
def fitted(lake: Lake) -> EventParameters:
    return fit_events(lake)


def chance_at(fitted: EventParameters, intercept: float) -> float:
    """Of a pass by a car with help that would be a second ahead."""
    return float(expit(intercept + fitted.traffic.pass_per_s + fitted.traffic.drs))


def test_the_hard_circuit_is_told_from_the_easy_one(fitted: EventParameters) -> None:
    easy = fitted.pass_intercept.at("baku", 2030).mean
    hard = fitted.pass_intercept.at("monaco", 2030).mean
    assert easy - hard > 0.5 * (EASY - HARD)
    assert abs(chance_at(fitted, easy) - chance_at(GENERIC_EVENTS, EASY)) < 0.2
    assert fitted.evidence["baku"].passes > fitted.evidence["monaco"].passes


def test_cars_are_seen_to_follow_as_closely_as_they_did(fitted: EventParameters) -> None:
    assert fitted.traffic.follow_s == pytest.approx(GENERIC_EVENTS.traffic.follow_s, abs=0.25)


def test_retirements_are_found_at_their_rate(lake: Lake, fitted: EventParameters) -> None:
    cars = starters(races_seen(lake))
    later = cars.filter(pl.col("laps") > 0)
    seen = float(later["out"].sum()) / float(later["laps"].sum())
    rate = fitted.retirements.rate.at("baku", 2030)
    assert lognormal(rate).mean == pytest.approx(seen, rel=0.25)
    assert 0.05 < rate.sd < 0.6


def test_safety_cars_last_as_long_as_they_did(fitted: EventParameters) -> None:
    shares = fitted.neutralisations.sc_laps
    mean = sum((place + 1) * share for place, share in enumerate(shares))
    assert mean == pytest.approx(SC_LAPS, abs=1.0)
    assert fitted.evidence["baku"].safety_cars == ROUNDS // 3


def test_penalties_that_are_only_served_do_not_count_again(fitted: EventParameters) -> None:
    assert fitted.penalties.shares[0] == pytest.approx(fitted.penalties.shares[1])
    assert fitted.penalties.shares[2] == 0.0


def test_simulated_teams_stop_as_often_as_they_did(lake: Lake, fitted: EventParameters) -> None:
    made = decisions(races_seen(lake), fitted.stints)
    per_car = float(made["stop"].sum()) / made.select("session_key", "driver_number").n_unique()
    race = race_at(EASY)
    known = msgspec.structs.replace(race.circuit, circuit_id="baku", season=2030)
    (outcome,) = simulate(msgspec.structs.replace(race, circuit=fitted.apply(known)), races=64, threads=1)
    assert float(outcome.stops[~outcome.retired].mean()) == pytest.approx(per_car, rel=0.25)


def test_stops_are_expected_as_often_as_they_were_made(lake: Lake, fitted: EventParameters) -> None:
    rows = decisions(races_seen(lake), fitted.stints)
    expected = float(expit(log_odds(rows, fitted.stops)).sum())
    assert expected == pytest.approx(float(rows["stop"].sum()), rel=0.1)


def test_no_rain_was_seen_and_rain_is_held_rarer(fitted: EventParameters) -> None:
    assert fitted.rain.begins.rate("baku", 2030).mean < GENERIC_EVENTS.rain.begins.rate("baku", 2030).mean


def test_what_comes_later_changes_nothing(tmp_path: Path) -> None:
    races = driven(4)
    whole = write_lake(tmp_path / "whole", races)
    earlier = write_lake(tmp_path / "earlier", [one for one in races if one.key < "2030-07-R"])
    assert fit_events(whole, before="2030-07-R") == fit_events(earlier)
    assert fit_events(whole, before="2030-07-S") == fit_events(earlier), "the round's own race is later than its sprint"


def test_a_lake_without_races_gives_the_generic_figures(tmp_path: Path) -> None:
    assert fit_events(Lake(tmp_path / "none")) == GENERIC_EVENTS


def test_the_same_lake_gives_the_same_figures(lake: Lake, fitted: EventParameters) -> None:
    assert fit_events(lake) == fitted
