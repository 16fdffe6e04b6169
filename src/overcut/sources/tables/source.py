"""How tables of one session become its frames, each at the moment its fact became public."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from overcut.domain.defects import count_defect
from overcut.domain.frame import Frame, FrameSource
from overcut.domain.race_distances import announced_laps
from overcut.domain.session import SessionKey, SessionKind
from overcut.domain.state import Defect
from overcut.sources.tables.cars import CarMessage, race_messages, tell_tyres, timed_messages
from overcut.sources.tables.colours import Colours
from overcut.sources.tables.crossings import tell_order
from overcut.sources.tables.gaps import tell_gaps
from overcut.sources.tables.log import FeedLog, Patch
from overcut.sources.tables.meeting import session_info
from overcut.sources.tables.order import TimedOrder
from overcut.sources.tables.reading import SessionTables, read_session, text_of
from overcut.sources.tables.rows import LapRow, LapRows, lap_rows
from overcut.sources.tables.session import (
    Stamped,
    flags_of,
    part_starts,
    statuses_of,
    tell_clock,
    tell_drivers,
    tell_race_control,
    tell_status,
    tell_weather,
)
from overcut.sources.tables.stopped import overdue, race_end
from overcut.sources.tables.tie import tie_of

_OVER = ("Finalised", "Ends")

FOREVER_MS = 1 << 40
"""Later than any session."""

RACES = (SessionKind.RACE, SessionKind.SPRINT)


class TableSource:
    """A session reconstructed from a folder of tables (`overcut.sources.tables.columns` has their columns).

    ``defects`` counts what the tables lack, and says how race control's UTC was tied to the feed's time where the
    tables themselves are not sure of it.

    Raises:
        DataMissingError: the tables hold no lap of the session.
        OvercutError: a table is unreadable, or lacks a needed column.
    """

    simulated = False
    kind = FrameSource.RECONSTRUCTED

    def __init__(self, folder: Path, key: SessionKey) -> None:
        self.key = key
        self.defects: dict[str, Defect] = {}
        self._tables: SessionTables = read_session(folder, key)

    @property
    def tables(self) -> SessionTables:
        """The rows that the frames are made of."""
        return self._tables

    def frames(self) -> Iterator[Frame]:
        """The frames, ordered by (``t_ms``, topic, order of making). Each call starts anew."""
        self.defects.clear()
        tables = self._tables
        race = tables.kind in RACES
        for table, what in tables.missing:
            if (table != "gap_stream" or race) and (table != "session_zero" or tables.rows["race_control"]):
                self._defect(table, what)
        laps = lap_rows(tables.rows["laps"], race=race)
        self._defect("laps", "a lap that was inserted for a retired car, not replayed", laps.generated)
        self._defect("laps", "a lap without its number or its time in the session", laps.untimed)
        if laps.added_up:
            self._defect("laps", "times in the session are uncertain", example="lap times added up from the start")
        statuses, flags = statuses_of(tables), flags_of(tables)
        starts = _first_over_line(laps.by_car, _start_ms(laps, statuses)) if race else []
        tie = tie_of(tables, starts)
        log = FeedLog()
        log.add(0, "SessionInfo", session_info(self.key, text_of(tables.rows["laps"][0].get("event"))))
        numbers = tell_drivers(log, tables)
        tell_status(log, statuses, flags)
        tell_clock(log, tables, statuses)
        tell_weather(log, tables.rows["weather"])
        deleted, unplaced = tell_race_control(log, tables.rows["race_control"], tie)
        self._defect("race_control", "a message without a time that can be placed", unplaced)
        if tie is not None and tie.doubt and tables.rows["race_control"]:
            self._defect("race_control", "times in the session are uncertain", example=tie.doubt)
        for number in laps.by_car:
            tell_tyres(log, laps.by_car[number])
        if race:
            self._tell_race(log, laps, numbers, statuses, flags, starts)
        else:
            self._tell_timed(log, laps, numbers, statuses, deleted)
        yield from log.frames(tie.utc_zero_ms if tie is not None and not tie.doubt else None)

    def _tell_race(
        self,
        log: FeedLog,
        laps: LapRows,
        numbers: Sequence[str],
        statuses: Sequence[Stamped],
        flags: Sequence[Stamped],
        starts: Sequence[int],
    ) -> None:
        keyframe = {number: {"RacingNumber": number, "InPit": False, "Retired": False} for number in numbers}
        log.add(0, "TimingData", {"Lines": keyframe})
        tables = self._tables
        total = announced_laps(tables.season, tables.round_number, sprint=tables.kind is SessionKind.SPRINT)
        if total is None:
            self._defect("laps", "a race distance that is not known")
        for lap, began in enumerate(starts, start=1):
            count: Patch = {"CurrentLap": lap} if lap > 1 or total is None else {"CurrentLap": lap, "TotalLaps": total}
            if total is None or lap <= total:
                log.add(began if lap > 1 else 0, "LapCount", count)
        messages = [message for number in laps.by_car for message in race_messages(laps.by_car[number])]
        stands = _stands(statuses, flags, starts[0])
        over = [t_ms for t_ms, status in statuses if status in _OVER]
        end = race_end(laps.by_car, _time_of(statuses, "Finished"), over[0] if over else None)
        for number in numbers:
            overdue_at = overdue(number, laps.by_car.get(number, []), stands, starts[0], end)
            messages += [message for message in overdue_at if message.t_ms <= _last_ms(statuses, laps)]
        colours = Colours()
        for message in sorted(messages, key=_when):
            log.add(message.t_ms, "TimingData", {"Lines": colours.paint(message)})
        if tables.rows["gap_stream"]:
            tell_gaps(log, tables.rows["gap_stream"], starts[0])
        else:
            tell_order(log, laps.by_car)

    def _tell_timed(
        self,
        log: FeedLog,
        laps: LapRows,
        numbers: Sequence[str],
        statuses: Sequence[Stamped],
        deleted: Sequence[tuple[int, str, int]],
    ) -> None:
        keyframe = {number: {"RacingNumber": number, "InPit": True} for number in numbers}
        log.add(0, "TimingData", {"Lines": keyframe})
        parts = part_starts(statuses, self._tables.kind)
        # told deletions are taken as they come; a lap that is marked deleted and of which nothing was told never counts
        told = {(number, lap_ms) for _, number, lap_ms in deleted}
        messages = [
            message._replace(counts=message.counts or (message.number, message.lap_ms or 0) in told)
            for number in laps.by_car
            for message in timed_messages(laps.by_car[number])
        ]
        happenings: list[tuple[int, int, CarMessage | tuple[str, int] | int]] = []
        happenings += [(message.t_ms, 1, message) for message in sorted(messages, key=_when)]
        happenings += [(t_ms, 2, (number, lap_ms)) for t_ms, number, lap_ms in deleted]
        happenings += [(t_ms, 0, index + 1) for index, t_ms in enumerate(parts)]
        happenings.sort(key=lambda item: item[:2])
        self._play_timed(log, happenings, TimedOrder(numbers, parts=bool(parts)))

    def _play_timed(
        self,
        log: FeedLog,
        happenings: Sequence[tuple[int, int, CarMessage | tuple[str, int] | int]],
        order: TimedOrder,
    ) -> None:
        colours = Colours()
        for t_ms, _, what in happenings:
            if isinstance(what, int):
                series = {str(what - 1): {"QualifyingPart": what}}
                log.add(t_ms, "SessionData", {"Series": series})
                lines = order.begin_part(what) if what > 1 else {}
                colours.begin_part()
                log.add(t_ms, "TimingData", {"SessionPart": what, "Lines": lines})
            elif isinstance(what, CarMessage):
                log.add(t_ms, "TimingData", {"Lines": colours.paint(what)})
                if what.lap_ms is None or not what.counts:
                    continue
            elif (line := colours.delete(*what)) is not None:
                log.add(t_ms, "TimingData", {"Lines": {what[0]: line}})
            changed = order.lines(colours)
            if changed:
                log.add(t_ms, "TimingData", {"Lines": changed})

    def _defect(self, table: str, what: str, times: int = 1, example: str = "") -> None:
        for _ in range(times):
            count_defect(self.defects, kind=what, topic=table, t_ms=0, example=example or f"{table}.parquet")


def _when(message: CarMessage) -> int:
    return message.t_ms


def _time_of(statuses: Sequence[Stamped], wanted: str) -> int | None:
    return next((t_ms for t_ms, status in statuses if status == wanted), None)


def _last_ms(statuses: Sequence[Stamped], laps: LapRows) -> int:
    """Nothing is told of the cars after this."""
    over = [t_ms for t_ms, status in statuses if status in _OVER]
    return over[0] if over else max((lap.end_ms for car in laps.by_car.values() for lap in car), default=0)


def _start_ms(laps: LapRows, statuses: Sequence[Stamped]) -> int:
    """When the race began: the session's own start, else the first lap's beginning."""
    started = _time_of(statuses, "Started")
    first = min((lap.start_ms for car in laps.by_car.values() for lap in car), default=0)
    return started if started is not None else first


def _first_over_line(by_car: dict[str, list[LapRow]], start_ms: int) -> list[int]:
    """When the leader began each lap: the start, then the first car over the line at the end of each."""
    first: dict[int, int] = {}
    for laps in by_car.values():
        for lap in laps:
            first[lap.lap] = min(first.get(lap.lap, lap.end_ms), lap.end_ms)
    starts = [start_ms]
    for lap in range(1, max(first, default=0) + 1):
        starts.append(max(starts[-1], first.get(lap, starts[-1])))
    return starts


def _stands(statuses: Sequence[Stamped], flags: Sequence[Stamped], start_ms: int) -> list[tuple[int, int]]:
    """Periods in which no car is expected anywhere: before the start, and from a red flag to the restart.

    The track is told clear minutes before a race that was suspended goes on (2022 Japan: ten), so that a flag ends a
    stand only where the session's status does not tell of it.
    """
    stands = [(0, start_ms)]
    begun: int | None = None
    suspended = False
    changes = [(t_ms, digit == "5", digit in "1246", False) for t_ms, digit in flags]
    changes += [(t_ms, status == "Aborted", status == "Started", True) for t_ms, status in statuses]
    for t_ms, halts, goes, by_status in sorted(changes):
        if halts and t_ms > start_ms:
            begun = t_ms if begun is None else begun
            suspended |= by_status
        elif goes and begun is not None and (by_status or not suspended):
            stands.append((begun, t_ms))
            begun, suspended = None, False
    if begun is not None:  # it was never resumed (2021 Belgium)
        stands.append((begun, FOREVER_MS))
    return stands
