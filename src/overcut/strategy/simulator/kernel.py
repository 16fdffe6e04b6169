"""How is a block of races played from its first lap to the flag?

Numba keeps machine code by the age of this file alone; `REVISION`, a digest of the modules that are compiled with it,
makes it change with them (a test says the new one).
"""
# pyright: basic
# ruff: noqa: N803, N806, E741 -- T, N, F and I are the arrays of `layout`; nested tests spare work

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from overcut.strategy.simulator import layout as at
from overcut.strategy.simulator.chance import Purpose
from overcut.strategy.simulator.conditions import (
    lap_over,
    neutral_laps,
    on_water,
    queued,
    standing_start,
    track,
)
from overcut.strategy.simulator.dice import counter, drawn, drawn_lanes, share
from overcut.strategy.simulator.lanes import (
    BLOCK,
    SHIFT,
    WIDTH,
    each_f,
    each_i,
    gather,
    inner,
    larger,
    load,
    shifted_down,
    start_of,
    store,
)
from overcut.strategy.simulator.lowering import CarColumn, CarFigure, Draw, Figure, Size
from overcut.strategy.simulator.racing import counted, free_laps, places, put_in_order, traffic
from overcut.strategy.simulator.stops import fitted, happens, laps_until, next_event, next_stop, react, stopped

REVISION = "a70cbd5955a3"
ESTIMATE, RETIRE, PENALTY = int(Purpose.ESTIMATE), int(Purpose.RETIRE), int(Purpose.PENALTY)
LENGTH, INTENSITY = int(Purpose.LENGTH), int(Purpose.INTENSITY)
CARS, LAPS, FIRST, TOTAL = at.SIZE + Size.CARS, at.SIZE + Size.LAPS, at.SIZE + Size.FIRST, at.SIZE + Size.TOTAL
COMPOUNDS, STATUS, SINCE = at.SIZE + Size.COMPOUNDS, at.SIZE + Size.STATUS, at.SIZE + Size.SINCE
RAINING, GREEN_LAPS = at.SIZE + Size.RAINING, at.SIZE + Size.GREEN_LAPS
PENALTY_RATE, LAP_ONE = at.FIGURE + Figure.PENALTY_RATE, at.FIGURE + Figure.LAP_ONE_FACTOR
PENALISED = at.FIGURE + Figure.PENALISED
SHARE_IN, WETNESS, WETTING = at.FIGURE + Figure.IN_LAP_SHARE, at.FIGURE + Figure.WETNESS, at.FIGURE + Figure.INTENSITY
LOSS_ROW = at.DRAWN + Draw.LOSS * BLOCK
FIRST_TYRE = int(Draw.FIRST_TYRE)
PLANNED, REACTS, STOPS_PLANNED = int(CarColumn.PLANNED), int(CarColumn.REACTS), int(CarColumn.STOPS_PLANNED)
SOON = 10
"""A plan's next stop is brought forward to a red flag where it is at most so many laps away."""


def compiled(function: Callable[..., None]) -> Callable[..., None]:
    """``numba.njit``, its machine code kept on disk for the next process where a folder for it can be written."""
    njit: Any = numba.njit
    try:
        return njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)
    except RuntimeError:  # "no locator available": neither beside the source nor in the user's cache
        return njit(nogil=True, error_model="numpy", _nrt=False)(function)


@inner
def drawn_figures(T, N, F, I):
    """Draw the estimates of each race."""
    for e in range(FIRST_TYRE + 6 * N[COMPOUNDS] + 2 * N[CARS]):
        mean, deviation, least = each_f(T[at.MEAN + e]), each_f(T[at.DEVIATION + e]), each_f(T[at.LEAST + e])
        count = each_i(counter(ESTIMATE, e >> 5, e & 31))
        for lane in range(0, BLOCK, WIDTH):
            h = drawn_lanes(load(I, at.LUCK + lane), load(I, at.LUCK_2 + lane), count)
            value = larger(mean + deviation * gather(T, at.NORMAL, shifted_down(h, 22)), least)
            store(F, at.DRAWN + e * BLOCK + lane, value)


@inner
def lined_up(T, N, F, I, place, when):
    """Cars and track as they are when the simulation begins."""
    cars, first = N[CARS], N[FIRST]
    for lane in range(BLOCK):
        luck, luck_2 = I[at.LUCK + lane], I[at.LUCK_2 + lane]
        I[at.STATUS + lane], I[at.SINCE + lane], I[at.LEFT + lane] = N[STATUS], N[SINCE], 0
        if N[STATUS] > 0:
            row = at.LASTS + (at.DEVIATES if N[STATUS] == 2 else 0)
            left = int(T[row + (drawn(luck, luck_2, LENGTH, 0, 0) >> 22)]) - N[SINCE]
            I[at.LEFT + lane] = 1 if N[STATUS] == 3 else max(1, left)
        F[at.WETNESS + lane] = T[WETNESS]
        I[at.RAINING + lane] = N[RAINING]
        draw = T[at.EXPONENTIAL + (drawn(luck, luck_2, INTENSITY, 0, 0) >> 22)]
        F[at.INTENSITY + lane] = T[WETTING] * min(np.float32(4.0), draw)
        I[at.GREEN + lane] = N[GREEN_LAPS]
        I[at.STANDING + lane] = 1 if first == 1 else 0
        I[at.PENDING + lane] = 0
        I[at.RUNNING + lane] = 0
        I[at.NEUTRAL + lane] = 0
        I[at.LEAD_COST + lane] = 0
        I[at.ON_WATER + lane] = 0
        I[at.KEYS + lane] = at.NOBODY_MS << 5 | 31
    for slot in range(cars):
        on_grid(T, N, F, I, place, when, slot, np.int64(N[at.ORDER + slot]))
    I[at.RIVALS] = 0
    I[at.FRESH_RIVALS] = 0


@inner
def on_grid(T, N, F, I, place, when, slot, car):
    """One car in every race as it is when the simulation begins."""
    row, first = at.CAR + car * 16, N[FIRST]
    gone, in_pit = N[row + CarColumn.RETIRED] == 1, N[row + CarColumn.IN_PIT]
    time = at.OUT_MS + 1023 * 32 + slot if gone else N[row + CarColumn.START_MS]
    tyre = np.int64(N[row + CarColumn.COMPOUND])
    warm_up = at.DRAWN + (FIRST_TYRE + 6 * tyre + 5) * BLOCK
    used, penalty = (
        N[row + CarColumn.USED] | N[row + CarColumn.WAIVED] << 8,
        T[at.CAR_FIGURE + car * 8 + CarFigure.PENALTY],
    )
    rest, zero = each_f((np.float32(1.0) - T[SHARE_IN]) * np.float32(in_pit)), each_i(0)
    for lane in range(0, BLOCK, WIDTH):
        p = car * BLOCK + lane
        store(I, at.KEYS + (slot + 1) * BLOCK + lane, each_i(time << 5 | car))
        store(I, at.AT + p, each_i(time))
        store(I, at.WAS_AT + p, each_i(time))
        store(I, at.FLAG + p, each_i(2 if gone else in_pit))
        store(I, at.RUNNING + lane, load(I, at.RUNNING + lane) + each_i(0 if gone else 1))
        store(I, at.STOPPING + p, zero)
        store(I, at.WATER_FOR + p, each_i(-1))
        store(I, at.MADE + p, zero)
        store(I, at.PLAN_AT + p, zero)
        store(I, at.RIVAL_LAP + p, zero)
        store(I, at.USED + p, each_i(used))
        store(F, at.PENALTY + p, each_f(penalty))
        store(F, at.EXTRA + p, rest * load(F, LOSS_ROW + lane) + each_f(np.float32(in_pit)) * load(F, warm_up + lane))
        store(
            I, at.ON_WATER + lane, load(I, at.ON_WATER + lane) + each_i(1 if N[at.KIND + tyre] > 0 and not gone else 0)
        )
    for lane in range(BLOCK):
        p = car * BLOCK + lane
        place[p] = slot
        fitted(T, N, F, I, car, lane, first - 1, tyre, np.int64(N[row + CarColumn.AGE]))
        if gone:
            I[at.EVENT + p] = at.NEVER
        else:
            foreseen(T, N, I, when, car, lane, first)


@inner
def foreseen(T, N, I, when, car, lane, first):
    """On which laps a car retires, is punished and stops, if nothing else happens."""
    p, luck, luck_2 = car * BLOCK + lane, I[at.LUCK + lane], I[at.LUCK_2 + lane]
    chance, u = T[at.CAR_FIGURE + car * 8 + CarFigure.RETIREMENT], share(luck, luck_2, RETIRE, 0, car)
    out = first
    early = min(np.float32(1.0), chance * T[LAP_ONE]) if first == 1 else np.float32(0.0)
    if u >= early:
        u = (u - early) / (np.float32(1.0) - early)
        if u < T[at.CAR_FIGURE + car * 8 + CarFigure.RETIRES]:
            rate = T[at.CAR_FIGURE + car * 8 + CarFigure.RETIREMENT_RATE]
            out = first + (1 if first == 1 else 0) + laps_until(rate, u)
        else:
            out = at.NEVER
    I[at.RETIRE_LAP + p] = out
    u = share(luck, luck_2, PENALTY, 0, car)
    I[at.PENALTY_LAP + p] = first + laps_until(T[PENALTY_RATE], u) if u < T[PENALISED] else at.NEVER
    next_stop(N, I, when, N[COMPOUNDS] * 256 + car, car, p, lane, first - 1)
    next_event(I, p)


@inner
def changes(T, N, F, I, place, when, lap, i, first_race, trace_stops):
    """The stops of a lap, in the order in which they were decided, and free changes under a red flag."""
    for j in range(I[at.STOPS]):
        p = np.int64(I[at.STOPS + 1 + j])
        car, lane = p >> SHIFT, p & (BLOCK - 1)
        if I[at.FLAG + p] != 2:
            tyre = stopped(T, N, F, I, place, when, lap, car, lane, np.bool_(False))
            if first_race + lane < trace_stops.shape[0]:
                trace_stops[first_race + lane, i, car] = 1 + tyre
    for lane in range(BLOCK):
        if I[at.STATUS + lane] == 3 and lap < N[TOTAL] and not (i + 1 < N[LAPS] and N[at.FORCED + i + 1] == 3):
            for car in range(np.int64(N[CARS])):
                p, row = car * BLOCK + lane, at.CAR + car * 16
                if I[at.FLAG + p] == 2 or I[at.STOPPING + p] == 1:
                    continue
                soon = I[at.STOP_LAP + p] <= lap + SOON
                if N[row + PLANNED] == 0 or (N[row + REACTS] == 1 and soon):
                    tyre = stopped(T, N, F, I, place, when, lap, car, lane, np.bool_(True))
                    if first_race + lane < trace_stops.shape[0]:
                        trace_stops[first_race + lane, i, car] = 1 + tyre
    for j in range(I[at.STOPS]):
        p = I[at.STOPS + 1 + j]
        I[at.STOPPING + p] = 0
        I[at.WATER_FOR + p] = -1
    I[at.STOPS] = 0
    count = I[at.FRESH_RIVALS]
    for j in range(count + 1):
        I[at.RIVALS + j] = I[at.FRESH_RIVALS + j]
    I[at.FRESH_RIVALS] = 0


@inner
def penalties_added(N, F, I):
    """At the flag: what was not served is added."""
    for slot in range(1, N[CARS] + 1):
        for lane in range(BLOCK):
            key = I[at.NEXT + slot * BLOCK + lane]
            if key >> 5 < at.OUT_MS:
                added = int(F[at.PENALTY + (key & 31) * BLOCK + lane] + np.float32(0.5))
                I[at.NEXT + slot * BLOCK + lane] = key + (added << 5)


@inner
def block(T, N, F, I, place, when, races, first_race, fan, sums, traces, trace_stops):
    """Play the races whose luck is in ``I`` to the flag."""
    cars, laps = N[CARS], N[LAPS]
    drawn_figures(T, N, F, I)
    lined_up(T, N, F, I, place, when)
    I[at.STOPS] = 0
    for i in range(laps):
        lap = N[FIRST] + i
        if track(T, N, F, I, lap):
            on_water(T, N, F, I, place, lap)
        happens(T, N, F, I, place, lap)
        react(T, N, F, I, lap)
        standing_start(T, N, F, I, place, lap)
        free_laps(T, N, F, I, lap)
        traffic(T, N, F, I, lap)
        neutral_laps(T, N, F, I)
        put_in_order(N, I)
        queued(T, N, F, I)
        if lap == N[TOTAL]:
            penalties_added(N, F, I)
            put_in_order(N, I)
        changes(T, N, F, I, place, when, lap, i, first_race, trace_stops)
        lap_over(N, I, i)
        places(N, I, place)
        for lane in range(races, BLOCK):  # nobody's races are not counted
            for car in range(cars):
                I[at.AT + car * BLOCK + lane] = at.OUT_MS
                place[car * BLOCK + lane] = 255
        counted(N, I, place, i, fan, sums)
        for lane in range(min(races, max(0, traces.shape[0] - first_race))):
            for car in range(cars):
                time = I[at.AT + car * BLOCK + lane]
                traces[first_race + lane, i, car] = time if time < at.OUT_MS else -1
        for lane in range(races, BLOCK):
            for car in range(cars):
                place[car * BLOCK + lane] = 0


@inner
def at_flag(N, I, place, races, first_race, position, time_s, retired, stops):
    """Write down what a block of races came to."""
    cars = np.int64(N[CARS])
    for lane in range(races):
        for car in range(cars):
            p, cell = car * BLOCK + lane, (first_race + lane) * cars + car
            out = I[at.AT + p] >= at.OUT_MS
            position[cell] = place[p] + 1
            retired[cell] = 1 if out else 0
            time_s[cell] = np.float32(np.nan) if out else np.float32(I[at.AT + p]) / np.float32(1000.0)
            stops[cell] = I[at.MADE + p]


@compiled
def play(
    figures,
    numbers,
    when,
    words,
    first_race,
    floats,
    whole,
    places_now,
    position,
    time_s,
    retired,
    stops,
    neutral,
    fan,
    sums,
    traces,
    trace_stops,
):
    """Play ``len(words)`` races, at most `BLOCK`: fill their rows of the outcome, add to ``fan`` and ``sums``.

    Args:
        figures, numbers, when: the scenario (`overcut.strategy.simulator.packing.Packed`); T and N of `layout`.
        words: uint32 (races, 2), their luck.
        first_race: number of the first one.
        floats, whole, places_now: room, of `layout.F_SIZE` float32, `layout.I_SIZE` int32 and `layout.FIELD` uint8.
        position, time_s, retired (uint8), stops, neutral: rows of the outcome, for all races.
        fan: int32 (L, C, C), sums: int64 (3, L, C): gap to the leader in ms, lap time in ms, races that still run.
        traces, trace_stops: of the first races.
    """
    T, N, F, I = start_of(figures), start_of(numbers), start_of(floats), start_of(whole)
    place, races = start_of(places_now), words.shape[0]
    for lane in range(BLOCK):
        I[at.LUCK + lane] = np.int32(words[min(lane, races - 1), 0])
        I[at.LUCK_2 + lane] = np.int32(words[min(lane, races - 1), 1])
    block(T, N, F, I, place, start_of(when), races, first_race, start_of(fan), start_of(sums), traces, trace_stops)
    at_flag(N, I, place, races, first_race, start_of(position), start_of(time_s), start_of(retired), start_of(stops))
    for lane in range(races):
        neutral[first_race + lane] = I[at.NEUTRAL + lane]
