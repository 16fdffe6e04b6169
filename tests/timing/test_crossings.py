"""Position at the line: the rank of crossing it, whatever the messages' delays."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from overcut.domain.events import LapAmended, LapCompleted
from overcut.timing.engine import Engine
from tests.timing.feeding import feed, line, race


def _time(ms: int) -> dict[str, str]:
    return {"Value": f"{ms // 60_000}:{ms % 60_000 / 1000:06.3f}"}


def _positions(session: Engine, lap: int) -> dict[str, int | None]:
    return {done.number: done.position for done in session.laps() if done.lap == lap}


@settings(max_examples=60)
@given(data=st.data())
def test_the_rank_at_the_line_is_that_of_the_true_crossings(data: st.DataObject) -> None:
    """Each car's messages come 0 to 400 ms late, each differently; its gap at the line is exact."""
    cars = ["1", "4", "16", "44"]
    leader_laps = [data.draw(st.integers(88_000, 92_000)) for _ in range(6)]
    session, true = race(), {number: index * 1_000 for index, number in enumerate(cars)}
    for lap, leader_ms in enumerate(leader_laps, start=1):
        lap_ms = {number: leader_ms + data.draw(st.integers(0, 300)) for number in cars[1:]} | {cars[0]: leader_ms}
        messages: list[tuple[int, str, dict[str, object]]] = []
        for number in cars:
            true[number] += lap_ms[number]
        first = min(true.values())
        for number in cars:
            told: dict[str, object] = {"NumberOfLaps": lap}
            if lap > 1:
                told["LastLapTime"] = _time(lap_ms[number])
            if true[number] > first:
                told["GapToLeader"] = f"+{(true[number] - first) / 1000:.3f}"
            messages.append((true[number] + data.draw(st.integers(0, 400)), number, told))
        leader = min(cars, key=lambda number: true[number])
        messages.sort(key=lambda message: (message[1] != leader, message[0]))  # the leader's comes first, as it does
        t_ms = 0
        for stamp, number, told in messages:
            t_ms = max(t_ms, stamp)
            feed(session, (t_ms, "TimingData", line(number, told)))
        ranks = {number: rank for rank, number in enumerate(sorted(cars, key=lambda number: true[number]), start=1)}
        ties = len(set(true.values())) < len(cars)
        if lap > 2 and not ties:
            assert _positions(session, lap) == ranks


def test_a_car_whose_crossing_is_told_late_ranks_where_it_crossed() -> None:
    """2018 Azerbaijan, lap 49: the message of car 16 came 40 s after it had crossed the line."""
    session = race()
    for lap in (1, 2):
        for index, number in enumerate(("55", "16", "10")):
            told: dict[str, object] = {"NumberOfLaps": lap}
            if lap > 1:
                told["LastLapTime"] = _time(90_000)
            feed(session, (lap * 90_000 + index * 1_000, "TimingData", line(number, told)))
    feed(session, (270_000, "TimingData", line("55", {"NumberOfLaps": 3, "LastLapTime": _time(90_000)})))
    feed(session, (272_000, "TimingData", line("10", {"NumberOfLaps": 3, "LastLapTime": _time(90_000)})))
    assert _positions(session, 3) == {"55": 1, "10": 2}
    events = feed(session, (311_000, "TimingData", line("16", {"NumberOfLaps": 3, "LastLapTime": _time(90_000)})))
    told_laps = [(type(event), event.lap.number, event.lap.position) for event in events if hasattr(event, "lap")]
    assert told_laps == [(LapCompleted, "16", 2), (LapAmended, "10", 3)]
    assert next(lap.end_t_ms for lap in session.laps() if (lap.number, lap.lap) == ("16", 3)) == 271_000


def test_a_gap_told_just_after_the_line_puts_two_cars_right() -> None:
    session = race()
    for lap in (1, 2):
        told: dict[str, object] = {"NumberOfLaps": lap} | ({"LastLapTime": _time(90_000)} if lap > 1 else {})
        feed(session, (lap * 90_000, "TimingData", line("1", told)))
        feed(session, (lap * 90_000 + 1_300, "TimingData", line("4", told)))  # delayed by 200 ms
        feed(session, (lap * 90_000 + 1_200, "TimingData", line("16", told)))
    assert _positions(session, 2) == {"1": 1, "16": 2, "4": 3}
    events = feed(session, (181_500, "TimingData", line("4", {"GapToLeader": "+1.180"})))
    assert _positions(session, 2) == {"1": 1, "4": 2, "16": 3}
    assert {event.lap.number for event in events if isinstance(event, LapAmended)} == {"4", "16"}


def test_a_gap_that_is_not_that_of_the_line_moves_nobody() -> None:
    session = race()
    for lap in (1, 2):
        told: dict[str, object] = {"NumberOfLaps": lap} | ({"LastLapTime": _time(90_000)} if lap > 1 else {})
        feed(session, (lap * 90_000, "TimingData", line("1", told)))
        feed(session, (lap * 90_000 + 1_200, "TimingData", line("16", told)))
    assert feed(session, (181_500, "TimingData", line("16", {"GapToLeader": "+2.400"}))) == []


def test_positions_count_only_cars_that_complete_the_lap() -> None:
    session = race()
    for number, t_ms in (("1", 90_000), ("4", 91_000), ("16", 92_000)):
        feed(session, (t_ms, "TimingData", line(number, {"NumberOfLaps": 1})))
    feed(session, (95_000, "TimingData", line("4", {"Stopped": True, "Retired": True})))
    for number, t_ms in (("1", 180_000), ("16", 182_000)):
        feed(session, (t_ms, "TimingData", line(number, {"NumberOfLaps": 2, "LastLapTime": _time(90_000)})))
    assert _positions(session, 2) == {"1": 1, "16": 2}
