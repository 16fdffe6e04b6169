"""Which session someone means, however they write it."""

from __future__ import annotations

import pytest

from overcut.domain.calendar import RACES
from overcut.domain.grands_prix import race_of, races_of
from overcut.domain.race_distances import announced_laps
from overcut.domain.session import SessionKey
from overcut.domain.session_names import UnknownSessionNameError, describe, official_parts, read_session_name


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2024-14-R", "2024-14-R"),
        ("2024-5-q", "2024-05-Q"),
        ("sim-2025-Monza-7-r", "sim-2025-monza-7-R"),
        ("rec-My-File", "rec-my-file"),
        ("2025 monaco R", "2025-08-R"),
        ("monaco 2025", "2025-08-R"),
        ("2018 azerbaijan race", "2018-04-R"),
        ("2025 miami sprint", "2025-06-S"),
        ("2023 baku sprint shootout", "2023-04-SQ"),
        ("2024 São Paulo Grand Prix qualifying", "2024-21-Q"),
        ("2024 brazil fp1", "2024-21-FP1"),
        ("2024 hungarian gp free practice 2", "2024-13-FP2"),
        ("2024 14 Q", "2024-14-Q"),
        ("2024 round 14", "2024-14-R"),
        ("2025 azerbijan", "2025-17-R"),
        ("2025 silver", "2025-12-R"),
        ("2020 italy", "2020-08-R"),
        ("2020 70th anniversary", "2020-05-R"),
        ("2020 sakhir", "2020-16-R"),
        ("2018 mexican", "2018-19-R"),
        ("2026 spain", "2026-14-R"),
        ("2026 barcelona", "2026-07-R"),
        ("2024 usa", "2024-19-R"),
        ("2024-07-28", "2024-14-R"),
        ("2024-07-28 qualifying", "2024-14-Q"),
    ],
)
def test_a_session_is_found_by_key_round_place_country_or_misspelling(text: str, key: str) -> None:
    assert str(read_session_name(text)) == key


@pytest.mark.parametrize(
    ("text", "said", "suggested"),
    [
        ("monaco", "names no season", "2026 monaco"),
        ("nothing at all", "names no season", None),
        ("2025", "no race of 2025 is named", "2025-01-R"),
        ("2025 atlantis", "no race called 'atlantis'", "2025-01-R"),
        ("2020 silverstone", "2 races that", "2020-05-R (70th Anniversary Grand Prix)"),
        ("2024-25-R", "2024 has 24 races", "2024-24-R"),
        ("2024-14-X", "no kind of session", None),
        ("2024-07-27 qualifying", "no race on 2024-07-27", "2024-14-Q (Belgian Grand Prix)"),
        ("2024-07-28 lunch", "'lunch' is no kind", "2024-14-R"),
        ("2024-12-31", "no race on 2024-12-31", None),
        ("1999 spa", "calendar of 1999 is not known", "1999-01-R"),
    ],
)
def test_what_is_not_understood_is_said_with_suggestions(text: str, said: str, suggested: str | None) -> None:
    with pytest.raises(UnknownSessionNameError) as raised:
        read_session_name(text)
    assert said in raised.value.what
    if suggested is None:
        assert not raised.value.suggestions
    else:
        assert any(suggested in suggestion for suggestion in raised.value.suggestions)


def test_every_race_of_every_season_is_found_by_its_own_name() -> None:
    for season in RACES:
        for race in races_of(season):
            found = read_session_name(f"{season} {race.name} Q")
            assert official_parts(found) == (season, race.round_number, "Q"), race.name


def test_keys_are_described_in_words() -> None:
    assert describe(SessionKey("2024-14-S")) == "2024 Belgian Grand Prix, sprint"
    assert describe(SessionKey("rec-x")) == "rec-x"
    assert official_parts(SessionKey("sim-2025-monza-7-R")) is None
    assert race_of(2024, 25) is None


def test_distances_are_those_announced_not_those_run() -> None:
    assert announced_laps(2021, 12) == 44  # one lap was run
    assert announced_laps(2020, 16) == 87
    assert announced_laps(2023, 4, sprint=True) == 17
    assert announced_laps(2024, 8, sprint=True) is None
    assert announced_laps(1999, 1) is None
