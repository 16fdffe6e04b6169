"""What is the whole track under: cautions and rain, and how a lap goes that is not green."""
# pyright: basic
# ruff: noqa: N803, E741, PLR1714, SIM102 -- T, N, F and I are the arrays of `layout`; nested tests spare work

from __future__ import annotations

import numpy as np

from overcut.strategy.simulator import layout as at
from overcut.strategy.simulator.chance import Purpose
from overcut.strategy.simulator.dice import counter, drawn, drawn_lanes, share
from overcut.strategy.simulator.lanes import (
    BLOCK,
    WIDTH,
    as_float,
    bits,
    each_f,
    each_i,
    first_bit,
    inner,
    load,
    shifted_down,
    store,
    where,
)
from overcut.strategy.simulator.lowering import CarFigure, Draw, Figure, Size
from overcut.strategy.simulator.stops import comes_in, retires

NEUTRAL, RAIN, LENGTH = int(Purpose.NEUTRAL), int(Purpose.RAIN), int(Purpose.LENGTH)
RED, INTENSITY, START, ACCIDENT = int(Purpose.RED), int(Purpose.INTENSITY), int(Purpose.START), int(Purpose.ACCIDENT)
SWITCH = int(Purpose.SWITCH)
ONLY_THESE, FIRST, LAPS = at.SIZE + Size.ONLY_THESE, at.SIZE + Size.FIRST, at.SIZE + Size.LAPS
FREE_LAPS, HELP_AFTER, TOTAL = at.SIZE + Size.FREE_LAPS, at.SIZE + Size.HELP_AFTER, at.SIZE + Size.TOTAL
UNLAP, CARS, COMPOUNDS = at.SIZE + Size.UNLAP, at.SIZE + Size.CARS, at.SIZE + Size.COMPOUNDS
LAP_ROW, TREND_ROW = at.DRAWN + Draw.LAP * BLOCK, at.DRAWN + Draw.TREND * BLOCK
DIRTY_ROW, SC_ROW, VSC_ROW = at.DRAWN + Draw.DIRTY_AIR * BLOCK, at.DRAWN + Draw.SC * BLOCK, at.DRAWN + Draw.VSC * BLOCK
RED_SHARE, LAP_ONE, GRIP = at.FIGURE + Figure.RED_SHARE, at.FIGURE + Figure.SC_LAP_ONE, at.FIGURE + Figure.GRIP
BEGINS, ENDS, DRYING = at.FIGURE + Figure.RAIN_BEGINS, at.FIGURE + Figure.RAIN_ENDS, at.FIGURE + Figure.DRYING
WETTING, WET_NOISE = at.FIGURE + Figure.INTENSITY, at.FIGURE + Figure.WET_NOISE
SC_PACE, CATCH_UP, VSC_PACE = at.FIGURE + Figure.SC_PACE, at.FIGURE + Figure.CATCH_UP_PACE, at.FIGURE + Figure.VSC_PACE
QUEUE, SLOT, FIRST_LAP = at.FIGURE + Figure.QUEUE, at.FIGURE + Figure.SLOT, at.FIGURE + Figure.FIRST_LAP
SPREAD, RESTART = at.FIGURE + Figure.START_SPREAD, at.FIGURE + Figure.RESTART_SPREAD
HELP_GAP, WET_OUT = at.FIGURE + Figure.HELP_GAP, at.FIGURE + Figure.WET_RETIREMENT
SWITCH_AT, SWITCH_SPREAD = at.FIGURE + Figure.SWITCH_AT, at.FIGURE + Figure.SWITCH_SPREAD
TO_SHARE = np.float32(1.0 / 16777216.0)


@inner
def track(T, N, F, I, lap):
    """What each race's track is under on this lap; gives whether any has water, or cars on tyres for it.

    Only races where something is or may be going on are looked at one by one.
    """
    neutral, rain = each_i(counter(NEUTRAL, lap, 0)), each_i(counter(RAIN, lap, 0))
    i = lap - N[FIRST]
    zero, zero_f, one_f, to_share = each_i(0), each_f(np.float32(0.0)), each_f(np.float32(1.0)), each_f(TO_SHARE)
    every = lap == 1 or N[at.FORCED + i] >= 0
    to_go, grip, rain_begins = each_f(np.float32(N[TOTAL] - lap)), each_f(T[GRIP]), each_f(T[BEGINS])
    wet_noise, free, help_after = each_f(T[WET_NOISE] - np.float32(1.0)), each_i(N[FREE_LAPS]), each_i(N[HELP_AFTER])
    help_gap = each_i(int(T[HELP_GAP]) if T[HELP_GAP] > 0.0 else -1)
    water = False
    for lane in range(0, BLOCK, WIDTH):
        luck, luck_2 = load(I, at.LUCK + lane), load(I, at.LUCK_2 + lane)
        chances = shifted_down(drawn_lanes(luck, luck_2, neutral), 8)
        store(I, at.CHANCES + lane, chances)
        busy = (as_float(chances) * to_share < load(F, SC_ROW + lane) + load(F, VSC_ROW + lane)) | (
            (load(I, at.STATUS + lane) | load(I, at.PENDING + lane)) > zero
        )
        found = 255 if every else bits(busy)
        while found != 0:
            caution(T, N, F, I, lap, i, lane + first_bit(found))
            found &= found - 1
        chances = shifted_down(drawn_lanes(luck, luck_2, rain), 8)
        store(I, at.CHANCES + BLOCK + lane, chances)
        busy = (as_float(chances) * to_share < rain_begins) | (load(F, at.WETNESS + lane) > zero_f)
        found = 255 if T[at.FORCED_RAIN + i] > 0.0 else bits(busy | (load(I, at.RAINING + lane) > zero))
        while found != 0:
            weather(T, N, F, I, lap, i, lane + first_bit(found))
            found &= found - 1
        wetness, status, green = load(F, at.WETNESS + lane), load(I, at.STATUS + lane), load(I, at.GREEN + lane)
        water = water or bits((wetness > zero_f) | (load(I, at.ON_WATER + lane) > zero)) != 0
        base = load(F, LAP_ROW + lane) + load(F, TREND_ROW + lane) * to_go + grip
        racing = (status == zero) & (green >= free) & (load(I, at.STANDING + lane) == zero)
        helped = (status == zero) & (green >= help_after) & (wetness == zero_f)
        store(F, at.BASE + lane, base)
        store(F, at.INVERSE + lane, one_f / base)
        store(F, at.WET_NOISE + lane, one_f + wet_noise * wetness)
        store(I, at.RACING + lane, where(racing, each_i(1), zero))
        store(I, at.HELP_GAP + lane, where(helped, help_gap, each_i(-1)))
    return water


@inner
def caution(T, N, F, I, lap, i, lane):
    """Green, safety car, virtual one or red flag: what shall happen, what goes on, what begins by chance."""
    status, was = I[at.STATUS + lane], I[at.STATUS + lane]
    forced = N[at.FORCED + i]
    if forced >= 0:
        if forced != status:
            I[at.SINCE + lane] = 0
        status = forced
        I[at.LEFT + lane] = 1
    elif I[at.LEFT + lane] <= 0:
        status = 0
        if N[ONLY_THESE] == 0 and lap > 1:
            status = begins(T, F, I, lap, lane)
    if status == 0 and (was == 1 or was == 3):
        I[at.GREEN + lane] = 0
    I[at.STATUS + lane] = status
    I[at.PENDING + lane] = 0
    if lap == 1 and N[ONLY_THESE] == 0:
        if share(I[at.LUCK + lane], I[at.LUCK_2 + lane], NEUTRAL, 0, 1) < T[LAP_ONE]:
            I[at.PENDING + lane] = 1
    return status


@inner
def begins(T, F, I, lap, lane):
    """Which caution begins on this lap; 0 for none."""
    u, pending = np.float32(I[at.CHANCES + lane]) * TO_SHARE, I[at.PENDING + lane]
    sc, vsc = F[SC_ROW + lane], F[SC_ROW + lane] + F[VSC_ROW + lane]
    luck, luck_2 = I[at.LUCK + lane], I[at.LUCK_2 + lane]
    if pending == 1 or (pending == 0 and u < sc):
        I[at.SINCE + lane] = 0
        if share(luck, luck_2, RED, lap, 0) < T[RED_SHARE]:
            I[at.LEFT + lane] = 1
            return 3
        I[at.LEFT + lane] = int(T[at.LASTS + (drawn(luck, luck_2, LENGTH, lap, 0) >> 22)])
        return 1
    if pending == 2 or u < vsc:
        I[at.SINCE + lane] = 0
        I[at.LEFT + lane] = int(T[at.LASTS + at.DEVIATES + (drawn(luck, luck_2, LENGTH, lap, 0) >> 22)])
        return 2
    return 0


@inner
def weather(T, N, F, I, lap, i, lane):
    """Whether it rains, and how much water lies."""
    wetness, forced = F[at.WETNESS + lane], T[at.FORCED_RAIN + i]
    if forced > 0.0:
        F[at.WETNESS + lane] = min(np.float32(1.0), wetness + forced)
        I[at.RAINING + lane] = 0
        return
    raining = I[at.RAINING + lane]
    u = np.float32(I[at.CHANCES + BLOCK + lane]) * TO_SHARE
    if N[ONLY_THESE] == 1:
        raining = 0
    elif raining == 1:
        raining = 0 if u < T[ENDS] else 1
    elif u < T[BEGINS]:
        raining = 1
        draw = T[at.EXPONENTIAL + (drawn(I[at.LUCK + lane], I[at.LUCK_2 + lane], INTENSITY, lap, 0) >> 22)]
        F[at.INTENSITY + lane] = T[WETTING] * min(np.float32(4.0), draw)
    I[at.RAINING + lane] = raining
    if raining == 1:
        F[at.WETNESS + lane] = min(np.float32(1.0), wetness + F[at.INTENSITY + lane])
    elif wetness > 0.0:
        F[at.WETNESS + lane] = max(np.float32(0.0), wetness - T[DRYING])


@inner
def on_water(T, N, F, I, place, lap):
    """What water does to each car: time by its tyres, a retirement, a stop for the tyres that suit it."""
    for lane in range(BLOCK):
        wetness = F[at.WETNESS + lane]
        if wetness == 0.0 and I[at.ON_WATER + lane] == 0:
            continue
        step = int(wetness * np.float32(256.0) + np.float32(0.5))
        luck, luck_2 = I[at.LUCK + lane], I[at.LUCK_2 + lane]
        I[at.ON_WATER + lane] = 0
        for car in range(np.int64(N[CARS])):
            p = car * BLOCK + lane
            if I[at.FLAG + p] == 2:
                continue
            chance = T[at.CAR_FIGURE + car * 8 + CarFigure.RETIREMENT] * (T[WET_OUT] - np.float32(1.0)) * wetness
            if share(luck, luck_2, ACCIDENT, lap, car) < chance:
                retires(T, N, F, I, place, car, lane, lap)
                continue
            kind = N[at.KIND + I[at.TYRE + p]]
            now = T[at.WATER + kind * at.WATER_ROW + step]
            F[at.EXTRA + p] += now
            I[at.ON_WATER + lane] += int(kind > 0)
            best, cost = kind, now
            for k in range(N[COMPOUNDS]):
                other = N[at.KIND + k]
                if T[at.WATER + other * at.WATER_ROW + step] < cost:
                    best, cost = other, T[at.WATER + other * at.WATER_ROW + step]
            if best != kind and lap < N[TOTAL] and (N[at.CAR + car * 16 + 9] == 0 or N[at.CAR + car * 16 + 10] == 1):
                limit = T[SWITCH_AT] + T[SWITCH_SPREAD] * T[at.NORMAL + (drawn(luck, luck_2, SWITCH, 0, car) >> 22)]
                if now - cost > limit:
                    I[at.WATER_FOR + p] = best
                    comes_in(T, N, F, I, car, lane)


@inner
def standing_start(T, N, F, I, place, lap):
    """What the grid and the way to the first corner cost."""
    spread = T[SPREAD] if lap == 1 else T[RESTART]
    for lane in range(BLOCK):
        if I[at.STANDING + lane] == 1 and I[at.STATUS + lane] == 0:
            for car in range(np.int64(N[CARS])):
                p = car * BLOCK + lane
                luck = T[at.NORMAL + (drawn(I[at.LUCK + lane], I[at.LUCK_2 + lane], START, lap, car) >> 22)]
                F[at.EXTRA + p] += T[FIRST_LAP] + T[SLOT] * np.float32(place[p]) + spread * luck
        if I[at.STATUS + lane] > 0:
            for car in range(np.int64(N[CARS])):
                F[at.ADDED + car * BLOCK + lane] = F[at.EXTRA + car * BLOCK + lane]


@inner
def neutral_laps(T, N, F, I):
    """New keys, in no order, of the races that are not green: by the pace of the caution and what stops cost."""
    cars = N[CARS]
    for lane in range(BLOCK):
        status = I[at.STATUS + lane]
        if status == 0:
            continue
        base = F[at.BASE + lane]
        lead = I[at.KEYS + BLOCK + lane] >> 5
        line = lead + int(T[SC_PACE] * base)
        pace = T[VSC_PACE] * base if status == 2 else T[CATCH_UP] * base
        unlaps = N[UNLAP] == 1 and (I[at.SINCE + lane] == 1 or status == 3)
        tail = line
        I[at.NEXT + lane] = at.NOBODY_MS << 5 | 31
        I[at.LEAD_COST + lane] = 0
        for slot in range(1, cars + 1):
            key = I[at.KEYS + slot * BLOCK + lane]
            car, time = key & 31, key >> 5
            if slot <= I[at.RUNNING + lane]:
                lapped = int(np.float32(time - lead) / base)
                time += int(pace + F[at.ADDED + car * BLOCK + lane] + np.float32(0.5))
                if status != 2:
                    if lapped == 0:
                        time = max(time, line)
                        tail = max(tail, time)
                    elif unlaps:  # one lap back, and behind all who are on the lead lap: no place is gained by it
                        tail = max(time - int(base), tail + int(T[QUEUE]))
                        time = tail
                    else:
                        time = max(time, line + int(np.float32(lapped) * base))
            I[at.NEXT + slot * BLOCK + lane] = time << 5 | car


@inner
def queued(T, N, F, I):
    """Behind the safety car nobody is closer than the queue's gap; under a red flag all stand one behind the other."""
    for lane in range(BLOCK):
        status = I[at.STATUS + lane]
        if status == 1 or status == 3:
            first = I[at.NEXT + BLOCK + lane] >> 5
            before = first - int(T[QUEUE])
            for slot in range(1, I[at.RUNNING + lane] + 1):
                key = I[at.NEXT + slot * BLOCK + lane]
                time = key >> 5
                if status == 3:  # AT still has the line before; on paper a lap takes a second at least
                    time = max(first, I[at.AT + (key & 31) * BLOCK + lane] + 1000)
                elif slot > 1:
                    time = max(time, before + int(T[QUEUE]))
                before = time
                I[at.NEXT + slot * BLOCK + lane] = time << 5 | (key & 31)


@inner
def lap_over(N, I, i):
    """Count the lap for the cautions."""
    for lane in range(BLOCK):
        status = I[at.STATUS + lane]
        I[at.STANDING + lane] = 0
        if status > 0:
            I[at.NEUTRAL + lane] += 1
            I[at.SINCE + lane] += 1
            I[at.LEFT + lane] -= 1
            goes_on = i + 1 < N[LAPS] and N[at.FORCED + i + 1] == 3
            if status == 3 and not goes_on:
                I[at.LEFT + lane] = 0
                I[at.STANDING + lane] = 1
        else:
            I[at.GREEN + lane] += 1
