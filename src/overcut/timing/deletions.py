"""Which lap times race control deleted or reinstated; the feed has no field for it (wire.md, trap 8)."""

from __future__ import annotations

import re

from overcut.domain.durations import parse_duration_ms
from overcut.domain.laps import Lap
from overcut.timing.memory import Deletion, Memory

_DELETED = re.compile(
    r"^CAR (?P<number>\d{1,3})\b[^-]*?\b(?:TIME (?P<time>[\d:.]{5,10})|LAP) DELETED(?: - (?P<reason>.+))?$"
)
_REINSTATED = re.compile(
    r"^CAR (?P<number>\d{1,3})\b.*?\b(?:TIME (?P<time>[\d:.]{5,10})|LAP (?P<lap>\d{1,3})).*\bREINSTATED\b"
)
_WHERE = re.compile(r"\s+LAP (?P<lap>\d{1,3})(?:\s+\d{1,2}:\d\d:\d\d)?(?P<more>\s+\(.*\))?$")
"""Since 2022 a reason ends in the lap and the local time: ``TRACK LIMITS AT TURN 11 LAP 15 16:55:35``."""


def parse_deletion(text: str) -> tuple[str, Deletion] | None:
    """The car and what a race-control message says of its lap time; None for other messages.

    Shapes seen from 2019 to 2025: ``CAR 22 (TSU) TIME 1:37.188 DELETED - TRACK LIMITS AT TURN 11 LAP 15 16:55:35``,
    ``CAR 20 (MAG) LAP DELETED - TRACK LIMITS AT TURN 13 LAP 1 14:04:30``, ``CAR 11 (PER) TIME 1:18.516 WILL BE
    REINSTATED``, ``CAR 55 (SAI) LAP 1 WILL BE REINSTATED``.
    """
    found = _DELETED.match(text)
    if found is not None:
        reason, lap = found["reason"] or "deleted", None
        where = _WHERE.search(reason)
        if where is not None:
            lap = int(where["lap"])
            reason = reason[: where.start()] + (where["more"] or "")
        return found["number"], Deletion(_duration(found["time"]), lap, reason)
    found = _REINSTATED.match(text)
    if found is None:
        return None
    return found["number"], Deletion(_duration(found["time"]), int(found["lap"]) if found["lap"] else None, None)


def _duration(text: str | None) -> int | None:
    return parse_duration_ms(text) if text else None


def heard(memory: Memory, text: str) -> list[int]:
    """Note what a race-control message says of a lap time; indexes of the completed laps that it may concern."""
    parsed = parse_deletion(text)
    if parsed is None:
        return []
    number, deletion = parsed
    said = memory.deletions.setdefault(number, [])
    if said and said[-1] == deletion:
        return []  # the same message again
    said.append(deletion)
    return list(memory.lap_index.get(number, {}).values())


def reason_of(memory: Memory, lap: Lap) -> str | None:
    """Why ``lap`` stands deleted by the latest word on it; None where its time stands."""
    reason: str | None = None
    for deletion in memory.deletions.get(lap.number, ()):
        if _names(deletion, lap):
            reason = deletion.reason
    return reason


def _names(deletion: Deletion, lap: Lap) -> bool:
    """A time names the lap better than a number: the number is at times that of the lap after (2022 on)."""
    if deletion.lap_ms is not None and lap.lap_ms is not None:
        return deletion.lap_ms == lap.lap_ms
    return deletion.lap_ms is None and deletion.lap == lap.lap
