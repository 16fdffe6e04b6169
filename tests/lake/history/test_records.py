"""Records: true ranks, each list against a slow and simple recount, and the ones that everybody knows."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake.history.book import Book
from overcut.lake.history.career_answers import RecordAnswer
from overcut.lake.history.records import record, records
from overcut.lake.history.records.ages import age
from overcut.lake.history.records.lines import Line, ranked

EVERY = [(item.name, of) for item in records().items for of in item.of]


@pytest.mark.parametrize(("name", "of"), EVERY)
def test_every_list_can_be_asked_and_is_in_order(small: Book, name: str, of: str) -> None:
    found = record(small, name, of=of, limit=1_000)
    assert found.total >= len(found.rows)
    values = [row.value for row in found.rows]
    assert values in (sorted(values), sorted(values, reverse=True))
    for place, row in enumerate(found.rows):
        better = sum(value != row.value for value in values[:place])
        assert row.rank == better + 1
        assert row.tied == (values.count(row.value) > 1 or found.total > 1_000)
        assert row.text


@given(st.lists(st.integers(0, 6), max_size=30), st.booleans())
def test_ranks_are_true(values: list[int], least_first: bool) -> None:
    found = ranked([Line(value, f"d{place}") for place, value in enumerate(values)], least_first=least_first)
    for one in found:
        better = sum((v < one.line.value) if least_first else (v > one.line.value) for v in values)
        assert one.rank == better + 1
        assert one.tied == (values.count(int(one.line.value)) > 1)


def holders(found: RecordAnswer) -> dict[str, float]:
    return {row.driver.id: row.value for row in found.rows if row.driver}


def test_wins_are_those_of_the_results(small: Book) -> None:
    wins: Counter[str] = Counter()
    for race in small.run:
        wins.update({entry.driver_id for entry in small.by_race[race.index] if entry.position == 1})
    assert holders(record(small, "wins", limit=1_000)) == wins


def test_filters_leave_only_what_was_asked(small: Book) -> None:
    everything = record(small, "wins", limit=1_000)
    parts = [record(small, "wins", first=year, last=year, limit=1_000) for year in small.seasons]
    assert sum((Counter(holders(part)) for part in parts), Counter()) == Counter(holders(everything))
    circuits = [record(small, "wins", circuit_id=key, limit=1_000) for key in small.races_by_circuit]
    assert sum((Counter(holders(part)) for part in circuits), Counter()) == Counter(holders(everything))
    grids = [record(small, "wins-from-grid", grid=grid, limit=1_000) for grid in range(1, 21)]
    from_pit_lane = sum(entry.won and entry.grid is None for entry in small.entries)
    assert sum(sum(holders(part).values()) for part in grids) + from_pit_lane == sum(holders(everything).values())


def slow_streaks(book: Book, driver: str) -> list[int]:
    """Lengths of a driver's winning streaks, two and more, walked race by race."""
    lengths, now = [], 0
    for race in book.run:
        won = any(entry.driver_id == driver and entry.position == 1 for entry in book.by_race[race.index])
        if won:
            now += 1
        else:
            lengths, now = [*lengths, now], 0
    return sorted(length for length in [*lengths, now] if length > 1)


def test_streaks_are_those_of_a_walk_through_the_races(small: Book) -> None:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in record(small, "wins-in-a-row", limit=1_000).rows:
        assert row.driver is not None
        found[row.driver.id].append(int(row.value))
    for driver in small.by_driver:
        assert sorted(found[driver]) == slow_streaks(small, driver)


def test_waits_between_wins_and_runs_without_are_counted_in_own_starts(small: Book) -> None:
    for driver, entries in small.by_driver.items():
        won = [entry.won for entry in entries if entry.started]
        places = [place for place, win in enumerate(won) if win]
        gaps = sorted(b - a - 1 for a, b in pairwise(places) if b - a > 1)
        rows = record(small, "starts-between-wins", limit=1_000).rows
        assert sorted(int(row.value) for row in rows if row.driver and row.driver.id == driver) == gaps
        runs = "".join("w" if win else "." for win in won).split("w")
        rows = record(small, "starts-in-a-row-without-wins", limit=1_000).rows
        mine = sorted(int(row.value) for row in rows if row.driver and row.driver.id == driver)
        assert mine == sorted(len(run) for run in runs if run)


def test_those_who_never_won_and_those_who_did_are_everybody_who_started(small: Book) -> None:
    never = holders(record(small, "starts-without-win", limit=1_000))
    did = holders(record(small, "starts-to-first-win", limit=1_000))
    started = {entry.driver_id for entry in small.entries if entry.started}
    assert never.keys() | did.keys() == started
    assert not never.keys() & did.keys()


def test_shares_need_enough_starts_and_say_of_how_many(small: Book) -> None:
    found = record(small, "win-share", limit=1_000)
    for row in found.rows:
        won, of = (int(word) for word in row.detail.split(" of "))
        assert of >= found.record.least
        assert row.value == pytest.approx(100 * won / of)
    assert len(record(small, "win-share", least=10_000).rows) == 0


@given(st.dates(date(1890, 1, 1), date(2010, 12, 31)), st.integers(0, 30_000))
def test_an_age_is_whole_years_and_days_since_the_birthday(born: date, days: int) -> None:
    on = date.fromordinal(born.toordinal() + days)
    years, rest = age(born, on)
    assert 0 <= rest <= 365
    again = (
        date(born.year + years, 3, 1)
        if (born.month, born.day) == (2, 29) and not _leap(born.year + years)
        else born.replace(year=born.year + years)
    )
    assert date.fromordinal(again.toordinal() + rest) == on


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def test_what_cannot_be_asked_is_said(small: Book) -> None:
    with pytest.raises(DataMissingError) as told:
        record(small, "win")
    assert "wins" in told.value.hint
    with pytest.raises(WrongUsageError, match="not of tyres"):
        record(small, "titles", of="tyres")
    with pytest.raises(WrongUsageError, match="no season"):
        record(small, "wins", first=2020, last=2010)
    with pytest.raises(DataMissingError, match="circuit"):
        record(small, "wins", circuit_id="nowhere")
    with pytest.raises(DataMissingError, match="Grand Prix"):
        record(small, "wins", grand_prix_id="nowhere")


def test_laps_led_say_that_there_are_no_laps(small: Book) -> None:
    found = record(small, "laps-led")
    assert found.rows == []
    assert "no race laps" in found.coverage
    assert record(small, "grand-slams").rows == []


KNOWN: tuple[tuple[str, dict[str, object], int, str, str], ...] = (
    ("wins-in-a-row", {"last": 2024}, 0, "max-verstappen", "10"),
    ("wins-in-a-row", {"last": 2024}, 1, "sebastian-vettel", "9"),
    ("wins-in-a-row", {"last": 1960, "indianapolis": False}, 0, "alberto-ascari", "9"),
    ("wins-in-a-row", {"last": 1960}, 0, "alberto-ascari", "7"),
    ("podiums-in-a-row", {"last": 2024}, 0, "michael-schumacher", "19"),
    ("points-finishes-in-a-row", {"last": 2024}, 0, "lewis-hamilton", "48"),
    ("poles-in-a-row", {"last": 2023}, 0, "ayrton-senna", "8"),
    ("starts-in-a-row", {"last": 2024}, 0, "lewis-hamilton", "265"),
    ("starts-to-first-win", {}, 0, "sergio-perez", "190"),
    ("starts-without-podium", {"last": 2024}, 1, "adrian-sutil", "128"),
    ("hat-tricks", {}, 0, "michael-schumacher", "22"),
    ("wins-in-a-season", {}, 0, "max-verstappen", "19"),
    ("poles-in-a-season", {}, 0, "sebastian-vettel", "15"),
    ("wins-share-of-a-season", {"last": 2022}, 0, "alberto-ascari", "75.00 %"),
    ("youngest-starter", {}, 0, "max-verstappen", "17 y 166 d"),
    ("youngest-points", {}, 0, "max-verstappen", "17 y 180 d"),
    ("youngest-winner", {}, 0, "max-verstappen", "18 y 228 d"),
    ("youngest-champion", {}, 0, "sebastian-vettel", "23 y 134 d"),
    ("oldest-starter", {}, 0, "louis-chiron", "55 y 292 d"),
    ("oldest-winner", {}, 0, "luigi-fagioli", "53 y 22 d"),
    ("oldest-champion", {}, 0, "juan-manuel-fangio", "46 y 41 d"),
    ("closest-finishes", {}, 0, "peter-gethin", "0.010 s"),
    ("largest-winning-margins", {}, 0, "jackie-stewart", "2 laps"),
    ("lowest-winning-grid", {}, 0, "john-watson", "22nd"),
    ("longest-races", {}, 0, "jenson-button", "4:04:39.537"),
    ("fastest-races", {"last": 2024}, 0, "michael-schumacher", "247.585 km/h"),
    ("closest-titles", {}, 0, "niki-lauda", "0.5"),
    ("wins-in-a-row-at-a-grand-prix", {}, 0, "ayrton-senna", "5"),
    ("not-qualified", {}, 0, "gabriele-tarquini", "40"),
)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "asked", "place", "driver", "text"), KNOWN)
def test_records_are_those_that_everybody_knows(
    whole: Book, name: str, asked: dict[str, int], place: int, driver: str, text: str
) -> None:
    row = record(whole, name, **asked).rows[place]
    assert row.driver is not None
    assert (row.driver.id, row.text) == (driver, text)


@pytest.mark.shared
def test_records_of_makers_and_seasons_are_known_too(whole: Book) -> None:
    streak = record(whole, "wins-in-a-row", of="constructors", last=2024).rows[0]
    assert streak.constructor is not None
    assert (streak.constructor.id, streak.value) == ("red-bull", 15)
    poles = record(whole, "poles-in-a-row", of="constructors").rows[0]
    assert poles.constructor is not None
    assert (poles.constructor.id, poles.value) == ("williams", 24)
    assert [row.season for row in record(whole, "most-winners").rows[:1]] == [1982]
    assert record(whole, "fewest-starters").rows[0].value == 6
    engine = record(whole, "titles", of="countries", last=2024).rows[0]
    assert engine.holder is not None
    assert (engine.holder.name, engine.value) == ("United Kingdom", 20)
