"""Where a session is that someone named: a path, a session key, words such as ``2025 monaco R``, an archive URL."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

import msgspec

from overcut.domain.calendar import RACES
from overcut.domain.session import SessionKey, kind_of_session_name
from overcut.domain.session_names import (
    UnknownSessionNameError,
    describe,
    official_parts,
    read_session_name,
)
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.kernel.settings import Settings
from overcut.sources.archive import STREAM_SUFFIX, key_of_folder
from overcut.sources.opening import find_sessions, open_source
from overcut.sources.plugins import open_plugged
from overcut.sources.source import Source
from overcut.sources.tables.columns import LAPS_FILE

SHARED_VARIABLE = "OVERCUT_SHARED"
RECORDING_SUFFIXES = (".jsonl", ".txt")
_NAMED_SO = "name a folder or file, or a session such as 2024-14-R or “2025 monaco Q”"
_SHOWN_NAMES = 4
_SHOWN_LENGTH = 200
_SEASON = re.compile(r"\b(?:19|20)\d{2}\b")


class SessionPlace(msgspec.Struct, frozen=True):
    """Where a session is.

    Attributes:
        path: its folder or file; the folder of tables for a reconstructed one.
        key: its name; None where only its source can tell (a path that the user named).
        reconstructed: whether it is made from tables.
    """

    path: Path
    key: SessionKey | None = None
    reconstructed: bool = False

    def whole(self) -> bool:
        """Whether it holds the timing of cars, as far as its files show."""
        return not self.path.is_dir() or self.reconstructed or (self.path / f"TimingData{STREAM_SUFFIX}").is_file()

    def open(self) -> Source:
        """The session's source.

        Raises:
            DataMissingError: it is no longer there.
        """
        if self.reconstructed and self.key is not None:
            from overcut.sources.tables.source import TableSource  # noqa: PLC0415 -- Polars takes half a second

            return TableSource(self.path, self.key)
        return open_source(self.path)


def find_source(text: str, settings: Settings) -> Source:
    """The source of the session that ``text`` names.

    Args:
        text: a path; a key (``2024-14-R``, ``sim-2025-monza-7-R``); words (``2025 monaco R``); an archive URL.
        settings: where sessions are kept.

    Raises:
        DataMissingError: it names nothing that is here; the hint says how to get it.
        WrongUsageError: it names a season, but no race of it, or several.
    """
    plugged = open_plugged(text)
    if plugged is None:
        return find_place(text, settings).open()
    if not hasattr(plugged, "frames"):
        raise WrongUsageError(
            f"{text[:_SHOWN_LENGTH]} is tables, not frames",
            why="its plug-in gives no stream to play",
            hint=f"overcut lake add {text[:_SHOWN_LENGTH]}",
        )
    return cast(Source, plugged)


def find_place(text: str, settings: Settings) -> SessionPlace:
    """Where the session is that ``text`` names; arguments and errors as for `find_source`."""
    if text.startswith(("http://", "https://")):
        return _place_of_url(text, settings)
    if not text.strip():
        raise WrongUsageError("No session is named", hint=_NAMED_SO)
    path = Path(text).expanduser()
    if _exists(path):
        return _place_of_path(path)
    try:
        key = read_session_name(text)
    except UnknownSessionNameError as unknown:
        if _looks_like_path(text):
            return SessionPlace(path, open_source(path).key)  # raises, saying that nothing is there
        if not _SEASON.search(text):  # a folder that is not there, rather than a name
            raise DataMissingError(
                f"There is nothing at {text[:_SHOWN_LENGTH]}",
                why=f"as a session's name, {unknown.what}",
                hint=_hint(unknown),
            ) from unknown
        raise WrongUsageError(
            f"No session is called {text[:_SHOWN_LENGTH]}", why=unknown.what, hint=_hint(unknown)
        ) from unknown
    place = locate(key, settings)
    if place is not None:
        return place
    raise _not_here(key, settings)


def locate(key: SessionKey, settings: Settings, *, search: bool = True) -> SessionPlace | None:
    """Where the session ``key`` is: the home folder, then the archive folders, then the tables; None when nowhere.

    A folder without timing (some archives hold only tyres or messages) gives way to a place that has it. Without
    ``search`` only the places are looked at that follow from the key; folders of other layouts are not walked through.
    """
    first = None
    for place in places_of(key, settings, search=search):
        if place.whole():
            return place
        first = first or place
    return first


def places_of(key: SessionKey, settings: Settings, *, search: bool = True) -> Iterator[SessionPlace]:
    """Every place that has the session ``key``, the best first."""
    seen: set[Path] = set()
    for root in (settings.home, *archive_folders(settings)):
        for path in _sessions_called(key, root, search=search):
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield SessionPlace(path, key)
    for folder in table_folders(settings):
        from overcut.sources.tables.reading import has_session  # noqa: PLC0415 -- Polars takes half a second

        if has_session(folder, key):
            yield SessionPlace(folder, key, reconstructed=True)


def table_folders(settings: Settings) -> tuple[Path, ...]:
    """Where timing tables lie; folders that do not exist are left out."""
    return _folders(settings.tables, Path("data/timing"), settings.home / "tables")


def archive_folders(settings: Settings) -> tuple[Path, ...]:
    """Where archived sessions lie; folders that do not exist are left out."""
    return _folders(settings.archive, Path("data/livetiming/static"), settings.home / "archive")


def _folders(named: Path | None, in_shared: Path, in_home: Path) -> tuple[Path, ...]:
    """The folder that the setting names, or else the shared one; that of the home folder always."""
    if named is None:
        shared = os.environ.get(SHARED_VARIABLE)
        named = (Path(shared) if shared else Path("../shared")) / in_shared
    return tuple(dict.fromkeys(folder for folder in (named.expanduser(), in_home) if folder.is_dir()))


def _sessions_called(key: SessionKey, root: Path, *, search: bool) -> Iterator[Path]:
    """Sessions below ``root`` called ``key``: the archive's own place for it, then folders and recordings searched."""
    if not root.is_dir():
        return
    direct = list(_in_archive_layout(key, root))
    yield from direct
    if direct or not search:
        return
    for folder in find_sessions(root):
        if _key_of(folder) == key:
            yield folder
    for file in _recordings(root):
        if _key_of(file) == key:
            yield file


def _in_archive_layout(key: SessionKey, root: Path) -> Iterator[Path]:
    """``<year>/<race day>_<meeting>/<day>_<session>``, found without looking at any other session."""
    parts = official_parts(key)
    if parts is None:
        return
    season, round_number, kind = parts
    races = RACES.get(season, ())
    if not 1 <= round_number <= len(races):
        return
    day = f"{season}-{races[round_number - 1][0]}"
    for year in (root / str(season), root):
        for folder in sorted(year.glob(f"{day}_*/*_*")):
            if kind_of_session_name(folder.name.partition("_")[2]) is kind and find_sessions(folder) == [folder]:
                yield folder


def _recordings(root: Path) -> list[Path]:
    return sorted(file for file in root.glob("recordings/**/*") if file.suffix in RECORDING_SUFFIXES and file.is_file())


def _key_of(path: Path) -> SessionKey | None:
    """The key of a session in a folder that is searched; None for one that cannot be opened."""
    try:
        return open_source(path).key
    except OvercutError:
        return None


def _place_of_path(path: Path) -> SessionPlace:
    if path.is_dir() and (path / LAPS_FILE).is_file():
        from overcut.sources.tables.reading import only_session  # noqa: PLC0415 -- Polars takes half a second

        return SessionPlace(path, only_session(path), reconstructed=True)
    return SessionPlace(path)


def _place_of_url(text: str, settings: Settings) -> SessionPlace:
    """An archive URL is looked up by the session that it names, among what was fetched."""
    parts = [unquote(part) for part in urlsplit(text).path.split("/") if part]
    if parts and "." in parts[-1]:
        parts.pop()  # a stream within the session's folder
    if len(parts) < 2:
        raise WrongUsageError(
            f"{text} is no session of the archive",
            hint="it ends in …/<year>/<meeting>/<session>/, for example 2024-07-28_Belgian_Grand_Prix/2024-07-28_Race/",
        )
    relative = Path(*parts[-3:])
    for root in archive_folders(settings):
        if (root / relative).is_dir():
            return SessionPlace(root / relative)
    key = key_of_folder(Path("/", *parts[-2:]))
    place = locate(key, settings)
    if place is not None:
        return place
    raise _not_here(key, settings)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name too long for a file is none
        return False


def _looks_like_path(text: str) -> bool:
    return "/" in text or "\\" in text or text.startswith((".", "~")) or bool(re.search(r"\.\w+$", text))


def _hint(unknown: UnknownSessionNameError) -> str:
    if not unknown.suggestions:
        return _NAMED_SO
    shown = ", ".join(unknown.suggestions[:_SHOWN_NAMES])
    return f"did you mean {shown}" + ("?" if len(unknown.suggestions) <= _SHOWN_NAMES else " …?")


def _not_here(key: SessionKey, settings: Settings) -> DataMissingError:
    named = describe(key)
    looked = [str(settings.home), *map(str, archive_folders(settings)), *map(str, table_folders(settings))]
    parts = official_parts(key)
    if parts is not None:
        get = f"overcut fetch {key} (from the archive), or overcut simulate --season 2025 (a made-up weekend)"
        if parts[0] not in RACES:
            get = f"timing of {parts[0]} was never archived; seasons from {min(RACES)} on are"
    elif key.text.startswith("sim-"):
        get = "overcut simulate --help shows how to make it"
    else:
        get = "name the recording's file"
    return DataMissingError(
        f"The session {key} is not here" + (f" ({named})" if named != key.text else ""),
        why="looked in " + ", ".join(dict.fromkeys(looked)),
        hint=get,
    )
