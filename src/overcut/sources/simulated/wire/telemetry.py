"""What the cars send: CarData.z and Position.z, sampled from the trajectories at the feed's uneven four a second."""

from __future__ import annotations

import base64
import random
import zlib
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from overcut.sources.simulated.log import SessionLog
from overcut.sources.simulated.track import Floats, Track
from overcut.sources.simulated.wire.measured import Measured, closed_speed
from overcut.sources.simulated.wire.patch import Lines

Ints = npt.NDArray[np.int64]

LANE_OFFSET_M = 14.0
"""How far beside the track's line we draw the pit lane; boxes stand 8 m further, grid boxes 3.5 m to each side."""

_BOX_OFFSET_M = 8.0
_GRID_OFFSET_M = 3.5
_GRID_EASE_MS = 30.0  # by this speed a car has left its side of the grid
_SHORT_SHIFT = 0.72  # off the pace a driver changes up this much earlier
_LEVEL = 6
_IDLE_RPM = 4200


def sample_times(end_t: float, chance: random.Random, mean_s: float) -> Floats:
    """Uneven sample times as the feed has them (120-440 ms apart), from one second to the end of the session."""
    times: list[float] = []
    t = 1.0
    while t < end_t - 1.0:
        times.append(round(t, 3))
        t += chance.choice((0.6, 0.75, 0.9, 1.0, 1.05, 1.2, 1.5)) * mean_s
    return np.array(times, dtype=np.float64)


def batches(times: Floats, chance: random.Random) -> list[tuple[int, int, int]]:
    """(first, last + 1, line time in ms): samples of about a second travel in one line, sent just after the last."""
    out: list[tuple[int, int, int]] = []
    first = 0
    while first < len(times):
        until = float(times[first]) + chance.uniform(0.70, 0.95)
        last = int(np.searchsorted(times, until, side="left"))
        last = max(last, first + 1)
        out.append((first, last, round((float(times[last - 1]) + chance.uniform(0.08, 0.20)) * 1000)))
        first = last
    return out


class CarStates:
    """One car at the sample times: distance, speed, offset from the line, and whether its systems are on."""

    def __init__(self, car: Measured, track: Track, times: Floats) -> None:
        tau, rate = car.trajectory.at(times)
        self.lap = np.floor(tau / track.lap_s).astype(np.int64) + 1
        self.distance_m = np.interp(tau - (self.lap - 1) * track.lap_s, track.time_s, track.distance_m)
        reference = np.interp(self.distance_m, track.distance_m, closed_speed(track))
        lane_scale = _lane_scale(track)
        self.in_lane = np.zeros(len(times), dtype=np.bool_)
        for low, high in car.in_lane:
            self.in_lane |= (times >= low) & (times <= high)
        self.speed_ms = rate * reference * np.where(self.in_lane, lane_scale, 1.0)
        limit = track.circuit.pit_limit_kmh / 3.6
        self.speed_ms = np.where(self.in_lane, np.minimum(self.speed_ms, limit), self.speed_ms)
        self.scale = np.where(reference > 1.0, self.speed_ms / np.maximum(reference, 1.0), 0.0)
        self.offset_m = _offsets(car, track, times, self)
        self.powered = np.ones(len(times), dtype=np.bool_)
        if car.car.stopped_t is not None:
            self.powered = times < car.car.stopped_t + 8.0


def _lane_scale(track: Track) -> float:
    """Lane metres per track metre: the lane is as long as its time at the limit says, the track beside it is not."""
    along_m = (1.0 - track.circuit.pit_entry + track.circuit.pit_exit) * track.circuit.length_m
    return track.lane_s * track.circuit.pit_limit_kmh / 3.6 / along_m


def _offsets(car: Measured, track: Track, times: Floats, states: CarStates) -> Floats:
    """Metres to the inside of the lap from the outline: the lane (eased in and out), the box, the grid, a wreck."""
    offset = np.zeros(len(times))
    entry, out = track.circuit.pit_entry, 1.0 + track.circuit.pit_exit
    fraction = states.distance_m / track.circuit.length_m
    unrolled = np.where(fraction < entry - 0.02, fraction + 1.0, fraction)
    inside = (unrolled - entry) / (out - entry)
    eased = np.clip(np.minimum(inside, 1.0 - inside) / 0.12, 0.0, 1.0)
    eased = eased * eased * (3 - 2 * eased)
    offset = np.where(states.in_lane, LANE_OFFSET_M * eased, offset)
    for visit in car.car.visits:
        leave = visit.leave_t if visit.exit_t is not None else times[-1] + 1.0 if len(times) else 0.0
        boxed = (times >= visit.stop_t) & (times < leave)
        offset = np.where(boxed, LANE_OFFSET_M + _BOX_OFFSET_M, offset)
    if car.car.grid:
        side = _GRID_OFFSET_M if car.car.grid % 2 else -_GRID_OFFSET_M
        near_line = ~states.in_lane & (
            (states.distance_m > track.circuit.length_m - 250.0) | (states.distance_m < 120.0)
        )
        eased_off = side * np.clip(1.0 - states.speed_ms / _GRID_EASE_MS, 0.0, 1.0)
        offset = np.where(near_line, eased_off, offset)
    if car.car.stopped_t is not None:
        aside = np.clip((times - car.car.stopped_t + 4.0) / 6.0, 0.0, 1.0) * 11.0 * (car.car.stopped_side or 1)
        offset = np.where(states.in_lane, offset, offset + aside)
    return offset


def positions(car: Measured, states: CarStates, track: Track) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """X, Y in decimetres and whether the car is off the track."""
    closed_m = np.append(track.profile.distance_m, track.circuit.length_m)
    x = np.interp(states.distance_m, closed_m, np.append(track.profile.x_m, track.profile.x_m[0]))
    y = np.interp(states.distance_m, closed_m, np.append(track.profile.y_m, track.profile.y_m[0]))
    step = 4.0
    ahead = np.mod(states.distance_m + step, track.circuit.length_m)
    dx = np.interp(ahead, closed_m, np.append(track.profile.x_m, track.profile.x_m[0])) - x
    dy = np.interp(ahead, closed_m, np.append(track.profile.y_m, track.profile.y_m[0])) - y
    norm = np.maximum(np.hypot(dx, dy), 1e-6)
    turn = 1.0 if track.circuit.clockwise else -1.0  # the lap's inside is to the right of a clockwise lap
    x = x + turn * states.offset_m * dy / norm
    y = y - turn * states.offset_m * dx / norm
    off = ~states.powered
    return np.rint(x * 10).astype(np.int64), np.rint(y * 10).astype(np.int64), off


class Gearbox:
    """Speed to gear and revolutions, learned from the profile: the lowest speed of each gear, and its ratio."""

    def __init__(self, track: Track) -> None:
        profile = track.profile
        gears = sorted({int(g) for g in profile.gear if g > 0})
        self.gears = np.array(gears)
        means = [float(np.mean(profile.speed_ms[profile.gear == g])) for g in gears]
        self.from_ms = np.array([(a + b) / 2 for a, b in pairwise(means)])
        ratio = {
            g: float(np.median(profile.rpm[profile.gear == g] / profile.speed_ms[profile.gear == g])) for g in gears
        }
        self.ratio = np.array([ratio[g] for g in gears])

    def at(self, speed_ms: Floats, hard: npt.NDArray[np.bool_]) -> tuple[Ints, Floats]:
        """Gear and rpm at a speed off the profile's pace, short-shifted unless driven ``hard``; standing: neutral."""
        i = np.where(
            hard, np.searchsorted(self.from_ms, speed_ms), np.searchsorted(self.from_ms * _SHORT_SHIFT, speed_ms)
        )
        rpm = np.clip(self.ratio[i] * speed_ms, _IDLE_RPM, 12500.0)
        standing = speed_ms < 0.5
        return np.where(standing, 0, self.gears[i]), np.where(standing, _IDLE_RPM, rpm)


def channels(car: Measured, states: CarStates, track: Track, gearbox: Gearbox, drs: bool) -> list[Ints]:
    """rpm, km/h, gear, throttle %, brake %, DRS (left out of the list in seasons without it)."""
    profile, grid = track.profile, track.distance_m
    d = states.distance_m
    near = np.clip(np.searchsorted(profile.distance_m, d), 0, len(profile.distance_m) - 1)
    throttle = np.interp(d, grid, np.append(profile.throttle_pct, profile.throttle_pct[0]))
    brake = np.interp(d, grid, np.append(profile.brake_pct, profile.brake_pct[0]))
    at_pace = (states.scale > 0.93) & ~states.in_lane
    acceleration = np.gradient(states.speed_ms) if len(d) > 1 else np.zeros(len(d))
    launching = ~states.in_lane & (states.scale < 0.93) & (acceleration > 0.4) & (throttle > 50)
    slow_gear, slow_rpm = gearbox.at(states.speed_ms, launching)
    gear = np.where(at_pace, profile.gear[near], slow_gear)
    rpm = np.where(at_pace, np.clip(profile.rpm[near] * states.scale, _IDLE_RPM, 12800), slow_rpm)
    eased = np.clip(throttle * states.scale**2, 0, 100)
    throttle = np.where(at_pace, throttle, np.where(launching, 96.0, eased))
    brake = np.where(at_pace | (acceleration < -1.2), brake, 0.0)
    brake = np.where(~at_pace & (acceleration < -2.5), 100.0, brake)
    cruising = states.in_lane & (states.speed_ms > 5)
    throttle = np.where(cruising, 18.0, throttle)
    throttle = np.where(states.speed_ms < 0.5, 0.0, throttle)
    dead = ~states.powered
    columns = [rpm, states.speed_ms * 3.6, gear, throttle, np.where(brake >= 50, 100, 0)]
    out = [np.rint(np.where(dead, 0, column)).astype(np.int64) for column in columns]
    if drs:
        out.append(np.where(dead, 0, _drs(car, states, track)))
    return out


def _drs(car: Measured, states: CarStates, track: Track) -> Ints:
    """8 off, 12 open: open from the zone's start to its end on laps on which it was allowed."""
    code = np.full(len(states.lap), 8, dtype=np.int64)
    allowed = {(lap, zone) for lap, zone in car.car.help}
    fraction = states.distance_m / track.circuit.length_m
    for zone, bounds in enumerate(track.circuit.zones):
        laps = np.array(sorted(lap for lap, z in allowed if z == zone), dtype=np.int64)
        if not len(laps):
            continue
        over_line = bounds.end < bounds.start
        first = np.isin(states.lap, laps) & (fraction >= bounds.start)
        if over_line:
            inside = first | (np.isin(states.lap - 1, laps) & (fraction <= bounds.end))
        else:
            inside = first & (fraction <= bounds.end)
        code[inside & (states.speed_ms > 40) & ~states.in_lane] = 12
    return code


def stamp(zero: datetime, t: float) -> str:
    """``2025-10-25T20:47:28.477Z``."""
    return (zero + timedelta(milliseconds=round(t * 1000))).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def write_telemetry(
    log: SessionLog, track: Track, cars: list[Measured], chance: random.Random, drs: bool
) -> tuple[Lines, Lines]:
    """The lines of CarData.z and Position.z."""
    numbers = sorted(((car.car.entry.number, i) for i, car in enumerate(cars)), key=lambda item: int(item[0]))
    return (
        _car_lines(log, track, cars, numbers, chance, drs),
        _position_lines(log, track, cars, numbers, chance),
    )


def _pack(text: str) -> bytes:
    squeeze = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    return b'"' + base64.b64encode(squeeze.compress(text.encode()) + squeeze.flush()) + b'"'


def _car_lines(
    log: SessionLog,
    track: Track,
    cars: list[Measured],
    numbers: list[tuple[str, int]],
    chance: random.Random,
    drs: bool,
) -> Lines:
    times = sample_times(log.end_t, chance, 0.266)
    gearbox = Gearbox(track)
    rows: list[str] = [""] * len(times)
    last = '"45":%d' if drs else '"45":null'
    for n, (number, index) in enumerate(numbers):
        columns = channels(cars[index], CarStates(cars[index], track, times), track, gearbox, drs)
        form = ("," if n else "") + f'"{number}":{{"Channels":{{"0":%d,"2":%d,"3":%d,"4":%d,"5":%d,{last}}}}}'
        for i, values in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            rows[i] += form % values
    lines = Lines()
    for low, high, t_ms in batches(times, chance):
        entries = ",".join(
            f'{{"Utc":"{stamp(log.zero, float(times[i]))}","Cars":{{{rows[i]}}}}}' for i in range(low, high)
        )
        lines.add_raw(t_ms, _pack(f'{{"Entries":[{entries}]}}'))
    return lines


def _position_lines(
    log: SessionLog, track: Track, cars: list[Measured], numbers: list[tuple[str, int]], chance: random.Random
) -> Lines:
    times = sample_times(log.end_t, chance, 0.258)
    rows: list[str] = [""] * len(times)
    for n, (number, index) in enumerate(numbers):
        x, y, off = positions(cars[index], CarStates(cars[index], track, times), track)
        form = ("," if n else "") + f'"{number}":{{"Status":"%s","X":%d,"Y":%d,"Z":0}}'
        status = np.where(off, "OffTrack", "OnTrack").tolist()
        for i, values in enumerate(zip(status, x.tolist(), y.tolist(), strict=True)):
            rows[i] += form % values
    lines = Lines()
    for low, high, t_ms in batches(times, chance):
        entries = ",".join(
            f'{{"Timestamp":"{stamp(log.zero, float(times[i]))}","Entries":{{{rows[i]}}}}}' for i in range(low, high)
        )
        lines.add_raw(t_ms, _pack(f'{{"Position":[{entries}]}}'))
    return lines
