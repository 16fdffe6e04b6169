"""How does a green lap go, for a block of races at once: free laps, traffic and passing, the order, what is counted."""
# pyright: basic
# ruff: noqa: N803, E741 -- T, N, F and I are the arrays of `layout`; nested tests spare work

from __future__ import annotations

import numpy as np

from overcut.strategy.simulator import layout as at
from overcut.strategy.simulator.chance import Purpose
from overcut.strategy.simulator.dice import counter, drawn_lanes
from overcut.strategy.simulator.lanes import (
    BLOCK,
    SHIFT,
    WIDTH,
    as_float,
    as_int,
    each_f,
    each_i,
    gather,
    how_many,
    inner,
    lane_numbers,
    larger,
    load,
    moved_down,
    shifted_down,
    shifted_up,
    smaller,
    store,
    total,
    where,
)
from overcut.strategy.simulator.lowering import CarFigure, Draw, Figure, Size

LAP = int(Purpose.LAP)
CARS, FOLLOW, DIRTY_RANGE = int(Size.CARS), at.FIGURE + Figure.FOLLOW, at.FIGURE + Figure.DIRTY_RANGE
HELP, TRAIN, PER_MS = at.FIGURE + Figure.HELP, at.FIGURE + Figure.TRAIN, at.FIGURE + Figure.PASS_PER_MS
COST, PASSED = at.FIGURE + Figure.PASS_COST, at.FIGURE + Figure.PASSED_COST
BLUE, LAPPING = at.FIGURE + Figure.BLUE_FLAG, at.FIGURE + Figure.LAPPING
DRIFT_STEP, DRIFT_KEPT = at.FIGURE + Figure.DRIFT, at.FIGURE + Figure.DRIFT_KEPT
NOISE_MS = at.CAR_FIGURE + CarFigure.NOISE
PASS_ROW, DIRTY_ROW = at.DRAWN + Draw.PASS * BLOCK, at.DRAWN + Draw.DIRTY_AIR * BLOCK
LONGEST = (1 << 19) - 1
LUCK_STEPS = 128
"""Steps of luck in passing for 1 of log-odds."""


@inner
def free_laps(T, N, F, I, lap):
    """The lap of each car by itself, into WORD.

    Its bits: 0, whether the car keeps out of the others' way (in the pits, or out); 1 to 19, ms; 20 to 31, its luck in
    passing, signed. One hash gives the noise, that luck and the step of the drift; noise and luck stand together in a
    table of pairs that cover the square evenly (`overcut.strategy.simulator.packing.dealt`).
    """
    i = lap - N[at.SIZE + Size.FIRST]
    step, kept = each_f(T[DRIFT_STEP]), each_f(T[DRIFT_KEPT])
    zero, half, middle = each_f(np.float32(0.0)), each_f(np.float32(0.5)), each_f(np.float32(2047.5))
    low, ten, one, two = each_i(4095), each_i(1000), each_i(1), each_i(2)
    most, top = each_i(LONGEST), each_i(-1 << 20)
    for car in range(np.int64(N[at.SIZE + CARS])):
        noise = each_f(T[NOISE_MS + car * 8])
        added, worn = each_f(T[at.LAP_MS + car * 128 + i]), each_f(T[at.LAP_WEAR + car * 128 + i])
        count = each_i(counter(LAP, lap, car))
        for lane in range(0, BLOCK, WIDTH):
            p = car * BLOCK + lane
            h = drawn_lanes(load(I, at.LUCK + lane), load(I, at.LUCK_2 + lane), count)
            age, drift = load(F, at.AGE + p), load(F, at.DRIFT + p)
            over = larger(age - load(F, at.LIFE + p), zero)
            tyre = (load(F, at.LINEAR + p) + load(F, at.CURVED + p) * age) * age + load(F, at.CLIFF + p) * over
            free = load(F, at.BASE + lane) + load(F, at.LEVEL + p) + added + tyre + drift + load(F, at.EXTRA + p)
            dealt = gather(N, at.DEALT, shifted_down(h, 22))
            free = free + as_float(moved_down(shifted_up(dealt, 16), 16)) * (noise * load(F, at.WET_NOISE + lane))
            ms = smaller(larger(as_int(free + half), ten), most)
            flag = load(I, at.FLAG + p)
            word = shifted_up(ms, 1) + flag + (dealt & top)
            store(I, at.WORD + p, where(flag == two, one, word))
            store(I, at.FLAG + p, flag & two)
            store(F, at.EXTRA + p, zero)
            store(F, at.AGE + p, age + worn)
            store(F, at.DRIFT + p, drift * kept + (as_float(h & low) - middle) * step)


@inner
def traffic(T, N, F, I, lap):
    """Cars meet, from the first to the last: new keys into NEXT, in no order; the lowest is nobody's.

    The car that would be next in front (``last``) is held back from being written until it is known whether the one
    behind passes it: the one that ends up ahead is written.
    """
    cars = N[at.SIZE + CARS]
    follow, cost, passed = each_i(int(T[FOLLOW])), each_i(int(T[COST])), each_i(int(T[PASSED]))
    blue, lapping, zero_i, one_i = each_i(int(T[BLUE])), each_i(int(T[LAPPING])), each_i(0), each_i(1)
    steps = np.float32(LUCK_STEPS)
    help_is, train, per_ms = each_f(T[HELP] * steps), each_f(T[TRAIN] * steps), each_f(T[PER_MS] * steps)
    nearness, zero, one = each_f(np.float32(1.0) / T[DIRTY_RANGE]), each_f(np.float32(0.0)), each_f(np.float32(1.0))
    most, ms = each_i(3000), each_i(LONGEST)
    who, far = each_i(31), each_i(1_000_000)
    for lane in range(0, BLOCK, WIDTH):
        lanes = lane_numbers() + each_i(lane)
        racing, help_gap = load(I, at.RACING + lane), load(I, at.HELP_GAP + lane)
        dirty, chance, inverse = (
            load(F, DIRTY_ROW + lane),
            load(F, PASS_ROW + lane) * each_f(steps),
            load(F, at.INVERSE + lane),
        )
        lead_was = shifted_down(load(I, at.KEYS + BLOCK + lane), 5)
        was = lead_was - far
        last_at, last_who = each_i(at.NOBODY_MS), who
        before, lapped, leads = each_i(at.NOBODY_MS), zero_i, zero_i
        last_train = zero
        for slot in range(1, cars + 1):
            key = load(I, at.KEYS + slot * BLOCK + lane)
            car, start = key & who, shifted_down(key, 5)
            word = gather(I, at.WORD, shifted_up(car, SHIFT) + lanes)
            gap = start - was
            was = start
            near = larger(one - as_float(larger(gap, zero_i)) * nearness, zero)
            alone = ((word & one_i) | (racing ^ one_i)) == one_i
            time = start + (shifted_down(word, 1) & ms) + where(alone, zero_i, as_int(dirty * near))
            if slot == 1:
                time = time + load(I, at.LEAD_COST + lane)
                leads = time
            down = as_int(as_float(time - leads) * inverse) > as_int(as_float(start - lead_was) * inverse)
            down = down & (start < each_i(at.OUT_MS))
            time = time + where(down, blue, zero_i)
            lapped = lapped + where(down, lapping, zero_i)
            ahead = last_at - time
            helped = gap <= help_gap
            odds = chance + per_ms * as_float(smaller(ahead, most)) + where(helped, help_is + last_train, zero)
            passes = (as_float(moved_down(word, 20)) < odds) & (ahead > zero_i) & ~alone
            by = larger(time + cost, before + follow)
            time = where(alone, time, where(passes, by, larger(time, last_at + follow)))
            first = alone | passes
            store(
                I,
                at.NEXT + (slot - 1) * BLOCK + lane,
                shifted_up(where(first, time, last_at), 5) | where(first, car, last_who),
            )
            before = where(alone, before, where(passes, time, last_at))
            last_at = where(passes, larger(last_at + passed, time + follow), where(alone, last_at, time))
            last_who = where(first, last_who, car)
            last_train = where(first, last_train, where(helped, train, zero))
        store(I, at.NEXT + cars * BLOCK + lane, shifted_up(last_at, 5) | last_who)
        store(I, at.LEAD_COST + lane, lapped)


@inner
def put_in_order(N, I):
    """Sort the keys of each race by a fixed network of comparisons."""
    for pair in range(N[at.PAIRS]):
        upper = at.NEXT + N[at.PAIRS + 1 + 2 * pair] * BLOCK
        lower = at.NEXT + N[at.PAIRS + 2 + 2 * pair] * BLOCK
        for lane in range(0, BLOCK, WIDTH):
            left, right = load(I, upper + lane), load(I, lower + lane)
            store(I, upper + lane, smaller(left, right))
            store(I, lower + lane, larger(left, right))


@inner
def places(N, I, place):
    """From keys in order to time and place by car."""
    for slot in range(1, N[at.SIZE + CARS] + 1):
        row = slot * BLOCK
        for lane in range(0, BLOCK, WIDTH):
            store(I, at.KEYS + row + lane, load(I, at.NEXT + row + lane))
        for lane in range(BLOCK):
            key = np.int64(I[at.NEXT + row + lane])
            index = ((key & 31) << SHIFT) + lane
            I[at.AT + index] = key >> 5
            place[index] = slot - 1


@inner
def counted(N, I, place, i, fan, sums):
    """Add the lap to what is kept of all races: places, gaps to the leader, lap times, how many still run."""
    cars, laps = np.int64(N[at.SIZE + CARS]), np.int64(N[at.SIZE + Size.LAPS])
    out, zero, one = each_i(at.OUT_MS), each_i(0), each_i(1)
    for car in range(cars):
        for slot in range(cars):
            fan[(i * cars + car) * cars + slot] += how_many(place, car * BLOCK, slot)
        gaps, times, many = zero, zero, zero
        for lane in range(0, BLOCK, WIDTH):
            now, was = load(I, at.AT + car * BLOCK + lane), load(I, at.WAS_AT + car * BLOCK + lane)
            lead = shifted_down(load(I, at.KEYS + BLOCK + lane), 5)
            run = now < out
            gaps = gaps + where(run, now - lead, zero)
            times = times + where(run, now - was, zero)
            many = many + where(run, one, zero)
            store(I, at.WAS_AT + car * BLOCK + lane, now)
        sums[i * cars + car] += total(gaps)
        sums[(laps + i) * cars + car] += total(times)
        sums[(2 * laps + i) * cars + car] += total(many)
