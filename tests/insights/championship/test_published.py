"""Our championships against F1DB's: every table since 1950, every line; and the rounds in which they were decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import polars as pl
import pytest

from overcut.domain.championship import Championship
from overcut.insights.championship import from_lake
from overcut.insights.championship.contention import Chance, contenders, decided
from overcut.insights.championship.from_lake import season_of
from overcut.insights.championship.standings import ledger_of
from overcut.lake import Lake
from tests.insights.championship import known_differences as known
from tests.insights.championship.published import FINAL, Difference, differences, published

pytestmark = pytest.mark.shared

SEASONS = range(1950, 2025)
DECIDED_BY_COUNTBACK = {
    (1968, Championship.CONSTRUCTORS): (11, 12),
    (1978, Championship.CONSTRUCTORS): (12, 13),
}
"""Ours and F1DB's round. Matra-Ford (1968) and Brabham-Alfa Romeo (1978) could still draw level on points with
Lotus-Ford, and no more: Lotus had more second places, or more wins, than they could reach."""


def line(difference: Difference) -> known.Line:
    return (difference.year, difference.championship.value, difference.round, difference.entrant)


@pytest.fixture(scope="module")
def found(shared_history: Lake) -> list[Difference]:
    return [difference for year in range(1950, 2026) for difference in differences(shared_history, year)]


def test_every_final_table_is_the_published_one(shared_history: Lake, found: list[Difference]) -> None:
    assert [difference for difference in found if difference.round == FINAL] == []
    for year in SEASONS:
        for championship in Championship:
            tables = published(shared_history, year, championship)
            assert (FINAL in tables) == (championship is Championship.DRIVERS or year >= 1958)


def test_table_after_every_round_is_the_published_one_but_for_the_known_lines(found: list[Difference]) -> None:
    explained = known.NOT_LISTED | known.POINTS | known.POSITION | known.TIE
    assert {line(difference) for difference in found} == explained


def test_known_lines_are_of_the_kind_they_are_said_to_be(found: list[Difference]) -> None:
    for difference in found:
        ours, theirs = difference.ours, difference.theirs
        if line(difference) in known.NOT_LISTED:
            assert (ours is None) != (theirs is None)
        elif line(difference) in known.POINTS:
            assert ours is not None
            assert theirs is not None
            assert ours[1] != theirs[1]
        else:
            assert ours is not None
            assert theirs is not None
            assert ours[1] == pytest.approx(theirs[1], abs=0.011)
            assert difference.tied == (line(difference) in known.TIE)


def test_points_columns_of_the_source_are_never_read(shared_history: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    read = Lake.read

    def watched(lake: Lake, table: str, units: object = None, **more: object) -> pl.DataFrame:
        asked.append((table, *cast("Sequence[str]", more["columns"])))
        return read(lake, table, units, **more)  # type: ignore[arg-type] # what was asked, as it was asked

    monkeypatch.setattr(Lake, "read", watched)
    from_lake.forget()
    for year in (1957, 1988, 2024):
        season_of(shared_history, year)
    forbidden = {"points", "drivers_decider", "constructors_decider", "champion"}
    assert asked
    assert not [call for call in asked if forbidden & set(call) or "standings" in call[0]]


@pytest.mark.parametrize("championship", list(Championship))
def test_every_championship_is_decided_in_the_round_that_history_names(
    shared_history: Lake, championship: Championship
) -> None:
    for year in SEASONS:
        ledger = ledger_of(season_of(shared_history, year), championship)
        if ledger is None:
            continue
        races = shared_history.read("races", [year], columns=["round", f"{championship.value}_decider"])
        theirs = races.filter(pl.col(f"{championship.value}_decider"))["round"].to_list()
        ours = decided(ledger)
        assert ours is not None
        expected = DECIDED_BY_COUNTBACK.get((year, championship), (theirs[0], theirs[0]))
        assert (ours.round_number, theirs) == (expected[0], [expected[1]]), year
        if (year, championship) in DECIDED_BY_COUNTBACK:
            assert ours.on_points == expected[1]
        champions = published(shared_history, year, championship)[FINAL]
        assert champions[ours.champion, False][0] == "1"


@pytest.mark.parametrize("championship", list(Championship))
def test_who_is_out_never_comes_back_and_the_champion_never_goes_out(
    shared_history: Lake, championship: Championship
) -> None:
    for year in SEASONS:
        ledger = ledger_of(season_of(shared_history, year), championship)
        if ledger is None or year in (1953, 1960, 1961):  # races called off, an absence, a death: chances change alone
            continue
        champion = decided(ledger)
        out: set[str] = set()
        for scored in ledger.scored:
            chances = {c.entrant: c.chance for c in contenders(ledger, scored.round_number)}
            back = {entrant for entrant in out if chances.get(entrant, Chance.OUT) is not Chance.OUT}
            assert back == set(), (year, scored.round_number)
            out |= {entrant for entrant, chance in chances.items() if chance is Chance.OUT}
        assert champion is not None
        assert champion.champion not in out
