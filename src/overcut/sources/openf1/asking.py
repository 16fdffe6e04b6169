"""How OpenF1 is asked: one collection of one session at a time, no faster than it allows, kept so as to go on later."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlencode

import polars as pl

from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.kernel.http import HttpClient
from overcut.sources.openf1.answers import BY_DRIVER, FIELDS, frame_of

PER_MINUTE = 30
"""Requests a minute that OpenF1 allows without an account (three a second at most)."""

TELEMETRY_BYTES = 64 * 2**20
"""A car's telemetry of a race is some 20 MB of JSON."""

Tell = Callable[[str], None]


class OpenF1:
    """OpenF1's collections, each answer kept in a file: asking again, or after an interruption, asks only the rest.

    Args:
        client: asks ``…/v1/``. ``folder``: where answers are kept, one folder a session.
        per_minute: how many requests a minute.
        tell: told what is being asked. ``sleep``, ``now_s``: for tests.
    """

    def __init__(
        self,
        client: HttpClient,
        folder: Path,
        *,
        per_minute: float = PER_MINUTE,
        tell: Tell | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._folder = folder
        self._every_s = 60.0 / per_minute
        self._tell = tell
        self._sleep = sleep
        self._now_s = now_s
        self._next_s = 0.0
        self.asked = 0

    async def sessions(self, **wanted: str | int) -> pl.DataFrame:
        """The sessions that fit a query (``year=2024, session_name="Race"``); never kept, for the list grows."""
        return frame_of("sessions", await self._ask("sessions", wanted))

    async def fetch(self, session_key: int, *, telemetry: bool = True, refresh: bool = False) -> Path:
        """Everything of a session, in a folder of answers; what is there already is not asked for again.

        Raises:
            DataMissingError: OpenF1 does not know the session.
            OvercutError: an answer is not what it should be, or did not come in spite of all attempts.
        """
        folder = self._folder / str(session_key)
        await self._collection(folder, "sessions", session_key, None, refresh)
        if frame_of("sessions", (folder / "sessions.json").read_bytes()).is_empty():
            (folder / "sessions.json").unlink()
            raise DataMissingError(f"OpenF1 has no session {session_key}", hint="its keys are numbers such as 9158")
        for name in FIELDS:
            if name not in ("sessions", *BY_DRIVER):
                await self._collection(folder, name, session_key, None, refresh)
        if telemetry:
            numbers = frame_of("drivers", (folder / "drivers.json").read_bytes())["driver_number"].to_list()
            for name in BY_DRIVER:
                for number in numbers:
                    await self._collection(folder, name, session_key, int(number), refresh)
        return folder

    async def _collection(self, folder: Path, name: str, session: int, number: int | None, refresh: bool) -> None:
        file = folder / (f"{name}.json" if number is None else f"{name}-{number}.json")
        if file.is_file() and not refresh:
            return
        query: dict[str, str | int] = {"session_key": session}
        if number is not None:
            query["driver_number"] = number
        body = await self._ask(name, query, max_bytes=TELEMETRY_BYTES if number is not None else None)
        frame_of(name, body)  # what is not OpenF1's is not kept
        try:
            folder.mkdir(parents=True, exist_ok=True)
            part = file.with_name(f".{file.name}.part")
            part.write_bytes(body)
            os.replace(part, file)
        except OSError as error:
            raise OvercutError(f"{file} cannot be written", why=error.strerror or str(error)) from error

    async def _ask(self, name: str, query: dict[str, str | int], *, max_bytes: int | None = None) -> bytes:
        wait_s = self._next_s - self._now_s()
        if wait_s > 0:
            await self._sleep(wait_s)
        self._next_s = self._now_s() + self._every_s
        if self._tell is not None:
            self._tell(f"{name} {' '.join(str(value) for value in query.values())}")
        self.asked += 1
        answer = await self._client.ask("GET", f"{name}?{urlencode(query)}", max_bytes=max_bytes)
        if answer.status == 404:
            return b"[]"
        if answer.status != 200:
            said = answer.body[:200].decode("utf-8", "replace")
            raise OvercutError(f"OpenF1 did not give {name}", why=f"it answered {answer.status}: {said}")
        return answer.body
