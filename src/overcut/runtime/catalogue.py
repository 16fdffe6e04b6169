"""Which sessions can be watched: paths named by the user, and those in Overcut's home folder."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

import msgspec

from overcut.domain.frame import Frame, FrameSource
from overcut.domain.state import Defect, Meeting
from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.sources.archive import STREAM_SUFFIX
from overcut.sources.lines import LineDecoder
from overcut.sources.opening import find_sessions, open_source
from overcut.sources.source import Source
from overcut.timing.engine import Engine

INFO_TOPIC = "SessionInfo"
LOOK_AGAIN_S = 1.0
"""Requests for unknown sessions make us look into the home folder no more often: that takes tens of milliseconds."""


class KnownSession(msgspec.Struct, frozen=True):
    """A session that can be opened.

    Attributes:
        key: its name, unique within the catalogue.
        path: its folder or file.
        named: whether the user named it (it is then opened at once and stays open).
        meeting: which session it is in words, as far as its first messages say.
    """

    key: str
    path: Path
    source: FrameSource
    simulated: bool
    named: bool
    meeting: Meeting


class Catalogue:
    """The known sessions, by key; the ones named by the user first, in their order.

    A folder that cannot be opened is left out of the home's sessions (and kept in ``unusable`` with its reason); a
    path that the user named must open.

    Args:
        paths: session folders, recording files, or folders of session folders.
        home: a folder searched for session folders; it need not exist.

    Raises:
        DataMissingError, WrongUsageError: a named path is no session.
    """

    def __init__(self, paths: Sequence[Path] = (), home: Path | None = None) -> None:
        self._home = home
        self._by_key: dict[str, KnownSession] = {}
        self._seen: set[Path] = set()
        self._looked_s: float | None = None
        self.unusable: dict[Path, str] = {}
        for path in paths:
            inside = find_sessions(path) if path.is_dir() else []
            for session in inside or [path]:
                self._add(session, named=True)
        self.refresh()

    def refresh(self) -> None:
        """Look into the home folder again for sessions that are new."""
        if self._home is None or not self._home.is_dir():
            return
        for folder in find_sessions(self._home):
            if folder.resolve() in self._seen or folder in self.unusable:
                continue
            try:
                self._add(folder, named=False)
            except OvercutError as error:
                self.unusable[folder] = error.what

    def all(self) -> list[KnownSession]:
        """Every known session."""
        return list(self._by_key.values())

    def named(self) -> list[KnownSession]:
        """Those that the user named."""
        return [session for session in self._by_key.values() if session.named]

    def find(self, key: str) -> KnownSession:
        """The session called ``key``; case does not matter.

        Raises:
            DataMissingError: there is none; the hint names close ones.
        """
        found = self._lookup(key)
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

    def _lookup(self, key: str) -> KnownSession | None:
        return self._by_key.get(key) or next((s for k, s in self._by_key.items() if k.lower() == key.lower()), None)

    def _add(self, path: Path, *, named: bool) -> None:
        resolved = path.resolve()
        if resolved in self._seen:
            return
        source = open_source(path)
        self._seen.add(resolved)
        key, copy = str(source.key), 1
        while key in self._by_key:  # the same session from two folders
            copy += 1
            key = f"{source.key}-{copy}"
        self._by_key[key] = KnownSession(key, path, source.kind, source.simulated, named, _meeting(path, source))


def _meeting(path: Path, source: Source) -> Meeting:
    """What the first session information says; empty for recordings, which have no file of their own for it."""
    file = path / f"{INFO_TOPIC}{STREAM_SUFFIX}"
    if not os.access(file, os.R_OK) or not file.is_file():
        return Meeting()
    engine = Engine(source.key, source.kind, source.simulated)
    for frame in _info_frames(file, source.kind):
        engine.advance(frame)
    return engine.state().meeting


def _info_frames(file: Path, kind: FrameSource) -> Iterator[Frame]:
    defects: dict[str, Defect] = {}
    decoder = LineDecoder(INFO_TOPIC, defects)
    for t_ms, _, payload in [*decoder.feed(file.read_bytes()), *decoder.finish()]:
        yield Frame(t_ms, INFO_TOPIC, payload, kind)
