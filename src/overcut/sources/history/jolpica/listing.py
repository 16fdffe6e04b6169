"""How a listing of many pages is read whole: paged, paced, kept page by page, and begun anew when it changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.kernel.http import HttpClient, TryAgainError, UnreachableError
from overcut.sources.history.jolpica.pace import Pacer
from overcut.sources.history.jolpica.pages import Page, decode_page

PAGE = 100
"""The most rows that the service gives at once."""

MOST_PAGES = 200
"""Laps of the longest race need 20."""

_TRIES = 3
"""So often a listing that changes while it is read is begun anew."""


_NOTHING = b'{"MRData":{"limit":"100","offset":"0","total":"0"}}'
"""A page of a listing that does not exist."""


class _ChangedError(Exception):
    """The pages do not belong together."""


class Reader:
    """Reads listings, from the network or from pages that are kept.

    Args:
        client: asks the service. ``pacer``: keeps to its limits. ``folder``: of kept pages.
        told: told of each page: its path, and whether it was kept.
        now_s: the wall clock.

    ``stale``: the oldest kept page (seconds since the epoch) that had to stand in for one that could not be had.
    """

    def __init__(
        self,
        client: HttpClient,
        pacer: Pacer,
        folder: Path,
        *,
        told: Callable[[str, bool], None] = lambda _path, _kept: None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._pacer = pacer
        self._folder = folder
        self._told = told
        self._now_s = now_s
        self.asked = 0
        self.stale: float | None = None

    async def read(self, path: str, fresh_s: float) -> list[Page]:
        """All pages of a listing, in order.

        Args:
            path: below the service's address, without ``.json``.
            fresh_s: kept pages younger than this are as good as new ones.

        Raises:
            UnreachableError: a page could not be had, and none is kept.
            OvercutError: the listing never held still, or it ends before its total.
        """
        why = ""
        for attempt in range(_TRIES):
            try:
                return await self._once(path, fresh_s if attempt == 0 else 0.0)
            except _ChangedError as changed:
                why = str(changed)
        raise OvercutError(f"the listing {path} cannot be read whole", why=why, hint="try again in some minutes")

    async def _once(self, path: str, fresh_s: float) -> list[Page]:
        pages: list[Page] = []
        offset = rows = 0
        while True:
            page = await self._page(path, offset, fresh_s)
            total = int(page.total)
            if int(page.offset) != offset or (pages and page.total != pages[0].total):
                raise _ChangedError(f"its total went from {pages[0].total if pages else '?'} to {page.total}")
            pages.append(page)
            rows += page.rows
            offset += int(page.limit)
            if offset >= total or len(pages) >= MOST_PAGES:
                break
        if rows < total:
            raise _ChangedError(f"it ended after {rows} of {total} rows")
        return pages

    async def _page(self, path: str, offset: int, fresh_s: float) -> Page:
        file = self._folder / f"{path}@limit={PAGE}@offset={offset}.json"
        kept = _kept(file)
        if kept is not None and self._now_s() - file.stat().st_mtime < fresh_s:
            self._told(path, True)
            return kept
        try:
            body, page = await self._ask(path, offset)
        except UnreachableError:
            if kept is None:
                raise
            self.stale = min(self.stale or file.stat().st_mtime, file.stat().st_mtime)
            self._told(path, True)
            return kept
        except DataMissingError:
            _keep(file, _NOTHING)  # that there is none is worth keeping too
            raise
        _keep(file, body)
        self._told(path, False)
        return page

    async def _ask(self, path: str, offset: int) -> tuple[bytes, Page]:
        query = f"{path}.json?limit={PAGE}&offset={offset}"

        async def once() -> tuple[bytes, Page]:
            await self._pacer.turn()
            self.asked += 1
            async with self._client.open("GET", query) as response:
                if response.status_code == 404:
                    raise DataMissingError(f"the service knows no {path}", hint="the setting jolpica_url is right?")
                if response.status_code != 200:
                    raise OvercutError(f"the service answered {response.status_code} for {path}")
                body = await response.aread()
            try:
                return body, decode_page(body)
            except msgspec.DecodeError as error:
                raise TryAgainError(f"what came is no whole page ({error})") from error

        return await self._client.trying(once, path)


def _kept(file: Path) -> Page | None:
    try:
        return decode_page(file.read_bytes())
    except (OSError, msgspec.DecodeError):
        return None


def _keep(file: Path, body: bytes) -> None:
    """Whole or not at all: an interruption leaves no half page."""
    part = file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except OSError as error:
        raise OvercutError(f"{file} cannot be written", why=error.strerror or str(error)) from error
