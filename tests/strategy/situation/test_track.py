"""What the track is under, and how wet it is."""

from __future__ import annotations

import pytest

from overcut.strategy.model import TrackState, TrackStatus
from overcut.strategy.model.generic import generic_circuit
from overcut.strategy.situation.facts import SessionFacts
from overcut.strategy.situation.moment import moment
from overcut.strategy.situation.track import grid_track, track_state
from overcut.strategy.situation.tyres import with_stints
from tests.strategy.invented_races import LAP_S, ZERO_S, Car, Invented, field_of, statuses, weather

CIRCUIT = generic_circuit(20, LAP_S)


def at(race: Invented, lap: int, facts: SessionFacts | None = None) -> TrackState:
    now = moment(race.table(), lap)
    return track_state(facts or race.facts(), now, with_stints(now.laps), CIRCUIT)


def test_the_laps_own_digits_tell_where_no_status_was_recorded() -> None:
    race = Invented(field_of(3), status={9: "14", 10: "4", 11: "41"})
    assert at(race, 9).status is TrackStatus.SC
    assert at(race, 10).since_laps == 2
    assert at(race, 11).status is TrackStatus.GREEN
    assert at(race, 13).green_laps == 2
    assert at(race, 8).green_laps == 8


def test_the_recorded_status_tells_the_instant_and_nothing_later() -> None:
    race = Invented(field_of(3), status={9: "16"})
    t_s = moment(race.table(), 9).t_s
    facts = race.facts(track_status=statuses((0.0, "1"), (t_s - 30, "6"), (t_s - 5, "7"), (t_s + 5, "4")))
    assert at(race, 9, facts).status is TrackStatus.GREEN  # the virtual safety car is about to end
    facts = race.facts(track_status=statuses((0.0, "1"), (t_s - 30, "6"), (t_s + 5, "1")))
    assert at(race, 9, facts).status is TrackStatus.VSC


def test_dry_tyres_under_a_dry_sky_mean_a_dry_track() -> None:
    assert at(Invented(field_of(3)), 9) == TrackState(green_laps=9)


def test_rain_on_slicks_shows_in_what_it_costs() -> None:
    race = Invented(field_of(4), slow={9: 3.0, 10: 3.0})
    facts = race.facts(weather=weather((0.0, False), (ZERO_S + 8 * LAP_S, True)))
    found = at(race, 10, facts)
    assert found.raining
    assert found.wetness == pytest.approx(0.15, abs=0.05)  # where slicks lose 3 s


@pytest.mark.parametrize(("cost_s", "low", "high"), [(6.5, 0.2, 0.45), (12.0, 0.5, 0.8)])
def test_intermediates_tell_the_water_by_their_times(cost_s: float, low: float, high: float) -> None:
    cars = [Car(str(n), 0.1 * n, compounds=("INTERMEDIATE",)) for n in range(1, 5)]
    race = Invented(cars, slow=dict.fromkeys(range(1, 21), cost_s))
    assert low <= at(race, 9).wetness <= high


def test_slicks_among_intermediates_mean_little_water() -> None:
    cars = [Car(str(n), 0.1 * n, compounds=("INTERMEDIATE" if n > 2 else "MEDIUM",)) for n in range(1, 6)]
    all_on_water = [Car(str(n), 0.1 * n, compounds=("INTERMEDIATE",)) for n in range(1, 6)]
    slow = dict.fromkeys(range(1, 21), 6.5)
    assert at(Invented(cars, slow=slow), 9).wetness < at(Invented(all_on_water, slow=slow), 9).wetness


def test_the_grid_knows_the_rain_before_the_start_and_not_after() -> None:
    race, started = Invented(field_of(2)), int(ZERO_S * 1000)
    wet_later = weather((0.0, False), (ZERO_S + 60, True))
    assert grid_track(race.facts(weather=wet_later, start_ms=started)).wetness == 0.0
    assert grid_track(race.facts(weather=weather((0.0, True)), start_ms=started)).raining
    assert grid_track(race.facts()) == TrackState(green_laps=0)
