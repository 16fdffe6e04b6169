"""Whether two finishing orders that differ are explained by the official result."""

from __future__ import annotations

from pathlib import Path

import pytest

from official_results import AS_OFFICIAL, BUT_AFTERWARDS, NOT_HERE, TAKEN_BACK, OfficialResults, Result, cause_of_order

OFFICIAL = Result(["44", "1", "4", "16"], frozenset({"4"}))


@pytest.mark.parametrize(
    ("ours", "theirs", "official", "cause"),
    [
        (["44", "1", "4"], ["4", "44", "1"], OFFICIAL, AS_OFFICIAL),
        (["4", "44", "1"], ["44", "4", "1"], OFFICIAL, BUT_AFTERWARDS),
        (["1", "44", "4"], ["44", "1", "4"], OFFICIAL, TAKEN_BACK),
        (["16", "1", "44"], ["16", "44", "1"], OFFICIAL, "?"),
        (["99", "1"], ["1", "99"], OFFICIAL, "?"),
        (["1", "44"], ["44", "1"], None, NOT_HERE),
    ],
)
def test_a_difference_is_explained_or_not(
    ours: list[str], theirs: list[str], official: Result | None, cause: str
) -> None:
    assert cause_of_order(ours, theirs, official) == cause


def test_without_the_archive_nothing_is_known(tmp_path: Path) -> None:
    assert OfficialResults(tmp_path / "absent.zip").of(2024, 14, sprint=False) is None


@pytest.mark.shared
def test_a_disqualified_winner_is_told(shared: Path) -> None:
    results = OfficialResults(shared / "data" / "history" / "f1db-sqlite.zip")
    belgium = results.of(2024, 14, sprint=False)
    assert belgium is not None
    assert (belgium.order[0], "63" in belgium.punished) == ("44", True)
