"""How a session that is over comes into the lake by itself, without a moment taken from those who still watch."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Sequence

import structlog

from overcut.domain.frame import FrameSource
from overcut.kernel.errors import OvercutError
from overcut.kernel.settings import Settings
from overcut.runtime.catalogue import KnownSession

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("overcut.lake")


class LakeAtEnd:
    """Hands sessions that are over to a process of its own, one after the other.

    Reading a race takes seconds of CPU; in this process, viewers of another session would wait for it. What goes wrong
    there is logged here, and loses nothing: the recording is on disk, and ``overcut lake add`` tries again.

    Args:
        settings: where the lake is; with ``lake_sessions`` off, nothing is handed over.
        command: what reads sessions, their paths appended; for tests.
    """

    def __init__(self, settings: Settings, command: Sequence[str] | None = None) -> None:
        self._settings = settings
        self._command = tuple(command or (sys.executable, "-m", "overcut.cli.main", "lake", "add", "--in-background"))
        self._lock = threading.Lock()
        self._waiting: list[str] = []
        self._thread: threading.Thread | None = None
        self._added: set[str] = set()
        self._left = False

    def over(self, session: KnownSession) -> None:
        """A session was read to its end. A finished one is handed over once; a recording each time it has ended."""
        if not self._settings.lake_sessions or session.place.reconstructed:
            return
        grows = session.source is FrameSource.LIVE
        name = str(session.path)
        with self._lock:
            if name in self._waiting or (name in self._added and not grows):
                return
            self._added.add(name)
            self._waiting.append(name)
            if self._thread is None and not self._left:
                self._thread = threading.Thread(target=self._work, name="sessions into the lake", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Wait until all that were handed over are in the lake, or have failed."""
        while (thread := self._thread) is not None:
            thread.join()

    def leave(self) -> None:
        """This process ends: what still waits goes to one that outlives it, as the one at work does anyway."""
        with self._lock:
            self._left = True
            names, self._waiting = self._waiting, []
        if names:
            with contextlib.suppress(OSError):
                subprocess.Popen(  # noqa: S603 -- our own command
                    [*self._command, *names],
                    env=self._environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                name = self._waiting.pop(0)
            self._add(name)

    def _add(self, name: str) -> None:
        try:
            done = subprocess.run(  # noqa: S603 -- our own command
                [*self._command, name],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C ends the server, not what is being written
                check=False,
            )
        except OSError as error:
            log.error("a session did not get into the lake", session=name, why=str(error))
            return
        if done.returncode:
            told = done.stderr.decode(errors="replace")[-400:]
            log.error("a session did not get into the lake", session=name, why=told)
        else:
            log.info("session in the lake", session=name)

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "OVERCUT_HOME": str(self._settings.home)}


def add_now(settings: Settings, path: str) -> str:
    """Put a session into the lake in this process, when nobody waits for it any more; what to say of it in one line.

    Errors are told, not raised: what the user asked for (a recording) is done by then.
    """
    from overcut.runtime.finding import find_source  # noqa: PLC0415 -- Polars takes half a second
    from overcut.runtime.lake import lake_of  # noqa: PLC0415
    from overcut.runtime.lake_sessions import add_session  # noqa: PLC0415

    if not settings.lake_sessions:
        return ""
    try:
        added = add_session(lake_of(settings), find_source(path, settings))
    except OvercutError as error:
        return f"not in the lake: {error.what}" + (f" ({error.why})" if error.why else "")
    return f"in the lake: {added.session}, {added.rows.get('laps', 0)} laps"
