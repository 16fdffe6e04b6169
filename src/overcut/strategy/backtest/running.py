"""How would the simulator have forecast each race of a period, had it stood there with what was known then?"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake import Lake
from overcut.strategy.backtest.baselines import OnGap, Stay
from overcut.strategy.backtest.cases import STAGES, Board, FinishedRace, board, boards, finished_race, races_between
from overcut.strategy.backtest.leaks import LeakTests
from overcut.strategy.backtest.report import OURS, BacktestReport, calibration, differences, flat, scored
from overcut.strategy.backtest.scores import RaceScore, score
from overcut.strategy.model import Race
from overcut.strategy.parameters import ParameterSet
from overcut.strategy.simulator import simulate
from overcut.strategy.situation import PaceSettings, situation

Floats = NDArray[np.float64]

FIRST_LAPS = date(2018, 1, 1)
"""The baselines learn from races with full timing: from 2018 on."""

LEAST_HISTORY = 20
"""Races that the baselines must have to be fitted."""

MOST_BETWEEN = 5
"""Races that one fit may serve, by the protocol."""

Fit = Callable[[Lake, str], ParameterSet]
"""Fits parameters on what was before a session, given by its key."""

Told = Callable[[int, int, str], None]
"""Told how many of how many races are done, and which is next."""


@dataclass(frozen=True)
class BacktestPlan:
    """What to run.

    Attributes:
        first, last: the period. ``races``: simulated for each forecast. ``refit_every``: races that one fit serves.
        stages: percent of the distance. ``seed``: of the luck. ``threads``: of the simulator.
        settings: how pace is judged. ``leak_checks``: every how many-th race the leak tests are run on.
    """

    first: date
    last: date
    races: int = 10_000
    refit_every: int = MOST_BETWEEN
    stages: tuple[int, ...] = STAGES
    seed: int = 0
    threads: int | None = None
    settings: PaceSettings = field(default_factory=PaceSettings)
    leak_checks: int = 3


def backtest(lake: Lake, plan: BacktestPlan, fit: Fit, told: Told | None = None) -> BacktestReport:
    """Run it: each race from the grid and at 25, 50 and 75 % of its announced distance.

    Args:
        lake: with laps and history. ``plan``: what. ``fit``: fits parameters on what was before a session.
        told: of the progress.

    Raises:
        WrongUsageError: the plan breaks the protocol.
        DataMissingError: no race of the period, or too few before it for the baselines.
    """
    if not 1 <= plan.refit_every <= MOST_BETWEEN:
        raise WrongUsageError(f"One fit cannot serve {plan.refit_every} races", hint=f"1 to {MOST_BETWEEN}")
    tested = races_between(lake, plan.first, plan.last)
    every = [found for key in races_between(lake, FIRST_LAPS, plan.last) if (found := finished_race(lake, key))]
    asked = [one for one in every if one.key in set(tested)]
    skipped = [f"{key}: no result" for key in tested if key not in {one.key for one in asked}]
    if not asked:
        raise DataMissingError("No race of the period has a result", hint="overcut history import brings them")
    earlier = [one for one in every if one.day < asked[0].day]
    if len(earlier) < LEAST_HISTORY:
        raise DataMissingError(
            f"Only {len(earlier)} races lie before {asked[0].key}", why=f"the baselines need {LEAST_HISTORY}"
        )
    run = _Run(plan, {stage: boards(every, stage) for stage in plan.stages}, {one.key: one for one in every})
    provenance: list[str] = []
    for start in range(0, len(asked), plan.refit_every):
        block = asked[start : start + plan.refit_every]
        if told is not None:
            told(start, len(asked), block[0].key)
        parameters = fit(lake, block[0].key)
        run.leaks.fitted(parameters, block[0], every)
        provenance.append(f"{block[0].key}: {parameters.provenance.words()}")
        run.block(parameters, block, skipped)
    return BacktestReport(
        task="strategy",
        first=plan.first.isoformat(),
        last=plan.last.isoformat(),
        n=sum(one.cars for one in run.scores[OURS]),
        races=len({one.key for one in run.scores[OURS]}),
        simulated=plan.races,
        refits=len(provenance),
        models=scored(run.scores, plan.stages),
        differences={
            name: differences(run.scores[OURS], scores, plan.stages)
            for name, scores in run.scores.items()
            if name != OURS
        },
        calibration=calibration(run.scores[OURS], plan.stages),
        flatness=flat(run.scores[OURS], plan.stages),
        leak_tests=run.leaks.verdicts(),
        skipped=skipped,
        parameters=provenance,
    )


class _Run:
    """The scores as they come in."""

    def __init__(
        self, plan: BacktestPlan, of_stage: Mapping[int, Sequence[Board]], days: Mapping[str, FinishedRace]
    ) -> None:
        self._plan, self._boards, self._days = plan, of_stage, days
        self.scores: dict[str, list[RaceScore]] = {OURS: [], "stay": [], "on_gap": []}
        self.leaks = LeakTests(plan.settings)
        self._done = 0

    def block(self, parameters: ParameterSet, races: Sequence[FinishedRace], skipped: list[str]) -> None:
        """Forecast the races that one fit serves."""
        begins = races[0].day
        history = {
            stage: [one for one in found if self._days[one.key].day < begins] for stage, found in self._boards.items()
        }
        baselines = {stage: (Stay(found), OnGap(found)) for stage, found in history.items()}
        for race in races:
            for stage in self._plan.stages:
                now = board(race, stage)
                if now is None or not now.numbers:
                    skipped.append(f"{race.key} at {stage} %: the race ended before")
                    continue
                self._one(parameters, race, now)
                for name, model in zip(("stay", "on_gap"), baselines[stage], strict=True):
                    self.scores[name].append(score(now, model.chances(now), model.winner(now)))
            self._done += 1

    def _one(self, parameters: ParameterSet, race: FinishedRace, now: Board) -> None:
        state = situation(parameters, race.facts, race.laps, lap=now.lap, settings=self._plan.settings)
        chances, winner = forecast(
            state, now.numbers, races=self._plan.races, seed=seed_of(now, self._plan.seed), threads=self._plan.threads
        )
        self.scores[OURS].append(score(now, chances, winner))
        if self._done % self._plan.leak_checks == 0:
            self.leaks.check(parameters, race, now.lap, state)


def seed_of(now: Board, seed: int) -> int:
    """A forecast's seed: its own, and the same in every run."""
    return zlib.crc32(f"{now.key} {now.stage} {seed}".encode())


def forecast(
    state: Race, numbers: Sequence[str], *, races: int, seed: int, threads: int | None = None
) -> tuple[Floats, Floats]:
    """Chances of the final places of these cars (N, places) and of winning (N,), by simulation.

    A win that no simulated race showed is given half a race's worth, so that a log-loss is never infinite.
    """
    (outcome,) = simulate(state, races=races, seed=seed, threads=threads)
    rows = [outcome.drivers.index(number) for number in numbers]
    chances = outcome.position_chances()[rows]
    wins = chances[:, 0] * outcome.races
    return chances, (wins + 0.5) / (outcome.races + 0.5 * len(rows))
