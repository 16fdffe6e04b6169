"""Which time penalties each car has still to serve."""

from __future__ import annotations

from overcut.strategy.situation.moment import moment
from overcut.strategy.situation.penalties import pending_penalties
from tests.strategy.invented_races import LAP_S, ZERO_S, Car, Invented, messages

RACE = Invented([Car("4", stops=(12,)), Car("16", 0.3)])
GIVEN = "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 4 (D04) - SPEEDING IN THE PIT LANE"


def pending(lap: int, *told: tuple[float, str]) -> dict[str, float]:
    return pending_penalties(RACE.facts(messages=messages(*told)), moment(RACE.table(), lap))


def test_a_penalty_is_pending_from_its_message_until_the_next_stop() -> None:
    told = (ZERO_S + 8 * LAP_S, GIVEN)
    assert pending(5, told) == {}
    assert pending(10, told) == {"4": 5.0}
    assert pending(12, told) == {}


def test_a_penalty_that_was_served_is_gone() -> None:
    served = "FIA STEWARDS: PENALTY SERVED - 5 SECOND TIME PENALTY FOR CAR 4 (D04) - SPEEDING IN THE PIT LANE"
    assert pending(10, (ZERO_S + 6 * LAP_S, GIVEN), (ZERO_S + 7 * LAP_S, served)) == {}


def test_penalties_add_up_and_drive_throughs_cost_a_passage() -> None:
    told = [
        (ZERO_S + 3 * LAP_S, "10 SECOND TIME PENALTY FOR CAR 16 (D16) - CAUSING A COLLISION"),
        (ZERO_S + 4 * LAP_S, "DRIVE THROUGH PENALTY FOR CAR 16 (D16)"),
        (ZERO_S + 5 * LAP_S, "10 SECOND STOP/GO PENALTY FOR CAR 4 (D04) - FALSE START"),
        (ZERO_S + 5 * LAP_S, "CAR 4 (D04) TIME 1:30.1 DELETED - TRACK LIMITS"),
    ]
    assert pending(10, *told) == {"16": 30.0, "4": 30.0}


def test_without_messages_nothing_is_pending() -> None:
    assert pending_penalties(RACE.facts(), moment(RACE.table(), 5)) == {}
