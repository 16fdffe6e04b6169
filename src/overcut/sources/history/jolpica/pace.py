"""How fast a public service may be asked: so many requests a second, so many an hour, over all our processes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec


class Pace(msgspec.Struct, frozen=True):
    """Jolpica's limits without a token, by its documentation (docs/rate_limits.md): 4 a second, 500 an hour."""

    a_second: int = 4
    an_hour: int = 500


class Pacer:
    """Waits until the next request is allowed.

    Args:
        pace: the limits. ``file``: where the times of the last hour's requests are kept, so that a restart counts on.
        sleep, now_s: for tests; ``now_s`` is the wall clock.
    """

    def __init__(
        self,
        pace: Pace,
        file: Path,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._pace = pace
        self._file = file
        self._sleep = sleep
        self._now_s = now_s
        self._asked = _read(file)

    def wait_s(self) -> float:
        """How long the next request has to wait."""
        now = self._now_s()
        # A clock that was set back must not lock us out: times in the future do not count.
        self._asked = [asked for asked in self._asked if now - 3600 < asked <= now]
        waits = [0.0]
        for most, span_s in ((self._pace.a_second, 1.0), (self._pace.an_hour, 3600.0)):
            if len(self._asked) >= most:
                waits.append(self._asked[-most] + span_s - now)
        return max(waits)

    async def turn(self) -> None:
        """Wait for the turn, and take it."""
        while (wait := self.wait_s()) > 0:
            await self._sleep(wait)
        self._asked.append(self._now_s())
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_bytes(msgspec.json.encode(self._asked))


def _read(file: Path) -> list[float]:
    try:
        return sorted(msgspec.json.decode(file.read_bytes(), type=list[float]))
    except (OSError, msgspec.DecodeError):
        return []
