"""Which set of tyres a lap was driven on, however late the feed tells it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from overcut.domain.events import LapAmended
from overcut.domain.laps import Lap
from overcut.domain.tyres import Compound
from overcut.timing.engine import Engine
from tests.timing.feeding import engine, feed, line, race

LAP_MS = 90_000
FIRST = {"Compound": "SOFT", "New": "false", "TotalLaps": 3, "StartLaps": 3}
SECOND = {"Compound": "HARD", "New": "true", "TotalLaps": 0, "StartLaps": 0}


def _race_with_a_stop(stop_on: int, laps: int, told_after_lap: int) -> Engine:
    """Car 4 stops at the end of lap ``stop_on``; its second set is told when it has completed ``told_after_lap``."""
    session = race()
    feed(session, (0, "TimingAppData", line("4", {"Stints": [FIRST]})))
    for lap in range(1, laps + 1):
        t_ms = lap * LAP_MS
        if lap == stop_on:
            feed(session, (t_ms - 5_000, "TimingData", line("4", {"InPit": True, "NumberOfPitStops": 1})))
        feed(session, (t_ms, "TimingData", line("4", {"NumberOfLaps": lap})))
        if lap == stop_on:
            feed(session, (t_ms + 15_000, "TimingData", line("4", {"InPit": False, "PitOut": True})))
        if lap == told_after_lap:
            told = {"Stints": {"1": SECOND | {"TotalLaps": max(0, lap - stop_on)}}}
            feed(session, (t_ms + 30_000, "TimingAppData", line("4", told)))
    return session


def _shoes(laps: tuple[Lap, ...]) -> list[tuple[int, str, int | None, bool | None]]:
    return [(lap.stint, lap.compound.value, lap.age_laps, lap.fresh) for lap in laps]


@given(stop_on=st.integers(1, 8), late=st.integers(0, 6))
def test_a_set_told_laps_late_amends_every_lap_that_was_driven_on_it(stop_on: int, late: int) -> None:
    session = _race_with_a_stop(stop_on, laps=16, told_after_lap=stop_on + late)
    expected: list[tuple[int, str, int | None, bool | None]] = [
        (1, "SOFT", 3 + lap, False) for lap in range(1, stop_on + 1)
    ]
    expected += [(2, "HARD", lap - stop_on, True) for lap in range(stop_on + 1, 17)]
    assert _shoes(session.laps()) == expected


def test_the_amendments_are_told() -> None:
    session = _race_with_a_stop(2, laps=4, told_after_lap=99)
    events = feed(session, (400_000, "TimingAppData", line("4", {"Stints": {"1": SECOND | {"TotalLaps": 2}}})))
    amended = [event.lap for event in events if isinstance(event, LapAmended)]
    assert [(lap.lap, lap.compound, lap.amended_t_ms) for lap in amended] == [
        (3, Compound.HARD, 400_000),
        (4, Compound.HARD, 400_000),
    ]


def test_a_set_named_while_the_car_is_in_its_box_begins_with_the_lap_after() -> None:
    session = race()
    feed(
        session,
        (0, "TimingAppData", line("4", {"Stints": [FIRST]})),
        (1_000, "TimingData", line("4", {"NumberOfLaps": 7})),
        (85_000, "TimingData", line("4", {"InPit": True})),  # the line is still ahead
        (88_000, "TimingAppData", line("4", {"Stints": {"1": SECOND}})),
        (91_000, "TimingData", line("4", {"NumberOfLaps": 8})),
        (110_000, "TimingData", line("4", {"InPit": False})),
        (181_000, "TimingData", line("4", {"NumberOfLaps": 9})),
    )
    assert _shoes(session.laps())[-2:] == [(1, "SOFT", 11, False), (2, "HARD", 1, True)]


def test_a_corrected_compound_corrects_the_laps_too() -> None:
    session = _race_with_a_stop(2, laps=5, told_after_lap=2)
    feed(session, (500_000, "TimingAppData", line("4", {"Stints": {"1": {"Compound": "MEDIUM"}}})))
    assert [lap.compound.value for lap in session.laps()] == ["SOFT", "SOFT", "MEDIUM", "MEDIUM", "MEDIUM"]


def test_who_joins_late_learns_the_sets_from_their_ages() -> None:
    """A snapshot at lap 30; the count of the set in use lags by a lap and is corrected later."""
    session = race()
    used = {**FIRST, "TotalLaps": 15}  # 12 laps on the first set
    snapshot = {"Lines": {"4": {"Stints": [used, SECOND | {"TotalLaps": 17}]}}}
    feed(session, (0, "TimingData", line("4", {"NumberOfLaps": 30})), (1, "TimingAppData", snapshot))
    feed(session, (80_000, "TimingData", line("4", {"NumberOfLaps": 31})))
    feed(session, (82_000, "TimingAppData", line("4", {"Stints": {"1": {"TotalLaps": 19}}})))
    [lap] = session.laps()
    assert (lap.lap, lap.stint, lap.age_laps) == (31, 2, 19)


def test_practice_counts_a_set_from_the_lap_out_to_the_lap_in() -> None:
    session = engine()
    feed(
        session,
        (0, "TimingData", line("4", {"InPit": True})),
        (100_000, "TimingData", line("4", {"InPit": False, "PitOut": True, "NumberOfLaps": 1})),
        (103_000, "TimingAppData", line("4", {"Stints": [SECOND]})),
        (200_000, "TimingData", line("4", {"NumberOfLaps": 2})),
        (280_000, "TimingData", line("4", {"InPit": True})),
        (900_000, "TimingData", line("4", {"InPit": False, "PitOut": True, "NumberOfLaps": 3})),
        (903_000, "TimingAppData", line("4", {"Stints": {"1": FIRST}})),
        (990_000, "TimingData", line("4", {"NumberOfLaps": 4})),
    )
    assert _shoes(session.laps()) == [(1, "HARD", 1, True), (1, "HARD", 2, True), (2, "SOFT", 4, False)]
