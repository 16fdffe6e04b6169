"""How a recording of the live socket (one `[topic, patch, utc]` a line) becomes frames."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from overcut.domain.defects import count_defect
from overcut.domain.frame import Frame, FrameSource, topic_rank
from overcut.domain.session import SessionKey
from overcut.domain.state import Defect
from overcut.kernel.errors import DataMissingError, NotAllowedError
from overcut.sources.recording_lines import OWN_TOPIC, Message, read_line, read_note
from overcut.sources.session_info import TOPIC as INFO_TOPIC
from overcut.sources.session_info import SessionIdentity, identity_of

BYTES_TO_NAME = 4 * 2**20
"""The session is named by a message within so many first bytes, or by the file. Recorders that wrote no snapshot have
the first `SessionInfo` only where the session started."""

ZERO_SLACK_MS = 600_000
"""Nothing is that much older than a recording's beginning: a zero that says so is damaged."""

_BOM = b"\xef\xbb\xbf"


class RecordingSource:
    """A text file with one ``[topic, patch, utc]`` a line, JSON or (from older recorders) a Python literal.

    ``t_ms`` counts from where the recorder says that its recording begins, else from the earliest stamp in the file;
    what is stamped before that counts as 0, as it did live. A Python literal is parsed, never evaluated. Lines that are
    neither, or lack a topic or a stamp, are counted in ``defects``.

    The session's key is that of its `SessionInfo` (``2025-06-S``) when the first lines have one, else ``rec-`` and
    the file's name.

    Raises:
        DataMissingError: the file does not exist, or no line of it is a message.
        NotAllowedError: it cannot be read.
    """

    kind = FrameSource.RECORDING

    def __init__(self, file: Path) -> None:
        if not file.is_file():
            raise DataMissingError(f"No recording at {file}", hint="check the path; `ls` its folder")
        self._file = file
        self.identity = self._named()
        """The session as the feed names it; None where the first lines do not say."""
        self.simulated = self.identity is not None and self.identity.simulated
        self.key = self.identity.key if self.identity else SessionKey.recording(file.stem)
        self.zero_utc_ms: int | None = None
        """The stamp at which ``t_ms`` is 0; known once ``frames`` has begun."""
        self.defects: dict[str, Defect] = {}

    def frames(self) -> Iterator[Frame]:
        """All frames by (stamp, fixed order of topics, line number)."""
        self.defects.clear()
        order: list[tuple[int, tuple[int, str], int, str, bytes]] = []
        zero: int | None = None
        for number, line in enumerate(self._lines()):
            message = self._message(number, line)
            if message is None:
                continue
            utc_ms = message.utc_ms
            if message.topic == OWN_TOPIC:
                note = read_note(message)
                zero = utc_ms if note and note.zero and zero is None else zero
            elif utc_ms is None:
                self._skip("a message without a readable stamp", number, line)
            else:
                order.append((utc_ms, topic_rank(message.topic), number, message.topic, message.payload))
        if not order:
            raise DataMissingError(
                f"No message of the timing feed in {self._file}",
                why="a recording has one [topic, patch, utc] a line",
                hint="name an archive folder or a file written by a SignalR recorder",
            )
        order.sort(key=lambda item: item[:3])
        if zero is None or order[0][0] < zero - ZERO_SLACK_MS:
            zero = order[0][0]
        self.zero_utc_ms = zero
        for utc_ms, _, _, topic, payload in order:
            yield Frame(max(0, utc_ms - zero), topic, payload, self.kind, utc_ms)

    def _named(self) -> SessionIdentity | None:
        seen = 0
        for line in self._lines():
            seen += len(line)
            if seen > BYTES_TO_NAME:
                return None
            message = read_line(_bare(line)) if INFO_TOPIC.encode() in line else ""
            if isinstance(message, Message) and message.topic == INFO_TOPIC:
                found = identity_of(message.payload)
                if found is not None:
                    return found
        return None

    def _lines(self) -> Iterator[bytes]:
        try:
            with self._file.open("rb") as stream:
                yield from stream
        except OSError as error:
            raise NotAllowedError(
                f"{self._file} cannot be read",
                why=error.strerror or str(error),
                hint="change its permissions, or copy it to where you may read it",
            ) from error

    def _message(self, number: int, line: bytes) -> Message | None:
        line = _bare(line)
        if not line:
            return None
        message = read_line(line)
        if isinstance(message, str):
            self._skip(message, number, line)
            return None
        return message

    def _skip(self, kind: str, number: int, line: bytes) -> None:
        example = f"line {number + 1}: {line[:80].decode('utf-8', 'backslashreplace')}"
        count_defect(self.defects, kind=kind, topic="recording", t_ms=0, example=example)


def _bare(line: bytes) -> bytes:
    return line.strip().removeprefix(_BOM)
