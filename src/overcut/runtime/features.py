"""Where this user's features are, how all of them are built at once, and how they follow a session being watched."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from threading import Lock
from typing import TypeVar

import msgspec

from overcut.domain.events import AnyEvent
from overcut.domain.state import SessionState
from overcut.kernel.settings import Settings
from overcut.lake import Lake
from overcut.lake.features import FeatureStore, OnlineFeatures
from overcut.lake.features.built import Built, grouped
from overcut.lake.features.facts import LapFact, SessionContext, fact_of_event
from overcut.runtime.lake import lake_of
from overcut.runtime.recorded import Recorded
from overcut.timing.engine import Engine

AnswerT = TypeVar("AnswerT")

FEATURES_FOLDER = "features"
"""Within the home folder: what `overcut features build` computed."""


class BuiltGroup(msgspec.Struct, frozen=True):
    """What became of a season (or of a session of no season): rows by entity; ``kept`` where it was there already."""

    group: str
    sessions: int
    rows: dict[str, int]
    seconds: float
    kept: bool = False


def feature_store(settings: Settings) -> FeatureStore:
    """The features of the lake in the home folder; the same object each time."""
    return _store(lake_of(settings), settings.home / FEATURES_FOLDER)


@lru_cache(maxsize=16)
def _store(lake: Lake, built: Path) -> FeatureStore:
    return FeatureStore(lake, built=built)


def build_features(
    lake: Lake,
    folder: Path,
    keys: Sequence[str],
    *,
    jobs: int = 1,
    tell: Callable[[BuiltGroup], None] = lambda _: None,
) -> list[BuiltGroup]:
    """Compute the features of the seasons that sessions belong to, and keep them in ``folder``.

    Args:
        lake: where the tables are. ``folder``: where features go.
        keys: the sessions.
        jobs: how many processes compute at once.
        tell: told of each season as it is done.

    Raises:
        LakeWriteError: the disk is full, or refuses.
    """
    done: list[BuiltGroup] = []

    def finished(group: BuiltGroup) -> None:
        done.append(group)
        tell(group)

    groups = sorted(grouped(keys), key=lambda group: -len(grouped(keys)[group]))  # the longest first
    if jobs <= 1 or len(groups) < 2:
        for group in groups:
            finished(_build(lake, folder, group))
        return done
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for group in pool.map(_build_there, [(lake.folder, folder, group) for group in groups]):
            finished(group)
    return done


def _build_there(what: tuple[Path, Path, str]) -> BuiltGroup:
    lake, folder, group = what
    return _build(Lake(lake), folder, group)


def _build(lake: Lake, folder: Path, group: str) -> BuiltGroup:
    began, built = time.perf_counter(), Built(folder)
    if built.holds(lake, group):
        return BuiltGroup(group, 0, {}, round(time.perf_counter() - began, 3), kept=True)
    seal = built.build(lake, group)
    return BuiltGroup(group, len(seal.sessions), seal.rows, round(time.perf_counter() - began, 3))


def with_teams(context: SessionContext, state: SessionState) -> SessionContext:
    """What was known before a session, with the teams that its feed names."""
    teams = {number: car.team for number, car in state.cars.items() if car.team}
    return msgspec.structs.replace(context, teams={**context.teams, **teams})


class FollowedFeatures:
    """The features of a session that is being watched, wherever its playback stands. Threads may share one.

    It reads the frames with an engine of its own: forward as far as needed, from the start again after a jump back. Of
    a live session it reads the frames that are settled, a moment after they came.
    """

    def __init__(self, recorded: Recorded, context: SessionContext) -> None:
        self._recorded = recorded
        self._context = context
        self._lock = Lock()
        self._begin()

    def at(self, t_ms: int, read: Callable[[OnlineFeatures], AnswerT]) -> AnswerT:
        """What ``read`` makes of the features as they were at ``t_ms``."""
        with self._lock:
            recorded = self._recorded
            until = min(recorded.frames_until(t_ms), recorded.settled)
            if until < self._read:
                self._begin()
            for frame in recorded.frames[self._read : until]:
                for event in self._engine.advance(frame):
                    self._take(event)
            self._read = until
            return read(self._features)

    def _begin(self) -> None:
        recorded = self._recorded
        self._engine = Engine(recorded.key, recorded.kind, recorded.simulated)
        self._features = OnlineFeatures(self._context)
        self._named = False
        self._read = 0

    def _take(self, event: AnyEvent) -> None:
        fact = fact_of_event(event)
        if fact is None:
            return
        if isinstance(fact, LapFact) and not self._named:  # by now the feed has named every car's team
            self._named = True
            self._features.expect(with_teams(self._context, self._engine.state()))
        self._features.update(fact)
