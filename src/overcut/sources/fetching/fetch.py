"""How a session is fetched: found in its season's index, downloaded once and whole, then here without a network."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import msgspec

from overcut.domain.frame import TOPIC_ORDER
from overcut.domain.session import SessionKey
from overcut.kernel.errors import DataMissingError, NotAllowedError, OvercutError
from overcut.kernel.http import HttpClient, UnreachableError
from overcut.sources.archive import STREAM_SUFFIX
from overcut.sources.fetching.download import Outcome, download
from overcut.sources.fetching.manifest import FetchedFile, Manifest, write_whole
from overcut.sources.fetching.season import ArchivedSession, is_session_path, key_of_path, read_season

INDEX = "Index.json"
STAGING = ".fetching"
"""Below the archive's folder: sessions that are not whole yet; hidden, so that none is taken for one that is."""

AT_ONCE = 4
FINAL_AFTER = timedelta(hours=6)
"""The archive may add to a session's files for a while after its end."""

_STREAM = re.compile(r"^[A-Za-z0-9_.-]+\.jsonStream$", re.ASCII)

Progress = Callable[[str, int], None]
"""Told of a file's name and of so many bytes more of it."""


class _Feed(msgspec.Struct, frozen=True):
    stream: str = msgspec.field(name="StreamPath", default="")


class _SessionIndex(msgspec.Struct, frozen=True):
    feeds: dict[str, _Feed] = msgspec.field(name="Feeds", default_factory=dict[str, _Feed])


class Fetched(msgspec.Struct, frozen=True):
    """What a fetch brought.

    Attributes:
        folder: the session's folder. ``key``: its name.
        fetched, kept: how many files came now, and how many were here. ``bytes``: of those that came.
        absent: topics that the archive does not have. ``withheld``: those that it refused.
        stale: why the archive could not be asked whether there is more; empty when it was, or need not be.
    """

    folder: Path
    key: str
    fetched: int = 0
    kept: int = 0
    bytes: int = 0
    absent: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    stale: str = ""


class Fetcher:
    """Fetches sessions into an archive folder of the same layout as served.

    Args:
        client: asks the archive; its URL is the archive's address.
        root: the folder; ``<year>/<meeting>/<session>/`` below it.
        progress: told of what comes.
        now: the time, which tells whether a session is over.
    """

    def __init__(
        self, client: HttpClient, root: Path, *, progress: Progress | None = None, now: datetime | None = None
    ) -> None:
        self._client = client
        self._root = root
        self._progress = progress or _silent
        self._now = now or datetime.now(UTC)

    async def fetch(self, wanted: SessionKey | str, *, topics: Sequence[str] = (), refresh: bool = False) -> Fetched:
        """Fetch a session, or find that it is here.

        Args:
            wanted: its key, or its path below the archive's address.
            topics: only these; all that the archive has, when empty.
            refresh: ask the archive even about what is here and final.

        Raises:
            DataMissingError: the archive has no such session.
            NotAllowedError: the archive refuses us.
            UnreachableError: it cannot be reached, and what is here is not enough.
            OvercutError: something else is wrong with what it serves, or the folder cannot be written.
        """
        here = self._session_here(wanted)
        if here is not None and not refresh and self._is_whole(here, topics):
            return self._found_here(here, topics)
        try:
            session = await self._find(wanted)
            return await self._fetch(session, topics, refresh=refresh)
        except UnreachableError as error:
            if here is None or not list((self._root / here.path).glob(f"*{STREAM_SUFFIX}")):
                raise
            found = self._found_here(here, topics)
            return msgspec.structs.replace(found, stale=error.why or error.what)

    def _session_here(self, wanted: SessionKey | str) -> ArchivedSession | None:
        if isinstance(wanted, str):
            return self._by_path(wanted)
        index = self._root / _season(wanted) / INDEX
        try:
            return _chosen(read_season(index.read_bytes()), wanted)
        except (OSError, ValueError):
            return None

    def _by_path(self, path: str) -> ArchivedSession:
        path = path.strip("/")
        if not is_session_path(path):
            raise DataMissingError(
                f"{path} is no session of the archive", hint="its path is <year>/<meeting>/<session>"
            )
        return ArchivedSession(path, key_of_path(path), "", path.rpartition("/")[2], None)

    async def _find(self, wanted: SessionKey | str) -> ArchivedSession:
        if isinstance(wanted, str):
            return self._by_path(wanted)
        season = _season(wanted)
        sessions = await self._season(season)
        found = _chosen(sessions, wanted)
        if found is None:
            has = ", ".join(str(session.key) for session in sessions[-5:])
            raise DataMissingError(
                f"The archive has no session {wanted}",
                why=f"its index of {season} lists {len(sessions)} sessions" + (f", the last: {has}" if has else ""),
                hint="a session appears there when it begins; those that were cancelled never do",
            )
        return found

    async def _season(self, season: str) -> list[ArchivedSession]:
        """The season's sessions; the index is kept, and asked for again only if it has changed."""
        file, tag_file = self._root / season / INDEX, self._root / season / f".{INDEX}.version"
        headers: dict[str, str] = {}
        if file.is_file() and tag_file.is_file():
            tag = tag_file.read_text(encoding="ascii", errors="ignore")
            headers = {"If-None-Match" if tag.startswith(('"', "W/")) else "If-Modified-Since": tag} if tag else {}
        answer = await self._client.ask("GET", f"{season}/{INDEX}", headers=headers)
        if answer.status == 304:
            return read_season(file.read_bytes())
        if answer.status in (401, 403):
            raise refusal(answer.status)
        if answer.status != 200:
            raise DataMissingError(
                f"The archive has no season {season}", why=f"it answered {answer.status} for its index"
            )
        try:
            sessions = read_season(answer.body)
        except ValueError as error:
            raise OvercutError(f"The archive's index of {season} cannot be read", why=str(error)[:200]) from error
        self._write(file, answer.body)
        version = answer.headers.get("etag") or answer.headers.get("last-modified") or ""
        self._write(tag_file, version.encode("ascii", "ignore"))
        return sessions

    async def _fetch(self, session: ArchivedSession, topics: Sequence[str], *, refresh: bool) -> Fetched:
        folder, staging = self._root / session.path, self._root / STAGING / session.path
        manifest = Manifest.read(folder)
        names = [f"{topic}{STREAM_SUFFIX}" for topic in topics] or await self._names(session)
        settled = manifest.final and not refresh
        due = [name for name in names if not (settled and manifest.has(folder, name))]
        gate = asyncio.Semaphore(AT_ONCE)
        files, absent, withheld, came = dict(manifest.files), set(manifest.absent), list[str](), list[FetchedFile]()

        async def one(name: str) -> None:
            known = manifest.files.get(name) if manifest.has(folder, name) else None
            async with gate:
                found = await download(
                    self._client,
                    f"{session.path}/{name}",
                    staging / name,
                    known=known,
                    progress=lambda count: self._progress(name, count),
                )
            absent.discard(name)
            if found.outcome is Outcome.ABSENT:
                absent.add(name)
            elif found.outcome is Outcome.WITHHELD:
                withheld.append(name)
            elif found.file is not None:
                files[name] = found.file
                came.extend([found.file] * (found.outcome is Outcome.FETCHED))

        try:
            async with asyncio.TaskGroup() as group:
                for name in due:
                    group.create_task(one(name))
        except* OvercutError as failed:
            raise _first(failed) from failed
        if not any((folder / name).is_file() or (staging / name).is_file() for name in names):
            raise (
                refusal(403)
                if withheld
                else DataMissingError(
                    f"The archive has no files of {session.key}", why=f"there is nothing below {session.path}"
                )
            )
        final = session.end_utc is not None and self._now > session.end_utc + FINAL_AFTER
        whole = not withheld and (manifest.whole or not topics)
        self._settle(staging, folder, Manifest(files, tuple(sorted(absent)), final=final, whole=whole))
        return Fetched(
            folder,
            str(session.key),
            fetched=len(came),
            kept=sum(name in files for name in names) - len(came),
            bytes=sum(file.bytes for file in came),
            absent=_topics(name for name in names if name in absent),
            withheld=_topics(withheld),
        )

    async def _names(self, session: ArchivedSession) -> list[str]:
        """The session's streams: those that its own index lists, else all that the feed is known to have."""
        answer = await self._client.ask("GET", f"{quote(session.path)}/{INDEX}")
        if answer.status == 200:
            try:
                index = msgspec.json.decode(answer.body.removeprefix(b"\xef\xbb\xbf"), type=_SessionIndex)
                names = [feed.stream for feed in index.feeds.values() if _STREAM.match(feed.stream)]
                if names:
                    return names
            except (msgspec.MsgspecError, UnicodeDecodeError):
                pass  # not every session has one; the names are known anyway
        return [f"{topic}{STREAM_SUFFIX}" for topic in TOPIC_ORDER]

    def _settle(self, staging: Path, folder: Path, manifest: Manifest) -> None:
        """Move what is whole to its place, and write down that it is."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file in sorted(staging.glob(f"*{STREAM_SUFFIX}")) if staging.is_dir() else []:
                file.replace(folder / file.name)
            manifest.write(folder)
            if staging.is_dir() and not any(staging.iterdir()):
                staging.rmdir()
        except OSError as error:
            raise _unwritable(folder, error) from error

    def _is_whole(self, session: ArchivedSession, topics: Sequence[str]) -> bool:
        folder = self._root / session.path
        manifest = Manifest.read(folder)
        if not manifest.final:
            return False
        names = [f"{topic}{STREAM_SUFFIX}" for topic in topics]
        wanted = [name for name in names if name not in manifest.absent] or (list(manifest.files) if not names else [])
        return (bool(names) or manifest.whole) and all(manifest.has(folder, name) for name in wanted)

    def _found_here(self, session: ArchivedSession, topics: Sequence[str]) -> Fetched:
        folder = self._root / session.path
        manifest = Manifest.read(folder)
        absent = tuple(name for name in manifest.absent if not topics or name.removesuffix(STREAM_SUFFIX) in topics)
        return Fetched(folder, str(session.key), kept=len(manifest.files), absent=_topics(absent))

    def _write(self, file: Path, data: bytes) -> None:
        try:
            write_whole(file, data)
        except OSError as error:
            raise _unwritable(file, error) from error


def refusal(status: int) -> NotAllowedError:
    """What to say when the archive refuses us."""
    return NotAllowedError(
        "The archive refused us",
        why=f"it answered {status}: since 15 October 2026 it asks for the token of an F1TV Access account, "
        "and it turns away addresses of cloud providers",
        hint="`overcut login` takes a token; a simulated weekend needs none: overcut simulate",
    )


def _chosen(sessions: Sequence[ArchivedSession], key: SessionKey) -> ArchivedSession | None:
    return next((session for session in sessions if session.key == key), None)


def _season(key: SessionKey) -> str:
    return str(key)[:4]


def _topics(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.removesuffix(STREAM_SUFFIX) for name in names)


def _first(failed: BaseExceptionGroup[OvercutError]) -> OvercutError:
    error = failed.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


def _unwritable(place: Path, error: OSError) -> OvercutError:
    return OvercutError(
        f"{place} cannot be written",
        why=error.strerror or str(error),
        hint="set OVERCUT_HOME to a folder that you may write to, or free some space",
    )


def _silent(_name: str, _count: int) -> None:
    """Tell nobody."""
