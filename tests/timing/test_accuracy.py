"""When a lap time says something of the pace."""

from __future__ import annotations

import msgspec
import pytest

from overcut.domain.laps import Inaccuracy, Lap
from overcut.timing.accuracy import inaccuracy_of

GOOD = Lap(number="4", lap=5, end_t_ms=0, lap_ms=90_000, s1_ms=30_000, s2_ms=30_001, s3_ms=30_002, track_status="12")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"lap": 1}, Inaccuracy.FIRST_LAP),
        ({"pit_in": True}, Inaccuracy.IN_LAP),
        ({"pit_out": True}, Inaccuracy.OUT_LAP),
        ({"lap_ms": None}, Inaccuracy.NO_TIME),
        ({"track_status": "14"}, Inaccuracy.NEUTRALISED),
        ({"track_status": "6"}, Inaccuracy.NEUTRALISED),
        ({"lap_ms": 150_001}, Inaccuracy.TOO_LONG),
        ({"s2_ms": None}, Inaccuracy.SECTOR_MISSING),
        ({"s2_ms": 30_002}, Inaccuracy.SECTORS_DISAGREE),
        ({"pit_in": True, "lap_ms": None}, Inaccuracy.IN_LAP),
    ],
)
def test_the_first_reason_is_told(changes: dict[str, object], reason: Inaccuracy | None) -> None:
    lap = msgspec.structs.replace(GOOD, **changes)
    assert inaccuracy_of(lap, is_race=True) is reason
    assert lap.accurate  # until somebody judges it


def test_a_first_lap_counts_where_cars_do_not_race() -> None:
    assert inaccuracy_of(msgspec.structs.replace(GOOD, lap=1), is_race=False) is None
