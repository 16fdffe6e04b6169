"""Which sessions can be watched: those named by the user, those in Overcut's home folder, and any other with a key."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

import msgspec

from overcut.domain.frame import Frame, FrameSource
from overcut.domain.session_names import UnknownSessionNameError, read_session_name
from overcut.domain.state import Defect, Meeting
from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.kernel.settings import Settings
from overcut.runtime.finding import SessionPlace, find_place, locate
from overcut.sources.archive import STREAM_SUFFIX
from overcut.sources.lines import LineDecoder
from overcut.sources.opening import find_sessions
from overcut.sources.source import Source
from overcut.sources.tables.meeting import session_info
from overcut.timing.engine import Engine

INFO_TOPIC = "SessionInfo"
LOOK_AGAIN_S = 1.0
"""Requests for unknown sessions make us look into the home folder no more often: that takes tens of milliseconds."""


class KnownSession(msgspec.Struct, frozen=True):
    """A session that can be opened.

    Attributes:
        key: its name, unique within the catalogue.
        path: its folder or file; the folder of tables for a reconstructed one. ``place``: how it is opened.
        named: whether the user named it (it is then opened at once and stays open).
        meeting: which session it is in words, as far as its first messages say.
    """

    key: str
    path: Path
    place: SessionPlace
    source: FrameSource
    simulated: bool
    named: bool
    meeting: Meeting

    def open(self) -> Source:
        """Its source.

        Raises:
            DataMissingError: it is no longer there.
        """
        return self.place.open()


class Catalogue:
    """The known sessions, by key; the ones named by the user first, in their order.

    A folder that cannot be opened is left out of the home's sessions (and kept in ``unusable`` with its reason); a
    path that the user named must open.

    Args:
        named: session folders, recording files, folders of session folders; with ``settings`` also keys and words, as
            `find_source` takes them.
        home: a folder searched for session folders; it need not exist.
        settings: where other sessions are kept; without them, only those above are found.

    Raises:
        DataMissingError, WrongUsageError: what was named is no session.
    """

    def __init__(
        self, named: Sequence[str | Path] = (), home: Path | None = None, settings: Settings | None = None
    ) -> None:
        self._home = home
        self._settings = settings
        self._by_key: dict[str, KnownSession] = {}
        self._seen: set[tuple[Path, str]] = set()
        self._looked_s: float | None = None
        self.unusable: dict[Path, str] = {}
        for text in named:
            path = Path(text)
            inside = find_sessions(path) if path.is_dir() else []
            if inside or settings is None:
                for session in inside or [path]:
                    self._add(SessionPlace(session), named=True)
            else:
                self._add(find_place(str(text), settings), named=True)
        self.refresh()

    def refresh(self) -> None:
        """Look into the home folder again for sessions that are new."""
        if self._home is None or not self._home.is_dir():
            return
        for folder in find_sessions(self._home):
            if (folder.resolve(), "") in self._seen or folder in self.unusable:
                continue
            try:
                self._add(SessionPlace(folder), named=False)
            except OvercutError as error:
                self.unusable[folder] = error.what

    def all(self) -> list[KnownSession]:
        """Every known session."""
        return list(self._by_key.values())

    def named(self) -> list[KnownSession]:
        """Those that the user named."""
        return [session for session in self._by_key.values() if session.named]

    def find(self, key: str) -> KnownSession:
        """The session called ``key``; case does not matter. One that is not listed yet is looked for by its key.

        Raises:
            DataMissingError: there is none; the hint names close ones.
        """
        found = self._lookup(key) or self._elsewhere(key)
        if found is None and (self._looked_s is None or time.monotonic() - self._looked_s >= LOOK_AGAIN_S):
            self.refresh()
            self._looked_s = time.monotonic()
            found = self._lookup(key)
        if found is not None:
            return found
        near = get_close_matches(key, self._by_key, n=3, cutoff=0.4)
        choices = ", ".join(near or list(self._by_key)[:5])
        raise DataMissingError(
            f"No session is called {key[:80]}",
            hint=f"known sessions: {choices}" if choices else "serve a session's path, or make one: overcut simulate",
        )

    def adopt(self, session: KnownSession) -> None:
        """Take in a session that is being recorded right now; it stands first, until a newer one does."""
        self._seen.add((session.path.resolve(), ""))
        self._by_key.pop(session.key, None)
        self._by_key = {session.key: session, **self._by_key}

    def free_key(self, key: str, path: Path) -> str:
        """``key``, or the same with the first number behind it that no session of another path has."""
        free, copy = key, 1
        while free in self._by_key and self._by_key[free].path.resolve() != path.resolve():
            copy += 1
            free = f"{key}-{copy}"
        return free

    def _lookup(self, key: str) -> KnownSession | None:
        return self._by_key.get(key) or next((s for k, s in self._by_key.items() if k.lower() == key.lower()), None)

    def _elsewhere(self, key: str) -> KnownSession | None:
        """The session in the archive or the tables: only keys, for whoever asks over the network must name no path."""
        if self._settings is None:
            return None
        try:
            wanted = read_session_name(key)
            place = locate(wanted, self._settings, search=False)
            return self._add(place, named=False) if place is not None else None
        except (UnknownSessionNameError, OvercutError):
            return None

    def _add(self, place: SessionPlace, *, named: bool) -> KnownSession | None:
        identity = (place.path.resolve(), str(place.key) if place.reconstructed else "")
        if identity in self._seen:
            return None
        source = place.open()
        self._seen.add(identity)
        key, copy = str(source.key), 1
        while key in self._by_key:  # the same session from two folders
            copy += 1
            key = f"{source.key}-{copy}"
        meeting = _meeting(place, source)
        known = KnownSession(key, place.path, place, source.kind, source.simulated, named, meeting)
        self._by_key[key] = known
        return known


def _meeting(place: SessionPlace, source: Source) -> Meeting:
    """What the first session information says; empty for recordings, which have no file of their own for it."""
    engine = Engine(source.key, source.kind, source.simulated)
    if place.reconstructed:
        info = msgspec.json.encode(session_info(source.key))
        engine.advance(Frame(0, INFO_TOPIC, info, source.kind))
        return engine.state().meeting
    file = place.path / f"{INFO_TOPIC}{STREAM_SUFFIX}"
    if not os.access(file, os.R_OK) or not file.is_file():
        return Meeting()
    for frame in _info_frames(file, source.kind):
        engine.advance(frame)
    return engine.state().meeting


def _info_frames(file: Path, kind: FrameSource) -> Iterator[Frame]:
    defects: dict[str, Defect] = {}
    decoder = LineDecoder(INFO_TOPIC, defects)
    for t_ms, _, payload in [*decoder.feed(file.read_bytes()), *decoder.finish()]:
        yield Frame(t_ms, INFO_TOPIC, payload, kind)
