"""How bytes of an archive stream become stamped lines, in whatever chunks they arrive."""

from __future__ import annotations

from overcut.domain.defects import count_defect
from overcut.domain.state import Defect

_BOM = b"\xef\xbb\xbf"
_STAMP_LENGTH = 12
MAX_LINE_BYTES = 16 * 1024 * 1024
"""A line longer than this is no message of the feed (the longest seen is under 100 kB); it is counted and skipped."""

_TOO_LONG = f"a line of more than {MAX_LINE_BYTES // 2**20} MiB"
_SHOWN_BYTES = 40
_CR = 13
_MILLI = {b"%03d" % milli: milli for milli in range(1000)}
"""The last three digits of a stamp, read."""


StampedLine = tuple[int, int, bytes]
"""(t_ms, line number from 0, payload bytes without the stamp and the line end)."""


class LineDecoder:
    """Splits one topic's byte stream into stamped lines; holds at most one unfinished line.

    A byte-order mark at the start, CRLF or LF, blank lines and a last line without an end are all accepted. A line
    without a readable ``HH:MM:SS.mmm`` stamp is counted in ``defects`` and skipped.
    """

    def __init__(self, topic: str, defects: dict[str, Defect]) -> None:
        self._topic = topic
        self._defects = defects
        self._rest = b""
        self._line = 0
        self._last_t_ms = 0
        self._started = False
        self._skipping = False

    def feed(self, chunk: bytes) -> list[StampedLine]:
        """The lines that ``chunk`` completes."""
        data = self._rest + chunk
        if not self._started:
            if len(data) < len(_BOM) and _BOM.startswith(data):
                self._rest = data
                return []
            data = data.removeprefix(_BOM)
            self._started = True
        *lines, self._rest = data.split(b"\n")
        if lines and self._skipping:
            del lines[0]  # the end of a line too long, counted when it grew so
            self._line += 1
            self._skipping = False
        found = self._stamped(lines)
        if len(self._rest) > MAX_LINE_BYTES:
            if not self._skipping:
                self._defect(_TOO_LONG, self._rest[:_SHOWN_BYTES])
            self._skipping, self._rest = True, b""
        return found

    def finish(self) -> list[StampedLine]:
        """The last line, when the stream ended without a line end."""
        rest, self._rest = self._rest, b""
        return [] if self._skipping else self._stamped([rest])

    def _stamped(self, lines: list[bytes]) -> list[StampedLine]:
        found: list[StampedLine] = []
        second, second_ms = b"", 0  # of the line before: several lines share one
        for number, line in enumerate(lines, start=self._line):
            if not line or line == b"\r":
                continue
            if len(line) > MAX_LINE_BYTES:
                self._defect(_TOO_LONG, line[:_SHOWN_BYTES])
                continue
            milli = _MILLI.get(line[9:12])
            if milli is not None and line[:9] == second:
                t_ms = second_ms + milli
            else:
                t_ms = parse_stamp_ms(line)
                if t_ms is None:
                    self._defect("a line without a time stamp", line.removesuffix(b"\r")[:_SHOWN_BYTES])
                    continue
                second, second_ms = line[:9], t_ms - t_ms % 1000
            self._last_t_ms = t_ms
            found.append((t_ms, number, line[_STAMP_LENGTH : -1 if line[-1] == _CR else None]))
        self._line += len(lines)
        return found

    def _defect(self, kind: str, example: bytes) -> None:
        count_defect(
            self._defects,
            kind=kind,
            topic=self._topic,
            t_ms=self._last_t_ms,
            example=example.decode("utf-8", "backslashreplace"),
        )


def parse_stamp_ms(line: bytes) -> int | None:
    """Milliseconds of the ``HH:MM:SS.mmm`` that begins ``line``; None when it does not begin so."""
    digits = line[:_STAMP_LENGTH].translate(None, b":.")
    if len(digits) != 9 or line[2:9:3] != b"::." or not digits.isdigit():
        return None
    n = int(digits)  # HHMMSSmmm: of 10 000 000 an hour 3 600 000 are left, of 100 000 a minute 60 000
    return n - n // 10_000_000 * 2_400_000 - n // 100_000 * 40_000
