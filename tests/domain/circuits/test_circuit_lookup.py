"""Is the right circuit found from the feed's name and from what people type?"""

from __future__ import annotations

import pytest

from overcut.domain.circuits import CIRCUITS, Circuit, circuit_of_feed, find_circuit


@pytest.mark.parametrize("circuit", CIRCUITS.values(), ids=list(CIRCUITS))
def test_circuit_is_found_by_each_of_its_own_names(circuit: Circuit) -> None:
    for text in (circuit.id, circuit.id.upper(), circuit.name, circuit.feed_name, circuit.grand_prix):
        assert find_circuit(text) is circuit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("spa", "spa-francorchamps"),
        ("Sakhir", "bahrain"),
        ("COTA", "austin"),
        ("sao paulo", "interlagos"),
        ("São_Paulo", "interlagos"),
        ("Monte-Carlo", "monaco"),
        ("barcelona", "catalunya"),
        ("mexico city", "mexico-city"),
        ("silver", "silverstone"),
        ("  Hungary ", "hungaroring"),
    ],
)
def test_aliases_accents_case_and_beginnings_are_understood(text: str, expected: str) -> None:
    assert find_circuit(text).id == expected


def test_unknown_circuit_says_what_is_near_and_what_exists() -> None:
    with pytest.raises(LookupError) as caught:
        find_circuit("silvrstone")
    assert "Did you mean silverstone?" in str(caught.value)
    assert all(id_ in str(caught.value) for id_ in CIRCUITS)


@pytest.mark.parametrize("text", ["", "m", "nowhere"])
def test_hopeless_text_is_refused_rather_than_guessed(text: str) -> None:
    with pytest.raises(LookupError):
        find_circuit(text)


def test_ambiguous_beginning_names_the_candidates() -> None:
    with pytest.raises(LookupError, match="monaco") as caught:
        find_circuit("mon")
    assert "monza" in str(caught.value)


def test_feed_key_decides_before_the_name() -> None:
    assert circuit_of_feed("Baku", 144) is CIRCUITS["baku"]
    assert circuit_of_feed("renamed by the feed", 65) is CIRCUITS["mexico-city"]
    assert circuit_of_feed("Monte Carlo", None) is CIRCUITS["monaco"]
    assert circuit_of_feed("sakhir", 9999) is CIRCUITS["bahrain"]
    assert circuit_of_feed("Nowhere", 9999) is None
