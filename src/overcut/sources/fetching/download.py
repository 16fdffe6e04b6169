"""How one file is downloaded: whole or not at all, going on where an earlier attempt broke off."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import httpx
import msgspec

from overcut.kernel.errors import OvercutError
from overcut.kernel.http import HttpClient, TryAgainError, too_long
from overcut.sources.fetching.manifest import FetchedFile

MAX_FILE_BYTES = 512 * 2**20
"""Longer than any stream of the archive: position data of a race is about 30 MB."""

PART, PART_NAME = ".part", ".part-of"
_RANGE = re.compile(r"^bytes (\d+)-\d+/(\d+|\*)$", re.ASCII)


class Outcome(StrEnum):
    """What became of a file."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    ABSENT = "absent"
    WITHHELD = "withheld"


class Download(msgspec.Struct, frozen=True):
    """A file's fate; ``file`` for one that is here now."""

    outcome: Outcome
    file: FetchedFile | None = None


def ends_whole(file: Path) -> bool:
    """Whether a stream's last line is whole: ended, or JSON that ends."""
    with file.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - 2**20))
        tail = stream.read()
    last = tail.rstrip(b"\r\n").rpartition(b"\n")[2]
    return tail.endswith(b"\n") or not last or last.endswith((b"}", b'"', b"]"))


async def download(
    client: HttpClient,
    path: str,
    into: Path,
    *,
    known: FetchedFile | None,
    progress: Callable[[int], None],
    whole: Callable[[Path], bool] = ends_whole,
) -> Download:
    """Download the archive's file ``path`` to ``into``.

    Args:
        client: asks the archive. ``known``: the version that is here; it is not downloaded again when it still holds.
        progress: told of each number of bytes. ``whole``: whether a file of the right length is also undamaged.

    What an attempt that broke off left beside ``into`` is completed, if the archive still has that version.

    Raises:
        UnreachableError: it could not be downloaded in spite of all attempts.
        OvercutError: what is served is no stream, or it cannot be written.
    """
    into.parent.mkdir(parents=True, exist_ok=True)
    doubted: set[int] = set()

    async def once() -> Download:
        found = await _once(client, path, into, known, progress)
        size = found.file.bytes if found.outcome is Outcome.FETCHED and found.file else 0
        if size and size not in doubted and not whole(_part(into)):
            # The length was right, yet it is damaged: once more, and then it is the other side's own damage.
            doubted.add(size)
            _forget(into)
            raise TryAgainError("it came damaged")
        return found

    found = await client.trying(once, path)
    if found.outcome is Outcome.FETCHED:
        _part(into).replace(into)
        _forget(into)
    return found


async def _once(
    client: HttpClient, path: str, into: Path, known: FetchedFile | None, progress: Callable[[int], None]
) -> Download:
    have, validator = _begun(into)
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": validator}
    elif known is not None and known.validator:
        headers["If-None-Match" if _is_tag(known.validator) else "If-Modified-Since"] = known.validator
    async with client.open("GET", quote(path), headers=headers) as response:
        outcome = _judged(response, path)
        if outcome is not None:
            return Download(outcome, known if outcome is Outcome.UNCHANGED else None)
        if response.status_code == 416:  # what we have is longer than what there is
            _forget(into)
            raise TryAgainError("the part that we had does not fit any more")
        begin, total = _extent(response, have)
        validator = response.headers.get("etag") or response.headers.get("last-modified") or ""
        if _is_tag(validator) and validator.startswith("W/"):
            validator = response.headers.get("last-modified") or ""
        into.with_name(into.name + PART_NAME).write_text(validator, encoding="ascii", errors="ignore")
        with _part(into).open("r+b" if begin else "wb") as stream:
            stream.seek(begin)
            stream.truncate()
            size = await _receive(response, stream, begin, path, progress)
    if total is not None and size != total:
        raise TryAgainError(f"it broke off after {size} of {total} bytes")
    return Download(Outcome.FETCHED, FetchedFile(size, validator))


async def _receive(
    response: httpx.Response, stream: BinaryIO, begin: int, path: str, progress: Callable[[int], None]
) -> int:
    """Write the body to ``stream``; the file's size then."""
    size, first = begin, begin == 0
    encoded = response.headers.get("content-encoding", "identity") != "identity"
    try:
        async for chunk in response.aiter_bytes() if encoded else response.aiter_raw():
            if first and chunk.lstrip(b"\xef\xbb\xbf \r\n")[:1] == b"<":
                raise OvercutError(
                    f"What is served as {path} is a web page",
                    why="a captive portal or a proxy answers in the archive's place",
                    hint="sign in to the network, or use another one",
                )
            first = False
            stream.write(chunk)
            size += len(chunk)
            progress(len(chunk))
            if size > MAX_FILE_BYTES:
                raise too_long(path, MAX_FILE_BYTES)
        stream.flush()
        os.fsync(stream.fileno())
    except OSError as error:
        raise OvercutError(
            f"{stream.name} cannot be written", why=error.strerror or str(error), hint="free some space"
        ) from error
    return size


def _judged(response: httpx.Response, path: str) -> Outcome | None:
    status = response.status_code
    if status in (200, 206, 416):
        return None
    known = {304: Outcome.UNCHANGED, 404: Outcome.ABSENT, 410: Outcome.ABSENT}
    known |= {401: Outcome.WITHHELD, 403: Outcome.WITHHELD}
    if status in known:
        return known[status]
    raise OvercutError(
        f"The archive answered {status} for {path}", hint="try again later; OVERCUT_ARCHIVE_URL is right?"
    )


def _extent(response: httpx.Response, have: int) -> tuple[int, int | None]:
    """From which byte on the body goes, and how long the whole file is (None: not said)."""
    if response.status_code == 206:
        match = _RANGE.match(response.headers.get("content-range", ""))
        if match is None or int(match.group(1)) != have:
            raise OvercutError("The archive sent another part than was asked for", hint="try again")
        return have, None if match.group(2) == "*" else int(match.group(2))
    length = response.headers.get("content-length", "")
    encoded = response.headers.get("content-encoding", "identity") != "identity"
    return 0, int(length) if length.isdigit() and not encoded else None


def _begun(into: Path) -> tuple[int, str]:
    """How much an earlier attempt left, and of which version; nothing where that is not known."""
    try:
        validator = into.with_name(into.name + PART_NAME).read_text(encoding="ascii")
        return (_part(into).stat().st_size, validator) if validator else (0, "")
    except (OSError, UnicodeDecodeError):
        return 0, ""


def _forget(into: Path) -> None:
    _part(into).unlink(missing_ok=True)
    into.with_name(into.name + PART_NAME).unlink(missing_ok=True)


def _part(into: Path) -> Path:
    return into.with_name(into.name + PART)


def _is_tag(validator: str) -> bool:
    return validator.startswith(('"', "W/"))
