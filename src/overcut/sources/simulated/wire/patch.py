"""How a topic becomes a file: lines in time order, deltas only, values that did not change not sent again.

A line is ``HH:MM:SS.mmm`` and compact JSON; a file begins with a byte-order mark and its lines end in CRLF, as served
by the archive.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TypeAlias

import msgspec

from overcut.domain.durations import format_offset

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Patch: TypeAlias = dict[str, Json]

_BOM = b"\xef\xbb\xbf"
_encode = msgspec.json.Encoder().encode


class Lines:
    """The lines of one topic, kept in the order of (time, arrival) whatever the order in which they are added."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, int, bytes]] = []

    def add(self, t_ms: int, value: Json) -> None:
        """One line of JSON."""
        self.add_raw(t_ms, _encode(value))

    def add_raw(self, t_ms: int, payload: bytes) -> None:
        """One line whose JSON is already bytes."""
        self._lines.append((t_ms, len(self._lines), payload))

    def __len__(self) -> int:
        return len(self._lines)

    def write(self, path: Path) -> None:
        """Write the file; an empty topic writes none, as the archive has none."""
        if not self._lines:
            return
        self._lines.sort()
        body = b"".join(format_offset(max(0, t)).encode() + payload + b"\r\n" for t, _, payload in self._lines)
        path.write_bytes(_BOM + body)


class Deltas:
    """Patches to one topic's state: queued with their times, sent in that order, each without what is already so."""

    def __init__(self, state: Patch) -> None:
        self._state = state
        self._queue: list[tuple[int, int, Patch]] = []

    def queue(self, t_ms: int, patch: Patch) -> None:
        """Send ``patch`` at ``t_ms``, as far as it changes anything then."""
        self._queue.append((t_ms, len(self._queue), patch))

    def flush(self, lines: Lines) -> None:
        """Turn the queue into lines."""
        self._queue.sort(key=lambda item: item[:2])
        for t_ms, group in groupby(self._queue, key=lambda item: item[0]):
            sent: Patch = {}
            for _, _, patch in group:
                _merge(sent, _changes(self._state, patch))
            if sent:
                lines.add(t_ms, sent)
        self._queue.clear()


def _merge(into: Patch, patch: Patch) -> None:
    """Patches of one millisecond travel in one line."""
    for key, value in patch.items():
        there = into.get(key)
        if isinstance(value, dict) and isinstance(there, dict):
            _merge(there, value)
        else:
            into[key] = value


def _changes(state: Patch, patch: Patch) -> Patch:
    """What of ``patch`` differs from ``state``, which is brought up to date. ``_deleted`` lists are sent and obeyed."""
    out: Patch = {}
    for key, value in patch.items():
        if isinstance(value, dict):
            inner = state.setdefault(key, {})
            if not isinstance(inner, dict):
                inner = {}
                state[key] = inner
            sub = _changes(inner, value)
            if sub:
                out[key] = sub
        elif key == "_deleted" and isinstance(value, list):
            gone = [name for name in value if isinstance(name, str) and state.pop(name, None) is not None]
            if gone:
                out[key] = list[Json](gone)
        elif key not in state or state[key] != value:
            state[key] = value
            out[key] = value
    return out


def ms(t: float) -> int:
    """Whole milliseconds of seconds."""
    return round(t * 1000)


def indexed(values: list[Json]) -> Patch:
    """A list in the form in which patches address it: ``{"0": ..., "1": ...}``."""
    return {str(i): value for i, value in enumerate(values)}
