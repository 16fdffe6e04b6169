"""How the hub plays a session: each message when it is due, to every subscriber, with the faults asked for."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence

import msgspec

from overcut.sources.hub.faults import Every, Faults
from overcut.sources.hub.merging import Documents
from overcut.sources.hub.subscriber import Subscriber
from overcut.sources.hub.tape import TapeFrame, disturbed

LAST_KEPT = 1_000
YIELD_EVERY = 32
"""Playing as fast as possible, the player lets others run after so many messages."""

GATE_S = 0.02


class Player:
    """One session, played once.

    Args:
        tape: what to play. ``speed``: times real time; None for as fast as the clients take it.
        faults: what goes wrong; it may be replaced while playing.
        wait: begin when the first client has subscribed. ``hold``: stand still while none is subscribed.
        begin_ms: where in the session to begin; what lies before is in the first snapshot.
    """

    def __init__(
        self,
        tape: Sequence[TapeFrame],
        *,
        speed: float | None,
        faults: Faults,
        wait: bool = True,
        hold: bool = False,
        begin_ms: int = 0,
    ) -> None:
        self._tape = tape
        self._speed = speed
        self._wait, self._hold = wait, hold
        self._documents = Documents()
        self._merged = 0
        self._last: deque[bytes] = deque(maxlen=LAST_KEPT)
        self._next_s: dict[str, float] = {}
        self.faults = faults
        self.paused = False
        self.subscribers: set[Subscriber] = set()
        self.position_ms = begin_ms - 1
        self.played = 0
        self.ended = asyncio.Event()

    def subscribe(self, subscriber: Subscriber, topics: Sequence[str], invocation_id: str | None) -> None:
        """Answer with the snapshot of ``topics`` (when the call has an id), and send what follows."""
        fresh = [topic for topic in topics if topic not in subscriber.topics]
        if invocation_id is not None:
            call = msgspec.json.encode(invocation_id)
            result = msgspec.json.encode(self._snapshot(fresh))
            subscriber.put(b'{"type":3,"invocationId":%s,"result":%s}' % (call, result))
        if not subscriber.topics and self.faults.repeat_last:
            for record in list(self._last)[-self.faults.repeat_last :]:
                subscriber.put(record)
        subscriber.topics |= frozenset(topics)
        self.subscribers.add(subscriber)

    async def play(self) -> None:
        """Play to the end."""
        origin_s: float | None = None
        begin_ms = self.position_ms
        rest = [frame for frame in self._tape if frame.t_ms > begin_ms]
        for frame in disturbed(rest, lambda: self.faults):
            stood_s = await self._gate()
            if self._speed is not None:
                if origin_s is None:
                    origin_s, begin_ms = time.monotonic(), frame.due_ms
                else:
                    origin_s += stood_s
                due_s = origin_s + (frame.due_ms - begin_ms) / 1000 / self._speed
                await asyncio.sleep(max(0.0, due_s - time.monotonic()))
            elif self.played % YIELD_EVERY == 0:
                await asyncio.sleep(0)
                for subscriber in list(self.subscribers):
                    await subscriber.room()
            self._publish(frame)
            await self._misbehave()
        self.ended.set()

    async def act(self, what: str) -> None:
        """Do it now: drop, stall, close, pause, resume."""
        if what in ("pause", "resume"):
            self.paused = what == "pause"
            return
        for subscriber in list(self.subscribers):
            if what == "drop":
                subscriber.drop()
            elif what == "stall":
                subscriber.stalled = True
            elif what == "close":
                await subscriber.close(error=self.faults.close_error, invite=self.faults.invite)
            self.subscribers.discard(subscriber)

    def _publish(self, frame: TapeFrame) -> None:
        self.position_ms = max(self.position_ms, frame.due_ms)
        self.played += 1
        self._last.append(frame.record)
        for subscriber in self.subscribers:
            if frame.topic in subscriber.topics:
                subscriber.put(frame.record)

    def _snapshot(self, topics: list[str]) -> dict[str, msgspec.Raw]:
        """What the session has come to, whatever of it was delivered."""
        while self._merged < len(self._tape) and self._tape[self._merged].t_ms <= self.position_ms:
            frame = self._tape[self._merged]
            self._documents.apply(frame.topic, frame.payload)
            self._merged += 1
        return self._documents.snapshot(topics)

    async def _gate(self) -> float:
        """Wait while nothing may be played; the seconds that took."""
        began_s = time.monotonic()
        while self.paused or (not self.subscribers and (self._hold or (self._wait and self.played == 0))):
            await asyncio.sleep(GATE_S)
        self._wait = False
        return time.monotonic() - began_s

    async def _misbehave(self) -> None:
        faults = self.faults
        for what, every in (("drop", faults.drop), ("stall", faults.stall), ("close", faults.close)):
            if self._is_due(what, every):
                for subscriber in list(self.subscribers):
                    await subscriber.sent_all()
                await self.act(what)

    def _is_due(self, what: str, every: Every) -> bool:
        if every.frames:
            return self.played % every.frames == 0
        if not every.seconds:
            return False
        now_s = time.monotonic()
        due_s = self._next_s.setdefault(what, now_s + every.seconds)
        if now_s < due_s:
            return False
        self._next_s[what] = now_s + every.seconds
        return True
