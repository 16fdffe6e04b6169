"""How a live session is put on disk before anything reads it, one file a session, resumed after any crash."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import structlog

from overcut.domain.frame import Frame, FrameSource, topic_rank
from overcut.domain.session import SessionKey
from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.sources.live.newest import Newest, newest_of
from overcut.sources.live.recording_file import RecordingFile, RecordingTakenError
from overcut.sources.recording import RecordingSource
from overcut.sources.recording_lines import Message, Note, line_of, note_line, read_line, read_note, stamp_of
from overcut.sources.session_info import TOPIC as INFO_TOPIC
from overcut.sources.session_info import SessionIdentity, identity_of, same_session

log = structlog.stdlib.get_logger(__name__)

FOLDER = "recordings"
SUFFIX = ".jsonl"
BACKWARDS_MS = 120_000
"""A session whose time goes back further than this is another playing of it (a hub's), not its continuation."""

BACKLOG_BYTES = 64 * 2**20
"""Lines kept in memory while the disk takes none: about twenty minutes of a race with telemetry."""

MAX_FILES = 1000
_BLANK_LINE_ENDS = bytes.maketrans(b"\r\n", b"  ")
TAIL_BYTES = 256 * 1024
"""Where the newest stamp of a recording is looked for: lines may be out of order by seconds, not by more."""


class SessionChanged(msgspec.Struct, frozen=True):
    """From here on frames belong to this session.

    Attributes:
        key: its name. ``simulated``: whether it was generated. ``recording``: its file.
        identity: what the feed calls it; None when it has not said.
        resumed: whether the recording existed and goes on; its earlier frames come first.
    """

    key: SessionKey
    simulated: bool
    recording: Path
    identity: SessionIdentity | None = None
    resumed: bool = False


class Recorder:
    """Appends the messages of a live feed to one file a session, and makes frames of those that are on disk.

    Zero of a session's time is the stamp of the first message of its file; it stands in the file's first line, so that
    the frames are the same when the file is replayed.

    A full disk does not stop the stream: lines that could not be written are kept in memory (up to `BACKLOG_BYTES`)
    and written, in order, as soon as there is room; ``unrecorded`` counts them meanwhile, and those lost beyond that.

    Args:
        folder: where recordings are kept, named after their sessions; made when missing.
        file: write this one file instead, whatever the session.
        earlier: whether a resumed recording's frames are handed out again first, so that a reader knows all of the
            session.
    """

    def __init__(self, folder: Path, *, file: Path | None = None, earlier: bool = True) -> None:
        self._folder = folder
        self._fixed = file
        self._earlier = earlier
        self._file: RecordingFile | None = None
        self._zero_ms = 0
        self._newest = Newest()
        self._backlog: list[bytes] = []
        self._backlog_bytes = 0
        self._last_path: Path | None = None
        self._last_size = 0
        self._another_expected = False
        self.identity: SessionIdentity | None = None
        self.frames = 0
        self.torn_bytes = 0
        self.unreadable = 0
        self.lost = 0
        self.problem = ""

    @property
    def path(self) -> Path | None:
        """The file being written, or the last one that was."""
        return self._file.path if self._file else self._last_path

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self._file.size if self._file else self._last_size

    @property
    def newest_utc_ms(self) -> int | None:
        """The newest stamp of the session, those of a resumed recording included."""
        return self._newest.utc_ms

    @property
    def unrecorded(self) -> int:
        """Lines received and not in the file: waiting for room, or lost."""
        return len(self._backlog) + self.lost

    def prepare(self) -> None:
        """Make sure that a recording can be begun, long before the first message comes.

        Raises:
            OvercutError: it cannot.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if self._fixed is not None and self._fixed.exists() and not self._fixed.is_file():
                raise OSError(f"{self._fixed} is no file")
            if not os.access(self._folder, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        except OSError as error:
            raise self._not_begun(error) from error

    def record(self, messages: Sequence[Message]) -> Iterator[SessionChanged | list[Frame]]:
        """Append messages that came together, then yield their frames in order of their stamps.

        When an item is yielded, the frames in it are in the file (or in the backlog of a full disk). A `SessionChanged`
        comes before the first frame of each session.

        Raises:
            OvercutError: a recording cannot be begun at all.
        """
        stamped = [(message.utc_ms, _on_one_line(message)) for message in messages]
        ordered = sorted(stamped, key=lambda pair: (pair[0] or 0, topic_rank(pair[1].topic)))
        begun = 0
        for index, (_, message) in enumerate(ordered):
            if message.topic == INFO_TOPIC and self._names_another(message):
                yield from self._append(ordered[begun:index])
                self.finish()
                begun = index
        yield from self._append(ordered[begun:])

    def note(self, event: str, why: str = "") -> None:
        """Write down what happened to the connection, when there is a recording to say it in."""
        if self._file is not None:
            self._write([note_line(Note(event, at=_now(), why=why[:200]), self.newest_utc_ms or self._zero_ms)])

    def expect_another(self) -> None:
        """The hub seems to play another session, or this one anew: the next `SessionInfo` will tell."""
        self._another_expected = True

    def retry(self) -> None:
        """Try again what the disk did not take."""
        self._write([])

    def sync(self) -> None:
        """Bring what was written to the disk itself; from any thread."""
        file = self._file
        if file is None:
            return
        try:
            file.sync()
        except OSError as error:
            self._complain(error)

    def finish(self) -> None:
        """The session's recording is over; the next message begins another one."""
        if self._file is not None:
            self.retry()
            self.lost += len(self._backlog)
            self._backlog, self._backlog_bytes = [], 0
            self._last_path, self._last_size = self._file.path, self._file.size
            try:
                self._file.close()
            except OSError as error:
                self._complain(error)
        self._file = None
        self.identity = None
        self._newest = Newest()

    def _names_another(self, message: Message) -> bool:
        found = identity_of(message.payload)
        if found is None or self._file is None:
            return False
        newest_ms = self.newest_utc_ms
        if self._another_expected and newest_ms is not None:
            self._another_expected = False
            if (message.utc_ms or newest_ms) < newest_ms - BACKWARDS_MS:
                return True
        if self.identity is None:  # the file was begun before the session had a name
            self._name_file(found)
            return False
        return not same_session(found, self.identity)

    def _append(self, stamped: Sequence[tuple[int | None, Message]]) -> Iterator[SessionChanged | list[Frame]]:
        readable = [(utc_ms, message) for utc_ms, message in stamped if utc_ms is not None]
        if self._file is None and readable:
            yield from self._begin(readable)
        if self._file is None or not stamped:
            self.unreadable += len(stamped)  # without a stamp there is no session to put them in
            return
        self._write([line_of(message) for _, message in stamped])
        self.frames += len(readable)
        self.unreadable += len(stamped) - len(readable)
        if readable:
            for utc_ms, _ in readable:
                self._newest.saw(utc_ms)
            yield [self._frame(utc_ms, message) for utc_ms, message in readable]

    def _frame(self, utc_ms: int, message: Message) -> Frame:
        return Frame(max(0, utc_ms - self._zero_ms), message.topic, message.payload, FrameSource.LIVE, utc_ms)

    def _begin(self, readable: Sequence[tuple[int, Message]]) -> Iterator[SessionChanged | list[Frame]]:
        first_ms = readable[0][0]
        infos = (identity_of(message.payload) for _, message in readable if message.topic == INFO_TOPIC)
        self.identity = next((info for info in infos if info is not None), None)
        stem = self.identity.file_stem if self.identity else f"{stamp_of(first_ms)[:19].replace(':', '')}Z_unnamed"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file, bounds = self._open(stem, first_ms)
        except OSError as error:
            raise self._not_begun(error) from error
        self.torn_bytes += self._file.torn_bytes
        self._zero_ms, newest_ms = bounds or (first_ms, None)
        self._newest = Newest(newest_ms)
        earlier = self._resumed_frames() if bounds else []
        zero = "" if bounds else stamp_of(first_ms)
        self._write([note_line(Note("resumed" if bounds else "begun", zero=zero, at=_now()), newest_ms or first_ms)])
        yield self._changed(resumed=bounds is not None)
        if earlier:
            yield earlier

    def _not_begun(self, error: OSError) -> OvercutError:
        hint = "set OVERCUT_HOME to a folder that you may write to, or free some space"
        return OvercutError(
            f"The recording cannot be begun in {self._fixed or self._folder}",
            why=error.strerror or str(error),
            hint=hint if self._fixed is None else "name another file with --out, or free some space",
        )

    def _resumed_frames(self) -> list[Frame]:
        """What the resumed recording holds already, when that is wanted."""
        if not self._earlier or self._file is None:
            return []
        try:
            frames = list(RecordingSource(self._file.path).frames())
        except DataMissingError:  # killed before its first message
            return []
        return [msgspec.structs.replace(frame, source=FrameSource.LIVE) for frame in frames]

    def _changed(self, *, resumed: bool) -> SessionChanged:
        assert self._file is not None  # noqa: S101 - called where it was just opened
        known = self.identity
        return SessionChanged(
            key=known.key if known else SessionKey.recording(self._file.path.stem),
            simulated=bool(known and known.simulated),
            recording=self._file.path,
            identity=known,
            resumed=resumed,
        )

    def _open(self, stem: str, first_ms: int) -> tuple[RecordingFile, tuple[int, int] | None]:
        """The session's recording to go on with, its zero and its newest stamp; or a new file, and None."""
        if self._fixed is not None:
            file = RecordingFile(self._fixed)
            return file, _bounds(file)
        for number in range(1, MAX_FILES):
            path = self._folder / (f"{stem}-{number}{SUFFIX}" if number > 1 else f"{stem}{SUFFIX}")
            try:
                file = RecordingFile(path)
            except RecordingTakenError:
                continue
            bounds = _bounds(file)
            if bounds is None or first_ms >= bounds[1] - BACKWARDS_MS:
                return file, bounds
            file.close()
        raise FileExistsError(f"{MAX_FILES} recordings of {stem}")

    def _name_file(self, found: SessionIdentity) -> None:
        self.identity = found
        if self._file is None or self._fixed is not None:
            return
        for number in range(1, MAX_FILES):
            name = f"{found.file_stem}-{number}{SUFFIX}" if number > 1 else f"{found.file_stem}{SUFFIX}"
            try:
                self._file.rename(self._folder / name)
            except FileExistsError:
                continue
            return

    def _write(self, lines: list[bytes]) -> None:
        """Append to the file, after what an earlier full disk left waiting."""
        if self._file is None or not (lines or self._backlog):
            return
        waiting = len(self._backlog)
        try:
            self._file.append(b"".join([*self._backlog, *lines]))
        except OSError as error:
            self._complain(error)
            self._keep(lines)
            return
        if waiting:
            log.warning("the recording goes on", file=str(self._file.path), lines_that_waited=waiting)
        self._backlog, self._backlog_bytes, self.problem = [], 0, ""

    def _keep(self, lines: list[bytes]) -> None:
        for line in lines:
            if self._backlog_bytes + len(line) > BACKLOG_BYTES:
                self.lost += 1
            else:
                self._backlog.append(line)
                self._backlog_bytes += len(line)

    def _complain(self, error: OSError) -> None:
        reason = error.strerror or str(error)
        if reason != self.problem:
            log.error("the recording cannot be written", file=str(self.path), why=reason)
        self.problem = reason


def _bounds(file: RecordingFile) -> tuple[int, int] | None:
    """Zero and the newest stamp of a recording, from its first line and its last ones; None where it holds nothing."""
    with file.path.open("rb") as stream:
        first = read_line(stream.readline())
        note = read_note(first) if isinstance(first, Message) else None
        stream.seek(max(0, file.size - TAIL_BYTES))
        tail = stream.read().split(b"\n")[:-1]
    if note is None or not note.zero or not isinstance(first, Message) or first.utc_ms is None:
        return _bounds_of_foreign(file)
    last = (read_line(line) for line in tail)
    stamps = [message.utc_ms for message in last if isinstance(message, Message) and message.utc_ms is not None]
    return first.utc_ms, newest_of(stamps) or first.utc_ms


def _bounds_of_foreign(file: RecordingFile) -> tuple[int, int] | None:
    """The same of a recording that another program began; all of it is read."""
    if file.size == 0:
        return None
    source = RecordingSource(file.path)
    try:
        newest_ms = newest_of(frame.utc_ms or 0 for frame in source.frames())
    except DataMissingError:
        return None
    return None if newest_ms is None else (source.zero_utc_ms or newest_ms, newest_ms)


def _on_one_line(message: Message) -> Message:
    """JSON may be sent over several lines; a recording's line is one. In its strings there are no bare line ends."""
    if b"\n" not in message.payload and b"\r" not in message.payload:
        return message
    return message._replace(payload=message.payload.translate(_BLANK_LINE_ENDS))


def _now() -> str:
    return stamp_of(time.time_ns() // 1_000_000)
