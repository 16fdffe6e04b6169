"""What the session's own topics said: status, flags, weather, clock, lap count, drivers, race control."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from overcut.domain.durations import parse_duration_ms
from overcut.domain.entries import ENTRIES
from overcut.domain.session import SessionKind
from overcut.sources.tables.log import FeedLog, Patch
from overcut.sources.tables.reading import Row, SessionTables, int_of, ms_of, text_of
from overcut.sources.tables.team_colours import colour_of
from overcut.sources.tables.tie import Tie, utc_ms_of

_FLAG_NAMES = {"1": "AllClear", "2": "Yellow", "4": "SCDeployed", "5": "Red", "6": "VSCDeployed", "7": "VSCEnding"}
_DELETED = re.compile(r"CAR (\d{1,2}) .*?TIME (\d{1,2}:\d\d\.\d{3}) DELETED")

Stamped = tuple[int, str]


def statuses_of(tables: SessionTables) -> list[Stamped]:
    """(t_ms, status) of the session, in order."""
    rows = ((ms_of(row["Time"]), text_of(row["Status"])) for row in tables.rows["session_status"])
    return sorted((t_ms, status) for t_ms, status in rows if t_ms is not None and status)


def flags_of(tables: SessionTables) -> list[Stamped]:
    """(t_ms, digit) of the track, in order."""
    rows = ((ms_of(row["Time"]), text_of(row["Status"])) for row in tables.rows["track_status"])
    return sorted((t_ms, digit) for t_ms, digit in rows if t_ms is not None and digit)


def tell_status(log: FeedLog, statuses: Sequence[Stamped], flags: Sequence[Stamped]) -> None:
    """`SessionStatus` and `TrackStatus`."""
    for t_ms, status in statuses:
        log.add(t_ms, "SessionStatus", {"Status": status})
    for t_ms, digit in flags:
        log.add(t_ms, "TrackStatus", {"Status": digit, "Message": _FLAG_NAMES.get(digit, "")})


def part_starts(statuses: Sequence[Stamped], kind: SessionKind) -> list[int]:
    """When each part of a qualifying began: at a start that follows an end (a red flag's restart begins none)."""
    if kind not in (SessionKind.QUALIFYING, SessionKind.SPRINT_QUALIFYING):
        return []
    starts: list[int] = []
    over = True
    for t_ms, status in statuses:
        if status == "Started" and over and len(starts) < 3:
            starts.append(t_ms)
            over = False
        over |= status in ("Finished", "Finalised")
    return starts


_LENGTHS_MIN: dict[SessionKind, tuple[int, ...]] = {
    SessionKind.RACE: (120,),
    SessionKind.SPRINT: (60,),
    SessionKind.QUALIFYING: (18, 15, 12),
    SessionKind.SPRINT_QUALIFYING: (12, 10, 8),
    SessionKind.FP3: (60,),
}


def tell_clock(log: FeedLog, tables: SessionTables, statuses: Sequence[Stamped]) -> None:
    """`ExtrapolatedClock`, worked out from the rules' durations and the session's status; no table has it.

    Practice 1 and 2 lasted 90 minutes to 2020, 60 since; the other durations are the rules' of all these seasons. The
    clock stands still while a session is suspended.
    """
    lengths = _LENGTHS_MIN.get(tables.kind, (90 if tables.season <= 2020 else 60,))
    part, left, since, running = -1, 0, 0, False
    over = True
    for t_ms, status in statuses:
        left = max(0, left - (t_ms - since)) if running else left
        since = t_ms
        if status == "Started":
            if over:
                part = min(part + 1, len(lengths) - 1)
                left = lengths[part] * 60_000
            over, running = False, True
        elif status in ("Aborted", "Finished", "Finalised", "Ends"):
            running = False
            over |= status != "Aborted"
        else:
            continue
        seconds = round(left / 1000)
        remaining = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        log.add(t_ms, "ExtrapolatedClock", {"Remaining": remaining, "Extrapolating": running})


def tell_weather(log: FeedLog, rows: Sequence[Row]) -> None:
    """`WeatherData`, as text like the feed's."""
    for row in rows:
        t_ms = ms_of(row["Time"])
        if t_ms is None:
            continue
        told: Patch = {name: text_of(row[name]) for name in _WEATHER if row.get(name) is not None}
        if isinstance(row.get("Rainfall"), bool):
            told["Rainfall"] = "1" if row["Rainfall"] else "0"
        log.add(t_ms, "WeatherData", told)


_WEATHER = ("AirTemp", "Humidity", "Pressure", "TrackTemp", "WindDirection", "WindSpeed")


def tell_drivers(log: FeedLog, tables: SessionTables) -> list[str]:
    """`DriverList`, by number, for the table's own order may be that of the result; the numbers."""
    people: dict[str, Patch] = {}
    for row in tables.rows["laps"]:
        number = text_of(row["driver_number"])
        people[number] = _person(number, row.get("driver"), None, row.get("team"), tables.season)
    for row in tables.rows["drivers"]:
        number = text_of(row["DriverNumber"])
        people[number] = _person(
            number, row.get("Abbreviation"), row.get("FullName"), row.get("TeamName"), tables.season
        )
    numbers = sorted((number for number in people if number), key=lambda number: number.zfill(3))
    log.add(0, "DriverList", {number: people[number] for number in numbers})
    return numbers


def _person(number: str, code: object, name: object, team: object, season: int) -> Patch:
    told: Patch = {"RacingNumber": number, "Tla": text_of(code), "TeamName": text_of(team)}
    known = next((entry for entry in ENTRIES.get(season, ()) if entry.code == told["Tla"]), None)
    full_name = text_of(name) or (known.full_name if known else "")
    if full_name:
        told["FullName"] = full_name
    colour = colour_of(text_of(team), season)
    if colour:
        told["TeamColour"] = colour
    return told


def tell_race_control(log: FeedLog, rows: Sequence[Row], tie: Tie | None) -> tuple[list[tuple[int, str, int]], int]:
    """`RaceControlMessages` at their UTC.

    Returns:
        (t_ms, car, lap time) of each deleted time, and how many messages could not be placed.
    """
    if tie is None:
        return [], len(rows)
    deleted: list[tuple[int, str, int]] = []
    placed = [(utc, row) for row in rows if (utc := utc_ms_of(row["Time"])) is not None]
    placed.sort(key=lambda item: item[0])
    for index, (utc, row) in enumerate(placed):
        t_ms = max(0, utc - tie.utc_zero_ms)
        message: Patch = {"Utc": _iso(utc)}
        for name, column in (("Category", "Category"), ("Flag", "Flag"), ("Scope", "Scope"), ("Status", "Status")):
            if text_of(row.get(column)):
                message[name] = text_of(row.get(column))
        for name in ("Lap", "Sector"):
            if (number := int_of(row.get(name))) is not None:
                message[name] = number
        if text_of(row.get("RacingNumber")):
            message["RacingNumber"] = text_of(row.get("RacingNumber"))
        message["Message"] = text_of(row["Message"])
        log.add(t_ms, "RaceControlMessages", {"Messages": [message] if index == 0 else {str(index): message}})
        if (found := _DELETED.search(str(message["Message"]))) is not None:
            deleted.append((t_ms, found.group(1), parse_duration_ms(found.group(2)) or 0))
    return deleted, len(rows) - len(placed)


def _iso(utc_ms: int) -> str:
    return datetime.fromtimestamp(utc_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def leader_starts(first_over_line: Sequence[int], start_ms: int) -> list[int]:
    """When the leader began each lap, from lap 1 on, given when the first car ended each."""
    return [start_ms, *first_over_line]
