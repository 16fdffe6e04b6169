"""Where a car stands, in one word, as a race ends."""

from __future__ import annotations

from overcut.domain.flags import CarStatus
from tests.timing.feeding import feed, line, race


def test_the_leader_has_finished_though_the_end_was_called_just_after_he_passed_the_line() -> None:
    session = race()
    feed(
        session, (100, "SessionStatus", {"Status": "Started"}), (90_000, "TimingData", line("44", {"NumberOfLaps": 1}))
    )
    feed(session, (180_000, "TimingData", line("44", {"NumberOfLaps": 2})))
    feed(session, (179_700, "TimingData", line("1", {"NumberOfLaps": 1})))
    feed(session, (180_100, "SessionStatus", {"Status": "Finished"}))
    state = session.state()
    assert (state.cars["44"].status, state.cars["1"].status) == (CarStatus.FINISHED, CarStatus.TRACK)


def test_when_the_race_is_over_who_neither_stopped_nor_retired_has_finished() -> None:
    session = race()
    feed(session, (100, "SessionStatus", {"Status": "Started"}))
    for number in ("44", "1", "16"):
        feed(session, (90_000, "TimingData", line(number, {"NumberOfLaps": 1})))
    feed(
        session, (100_000, "SessionStatus", {"Status": "Aborted"}), (101_000, "TimingData", line("44", {"InPit": True}))
    )
    feed(
        session,
        (102_000, "TimingData", line("1", {"Stopped": True})),
        (103_000, "TimingData", line("16", {"Retired": True})),
    )
    assert session.state().cars["44"].status is CarStatus.PIT
    feed(session, (200_000, "SessionStatus", {"Status": "Finalised"}))
    state = session.state()
    statuses = [state.cars[number].status for number in ("44", "1", "16")]
    assert statuses == [CarStatus.FINISHED, CarStatus.RETIRED, CarStatus.RETIRED]
