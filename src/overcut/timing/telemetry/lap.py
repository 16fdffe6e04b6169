"""What a car did on one lap: channels and places on one axis of time, distance, gaps, and the errors that remain."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec
import numpy as np

from overcut.domain.laps import Lap
from overcut.timing.telemetry import gaps as missing
from overcut.timing.telemetry.distance import Fit, fit_m, integrate_m
from overcut.timing.telemetry.gaps import GAP_MS, Gap
from overcut.timing.telemetry.line import Line, crossing_ms
from overcut.timing.telemetry.rows import (
    BRAKE,
    DRS,
    GEAR,
    MISSING,
    RPM,
    SPEED,
    STATUS,
    THROTTLE,
    Flags,
    Floats,
    Ints,
    Longs,
    Rows,
)
from overcut.timing.telemetry.wire import NO_DATA

BESIDE_MS = 5_000
"""Instants this far beside a lap are looked at, so that its first and last moments can be told."""

CHAIN_ERROR_MS = 400.0
"""Two crossings that differ from the lap time by more do not belong to this lap."""


class Alignment(StrEnum):
    """How a lap's begin and end were placed among the telemetry."""

    BOTH = "both_crossings"  # where the car's positions cross the timing line, both times
    ONE = "one_crossing"  # one crossing, and the lap time
    TOLD = "told"  # as the feed told them


class LapReport(msgspec.Struct, frozen=True):
    """What to know of a lap's telemetry before trusting it.

    Attributes:
        start_ms, end_ms: when it began and ended, session time.
        error_ms: what lies between the two crossings, less the lap time; None unless ``alignment`` says both.
        fit: how distance was fitted. ``gaps``: what is missing, in order of time.
        car_samples, position_samples: sound instants of each on the lap.
    """

    number: str
    lap: int
    start_ms: float
    end_ms: float
    alignment: Alignment
    error_ms: float | None
    fit: Fit
    gaps: tuple[Gap, ...]
    car_samples: int
    position_samples: int


@dataclass(frozen=True, slots=True)
class LapColumns:
    """A lap's columns, all (rows,), NaN for null: see `table.SCHEMA` for names, units and meanings.

    ``source``: 1 car, 2 position, 3 both, 0 neither (the lap's two ends).
    """

    t_ms: Floats
    source: Floats
    channels: Floats  # (6, rows)
    places: Floats  # (4, rows)
    distance_m: Floats
    gap: Flags


@dataclass(frozen=True, slots=True)
class CarTrack:
    """One car's sound telemetry of a session, in order of time.

    ``car``, ``positions``: rows without zeros that stand for nothing. ``zeros_ms``: instants of those taken out.
    """

    car: Rows
    positions: Rows
    zeros_ms: Longs


def track_of(car: Rows, positions: Rows) -> CarTrack:
    """Take a car's zero-filled stretches and its places at (0, 0) out."""
    placed = (positions.fields[0] != 0) | (positions.fields[1] != 0)
    positions = _only(positions, placed)
    zeros = missing.zero_filled(car, positions)
    return CarTrack(_only(car, ~zeros), positions, car.t_ms[zeros])


def bounds_of(lap: Lap, track: CarTrack, line: Line | None) -> tuple[float, float, Alignment, float | None] | None:
    """When a lap began and ended, how that is known, and the error; None where its beginning is not known."""
    end = float(lap.end_t_ms)
    told = end - lap.lap_ms if lap.lap_ms is not None else lap.start_t_ms
    if told is None:
        return None
    begin = float(told)
    first = last = None
    if line is not None:
        first = None if lap.pit_out else crossing_ms(line, track.positions, begin)
        last = None if lap.pit_in else crossing_ms(line, track.positions, end)
    if lap.lap_ms is None:
        crossed = (first is not None) + (last is not None)
        how = (Alignment.TOLD, Alignment.ONE, Alignment.BOTH)[crossed]
        return (begin if first is None else first), (end if last is None else last), how, None
    if first is not None and last is not None:
        error = last - first - lap.lap_ms
        if abs(error) <= CHAIN_ERROR_MS:
            begin = first + error / 2  # the lap time is exact: either crossing bears half the error
            return begin, begin + lap.lap_ms, Alignment.BOTH, error
    if last is not None:
        return last - lap.lap_ms, last, Alignment.ONE, None
    if first is not None:
        return first, first + lap.lap_ms, Alignment.ONE, None
    return begin, end, Alignment.TOLD, None


def driven(track: CarTrack, begin: float, end: float) -> tuple[Floats, Floats] | None:
    """Times from ``begin`` to ``end`` (both included) and the metres driven until then; None without two speeds."""
    car_ms, speeds = track.car.t_ms, track.car.fields[SPEED]
    known = (speeds != MISSING) & (car_ms > begin - BESIDE_MS) & (car_ms < end + BESIDE_MS)
    known_ms: Floats = car_ms[known].astype(np.float64)
    known_kmh: Floats = speeds[known].astype(np.float64)
    within = (known_ms > begin) & (known_ms < end)
    if np.count_nonzero(within) < 2:
        return None
    times: Floats = np.concatenate(([begin], known_ms[within], [end])).astype(np.float64)
    return times, integrate_m(times, np.interp(times, known_ms, known_kmh))


def read_lap(
    lap: Lap, track: CarTrack, line: Line | None, length_m: float | None, fractions: tuple[float, ...]
) -> tuple[LapColumns, LapReport] | None:
    """A lap's columns and report; None where the lap's beginning is not known or no car data lies on it.

    Distance is fitted on laps from line to line alone: not where the car came from or went into the pits, nor on a
    race's first lap, which begins on the grid.
    """
    bounds = bounds_of(lap, track, line)
    if bounds is None:
        return None
    begin, end, how, error = bounds
    run = driven(track, begin, end)
    if run is None:
        return None
    whole = lap.lap_ms is not None and not lap.pit_in and not lap.pit_out and lap.lap > 1
    ends = sector_ends_ms(lap, begin) if whole and fractions else ()
    metres, fit = fit_m(*run, length_m if whole else None, ends, fractions if ends else ())
    found = tuple(
        missing.gaps_between("car", track.car.t_ms, track.zeros_ms, begin, end)
        + missing.gaps_between("position", track.positions.t_ms, track.zeros_ms[:0], begin, end)
    )
    columns = _merged(track, begin, end, run[0], metres, found)
    on_lap = [int(np.count_nonzero((t > begin) & (t < end))) for t in (track.car.t_ms, track.positions.t_ms)]
    report = LapReport(lap.number, lap.lap, begin, end, how, error, fit, tuple(sorted(found, key=_from_ms)), *on_lap)
    return columns, report


def sector_ends_ms(lap: Lap, begin: float) -> tuple[float, ...]:
    """When sectors 1 and 2 ended, for a lap that began at ``begin``; empty unless both times are known."""
    if lap.s1_ms is None or lap.s2_ms is None:
        return ()
    return begin + lap.s1_ms, begin + lap.s1_ms + lap.s2_ms


def _merged(
    track: CarTrack, begin: float, end: float, run_ms: Floats, metres: Floats, found: tuple[Gap, ...]
) -> LapColumns:
    """Every instant of either topic and the lap's two ends; continuous values between instants by interpolation."""
    car_ms, place_ms = track.car.t_ms.astype(np.float64), track.positions.t_ms.astype(np.float64)
    here = [t[(t >= begin) & (t <= end)] for t in (car_ms, place_ms)]
    t_ms = np.unique(np.concatenate((*here, [begin, end])))
    source = np.isin(t_ms, here[0]) * 1.0 + np.isin(t_ms, here[1]) * 2.0
    car_gaps, place_gaps = ([gap for gap in found if gap.channel == name] for name in ("car", "position"))
    no_car, no_place = missing.inside(car_gaps, t_ms), missing.inside(place_gaps, t_ms)
    values = track.car.fields
    channels = np.stack(
        [
            _between(t_ms, car_ms, values[RPM]),
            _between(t_ms, car_ms, values[SPEED]),
            _at(t_ms, car_ms, values[GEAR]),
            _between(t_ms, car_ms, _percent(values[THROTTLE])),
            _at(t_ms, car_ms, _percent(values[BRAKE])),
            _at(t_ms, car_ms, values[DRS]),
        ]
    )
    channels[:, no_car] = np.nan
    places = np.stack(
        [
            *(_between(t_ms, place_ms, track.positions.fields[axis]) / 10 for axis in range(3)),
            _at(t_ms, place_ms, track.positions.fields[STATUS]),
        ]
    )
    places[:, no_place] = np.nan
    distance = np.interp(t_ms, run_ms, metres)
    distance[no_car] = np.nan
    return LapColumns(t_ms, source, channels, places, distance, no_car | no_place)


def _between(t_ms: Floats, at_ms: Floats, values: Ints) -> Floats:
    """A continuous value, by a straight line between two instants no further apart than a gap; NaN elsewhere."""
    known = values != MISSING
    at_ms, sound = at_ms[known], values[known].astype(np.float64)
    if not len(at_ms):
        return np.full(len(t_ms), np.nan)
    after = np.searchsorted(at_ms, t_ms)
    before = np.clip(after - 1, 0, len(at_ms) - 1)
    after = np.clip(after, 0, len(at_ms) - 1)
    spanned = (t_ms >= at_ms[before]) & (t_ms <= at_ms[after]) & (at_ms[after] - at_ms[before] <= GAP_MS)
    return np.where(spanned | (at_ms[after] == t_ms), np.interp(t_ms, at_ms, sound), np.nan)


def _at(t_ms: Floats, at_ms: Floats, values: Ints) -> Floats:
    """A stepped value, where it was sent and nowhere else."""
    out = np.full(len(t_ms), np.nan)
    rows = np.flatnonzero(np.isin(at_ms, t_ms) & (values != MISSING))
    out[np.searchsorted(t_ms, at_ms[rows])] = values[rows]
    return out


def _percent(values: Ints) -> Ints:
    """Throttle or brake, `MISSING` where the car sends nothing; the rule is `wire.percent_of`."""
    return np.where((values >= NO_DATA) | (values < 0), np.int32(MISSING), np.minimum(values, 100)).astype(np.int32)


def _only(rows: Rows, wanted: Flags) -> Rows:
    return Rows(rows.utc_ms[wanted], rows.t_ms[wanted], rows.number[wanted], rows.fields[:, wanted])


def _from_ms(gap: Gap) -> int:
    return gap.from_ms
