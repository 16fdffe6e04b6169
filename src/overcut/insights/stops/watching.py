"""When is every car's next stop worked out anew, and from what, as a session goes on in its own time?

Facts come in the order in which they became known (`lake.features.facts`): from the engine's events of a session that
is being watched, from the lake's tables of a past one. Each leader's lap, each stop, and each change of flag or rain
gives a new answer. Nothing here reads a clock, and nothing that has not been told yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import msgspec
import polars as pl

from overcut.domain.tables import TABLES
from overcut.insights.stops.advice import Held
from overcut.insights.stops.answers import Cause, StopsAnswer
from overcut.insights.stops.history import Book
from overcut.insights.stops.picture import StopSettings, stops_of
from overcut.kernel.frame_schema import frame_schema
from overcut.lake.features.facts import Fact, LapFact, TrackFact, WeatherFact
from overcut.strategy.model import Race, TrackStatus
from overcut.strategy.parameters import ParameterSet
from overcut.strategy.situation import SessionFacts, situation

STATUS = {"4": TrackStatus.SC, "5": TrackStatus.RED, "6": TrackStatus.VSC}
_CAUSES = {TrackStatus.SC: Cause.SAFETY_CAR, TrackStatus.VSC: Cause.VSC, TrackStatus.RED: Cause.RED}


class Watch:
    """A race as it becomes known, and the advice that follows.

    Args:
        parameters: fitted before the race. ``session``: what is known beside its laps; its tables are not read.
        settings: how much is simulated.

    Attributes:
        book: the history so far. ``latest``: the last answer; None before the first lap.
    """

    def __init__(self, parameters: ParameterSet, session: SessionFacts, settings: StopSettings | None = None) -> None:
        self.book = Book()
        self.latest: StopsAnswer | None = None
        self._parameters, self._settings = parameters, settings or StopSettings()
        self._session = session
        self._laps: dict[tuple[str, int], LapFact] = {}
        self._last: dict[str, LapFact] = {}
        self._track: list[tuple[int, str]] = []
        self._rain: list[tuple[int, bool]] = []
        self._leader_lap = 0
        self._now_ms = 0

    def learn(self, fact: Fact) -> StopsAnswer | None:
        """Take in a fact; the new answer where it asks for one."""
        self._now_ms = max(self._now_ms, fact.known_ms)
        cause = self._noted(fact)
        if cause is None or not 1 <= self._leader_lap < self._session.laps:
            return None
        answer = stops_of(self.race(), self._settings, t_ms=self._now_ms, cause=cause, held=self._held(cause))
        self.book.add(answer, cause)
        self.latest = answer
        return answer

    def race(self) -> Race:
        """The race as it is known now, at the leader's last line, under the flag that flies now."""
        session = replace(
            self._session,
            weather=pl.DataFrame(self._rain, schema={"t_ms": pl.Int64, "rainfall": pl.Boolean}, orient="row"),
            track_status=pl.DataFrame(self._track, schema={"t_ms": pl.Int64, "status": pl.String}, orient="row"),
        )
        found = situation(self._parameters, session, self._table(), lap=self._leader_lap)
        status = self._status()
        if status is found.track.status:
            return found
        # The flag changed after the leader's line: it has not lasted a lap yet.
        return msgspec.structs.replace(
            found, track=msgspec.structs.replace(found.track, status=status, since_laps=0, green_laps=0)
        )

    def _held(self, cause: Cause) -> dict[str, Held]:
        """The advice that holds; none across a change of flag or rain, which asks everybody anew."""
        if cause not in (Cause.LAP, Cause.STOP):
            return {}
        current = (self.book.current(entrant.driver_number) for entrant in self._session.entrants)
        return {
            one.advice.driver_number: Held(one.advice.stop_lap, one.advice.compound)
            for one in current
            if one is not None
        }

    def _noted(self, fact: Fact) -> Cause | None:
        match fact:
            case LapFact():
                return self._lap(fact)
            case TrackFact(known_ms=t_ms, digit=digit):
                before = self._status()
                self._track.append((t_ms, digit))
                after = self._status()
                return None if before is after else _CAUSES.get(after, Cause.GREEN)
            case WeatherFact(known_ms=t_ms, rain=rain) if rain is not None:
                changed = rain != (self._rain[-1][1] if self._rain else False)
                self._rain.append((t_ms, rain))
                return Cause.WEATHER if changed else None
            case _:
                return None

    def _lap(self, fact: LapFact) -> Cause | None:
        before = self._laps.get((fact.number, fact.lap))
        self._laps[fact.number, fact.lap] = fact
        if fact.number not in self._last or fact.lap >= self._last[fact.number].lap:
            self._last[fact.number] = fact
        if fact.lap > self._leader_lap:
            self._leader_lap = fact.lap
            return Cause.LAP
        return Cause.STOP if fact.pit_in and (before is None or not before.pit_in) else None

    def _status(self) -> TrackStatus:
        return STATUS.get(self._track[-1][1], TrackStatus.GREEN) if self._track else TrackStatus.GREEN

    def _table(self) -> pl.DataFrame:
        """The laps so far; who has yet to end the leader's lap is taken to do so after a lap like the last."""
        told = sorted(self._laps.values(), key=lambda fact: (fact.number, fact.lap))
        rows = [_row(fact) for fact in (*told, *self._still_to_come())]
        return pl.DataFrame(rows, schema=frame_schema(TABLES["laps"]), orient="row")

    def _still_to_come(self) -> Iterable[LapFact]:
        leader = next(fact for (_, lap), fact in self._laps.items() if lap == self._leader_lap)
        for number, last in sorted(self._last.items()):
            usual = last.lap_ms if last.lap_ms is not None and not (last.pit_in or last.pit_out) else leader.lap_ms
            if last.lap != self._leader_lap - 1 or usual is None:
                continue
            end_ms = last.end_ms + usual
            late = leader.end_ms - end_ms
            if late > usual / 2:
                continue  # it should have come long ago
            yield LapFact(
                known_ms=self._now_ms, number=number, lap=last.lap + 1, end_ms=max(end_ms, leader.end_ms + 1),
                lap_ms=usual, compound="" if last.pit_in else last.compound,
                age=None if last.pit_in or last.age is None else last.age + 1,
                stint=last.stint, fresh=last.fresh, pit_out=last.pit_in, status=last.status,
            )  # fmt: skip


def _row(fact: LapFact) -> dict[str, object]:
    """A fact as a row of the lap table, as far as a situation reads it."""
    lap_s = None if fact.lap_ms is None else fact.lap_ms / 1000
    return {
        "driver_number": fact.number,
        "lap": fact.lap,
        "lap_time_s": lap_s,
        "position": fact.position,
        "compound": fact.compound or None,
        "tyre_life": fact.age,
        "stint": fact.stint,
        "fresh_tyre": fact.fresh,
        "pit_in": fact.pit_in,
        "pit_out": fact.pit_out,
        "track_status": fact.status or None,
        "lap_start_s": None,
        "lap_end_s": fact.end_ms / 1000,
        "generated": False,
    }
