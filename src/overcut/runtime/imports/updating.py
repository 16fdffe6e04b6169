"""Where the newest history comes from when a source is lost: the release, else Jolpica, else what is kept here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from overcut.domain.tables import LakeSource
from overcut.kernel.errors import DataMissingError
from overcut.kernel.http import HttpPolicy, UnreachableError
from overcut.lake import Lake
from overcut.runtime.imports.history import import_f1db
from overcut.runtime.imports.importing import Imported, Told, untold
from overcut.runtime.imports.jolpica import PATIENT, import_jolpica
from overcut.sources.history.downloading import download_release, kept_release

BRISK = HttpPolicy(attempts=3)
"""A release that cannot be had has a stand-in: not much is waited for it."""

MOST_SEASONS = 3
"""Jolpica stands in for so many seasons at most: more would take hours at its limits."""


class Attempt(msgspec.Struct, frozen=True):
    """One source that was asked. ``told``: what came of it, in words."""

    source: str
    worked: bool
    told: str


class Update(msgspec.Struct, frozen=True):
    """What became of an update.

    Attributes:
        attempts: the sources that were asked, in the order of belief.
        imported: what entered the lake.
        ends_with: the last race with a result in the lake, in words; empty for none.
        stale: why this may not be the newest, in words; empty where the release itself answered.
    """

    attempts: list[Attempt]
    imported: list[Imported]
    ends_with: str
    stale: str


def update_history(
    lake: Lake,
    url: str,
    cache: Path,
    told: Told = untold,
    *,
    jolpica_urls: Sequence[str] = (),
    policy: HttpPolicy = BRISK,
    patient: HttpPolicy = PATIENT,
) -> Update:
    """Bring the newest history that can be had into the lake.

    The F1DB release at ``url`` is asked first. Where it cannot be had, the release that was downloaded last is
    imported, and the seasons since its last race are asked from Jolpica.

    Raises:
        UnreachableError: nothing could be had, and the lake holds no history.
        OvercutError: what came is damaged, or the lake cannot be written; the lake is as it was.
    """
    attempts: list[Attempt] = []
    imported: list[Imported] = []
    lost = ""
    try:
        kept = _download(url, cache, told, policy)
        imported.append(import_f1db(lake, kept, told))
        attempts.append(Attempt("F1DB", worked=True, told=imported[-1].origin))
    except (UnreachableError, DataMissingError) as error:
        lost = error.why or error.what
        attempts.append(Attempt("F1DB", worked=False, told=lost))
        _from_cache(lake, cache, told, attempts, imported)
        for other in jolpica_urls:
            if _from_jolpica(lake, other, cache, told, patient, attempts, imported):
                break
    ends_with = last_race(lake)
    if not ends_with:
        raise UnreachableError(
            "no source of history could be reached",
            why="; ".join(f"{attempt.source}: {attempt.told}" for attempt in attempts),
            hint="overcut history import FILE, with an f1db-sqlite.zip from https://github.com/f1db/f1db/releases",
        )
    return Update(attempts, imported, ends_with, _stale(lost, attempts))


def _download(url: str, cache: Path, told: Told, policy: HttpPolicy) -> Path:
    import asyncio  # noqa: PLC0415 -- only downloads need it

    received = 0

    def progress(count: int) -> None:
        nonlocal received
        received += count
        told("F1DB, kB", received // 1024)

    return asyncio.run(download_release(url, cache, progress, policy)).file


def _from_cache(lake: Lake, cache: Path, told: Told, attempts: list[Attempt], imported: list[Imported]) -> None:
    kept = kept_release(cache)
    if kept is None:
        attempts.append(Attempt("downloaded before", worked=False, told="no release is kept here"))
        return
    imported.append(import_f1db(lake, kept.file, told))
    attempts.append(Attempt("downloaded before", worked=True, told=f"the release of {kept.asked_utc[:10]}"))


def _from_jolpica(
    lake: Lake,
    url: str,
    cache: Path,
    told: Told,
    patient: HttpPolicy,
    attempts: list[Attempt],
    imported: list[Imported],
) -> bool:
    this_year = datetime.now(UTC).year
    run = lake.units("results", source=LakeSource.F1DB)
    first = max(int(run[-1]) if run else this_year, this_year - MOST_SEASONS + 1)
    try:
        imported.append(import_jolpica(lake, url, cache, range(first, this_year + 1), told, policy=patient))
    except (UnreachableError, DataMissingError) as error:
        attempts.append(Attempt("Jolpica", worked=False, told=error.why or error.what))
        return False
    attempts.append(Attempt("Jolpica", worked=True, told=f"seasons {first} to {this_year}"))
    return True


def last_race(lake: Lake) -> str:
    """The last race with a result, in words: "2025 round 13 (hungary, 2025-08-03)"; empty for a lake without any."""
    seasons = lake.units("results")
    if not seasons:
        return ""
    rounds = lake.read("results", units=seasons[-1:], columns=["round"])["round"]
    last = max(rounds.to_list())
    races = lake.read("races", units=seasons[-1:])
    row = races.filter(races["round"] == last).row(0, named=True) if last in races["round"] else None
    where = f" ({row['grand_prix_id']}, {row['date']})" if row else ""
    return f"{seasons[-1]} round {last}{where}"


def _stale(lost: str, attempts: Sequence[Attempt]) -> str:
    if not lost:
        return ""
    stood_in = [attempt.source for attempt in attempts if attempt.worked]
    by = f"what is told comes from {' and '.join(stood_in)}" if stood_in else "the lake is as it was"
    return f"F1DB could not be reached ({lost}); {by}"
