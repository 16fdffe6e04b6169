"""How a session that someone names gets its pit windows, and the history of its advice, however it is known."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from threading import Lock

import msgspec
import polars as pl

from overcut.domain.session_names import UnknownSessionNameError, read_session_name
from overcut.insights.stops.answers import StopsAnswer
from overcut.insights.stops.history import KeptRecommendation, of_driver
from overcut.insights.stops.picture import StopSettings, stops_of
from overcut.insights.stops.scoring import BookScore, score
from overcut.insights.stops.watching import Watch
from overcut.kernel.errors import DataMissingError
from overcut.kernel.settings import Settings
from overcut.lake import Lake
from overcut.lake.features.batch import sessions_of
from overcut.lake.features.facts import Fact, fact_of_event
from overcut.runtime.finding import find_source
from overcut.runtime.lake import lake_of
from overcut.runtime.recorded import Recorded, record
from overcut.runtime.strategy import StrategyRecord, record_in_lake, record_of_recorded
from overcut.sources.source import Source
from overcut.strategy.parameters import ParameterSet, shipped
from overcut.timing.engine import Engine

HISTORY = StopSettings()
"""What the history of advice is worked out with: about a hundred moments a race."""


class RecommendationsAnswer(msgspec.Struct, frozen=True):
    """The history of a session's advice, as far as it has been worked out.

    Attributes:
        session_key: which. ``t_ms``: up to this moment of the session. ``lap``: of the leader at the last working-out.
        complete: whether it reaches that moment; otherwise ask again.
        recommendations: in order, outdated ones marked. ``score``: where asked for and the session is over.
        parameters: where the fitted figures come from.
    """

    session_key: str
    t_ms: int | None
    lap: int
    complete: bool
    recommendations: tuple[KeptRecommendation, ...]
    score: BookScore | None = None
    parameters: str = ""


def stops_at(
    record: StrategyRecord,
    lap: int | None = None,
    settings: StopSettings | None = None,
    parameters: ParameterSet | None = None,
) -> StopsAnswer:
    """Every car's next stop at the end of the leader's lap; the last one that is known when None.

    Raises:
        WrongUsageError: the lap is not within the race. DataMissingError: nobody has ended it.
    """
    asked = record.session.lap if lap is None else lap
    return stops_of(record.race(asked, parameters), settings)


class AdviceHistory:
    """A race's advice as its facts become known; it can be carried on bit by bit. Threads may share one.

    Args:
        record: the race; of its facts only what is known before the start is read.
        facts: what became known, in order.
        parameters: fitted before the race; the shipped ones when None. ``settings``: how much is simulated.
    """

    def __init__(
        self,
        record: StrategyRecord,
        facts: Iterable[Fact],
        parameters: ParameterSet | None = None,
        settings: StopSettings = HISTORY,
    ) -> None:
        self.record = record
        self._watch = Watch(parameters or shipped(), record.facts, settings)
        self._facts = iter(facts)
        self._waiting: Fact | None = None
        self._over = False
        self._lock = Lock()
        self.reached_ms = 0

    def until(self, t_ms: int | None, budget_s: float | None = None) -> bool:
        """Go on to a moment (to the end when None), for about so many seconds at most; whether it was reached."""
        began = time.monotonic()
        with self._lock:
            for _ in self._answers(t_ms):
                if budget_s is not None and time.monotonic() - began > budget_s:
                    return False
        return True

    def answers(self) -> Iterator[StopsAnswer]:
        """Every answer still to come, in order."""
        yield from self._answers(None)

    def answer(
        self, t_ms: int | None, driver: str | None = None, *, complete: bool = True, laps: pl.DataFrame | None = None
    ) -> RecommendationsAnswer:
        """The history up to a moment; scored against ``laps`` where they are given.

        Args:
            t_ms: the moment; all that has been worked out when None. ``driver``: number or code of the only one wanted.
            complete: what to say of it. ``laps``: of the session, for a score.
        """
        with self._lock:
            book, latest = self._watch.book, self._watch.latest
            kept = book.kept if t_ms is None else book.as_of(t_ms)
            told = tuple(of_driver(kept, driver))
            worth = None if laps is None else score(book, laps, finished=self.record.finished)
        if worth is not None and driver is not None:
            wanted = {one.advice.driver_number for one in told}
            worth = msgspec.structs.replace(
                worth, advice=tuple(one for one in worth.advice if one.driver_number in wanted)
            )
        return RecommendationsAnswer(
            self.record.session.session_key,
            t_ms,
            0 if latest is None else latest.lap,
            complete,
            told,
            worth,
            "" if latest is None else latest.provenance,
        )

    def _answers(self, t_ms: int | None) -> Iterator[StopsAnswer]:
        while (fact := self._next(t_ms)) is not None:
            self.reached_ms = max(self.reached_ms, fact.known_ms)
            answer = self._watch.learn(fact)
            if answer is not None:
                yield answer

    def _next(self, t_ms: int | None) -> Fact | None:
        if self._waiting is None:
            self._waiting = next(self._facts, None)
        fact = self._waiting
        if fact is None or (t_ms is not None and fact.known_ms > t_ms):
            return None
        self._waiting = None
        return fact


class SettledFacts:
    """The facts of a session in memory that may still grow: an iterator that can be asked again after its end."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded
        self._engine = Engine(recorded.key, recorded.kind, recorded.simulated)
        self._read = 0
        self._told: list[Fact] = []

    def __iter__(self) -> SettledFacts:
        return self

    def __next__(self) -> Fact:
        while not self._told:
            if self._read >= self._recorded.settled:
                raise StopIteration
            events = self._engine.advance(self._recorded.frames[self._read])
            self._read += 1
            self._told = [fact for event in events if (fact := fact_of_event(event)) is not None]
        return self._told.pop(0)


def history_in_lake(
    lake: Lake, key: str, parameters: ParameterSet | None = None, settings: StopSettings = HISTORY
) -> AdviceHistory | None:
    """The history of a race that the lake has, not yet begun; None where it has no laps of it.

    Raises:
        WrongUsageError: it is no race. DataMissingError: nobody recorded its tyres.
    """
    kept = record_in_lake(lake, key)
    if kept is None:
        return None
    found = next(iter(sessions_of(lake, [key])))
    return AdviceHistory(kept, found.facts, parameters, settings)


def history_of_recorded(
    recorded: Recorded, parameters: ParameterSet | None = None, settings: StopSettings = HISTORY
) -> AdviceHistory:
    """The history of a race in memory (it may still grow), not yet begun.

    Raises:
        WrongUsageError: it is no race. DataMissingError: it has no cars, or how long it is nobody said.
    """
    told = record_of_recorded(recorded)
    return AdviceHistory(told, SettledFacts(recorded), parameters, settings)


def history_of_source(
    source: Source, parameters: ParameterSet | None = None, settings: StopSettings = HISTORY
) -> AdviceHistory:
    """The history of a race read from its source, not yet begun; errors as for `history_of_recorded`."""
    return history_of_recorded(record(source), parameters, settings)


def named_history(
    text: str, home: Settings, parameters: ParameterSet | None = None, settings: StopSettings = HISTORY
) -> AdviceHistory:
    """The history of the race that ``text`` names: from the lake where it has it, else from its source.

    Raises:
        DataMissingError: it is nowhere, or has no lap. WrongUsageError: it names no session, or one that is no race.
    """
    try:
        kept = history_in_lake(lake_of(home), str(read_session_name(text)), parameters, settings)
    except UnknownSessionNameError:
        kept = None
    return kept if kept is not None else history_of_source(find_source(text, home), parameters, settings)


def wanted_car(answer: StopsAnswer, driver: str) -> int:
    """Which of an answer's cars a driver's number or code means.

    Raises:
        DataMissingError: none; the hint lists those there are.
    """
    name = driver.strip().upper()
    for at, car in enumerate(answer.cars):
        if name in (car.driver_number, car.driver.upper()):
            return at
    known = ", ".join(sorted(car.driver for car in answer.cars))
    raise DataMissingError(f"{driver} is not running on lap {answer.lap}", hint=f"drivers are {known}")
