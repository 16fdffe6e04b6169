"""How UTC is tied to the feed's own time: which UTC was second zero, and how sure that is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median

import msgspec

from overcut.sources.tables.reading import Row, SessionTables, int_of, ms_of, text_of

ENOUGH_ANCHORS = 3
"""Fewer flags than this may agree by chance: a table's zero with less is not trusted."""

_AGREE_MS = 1_500
"""Messages carry whole seconds and come within about a second of the flag that they announce."""

_STARTS = ("GREEN LIGHT - PIT EXIT OPEN", "SESSION STARTED")


class Tie(msgspec.Struct, frozen=True):
    """``utc_zero_ms``: UTC of the feed's second zero. ``doubt``: why it is not certain; empty where it is."""

    utc_zero_ms: int
    doubt: str = ""


def tie_of(tables: SessionTables, leader_ms: Sequence[int]) -> Tie | None:
    """The tie of a session: the table's own, else by flags, else by the leader's laps; None where nothing tells.

    Args:
        tables: the session.
        leader_ms: when the leader began each lap, from lap 1 on; empty where laps are not raced.
    """
    known = _of_table(tables.rows["session_zero"])
    if known is not None and not known.doubt:
        return known
    messages = tables.rows["race_control"]
    by_flags = _by_flags(messages, tables.rows["track_status"], tables.rows["session_status"])
    if by_flags is not None:
        return by_flags
    by_laps = _by_laps(messages, leader_ms)
    return by_laps or known


def utc_ms_of(value: object) -> int | None:
    """Milliseconds since the epoch of a table's naive UTC date."""
    if not isinstance(value, datetime):
        return None
    return round(value.replace(tzinfo=UTC).timestamp() * 1000)


def _of_table(rows: Sequence[Row]) -> Tie | None:
    for row in rows:
        zero, anchors = utc_ms_of(row["t0_utc"]), int_of(row.get("anchors")) or 0
        if zero is not None:
            doubt = "" if anchors >= ENOUGH_ANCHORS else f"session_zero rests on {anchors} anchor(s) only"
            return Tie(zero, doubt)
    return None


def _by_flags(messages: Sequence[Row], flags: Sequence[Row], statuses: Sequence[Row]) -> Tie | None:
    """Zero is where most messages of race control fall on the flag or the start that they announce."""
    happened: dict[str, list[int]] = {}
    for row in flags:
        if (t_ms := ms_of(row["Time"])) is not None:
            happened.setdefault(text_of(row["Status"]), []).append(t_ms)
    for row in statuses:
        if (t_ms := ms_of(row["Time"])) is not None:
            happened.setdefault(text_of(row["Status"]), []).append(t_ms)
    votes = sorted(
        utc - t_ms
        for row in messages
        if (utc := utc_ms_of(row["Time"])) is not None
        for t_ms in happened.get(_announces(row), ())
    )
    best: list[int] = []
    for index, vote in enumerate(votes):
        inside = votes[index : bisect_left(votes, vote + _AGREE_MS)]
        if len(inside) > len(best):
            best = inside
    if len(best) < ENOUGH_ANCHORS:
        return None
    return Tie(round(median(best)), f"tied by {len(best)} flags that race control announced")


def _announces(row: Row) -> str:
    """The track or session status that a message goes with; empty for others."""
    text = text_of(row["Message"]).upper()
    if text in _STARTS:
        return "Started"
    if text.startswith("CHEQUERED FLAG"):
        return "Finished"
    for words, digit in (("SAFETY CAR DEPLOYED", "4"), ("RED FLAG", "5"), ("VSC DEPLOYED", "6"), ("VSC ENDING", "7")):
        if words in text:
            return "6" if digit == "4" and "VIRTUAL" in text else digit
    flag = text_of(row.get("Flag")).upper()
    return {"YELLOW": "2", "DOUBLE YELLOW": "2"}.get(flag, "")


def _by_laps(messages: Sequence[Row], leader_ms: Sequence[int]) -> Tie | None:
    """Each message names the leader's lap, so that zero lies between two bounds; most bounds must hold."""
    bounds = list(_bounds(messages, leader_ms))
    if not bounds:
        return None
    points = sorted({edge for bound in bounds for edge in bound})
    held, low, high = max((sum(lo <= (a + b) / 2 <= hi for lo, hi in bounds), a, b) for a, b in pairwise(points))
    doubt = f"tied by the leader's lap in {held} of {len(bounds)} messages, to {(high - low) / 2000:.0f} s"
    return Tie((low + high) // 2, doubt)


def _bounds(messages: Iterable[Row], leader_ms: Sequence[int]) -> Iterable[tuple[int, int]]:
    for row in messages:
        utc, lap = utc_ms_of(row["Time"]), int_of(row.get("Lap"))
        if utc is not None and lap is not None and 2 <= lap < len(leader_ms):
            yield utc - leader_ms[lap], utc - leader_ms[lap - 1]
