"""When DRS, overtake mode and straight mode were allowed, from race control's words alone."""

from __future__ import annotations

from overcut.domain.state import RaceControlMessage
from overcut.timing.telemetry.modes import Aid, AidPeriod, aid_periods


def said(*words: tuple[int, str]) -> list[AidPeriod]:
    return aid_periods([RaceControlMessage(t_ms=t_ms, text=text) for t_ms, text in words])


def test_overtake_mode_is_on_from_one_word_to_the_next() -> None:
    assert said((10, "OVERTAKE ENABLED"), (50, "CAR 4 (NOR) OFF TRACK"), (90, "OVERTAKE DISABLED")) == [
        AidPeriod(Aid.OVERTAKE, "enabled", None, 10, 90),
        AidPeriod(Aid.OVERTAKE, "disabled", None, 90, None),
    ]


def test_straight_mode_has_a_grip() -> None:
    found = said((1, "STRAIGHT MODE - LOW GRIP"), (5, "STRAIGHT MODE - NORMAL GRIP"), (9, "STRAIGHT MODE - DISABLED"))
    assert [(period.aid, period.state, period.to_ms) for period in found] == [
        (Aid.STRAIGHT_MODE, "low grip", 5),
        (Aid.STRAIGHT_MODE, "normal grip", 9),
        (Aid.STRAIGHT_MODE, "disabled", None),
    ]


def test_a_word_on_one_zone_leaves_the_others_and_one_on_all_ends_it() -> None:
    found = said((1, "DRS ENABLED"), (5, "DRS DISABLED IN ZONE 2"), (7, "DRS DISABLED IN ZONE 1"), (9, "DRS DISABLED"))
    assert [(period.zone, period.state, period.from_ms, period.to_ms) for period in found] == [
        (None, "enabled", 1, 9),
        (2, "disabled", 5, 9),
        (1, "disabled", 7, 9),
        (None, "disabled", 9, None),
    ]


def test_what_is_said_again_is_no_new_period() -> None:
    assert len(said((1, "DRS ENABLED"), (5, "DRS ENABLED"))) == 1


def test_talk_of_overtaking_is_no_mode() -> None:
    assert (
        said((1, "LAPPED CARS MAY NOW OVERTAKE THE SAFETY CAR: 5, 31"), (2, "INCIDENT NOTED - DRS INFRINGEMENT")) == []
    )
