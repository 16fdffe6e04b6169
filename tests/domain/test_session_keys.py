"""Session keys and the calendar behind them."""

from __future__ import annotations

from datetime import date

import pytest

from overcut.domain.calendar import race_day, round_at, round_of_race_date
from overcut.domain.session import SessionKey, SessionKind, kind_of_session_name


def test_keys_have_their_three_forms() -> None:
    assert str(SessionKey.official(2025, 6, SessionKind.SPRINT)) == "2025-06-S"
    assert str(SessionKey.simulated(2025, "monza", 7, SessionKind.RACE)) == "sim-2025-monza-7-R"
    assert str(SessionKey.recording("São Paulo, Saturday!")) == "rec-s-o-paulo-saturday"
    assert str(SessionKey.recording("***")) == "rec-unnamed"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Practice_1", SessionKind.FP1),
        ("Sprint Shootout", SessionKind.SPRINT_QUALIFYING),
        ("Sprint_Qualifying", SessionKind.SPRINT_QUALIFYING),
        ("RACE", SessionKind.RACE),
        ("Day 1", None),
    ],
)
def test_the_feed_s_session_names_have_kinds(name: str, kind: SessionKind | None) -> None:
    assert kind_of_session_name(name) is kind


@pytest.mark.parametrize(
    ("date", "round_number"),
    [
        ("2018-04-29", 4),
        ("2025-10-26", 20),
        ("2024-03-02", 1),
        ("2023-11-18", 21),
        ("2025-10-27", None),
        ("1950-05-13", None),
        ("?", None),
    ],
)
def test_a_race_date_gives_the_round(date: str, round_number: int | None) -> None:
    assert round_of_race_date(date) == round_number


def test_a_circuit_has_its_race_day_and_round() -> None:
    assert (race_day(2025, "monza"), round_at(2025, "monza")) == (date(2025, 9, 7), 16)
    assert (race_day(2025, "madring").weekday(), round_at(2025, "madring")) == (6, 0)
