"""The famous questions: well formed, and what they say of the races is what was recorded."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest
from tests.strategy.invented_races import lake_of_races

import famous_what_ifs as bench
from famous_what_ifs_list import FAMOUS, Famous, Side, Source, Stop
from overcut.lake import Lake
from overcut.runtime.strategy import record_in_lake
from overcut.strategy.parameters import ParameterSet, Provenance
from overcut.strategy.simulator import simulate

AGAINST_THE_TIMING = {
    # The red flag's laps: the timing counts those on which the leader saw it, the list those that it took away.
    "hungary-2021-restart",
    "sao-paulo-2024-red-flag",
    # Nobody's tyres changed under this red flag, by the feed; the list lets both versions change them.
    "monaco-2022-intermediates",
}
"""Questions whose list differs from the recorded laps, in nothing that tells the two versions apart."""


def test_questions_are_many_and_each_has_a_name_a_source_and_a_rival_where_it_needs_one() -> None:
    assert len(FAMOUS) >= 14
    assert len({famous.name for famous in FAMOUS}) == len(FAMOUS)
    assert len({famous.session for famous in FAMOUS}) >= 12
    for famous in FAMOUS:
        assert all(famous.source)
        assert (famous.side in (Side.AHEAD, Side.BEHIND)) == bool(famous.rival)
        assert famous.did != famous.instead
        assert all(stop.lap > famous.lap for stop in (*famous.did, *famous.instead))
        assert all(one.lap > famous.lap and one.laps > 0 for one in (*famous.neutralised, *famous.rain))


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return lake_of_races(tmp_path_factory.mktemp("famous") / "lake", 1)


def invented(side: Side, *, rival: str = "", instead: tuple[Stop, ...] = (), swap: bool = False) -> Famous:
    did = (Stop(8, "HARD"),)
    plans = (instead, did) if swap else (did, instead)
    return Famous("invented", "?", "2031-01-R", 4, "D02", *plans, side, Source("a", "b", "2031"), rival=rival)


@pytest.fixture
def unfitted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "parameters_for", lambda *_args, **_more: ParameterSet())


def test_sides_are_the_two_halves_of_one_question(lake: Lake, unfitted: None) -> None:
    two = (Stop(6, "HARD"), Stop(10, "SOFT"))  # a needless stop
    better, worse = (bench.judged(invented(side, instead=two), lake, 80) for side in (Side.BETTER, Side.WORSE))
    assert better.failed == worse.failed == ""
    assert better.chance + worse.chance == pytest.approx(1.0, abs=1e-3)
    assert worse.right
    assert not better.right
    assert worse.place_instead > worse.place_did
    assert worse.time_s is not None
    assert worse.time_s > 5.0
    assert worse.why
    swapped = bench.judged(invented(Side.BETTER, instead=two, swap=True), lake, 80)
    assert swapped.chance == pytest.approx(worse.chance, abs=1e-3)


def test_rival_decides_where_one_is_named(lake: Lake, unfitted: None) -> None:
    ahead, behind = (
        bench.judged(invented(side, rival="D05", instead=(Stop(9, "HARD"),)), lake, 60)
        for side in (Side.AHEAD, Side.BEHIND)
    )
    assert ahead.chance + behind.chance == pytest.approx(1.0)
    assert ahead.chance == ahead.ahead_instead


def test_what_cannot_be_asked_is_a_miss_and_says_why(lake: Lake, unfitted: None) -> None:
    missing = invented(Side.BETTER)._replace(session="2031-07-R")
    verdict = bench.judged(missing, lake, 10)
    assert not verdict.right
    assert "2031-07-R" in verdict.failed
    told = bench.report([verdict])
    assert told["bench"] == "famous_what_ifs"


def test_a_tie_goes_to_neither_side(lake: Lake) -> None:
    record = record_in_lake(lake, "2031-01-R")
    assert record is not None
    famous = invented(Side.BETTER, instead=(Stop(8, "HARD"),))
    question = bench.asked(famous, record, ParameterSet())
    did, instead = simulate(question.race, question.scenarios, races=30, seed=1)
    assert np.array_equal(did.position, instead.position)
    assert bench.chance_of(famous, question, did, instead) == 0.5


def test_parameters_have_seen_nothing_of_the_season_and_are_kept(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def fitted(_: Lake, *, before: str | None = None) -> ParameterSet:
        asked.append(before)
        return ParameterSet()

    monkeypatch.setattr(bench, "fit", fitted)
    bench._before.cache_clear()
    assert bench.parameters_for(lake, "2018-09-R", tmp_path) == ParameterSet()
    assert asked == []
    first = bench.parameters_for(lake, "2024-13-R", tmp_path)
    bench._before.cache_clear()
    assert bench.parameters_for(lake, "2024-21-R", tmp_path) == first
    assert asked == ["2024-01-R"]
    newer = msgspec.structs.replace(first, provenance=Provenance(before="2024-16-R"))
    newer.save(tmp_path / "before-2024-16-R.json")
    assert bench.parameters_for(lake, "2024-16-R", tmp_path) == newer  # fitted before it
    assert bench.parameters_for(lake, "2024-15-R", tmp_path) == first


@pytest.mark.shared
def test_list_agrees_with_the_recorded_timing(shared: Path) -> None:
    races = pl.scan_parquet(shared / "data/timing/laps.parquet").filter(pl.col("session") == "Race")
    different: set[str] = set()
    for famous in FAMOUS:
        season, round_number = int(famous.session[:4]), int(famous.session[5:7])
        laps = races.filter((pl.col("season") == season) & (pl.col("round") == round_number)).collect()
        if bench.listed_as_recorded(famous, laps):
            different.add(famous.name)
    assert different == AGAINST_THE_TIMING
