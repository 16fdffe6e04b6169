"""How a release of F1DB is downloaded: once, going on where it broke off, and kept for when there is no network."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.kernel.http import HttpClient, HttpPolicy
from overcut.sources.fetching.download import Outcome, download
from overcut.sources.fetching.manifest import FetchedFile

RELEASE_HOSTS = ("objects.githubusercontent.com", "release-assets.githubusercontent.com")
"""Where GitHub keeps the files of releases; a download is redirected there."""

KEPT_AS = "f1db-sqlite.zip"


class KeptRelease(msgspec.Struct, frozen=True):
    """A release on this machine. ``asked_utc``: when the address last confirmed that it is the newest, ISO 8601."""

    file: Path
    url: str
    asked_utc: str
    fetched: FetchedFile


async def download_release(
    url: str, folder: Path, progress: Callable[[int], None], policy: HttpPolicy | None = None
) -> KeptRelease:
    """The release that ``url`` serves, in ``folder``; only asked about, not downloaded again, where it is there.

    Args:
        url: as `overcut.kernel.http.checked_url` lets through. ``progress``: told of each number of bytes.

    Raises:
        UnreachableError: it could not be had in spite of all attempts; what came is kept, and completed next time.
        DataMissingError: nothing is served there.
        OvercutError: what is served is no zip, or it cannot be written.
    """
    file = folder / KEPT_AS
    known = kept_release(folder)
    before = known.fetched if known is not None and known.url == url else None
    async with HttpClient(url, redirect_hosts=RELEASE_HOSTS, policy=policy) as client:
        path = unquote(urlsplit(url).path)
        found = await download(client, path, file, known=before, progress=progress, whole=zipfile.is_zipfile)
    if found.file is None or found.outcome not in (Outcome.FETCHED, Outcome.UNCHANGED):
        raise DataMissingError(
            f"{url} serves no release ({found.outcome.value})",
            hint="the setting f1db_url, or the address given, is right?",
        )
    if not zipfile.is_zipfile(file):
        raise OvercutError(f"What {url} serves is no zip", hint="name the address of f1db-sqlite.zip")
    kept = KeptRelease(file, url, datetime.now(UTC).isoformat(timespec="seconds"), found.file)
    _note(folder).write_bytes(msgspec.json.encode(kept, enc_hook=str))
    return kept


def kept_release(folder: Path) -> KeptRelease | None:
    """The release that was downloaded last; None where there is none."""
    try:
        kept = msgspec.json.decode(_note(folder).read_bytes(), type=KeptRelease, dec_hook=_path)
    except (OSError, msgspec.DecodeError):
        return None
    return kept if kept.file.is_file() else None


def _note(folder: Path) -> Path:
    return folder / f"{KEPT_AS}.json"


def _path(kind: type, value: object) -> object:
    return kind(value)
