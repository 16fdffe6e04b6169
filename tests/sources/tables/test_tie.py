"""How race control's UTC is tied to the feed's own time."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from overcut.domain.session import SessionKey, SessionKind
from overcut.sources.tables.reading import Row, SessionTables, read_session, sessions_in
from overcut.sources.tables.rows import lap_rows
from overcut.sources.tables.tie import tie_of, utc_ms_of

ZERO = datetime(2024, 7, 28, 12, 0, 0)  # noqa: DTZ001 -- the tables hold naive UTC
ZERO_MS = utc_ms_of(ZERO) or 0


def message(t_s: float, text: str = "", flag: str | None = None, lap: float | None = None) -> Row:
    return {"Time": ZERO + timedelta(seconds=int(t_s)), "Message": text, "Flag": flag, "Lap": lap}


def tables(**rows: list[Row]) -> SessionTables:
    every = {"session_zero": [], "race_control": [], "track_status": [], "session_status": [], **rows}
    return SessionTables(SessionKey("2024-14-R"), 2024, 14, SessionKind.RACE, every, [])


def test_a_zero_that_rests_on_enough_anchors_is_taken_as_it_is() -> None:
    tie = tie_of(tables(session_zero=[{"t0_utc": ZERO, "anchors": 3}]), [])
    assert tie is not None
    assert (tie.utc_zero_ms, tie.doubt) == (ZERO_MS, "")


def test_flags_tie_where_the_zero_is_not_sure_and_chance_matches_do_not_count() -> None:
    flags: list[Row] = [
        {"Time": 100.4, "Status": "2"},
        {"Time": 900.2, "Status": "4"},
        {"Time": 2000.7, "Status": "5"},
        {"Time": 2500.0, "Status": "2"},
    ]
    messages = [
        message(100.9, "YELLOW IN TRACK SECTOR 3", "YELLOW"),
        message(900.9, "SAFETY CAR DEPLOYED"),
        message(2001.5, "RED FLAG", "RED"),
        message(4000, "DRS ENABLED"),
    ]
    found = tie_of(
        tables(
            session_zero=[{"t0_utc": ZERO + timedelta(seconds=40), "anchors": 1}],
            race_control=messages,
            track_status=flags,
        ),
        [],
    )
    assert found is not None
    assert abs(found.utc_zero_ms - ZERO_MS) <= 1_000
    assert "3 flags" in found.doubt


def test_the_leader_s_laps_tie_where_there_are_no_flags() -> None:
    leader = [100_000 + lap * 90_000 for lap in range(11)]
    messages = [
        message(100 + lap * 90 - seconds, lap=float(lap)) for lap, seconds in ((3, 89), (5, 2), (7, 45), (9, 1))
    ]
    tie = tie_of(tables(race_control=messages), leader)
    assert tie is not None
    assert abs(tie.utc_zero_ms - ZERO_MS) <= 2_000
    assert "4 of 4 messages" in tie.doubt


def test_one_wrong_lap_among_many_does_not_move_the_tie() -> None:
    leader = [100_000 + lap * 90_000 for lap in range(21)]
    messages = [message(100 + lap * 90 - 5, lap=float(lap)) for lap in range(2, 18)]
    messages += [message(100 + lap * 90 - 85, lap=float(lap)) for lap in range(2, 18)]
    messages.append(message(100 + 4 * 90 - 45, lap=9.0))
    tie = tie_of(tables(race_control=messages), leader)
    assert tie is not None
    assert abs(tie.utc_zero_ms - ZERO_MS) <= 5_000


def test_nothing_that_tells_gives_no_tie() -> None:
    assert tie_of(tables(race_control=[message(5, "HELLO")]), []) is None


@pytest.mark.shared
def test_flags_and_laps_find_the_zeros_that_are_known(shared: Path) -> None:
    folder = shared / "data/timing"
    known = [key for key in sessions_in(folder) if str(key).startswith(("2019", "2023")) and str(key).endswith("-R")]
    off: list[int] = []
    for key in known[::5]:
        found = read_session(folder, key)
        sure = tie_of(found, [])
        if sure is None or sure.doubt:
            continue
        laps = lap_rows(found.rows["laps"], race=True).by_car
        first: dict[int, int] = {}
        for lap in (lap for car in laps.values() for lap in car):
            first[lap.lap] = min(first.get(lap.lap, lap.end_ms), lap.end_ms)
        leader = [0, *(first[lap] for lap in sorted(first))]
        found.rows["session_zero"] = []
        by_flags = tie_of(found, leader)
        found.rows["track_status"] = found.rows["session_status"] = []
        by_laps = tie_of(found, leader)
        assert by_flags is not None
        assert by_laps is not None
        assert abs(by_flags.utc_zero_ms - sure.utc_zero_ms) <= 1_500, key
        off.append(abs(by_laps.utc_zero_ms - sure.utc_zero_ms))
    assert off
    assert max(off) <= 15_000
