"""Lap times that race control deletes or reinstates (wire.md, trap 8)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from overcut.domain.events import LapAmended
from overcut.domain.laps import Lap
from overcut.timing.deletions import parse_deletion
from overcut.timing.engine import Engine
from overcut.timing.memory import Deletion
from tests.timing.feeding import engine, feed, line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "CAR 22 (TSU) TIME 1:37.188 DELETED - TRACK LIMITS AT TURN 11 LAP 15 16:55:35",
            ("22", Deletion(97_188, 15, "TRACK LIMITS AT TURN 11")),
        ),
        (
            "CAR 4 (NOR) TIME 1:26.102 DELETED - TRACK LIMITS AT TURN 11",
            ("4", Deletion(86_102, None, "TRACK LIMITS AT TURN 11")),
        ),
        (
            "CAR 18 (STR) TIME 1:48.832 DELETED - TRACK LIMITS AT TURN 10 (NEXT LAP)",
            ("18", Deletion(108_832, None, "TRACK LIMITS AT TURN 10 (NEXT LAP)")),
        ),
        (
            "CAR 14 (ALO) LAP DELETED - TRACK LIMITS AT TURN 10 LAP 21 16:40:05 (PIT)",
            ("14", Deletion(None, 21, "TRACK LIMITS AT TURN 10 (PIT)")),
        ),
        (
            "CAR 5 (VET) TIME 2:57.465 DELETED - DOUBLE YELLOW AT TURN 14",
            ("5", Deletion(177_465, None, "DOUBLE YELLOW AT TURN 14")),
        ),
        ("CAR 11 (PER) TIME 1:18.516 WILL BE REINSTATED", ("11", Deletion(78_516, None, None))),
        ("CAR 55 (SAI) LAP 1 WILL BE REINSTATED", ("55", Deletion(None, 1, None))),
        ("CAR 55 (SAI) UNDER INVESTIGATION", None),
        ("DELETED", None),
    ],
)
def test_every_shape_of_message_is_read(text: str, expected: tuple[str, Deletion] | None) -> None:
    assert parse_deletion(text) == expected


@pytest.mark.shared
def test_no_deletion_in_the_archive_goes_unread(shared: Path) -> None:
    said = re.compile(r'"Message":"([^"]*(?:DELETED|REINSTAT)[^"]*)"')
    texts = {
        text
        for file in (shared / "data/livetiming/static").rglob("RaceControlMessages.jsonStream")
        for text in said.findall(file.read_text(encoding="utf-8-sig"))
    }
    assert len(texts) > 100
    assert [text for text in texts if parse_deletion(text) is None] == []


def _with_a_lap() -> Engine:
    session = engine()
    feed(
        session,
        (0, "TimingData", line("4", {"InPit": False, "PitOut": True, "NumberOfLaps": 1})),
        (90_000, "TimingData", line("4", {"NumberOfLaps": 2})),
        (176_102, "TimingData", line("4", {"NumberOfLaps": 3, "LastLapTime": {"Value": "1:26.102"}})),
    )
    return session


def _message(text: str) -> dict[str, object]:
    return {"Messages": [{"Message": text, "Utc": "2024-01-01T00:00:00"}]}


def _lap(session: Engine) -> Lap:
    return next(lap for lap in session.laps() if lap.lap == 2)


def test_a_deleted_time_marks_its_lap_and_tells_so() -> None:
    session = _with_a_lap()
    text = "CAR 4 (NOR) TIME 1:26.102 DELETED - TRACK LIMITS AT TURN 11 LAP 3 16:55:35"
    events = feed(session, (200_000, "RaceControlMessages", _message(text)))
    [amended] = [event.lap for event in events if isinstance(event, LapAmended)]
    assert amended == _lap(session)
    assert (amended.lap, amended.deleted, amended.deleted_reason) == (2, True, "TRACK LIMITS AT TURN 11")


def test_a_reinstated_time_counts_again() -> None:
    session = _with_a_lap()
    feed(session, (200_000, "RaceControlMessages", _message("CAR 4 (NOR) TIME 1:26.102 DELETED - TURN 11")))
    again = {"Messages": {"1": {"Message": "CAR 4 (NOR) TIME 1:26.102 WILL BE REINSTATED", "Utc": ""}}}
    feed(session, (260_000, "RaceControlMessages", again))
    assert (_lap(session).deleted, _lap(session).deleted_reason, _lap(session).amended_t_ms) == (False, "", 260_000)


def test_a_deletion_that_comes_before_its_lap_is_remembered() -> None:
    session = _with_a_lap()
    text = "CAR 4 (NOR) TIME 1:27.000 DELETED - TRACK LIMITS AT TURN 2"
    feed(session, (263_000, "RaceControlMessages", _message(text)))
    feed(session, (264_000, "TimingData", line("4", {"NumberOfLaps": 4, "LastLapTime": {"Value": "1:27.000"}})))
    assert [lap.lap for lap in session.laps() if lap.deleted] == [3]


def test_another_cars_equal_time_stands() -> None:
    session = _with_a_lap()
    feed(session, (200_000, "RaceControlMessages", _message("CAR 81 (PIA) TIME 1:26.102 DELETED - TURN 11")))
    assert not _lap(session).deleted
