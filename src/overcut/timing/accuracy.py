"""Whether a lap's time tells the car's pace, and if not, why."""

from __future__ import annotations

from overcut.domain.laps import Inaccuracy, Lap

SECTOR_SUM_TOLERANCE_MS = 3
"""Sector times are rounded one by one: three of them may differ from the lap time by this much."""

LONGEST_LAP_MS = 150_000
"""No lap at racing speed takes so long on any circuit in use (wire.md, trap 16)."""

NEUTRALISING_DIGITS = frozenset("4567")
"""Track status of safety car, red flag, virtual safety car and its ending."""


def inaccuracy_of(lap: Lap, *, is_race: bool) -> Inaccuracy | None:
    """The first reason why ``lap`` says little of the pace; None when it is accurate."""
    reason: Inaccuracy | None = None
    if is_race and lap.lap == 1:
        reason = Inaccuracy.FIRST_LAP
    elif lap.pit_in:
        reason = Inaccuracy.IN_LAP
    elif lap.pit_out:
        reason = Inaccuracy.OUT_LAP
    elif lap.lap_ms is None:
        reason = Inaccuracy.NO_TIME
    elif not NEUTRALISING_DIGITS.isdisjoint(lap.track_status):
        reason = Inaccuracy.NEUTRALISED
    elif lap.lap_ms > LONGEST_LAP_MS:
        reason = Inaccuracy.TOO_LONG
    elif lap.s1_ms is None or lap.s2_ms is None or lap.s3_ms is None:
        reason = Inaccuracy.SECTOR_MISSING
    elif not sectors_agree(lap):
        reason = Inaccuracy.SECTORS_DISAGREE
    return reason


def sectors_agree(lap: Lap) -> bool:
    """Whether the three sectors add up to the lap time, to within rounding; False where one of the four is missing."""
    if lap.lap_ms is None or lap.s1_ms is None or lap.s2_ms is None or lap.s3_ms is None:
        return False
    return abs(lap.s1_ms + lap.s2_ms + lap.s3_ms - lap.lap_ms) <= SECTOR_SUM_TOLERANCE_MS
