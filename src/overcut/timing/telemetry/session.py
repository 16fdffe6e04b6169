"""What a whole session's telemetry holds: every car's track, the timing line, and where the sectors end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from overcut.domain.defects import merge_defects
from overcut.domain.frame import Frame
from overcut.domain.laps import Lap
from overcut.domain.state import Defect
from overcut.timing.telemetry.columns import Message, rows_of
from overcut.timing.telemetry.lap import CarTrack, LapReport, bounds_of, driven, read_lap, sector_ends_ms, track_of
from overcut.timing.telemetry.line import FEWEST_LAPS, Line, timing_line
from overcut.timing.telemetry.rows import CAR_DATA, POSITION, Rows
from overcut.timing.telemetry.table import table_of

MOST_LAPS = 200
"""Laps by which the ends of sectors are placed: more would tell the same."""


@dataclass(frozen=True, slots=True)
class LapTelemetry:
    """One lap: its table (`table.SCHEMA`) and what to know of it."""

    table: pl.DataFrame
    report: LapReport


@dataclass(frozen=True, slots=True)
class SessionTelemetry:
    """All cars' telemetry of a session.

    Attributes:
        session: the session's key.
        tracks: by racing number.
        line: the timing line in the feed's positions; None where too few laps tell.
        length_m: the lap's official length; None for a circuit we do not know.
        sector_fractions: where sectors 1 and 2 end, as shares of the lap, in the median of this session's own clean
            laps; empty with too few of them.
        defects: messages that could not be read.
    """

    session: str
    tracks: dict[int, CarTrack]
    line: Line | None
    length_m: float | None
    sector_fractions: tuple[float, ...]
    defects: dict[str, Defect]

    def lap(self, lap: Lap, driver: str = "") -> LapTelemetry | None:
        """One lap; None where the feed has no car data for it, or did not tell when it began."""
        track = self.tracks.get(int(lap.number))
        read = read_lap(lap, track, self.line, self.length_m, self.sector_fractions) if track else None
        if read is None:
            return None
        return LapTelemetry(table_of(self.session, driver, *read), read[1])


def read_session(
    session: str, frames: Iterable[Frame], laps: Sequence[Lap], length_m: float | None, *, compiled: bool | None = None
) -> SessionTelemetry:
    """Read a session's telemetry from its frames (others than `CarData.z` and `Position.z` are passed over).

    Args:
        session: its key.
        laps: its completed laps, as the engine has them.
        length_m: the circuit's official length, None when not known.
        compiled: as in `columns.rows_of`.
    """
    messages: dict[str, list[Message]] = {CAR_DATA: [], POSITION: []}
    for frame in frames:
        if frame.topic in messages:
            messages[frame.topic].append((frame.t_ms, frame.payload))
    defects: dict[str, Defect] = {}
    found: dict[str, Rows] = {}
    for topic, told in messages.items():
        damaged: dict[str, Defect] = {}
        found[topic] = rows_of(topic, told, damaged, compiled=compiled)
        merge_defects(defects, damaged)
    cars = found[CAR_DATA]
    tracks = {
        number: track_of(cars.of_car(number), found[POSITION].of_car(number))
        for number in np.unique(cars.number).tolist()
    }
    line = timing_line(laps, {number: track.positions for number, track in tracks.items()})
    return SessionTelemetry(session, tracks, line, length_m, sector_fractions(laps, tracks, line), defects)


def sector_fractions(laps: Sequence[Lap], tracks: dict[int, CarTrack], line: Line | None) -> tuple[float, ...]:
    """Where sectors end: the median over clean laps of the share of the lap's integrated distance."""
    clean = [lap for lap in laps if lap.accurate and lap.lap_ms is not None and int(lap.number) in tracks]
    step = max(1, -(-len(clean) // MOST_LAPS))
    shares: list[tuple[float, ...]] = []
    for lap in clean[::step]:
        track = tracks[int(lap.number)]
        bounds = bounds_of(lap, track, line)
        run = driven(track, bounds[0], bounds[1]) if bounds else None
        ends = sector_ends_ms(lap, bounds[0]) if bounds else ()
        if run is not None and ends and run[1][-1] > 0:
            shares.append(tuple(float(np.interp(end, *run)) / float(run[1][-1]) for end in ends))
    if len(shares) < FEWEST_LAPS:
        return ()
    return tuple(float(share) for share in np.median(np.array(shares), axis=0))
