"""Does a forecast change when what happened after its lap is taken away, or mixed up? It must not.

A simulation is a function of the `Race` that it starts from, and of its seed; so the two must be equal as values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import polars as pl

from overcut.domain.session import parts_of_key
from overcut.strategy.backtest.cases import FinishedRace
from overcut.strategy.model import Race
from overcut.strategy.parameters import ParameterSet
from overcut.strategy.situation import PaceSettings, SessionFacts, situation

DELETED, SHUFFLED, FITTED = "future_deleted", "future_shuffled", "fitted_before"


class LeakTests:
    """The leak tests of one backtest.

    Args:
        settings: those of the forecasts.
    """

    def __init__(self, settings: PaceSettings) -> None:
        self._settings = settings
        self._ran: dict[str, int] = {DELETED: 0, SHUFFLED: 0, FITTED: 0}
        self._failed: dict[str, list[str]] = {name: [] for name in self._ran}

    def check(self, parameters: ParameterSet, race: FinishedRace, lap: int, told: Race) -> None:
        """Ask again without the future, and with it mixed up."""
        for name, change in ((DELETED, without_future), (SHUFFLED, with_shuffled_future)):
            facts, laps = change(race.facts, race.laps, lap)
            again = situation(parameters, facts, laps, lap=lap, settings=self._settings)
            self._note(name, f"{race.key} lap {lap}", passed=again == told)

    def fitted(self, parameters: ParameterSet, first: FinishedRace, every: Sequence[FinishedRace]) -> None:
        """Parameters must end before the first race that they serve."""
        until = parameters.provenance.until
        days = {one.key: one.day for one in every}
        if until in days:
            passed = days[until] < first.day
        else:
            passed = parts_of_key(until)[:2] <= parts_of_key(first.key)[:2] if until else True
        self._note(FITTED, f"{first.key} by parameters until {until}", passed=passed)

    def verdicts(self) -> dict[str, str]:
        """By name: how many passed, or which failed."""
        found: dict[str, str] = {}
        for name, ran in self._ran.items():
            failed = self._failed[name]
            found[name] = f"failed: {'; '.join(failed[:5])}" if failed else "passed" if ran else "not run"
        return found

    def _note(self, name: str, what: str, *, passed: bool) -> None:
        self._ran[name] += 1
        if not passed:
            self._failed[name].append(what)


def _cut(facts: SessionFacts, laps: pl.DataFrame, lap: int) -> tuple[float, pl.Expr]:
    """When the leader ended the lap (ms), and which rows of laps are the future: later laps of anybody, and earlier
    ones of lapped cars that ended after the leader's next lap."""
    if lap == 0:
        return (float("inf") if facts.start_ms is None else float(facts.start_ms)), pl.lit(value=True)
    ends = laps.group_by("lap").agg(pl.col("lap_end_s").min())
    at = dict(ends.iter_rows())
    future = pl.col("lap") > lap
    if at.get(lap + 1) is not None:
        future |= (pl.col("lap_end_s") > at[lap + 1]).fill_null(value=False)
    return float(at[lap]) * 1000.0, future


def without_future(facts: SessionFacts, laps: pl.DataFrame, lap: int) -> tuple[SessionFacts, pl.DataFrame]:
    """The session as it was when the leader had ended the lap: everything later deleted."""
    t_ms, future = _cut(facts, laps, lap)
    return _tables(facts, lambda table: table.filter(pl.col("t_ms") <= t_ms)), laps.filter(~future)


def with_shuffled_future(facts: SessionFacts, laps: pl.DataFrame, lap: int) -> tuple[SessionFacts, pl.DataFrame]:
    """The same with everything later mixed up: times, tyres, stops and notices dealt out at random.

    When a lap ended stays as it was: dealt out too, it would move laps of the future before the moment.
    """
    t_ms, future = _cut(facts, laps, lap)
    later = laps.filter(future)
    dealt = [name for name in later.columns if name not in {"driver_number", "lap", "lap_end_s", "lap_start_s"}]
    mixed = later.with_columns(pl.col(name).shuffle(seed=index) for index, name in enumerate(dealt))

    def shuffled(table: pl.DataFrame) -> pl.DataFrame:
        coming = table.filter(pl.col("t_ms") > t_ms)
        told = [name for name in table.columns if name != "t_ms"]
        return pl.concat([table.filter(pl.col("t_ms") <= t_ms), coming.with_columns(pl.col(told).shuffle(seed=1))])

    return _tables(facts, shuffled), pl.concat([laps.filter(~future), mixed])


def _tables(facts: SessionFacts, change: Callable[[pl.DataFrame], pl.DataFrame]) -> SessionFacts:
    def changed(table: pl.DataFrame | None) -> pl.DataFrame | None:
        return None if table is None else change(table)

    return replace(
        facts,
        weather=changed(facts.weather),
        track_status=changed(facts.track_status),
        messages=changed(facts.messages),
    )
