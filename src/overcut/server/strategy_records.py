"""Which race is asked about over REST, at which lap: read once, kept while it stays as it is."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog

from overcut.domain.session import parts_of_key
from overcut.kernel.errors import OvercutError
from overcut.lake import Lake
from overcut.runtime.catalogue import KnownSession
from overcut.runtime.playing import Playing
from overcut.runtime.strategy import (
    RACES,
    StrategyRecord,
    record_in_lake,
    record_of_recorded,
    record_of_source,
    record_of_state,
    sessions_in_lake,
)
from overcut.server.board import Board
from overcut.strategy.model import Outcome, Race
from overcut.strategy.simulator import simulate
from overcut.strategy.whatif.answers import StrategyRace, StrategySession
from overcut.strategy.whatif.asking import Happened
from overcut.strategy.whatif.standing import race_answer

KEPT_RECORDS = 8
"""Sessions kept: each holds its laps, some hundred kilobytes; reading one takes half a second of a core."""
KEPT_RACES = 128
"""Races at a lap kept, with their answers; each takes some tens of milliseconds to make."""
FROM_SOURCE = "source"
WARMING_RACES = 64

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("overcut.strategy")

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class RaceAtLap:
    """What a question begins with: the race, what became of it, and how it is told; ``version`` of all that."""

    race: Race
    happened: Happened
    answer: StrategyRace
    version: str


class StrategyRecords:
    """Finds races: a live one as far as it has come, then the lake's, then any other session's source.

    Reading and fitting happen on a thread, one at a time.
    """

    def __init__(self, board: Board, lake: Lake | None) -> None:
        self._board, self._lake = board, lake
        self._records: OrderedDict[str, StrategyRecord] = OrderedDict()
        self._races: OrderedDict[tuple[str, str, int], RaceAtLap] = OrderedDict()
        self._listed: tuple[int, tuple[StrategySession, ...]] | None = None
        self._one = asyncio.Lock()
        self._warming: asyncio.Task[tuple[Outcome, ...]] | None = None

    async def record(self, key: str) -> StrategyRecord:
        """The race called ``key``.

        Raises:
            DataMissingError: nobody has it. WrongUsageError: it is no race.
        """
        async with self._one:
            return await self._record(key)

    async def at(self, key: str, lap: int | None = None) -> RaceAtLap:
        """A race at the end of a lap of the leader; None for the last one that is over.

        Raises:
            DataMissingError: nobody has the race, or nobody has ended the lap.
            WrongUsageError: it is no race, or has no such lap.
        """
        async with self._one:
            record = await self._record(key)
            wanted = record.session.lap if lap is None else lap
            name = (record.session.session_key, record.version, wanted)
            known = self._races.get(name)
            if known is None:
                known = await asyncio.to_thread(_at_lap, record, wanted)
            _keep(self._races, name, known, KEPT_RACES)
            return known

    def warm(self, at: RaceAtLap) -> None:
        """Play a few races once in the server's life, so that the first question need not wait for compiled code."""
        if self._warming is None:
            few = WARMING_RACES
            self._warming = asyncio.create_task(asyncio.to_thread(simulate, at.race, races=few, traces=few))
            self._warming.add_done_callback(_seen)

    async def sessions(self) -> list[StrategySession]:
        """Every race that can be asked about: those that only the board has first, then the lake's, newest first."""
        async with self._one:
            lake = self._lake
            if lake is not None and (self._listed is None or self._listed[0] != lake.generation):
                self._listed = (lake.generation, await asyncio.to_thread(sessions_in_lake, lake))
        kept = self._listed[1] if self._listed is not None else ()
        known = {one.session_key for one in kept}
        board = [self._told(one) for one in self._board.sessions.catalogue.all() if _is_race(one)]
        only = [one for one in board if one.live or one.session_key not in known]
        live = {one.session_key for one in only if one.live}
        return [*only, *(one for one in kept if one.session_key not in live)]

    def _told(self, known: KnownSession) -> StrategySession:
        playing = self._board.sessions.open_now().get(known.key)
        if playing is not None:
            try:
                return _so_far(playing).session
            except OvercutError:  # before its first messages nobody knows how long it is; it is listed all the same
                pass
        season, round_number, kind = parts_of_key(known.key)
        return StrategySession(
            session_key=known.key,
            season=season or 0,
            round=round_number or 0,
            event=known.meeting.name,
            circuit_id="",
            sprint=kind == RACES[1],
            laps=0,
            lap=0,
            origin="watched",
            simulated=known.simulated,
        )

    async def _record(self, key: str) -> StrategyRecord:
        watched = self._board.sessions.open_now().get(key)
        if watched is not None and watched.playback.live:
            return _so_far(watched)
        lake = self._lake
        known = self._records.get(key)
        if known is None or known.version not in (FROM_SOURCE, "" if lake is None else f"lake {lake.generation}"):
            known = None if lake is None else await asyncio.to_thread(record_in_lake, lake, key)
        if known is None and watched is not None:
            known = replace(record_of_recorded(watched.recorded), version=FROM_SOURCE)
        if known is None:
            session = self._board.sessions.catalogue.find(key)
            known = replace(await asyncio.to_thread(_read, session), version=FROM_SOURCE)
        _keep(self._records, key, known, KEPT_RECORDS)
        return known


def _seen(warmed: asyncio.Task[tuple[Outcome, ...]]) -> None:
    if not warmed.cancelled() and (error := warmed.exception()) is not None:
        log.warning("the simulator could not be warmed up", exc_info=error)


def _is_race(known: KnownSession) -> bool:
    return parts_of_key(known.key)[2] in RACES


def _so_far(playing: Playing) -> StrategyRecord:
    playback = playing.playback
    weather = [reading for reading in playing.recorded.weather if reading.t_ms <= playback.t_ms]
    lights_out_ms = playing.recorded.timeline.lights_out_ms()
    state, laps = playback.state(), playback.laps()
    return record_of_state(state, laps, weather, lights_out_ms=lights_out_ms, live=playback.live)


def _read(known: KnownSession) -> StrategyRecord:
    return record_of_source(known.open())


def _at_lap(record: StrategyRecord, lap: int) -> RaceAtLap:
    race, happened = record.race(lap), record.happened()
    told = race_answer(race, record.session, happened, record.colours)
    return RaceAtLap(race, happened, told, record.version)


def _keep(kept: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
