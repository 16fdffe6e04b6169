"""How frames that come late are put in their place: the engine goes back and reads on in order."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import msgspec

from overcut.domain.defects import count_defect, merge_defects
from overcut.domain.events import AnyEvent, LapAmended, LapCompleted
from overcut.domain.extras import SessionExtras
from overcut.domain.frame import Frame, FrameSource, topic_rank
from overcut.domain.laps import Lap
from overcut.domain.session import SessionKey
from overcut.domain.state import Defect, MapState, SessionState
from overcut.timing.engine import Engine
from overcut.timing.snapshot import Snapshot

REWIND_MS = 30_000
"""How late a frame may come and still be put in its place."""

SNAPSHOT_EVERY_MS = 15_000
"""Session time between two points to go back to: a late frame replays this much more than it is late."""

TOO_LATE = "a frame too late to be put in its place"

Place = tuple[int, tuple[int, str]]
"""Where a frame belongs: its stamp, then the fixed order of topics; equals stay in order of arrival."""


_rank = lru_cache(maxsize=64)(topic_rank)


class _Kept(msgspec.Struct, frozen=True, gc=False):
    """A frame that may have to be read again, and what its last reading caused."""

    place: Place
    frame: Frame
    caused: list[AnyEvent]


class _Point(NamedTuple):
    """A point to go back to: every frame up to ``after`` has been read there, none beyond it."""

    after: Place
    snapshot: Snapshot


class Rewinding:
    """An `Engine` that takes frames in any order, as long as none is more than `REWIND_MS` late.

    After any frame its state and laps are those of an engine that read the same frames in order. Exact duplicates
    (topic, stamp and bytes) change nothing. Frames later than that are counted in ``state().defects``.

    What was told stays told: going back tells only what is new, a lap that came out otherwise as `LapAmended` at the
    present stamp, and numbers its events anew so that there are no holes. (An event that was told and turns out not to
    have happened is not told again when it does happen after all.)

    Args:
        key: the session's name.
        kind: where its frames come from.
        simulated: whether they were generated.
        engine: one to go on from, in place of a new one; what it has read is settled, and nobody else may use it.
    """

    def __init__(
        self, key: SessionKey, kind: FrameSource, simulated: bool = False, *, engine: Engine | None = None
    ) -> None:
        self._engine = engine = engine or Engine(key, kind, simulated)
        self._newest: Place = (engine.t_ms or -REWIND_MS, (-1, ""))
        self._next_point_ms = engine.t_ms
        self._kept: list[_Kept] = []
        self._points = [_Point(self._newest, engine.snapshot())]
        self._seen: set[tuple[int, str, bytes]] = set()
        self._number = engine.events
        self._told_laps = {(engine.session, lap.number, lap.lap): lap for lap in engine.laps()}
        self._withdrawn: Counter[AnyEvent] = Counter()
        self._defects: dict[str, Defect] = {}

    @classmethod
    def from_engine(cls, engine: Engine) -> Rewinding:
        """Go on from an engine, which is not to be used any more: what it has read is settled."""
        state = engine.state()
        return cls(SessionKey(state.key), state.source, state.simulated, engine=engine)

    @classmethod
    def restore(cls, data: bytes) -> Rewinding:
        """Go on from a checkpoint; what was read before it is settled. Raises ValueError as `Engine.restore` does."""
        return cls.from_engine(Engine.restore(data))

    def advance(self, frame: Frame) -> list[AnyEvent]:
        """Take in one frame; the events that are new by it, in order."""
        t_ms, topic = frame.t_ms, frame.topic
        identity = (t_ms, topic, frame.payload)
        if identity in self._seen:
            return []
        place = (t_ms, _rank(topic))
        if place >= self._newest:
            self._newest = place
            if t_ms >= self._next_point_ms:
                self._keep_point(t_ms)
            caused = self._engine.advance(frame)
            self._kept.append(_Kept(place, frame, caused))
            self._seen.add(identity)
            return self._told(caused) if caused else caused
        if t_ms < self._newest[0] - REWIND_MS or place < self._points[0].after:
            example = f"{(self._newest[0] - t_ms) / 1000:.1f} s late"
            count_defect(self._defects, kind=TOO_LATE, topic=topic, t_ms=t_ms, example=example)
            return []
        self._seen.add(identity)
        return self._put_in_place(_Kept(place, frame, []))

    def _keep_point(self, t_ms: int) -> None:
        """Note a point to go back to, if the last is old; forget what no frame can reach any more."""
        points = self._points
        self._next_point_ms = t_ms + SNAPSHOT_EVERY_MS
        if self._kept and points[-1].after != self._kept[-1].place:
            points.append(_Point(self._kept[-1].place, self._engine.snapshot()))
        reach = bisect_right(points, t_ms - REWIND_MS, key=_settled_ms) - 1
        if reach > 0:
            del points[:reach]
            settled = bisect_right(self._kept, points[0].after, key=_place)
            self._seen.difference_update(_identity(kept.frame) for kept in self._kept[:settled])
            del self._kept[:settled]
            for event in [event for event in self._withdrawn if event.t_ms < points[0].after[0]]:
                del self._withdrawn[event]

    def _put_in_place(self, late: _Kept) -> list[AnyEvent]:
        """Go back to before ``late``, and read on from there."""
        del self._points[bisect_right(self._points, late.place, key=_after) :]
        point = self._points[-1]
        self._kept.insert(bisect_right(self._kept, late.place, key=_place), late)
        self._engine.back_to(point.snapshot)
        first = bisect_right(self._kept, point.after, key=_place)
        again = self._kept[first:]
        del self._kept[first:]
        self._next_point_ms = point.after[0] + SNAPSHOT_EVERY_MS
        happened: list[AnyEvent] = []
        for kept in again:
            if kept.place[0] >= self._next_point_ms:
                self._keep_point(kept.place[0])
            caused = self._engine.advance(kept.frame)
            self._kept.append(_Kept(kept.place, kept.frame, caused))
            happened += caused
        return self._told([*self._untold(again, happened), *self._amended()])

    def _untold(self, before: Iterable[_Kept], happened: Iterable[AnyEvent]) -> list[AnyEvent]:
        """What happened by this reading and was never told; laps only if they are new, as they are in the end."""
        told = Counter(_nameless(event) for kept in before for event in kept.caused if not _is_of_lap(event))
        told.update(self._withdrawn)
        fresh: list[AnyEvent] = []
        session, laps = self._engine.session, {(lap.number, lap.lap): lap for lap in self._engine.laps()}
        for event in happened:
            if isinstance(event, LapCompleted):
                name = (event.lap.number, event.lap.lap)
                if (session, *name) not in self._told_laps and name in laps:
                    fresh.append(msgspec.structs.replace(event, lap=laps[name]))
            elif not isinstance(event, LapAmended):
                content = _nameless(event)
                if told[content] > 0:
                    told[content] -= 1
                else:
                    fresh.append(event)
        self._withdrawn = +told
        return fresh

    def _amended(self) -> Iterable[AnyEvent]:
        """Laps that were told otherwise than they are now."""
        session, t_ms = self._engine.session, self._engine.t_ms
        for lap in self._engine.laps():
            was = self._told_laps.get((session, lap.number, lap.lap))
            if was is not None and was is not lap and was != lap:
                yield LapAmended(n=0, t_ms=t_ms, lap=lap)

    def _told(self, events: Iterable[AnyEvent]) -> list[AnyEvent]:
        """The events with their numbers; a lap that was told before is told again only if it differs."""
        numbered: list[AnyEvent] = []
        for event in events:
            if isinstance(event, LapCompleted | LapAmended):
                name = (self._engine.session, event.lap.number, event.lap.lap)
                was, self._told_laps[name] = self._told_laps.get(name), event.lap
                if was == event.lap:
                    continue
                if was is not None and isinstance(event, LapCompleted):
                    event = LapAmended(n=0, t_ms=event.t_ms, lap=event.lap)  # noqa: PLW2901 -- told before it was undone
            self._number += 1
            numbered.append(event if event.n == self._number else msgspec.structs.replace(event, n=self._number))
        return numbered

    def report(self, defects: dict[str, Defect]) -> None:
        """Add what the source could not turn into frames to the state's defects."""
        merge_defects(self._defects, defects)

    @property
    def t_ms(self) -> int:
        """The newest stamp."""
        return self._engine.t_ms

    @property
    def circuit_id(self) -> str | None:
        """The F1DB id of the circuit, where it is one of ours."""
        return self._engine.circuit_id

    def state(self) -> SessionState:
        """The session now, an independent copy."""
        state = self._engine.state()
        merge_defects(state.defects, self._defects)
        return state

    def extras(self) -> SessionExtras:
        """What is told beside the board, an independent copy."""
        return self._engine.extras()

    def map(self, t_ms: int | None = None) -> MapState:
        """Where the cars are at ``t_ms`` (default: the newest stamp)."""
        return self._engine.map(t_ms)

    def laps(self) -> tuple[Lap, ...]:
        """Every completed lap so far, as the frames in order tell it."""
        return self._engine.laps()

    def checkpoint(self) -> bytes:
        """The engine as it is now, for `Engine.restore` or ``restore``; what could be put in place is settled by it."""
        engine = Engine.restore(self._engine.checkpoint())
        engine.report(self._defects)
        return engine.checkpoint()


def _identity(frame: Frame) -> tuple[int, str, bytes]:
    return (frame.t_ms, frame.topic, frame.payload)


def _place(kept: _Kept) -> Place:
    return kept.place


def _after(point: _Point) -> Place:
    return point.after


def _settled_ms(point: _Point) -> int:
    """From this stamp on, every frame belongs after the point."""
    return point.after[0] + 1


def _is_of_lap(event: AnyEvent) -> bool:
    return isinstance(event, LapCompleted | LapAmended)


def _nameless(event: AnyEvent) -> AnyEvent:
    """The event without its number, which another reading may change."""
    return msgspec.structs.replace(event, n=0)
