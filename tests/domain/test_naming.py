"""The resolver: exact before near, accents and slips forgiven, nothing guessed between equals."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.domain.naming import EXACT, Named, Register, folded

PEOPLE = Register(
    (
        Named("michael-schumacher", "Michael Schumacher", ("MSC",), ("Schumacher", "schumi"), 1.0),
        Named("ralf-schumacher", "Ralf Schumacher", ("RSC",), ("Schumacher",), 0.2),
        Named("nico-hulkenberg", "Nico Hülkenberg", ("HUL", "27"), ("Hülkenberg",), 0.1),
        Named("kimi-raikkonen", "Kimi Räikkönen", ("RAI", "7"), ("Räikkönen", "iceman"), 0.5),
        Named("jo-smith", "Jo Smith", (), ("Smith",), 0.1),
        Named("al-smith", "Al Smith", (), ("Smith",), 0.1),
    )
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("michael-schumacher", "michael-schumacher"),
        ("Schumacher", "michael-schumacher"),
        ("ralf schumacher", "ralf-schumacher"),
        ("schumacher ralf", "ralf-schumacher"),
        ("rsc", "ralf-schumacher"),
        ("hulkenberg", "nico-hulkenberg"),
        ("HÜLKENBERG", "nico-hulkenberg"),
        ("hulkenburg", "nico-hulkenberg"),
        ("nicohulkenberg", "nico-hulkenberg"),
        ("raikonen", "kimi-raikkonen"),
        ("iceman", "kimi-raikkonen"),
        ("27", "nico-hulkenberg"),
        ("rai", "kimi-raikkonen"),
        ("schum", "michael-schumacher"),
        ("smith", None),
        ("nobody at all", None),
        ("", None),
    ],
)
def test_who_is_meant(text: str, key: str | None) -> None:
    found = PEOPLE.one(text)
    assert (found.id if found else None) == key


def test_equals_are_offered_and_the_likelier_comes_first() -> None:
    assert [match.named.id for match in PEOPLE.matches("schumacher")] == ["michael-schumacher", "ralf-schumacher"]
    assert {match.named.id for match in PEOPLE.matches("smith")} == {"jo-smith", "al-smith"}
    assert len(PEOPLE.matches("schumacher", 1)) == 1


def test_an_exact_name_scores_more_than_a_part_and_that_more_than_a_slip() -> None:
    exact, part, slip = (PEOPLE.matches(text, 1)[0].score for text in ("Nico Hülkenberg", "hulken", "hulkenburg"))
    assert exact == EXACT > part > slip > 0


@pytest.mark.parametrize(
    ("text", "plain"),
    [("São-Paulo ", "sao paulo"), ("Bjørn", "bjorn"), ("Nürburgring", "nurburgring"), ("Łódź", "lodz"), ("ß", "ss")],
)
def test_letters_are_folded(text: str, plain: str) -> None:
    assert folded(text) == plain


@given(st.text(max_size=40))
def test_any_text_is_answered_in_order(text: str) -> None:
    found = PEOPLE.matches(text)
    scores = [match.score for match in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= EXACT for score in scores)
    assert folded(folded(text)) == folded(text)


@given(
    st.sampled_from(["schumacher", "hulkenberg", "raikkonen"]),
    st.integers(1, 8),
    st.sampled_from(string.ascii_lowercase),
)
def test_one_wrong_letter_is_forgiven(name: str, place: int, letter: str) -> None:
    wrong = name[:place] + letter + name[place + 1 :]
    found = PEOPLE.matches(wrong, 1)
    assert found
    assert name in folded(found[0].named.name)


def test_an_id_is_looked_up_as_it_stands() -> None:
    found = PEOPLE.get("jo-smith")
    assert found is not None
    assert found.name == "Jo Smith"
    assert PEOPLE.get("Jo Smith") is None
