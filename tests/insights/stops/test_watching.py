"""Advice follows event time: the same facts give the same history, however they come, and none knows the future."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import polars as pl

from overcut.domain.tables import TABLES
from overcut.insights.stops.answers import Cause, StopsAnswer
from overcut.insights.stops.history import Outdated
from overcut.insights.stops.picture import StopSettings
from overcut.insights.stops.watching import Watch
from overcut.kernel.frame_schema import conformed
from overcut.lake.features.facts import Fact, LapFact, TrackFact, WeatherFact
from overcut.lake.features.tables import facts_of_tables
from overcut.strategy.parameters import ParameterSet
from tests.strategy.invented_races import Invented, field_of, statuses

RACE = Invented(field_of(6), laps=14)
QUICK = StopSettings(near_races=0, races=0)
SC_FROM_S, SC_TO_S = 3600.0 + 460.0, 3600.0 + 640.0


def facts_of_race(race: Invented = RACE) -> list[Fact]:
    laps = conformed(TABLES["laps"], race.table())
    track = statuses((3600.0, "1"), (SC_FROM_S, "4"), (SC_TO_S, "1"))
    weather = pl.DataFrame(
        {"t_ms": [3_600_000, 4_500_000], "rainfall": [False, True]}
        | {key: [20.0, 20.0] for key in ("air_temp_c", "track_temp_c", "humidity_pct", "wind_speed_ms")}
    )
    status = pl.DataFrame({"t_ms": [3_600_000], "status": ["Started"]})
    return facts_of_tables(laps, track, weather, status)


def watched(facts: list[Fact], race: Invented = RACE) -> tuple[Watch, list[StopsAnswer]]:
    watch = Watch(ParameterSet(), race.facts(), QUICK)
    answers = [answer for fact in facts if (answer := watch.learn(fact)) is not None]
    return watch, answers


def causes(watch: Watch) -> set[Cause]:
    return {one.advice.cause for one in watch.book.kept}


def test_every_lap_stop_flag_and_rain_asks_anew() -> None:
    watch, answers = watched(facts_of_race())
    asked = [answer.cars[0].recommendation.cause for answer in answers if answer.cars[0].recommendation]
    assert asked.count(Cause.LAP) == 13  # the last lap ends the race
    assert asked.count(Cause.STOP) == 5  # the leader's own is the end of a lap
    assert asked.count(Cause.SAFETY_CAR) == 1
    assert asked.count(Cause.GREEN) == 1
    assert asked.count(Cause.WEATHER) == 1
    assert [answer.t_ms for answer in answers] == sorted(answer.t_ms or 0 for answer in answers)
    assert Outdated.STOPPED in {one.outdated for one in watch.book.kept}


def test_same_facts_give_the_same_history_byte_for_byte() -> None:
    first, again = watched(facts_of_race())[0], watched(facts_of_race())[0]
    assert msgspec.json.encode(first.book.kept) == msgspec.json.encode(again.book.kept)


def test_history_of_a_race_so_far_is_the_beginning_of_the_whole_one() -> None:
    facts = facts_of_race()
    whole = watched(facts)[0]
    cut = next(at for at, fact in enumerate(facts) if isinstance(fact, LapFact) and fact.lap == 9)
    half = watched(facts[:cut])[0]
    t_ms = max(fact.known_ms for fact in facts[:cut])
    assert msgspec.json.encode(half.book.kept) == msgspec.json.encode(whole.book.as_of(t_ms))


def test_future_that_changes_changes_nothing_that_was_said() -> None:
    facts = facts_of_race()
    other = [
        msgspec.structs.replace(fact, lap_ms=200_000, end_ms=fact.end_ms + 100_000, known_ms=fact.known_ms + 100_000)
        if isinstance(fact, LapFact) and fact.lap > 9
        else fact
        for fact in facts
    ]
    t_ms = max(fact.known_ms for fact in facts if isinstance(fact, LapFact) and fact.lap == 9) - 1
    said, told = watched(facts)[0].book.as_of(t_ms), watched(other)[0].book.as_of(t_ms)
    assert msgspec.json.encode(said) == msgspec.json.encode(told)


def test_race_at_the_leaders_line_has_everybody_in_it() -> None:
    """When the leader ends a lap nobody else has: they are where their last lap puts them, and not out."""
    facts = facts_of_race()
    at = next(at for at, fact in enumerate(facts) if isinstance(fact, LapFact) and fact.lap == 6)
    watch, _ = watched(facts[: at + 1])
    race = watch.race()
    assert not any(state.retired for state in race.states)
    # By lap 6 car n is 0.15 s a lap behind car n - 1, and 0.3 s from the start.
    behind = [state.behind_s for state in race.states]
    assert all(abs(gap - place * (6 * 0.15 + 0.3)) < 0.6 for place, gap in enumerate(behind))


def test_flag_that_came_out_after_the_line_flies() -> None:
    facts = [fact for fact in facts_of_race() if fact.known_ms <= SC_FROM_S * 1000]
    watch, answers = watched(facts)
    assert watch.race().track.status.value == "SC"
    assert answers[-1].status == "SC"
    assert answers[-1].cars[0].cheap is not None


def test_same_flag_and_same_weather_again_ask_for_nothing() -> None:
    watch, _ = watched(facts_of_race()[:20])
    assert watch.learn(TrackFact(9_000_000, "1")) is None
    assert watch.learn(WeatherFact(9_000_000, rain=False)) is None
    assert watch.learn(WeatherFact(9_000_001, rain=True)) is not None


def test_nothing_is_said_before_the_first_lap_nor_after_the_last() -> None:
    watch, answers = watched(facts_of_race())
    assert answers[0].lap == 1
    assert watch.latest is not None
    assert watch.latest.lap == 13
    assert replace(RACE.facts(), laps=14).laps == 14
