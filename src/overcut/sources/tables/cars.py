"""What `TimingData` and `TimingAppData` said of the cars' laps: sectors, lap times, speeds, pits and tyres."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from overcut.domain.durations import format_lap_time
from overcut.sources.tables.log import FeedLog, Patch
from overcut.sources.tables.rows import LapRow

LATEST_BEGINNING_MS = 1
"""A timed lap's count moves this long after the line that ended the lap before it, where no exit was seen."""


class CarMessage(NamedTuple):
    """What became known of one car at ``t_ms``; ``lap_ms`` and ``lap`` where a lap time is part of it."""

    t_ms: int
    number: str
    patch: Patch
    lap_ms: int | None = None
    lap: int = 0
    counts: bool = True


def race_messages(laps: Sequence[LapRow]) -> Iterator[CarMessage]:
    """One car's race: each sector as it was passed, the lap at the line, pits at their times."""
    stops, leaving = 0, False
    for lap in laps:
        if lap.pit_out_ms is not None and lap.lap > 1:
            leaving = True
            yield CarMessage(lap.pit_out_ms, lap.number, {"InPit": False, "PitOut": True})
        yield from _sectors(lap, leaving=leaving)
        leaving = False
        if lap.pit_in_ms is not None:
            stops += 1
            yield CarMessage(lap.pit_in_ms, lap.number, {"InPit": True, "NumberOfPitStops": stops})
        yield _line(lap, lap.lap)


def timed_messages(laps: Sequence[LapRow]) -> Iterator[CarMessage]:
    """One car's practice or qualifying: the count moves as a lap begins, a lap ends at the line or in the pits."""
    stops, in_pit = 0, True
    for index, lap in enumerate(laps):
        leaving = in_pit or lap.pit_out
        if leaving:
            out = lap.pit_out_ms if lap.pit_out_ms is not None else _first_seen(lap)
            yield CarMessage(out, lap.number, {"InPit": False, "PitOut": True, "NumberOfLaps": lap.lap})
        in_pit = False
        yield from _sectors(lap, leaving=leaving)
        following = laps[index + 1] if index + 1 < len(laps) else None
        if lap.pit_in:
            stops, in_pit = stops + 1, True
            at = lap.pit_in_ms if lap.pit_in_ms is not None else lap.end_ms
            yield CarMessage(at, lap.number, {"InPit": True, "PitOut": False, "NumberOfPitStops": stops})
            yield _line(lap, None)
        else:
            yield _line(lap, lap.lap + 1 if following is None else following.lap)


def _first_seen(lap: LapRow) -> int:
    """The first moment at which a car whose leaving nobody noted was surely out on track."""
    return next(passed for passed in lap.passed if passed is not None)


def _sectors(lap: LapRow, *, leaving: bool) -> Iterator[CarMessage]:
    """The first two sectors, each with its speed trap; the first thing told of a lap clears the one before."""
    cleared = False
    for index, trap in ((0, "I1"), (1, "I2")):
        value, passed = lap.sectors[index], lap.passed[index]
        if value is None or passed is None:
            continue
        patch: Patch = {"Sectors": _values(index, value, clear=not cleared)}
        if leaving and not cleared:
            patch["PitOut"] = False
        if trap in lap.speeds:
            patch["Speeds"] = {trap: {"Value": str(lap.speeds[trap])}}
        cleared = True
        yield CarMessage(passed, lap.number, patch)


def _line(lap: LapRow, count: int | None) -> CarMessage:
    """What is told as a lap ends."""
    patch: Patch = {}
    told = [index for index in (0, 1) if lap.sectors[index] is not None and lap.passed[index] is not None]
    if lap.sectors[2] is not None or not told:
        patch["Sectors"] = _values(2, lap.sectors[2], clear=not told)
    speeds = {
        trap: {"Value": str(kmh)}
        for trap, kmh in lap.speeds.items()
        if trap in ("FL", "ST") or (trap == "I1" and 0 not in told) or (trap == "I2" and 1 not in told)
    }
    if speeds:
        patch["Speeds"] = speeds
    if not told and lap.pit_out:
        patch["PitOut"] = False
    if lap.told_ms is not None:
        patch["LastLapTime"] = {"Value": format_lap_time(lap.told_ms)}
    if count is not None:
        patch["NumberOfLaps"] = count
    return CarMessage(lap.end_ms, lap.number, patch, lap.told_ms, lap.lap, counts=not lap.deleted)


def _values(index: int, value: int | None, *, clear: bool) -> Patch:
    """One sector's value; with ``clear`` the other two are wiped, for a new lap is under way."""
    told: Patch = {str(other): {"Value": ""} for other in range(3) if clear and other != index}
    told[str(index)] = {"Value": "" if value is None else f"{value // 1000}.{value % 1000:03d}"}
    return dict(sorted(told.items()))


def tell_tyres(log: FeedLog, laps: Sequence[LapRow]) -> None:
    """The sets of tyres of one car: each as its first lap began or the car left the pits, its age lap by lap."""
    current: int | None = None
    index, compound, first, aged = -1, "", 1, False
    for lap in laps:
        if index < 0 or (lap.stint is not None and current is not None and lap.stint != current):
            index, compound, first, aged = index + 1, lap.compound, lap.lap, lap.age is not None
            began = lap.pit_out_ms if lap.pit_out_ms is not None and lap.pit_out_ms >= lap.start_ms else lap.start_ms
            _stint(log, began, lap.number, index, _fitted(lap))
        elif lap.compound and lap.compound != compound:
            compound = lap.compound
            _stint(log, lap.end_ms, lap.number, index, {"Compound": lap.compound})
        current = lap.stint if lap.stint is not None else current
        if lap.age is not None:
            told: Patch = {"TotalLaps": lap.age}
            if not aged:  # the age was not known as the set was fitted: now it is
                aged, told["StartLaps"] = True, max(0, lap.age - (lap.lap - first + 1))
            _stint(log, lap.end_ms, lap.number, index, told)


def _fitted(lap: LapRow) -> Patch:
    patch: Patch = {"LapFlags": 0, "Compound": lap.compound or "UNKNOWN", "TyresNotChanged": "0"}
    if lap.fresh is not None:
        patch["New"] = "true" if lap.fresh else "false"
    if lap.age is not None:
        patch["TotalLaps"] = patch["StartLaps"] = max(0, lap.age - 1)
    return patch


def _stint(log: FeedLog, t_ms: int, number: str, index: int, patch: Patch) -> None:
    value: object = [patch] if index == 0 and "TyresNotChanged" in patch else {str(index): patch}
    log.car(t_ms, number, {"RacingNumber": number, "Stints": value}, "TimingAppData")
