"""How a recording of the live socket (one `[topic, patch, utc]` a line) becomes frames."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec

from overcut.domain.defects import count_defect
from overcut.domain.durations import parse_utc_ms
from overcut.domain.frame import Frame, FrameSource, topic_rank
from overcut.domain.session import SessionKey
from overcut.domain.state import Defect
from overcut.kernel.errors import DataMissingError, NotAllowedError

EARLIEST_UTC_MS = 946_684_800_000
"""2000: there was no such feed before; one clock gone wrong must not stretch the session by centuries."""

MAX_LITERAL_BYTES = 1_000_000
"""Longest line read as a Python literal; longer ones are no message of the feed."""


class RecordingSource:
    """A text file with one ``[topic, patch, utc]`` a line, JSON or (from older recorders) a Python literal.

    ``t_ms`` counts from the earliest stamp in the file. A Python literal is parsed, never evaluated. Lines that are
    neither, or lack a topic or a stamp, are counted in ``defects``.

    Raises:
        DataMissingError: the file does not exist, or no line of it is a message.
    """

    simulated = False
    kind = FrameSource.RECORDING

    def __init__(self, file: Path) -> None:
        if not file.is_file():
            raise DataMissingError(f"No recording at {file}", hint="check the path; `ls` its folder")
        self._file = file
        self.key = SessionKey.recording(file.stem)
        self.defects: dict[str, Defect] = {}

    def frames(self) -> Iterator[Frame]:
        """All frames by (stamp, fixed order of topics, line number)."""
        self.defects.clear()
        order: list[tuple[int, tuple[int, str], int, str, bytes]] = []
        for number, line in enumerate(self._lines()):
            message = self._message(number, line)
            if message is not None:
                topic, payload, utc_ms = message
                order.append((utc_ms, topic_rank(topic), number, topic, payload))
        if not order:
            raise DataMissingError(
                f"No message of the timing feed in {self._file}",
                why="a recording has one [topic, patch, utc] a line",
                hint="name an archive folder or a file written by a SignalR recorder",
            )
        order.sort(key=lambda item: item[:3])
        zero = order[0][0]
        for utc_ms, _, _, topic, payload in order:
            yield Frame(utc_ms - zero, topic, payload, self.kind, utc_ms)

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

    def _message(self, number: int, line: bytes) -> tuple[str, bytes, int] | None:
        line = line.strip().removeprefix(b"\xef\xbb\xbf")
        if not line:
            return None
        parsed = _parse(line)
        if parsed is None:
            return self._skip("a line that is neither JSON nor a literal", number, line)
        items = cast(list[object], parsed) if isinstance(parsed, list) else []
        if len(items) != 3 or not isinstance(items[0], str) or not isinstance(items[2], str):
            return self._skip("a line that is not [topic, patch, utc]", number, line)
        utc_ms = parse_utc_ms(items[2])
        if utc_ms is None or utc_ms < EARLIEST_UTC_MS:
            return self._skip("a message without a readable stamp", number, line)
        return items[0], msgspec.json.encode(items[1]), utc_ms

    def _skip(self, kind: str, number: int, line: bytes) -> None:
        example = f"line {number + 1}: {line[:80].decode('utf-8', 'backslashreplace')}"
        count_defect(self.defects, kind=kind, topic="recording", t_ms=0, example=example)


def _parse(line: bytes) -> object | None:
    """The line's value, as JSON or as a Python literal; None when it is neither."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    if len(line) > MAX_LITERAL_BYTES:
        return None
    try:
        value: object = ast.literal_eval(line.decode("utf-8"))
        msgspec.json.encode(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError, msgspec.MsgspecError):
        return None  # not a literal, or one that JSON cannot carry
    return value
