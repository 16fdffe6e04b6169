"""Who stops, who retires, and what a stop does: what happens to one car of one race at a time."""
# pyright: basic
# ruff: noqa: N803, E741, PLR1714, SIM102 -- T, N, F and I are the arrays of `layout`; nested tests spare work

from __future__ import annotations

import math

import numpy as np

from overcut.strategy.simulator import layout as at
from overcut.strategy.simulator.chance import Purpose
from overcut.strategy.simulator.dice import drawn, share
from overcut.strategy.simulator.lanes import BLOCK, SHIFT, WIDTH, bits, each_i, first_bit, inner, load
from overcut.strategy.simulator.lowering import CarColumn, CarFigure, Draw, Figure, Size

STOP, STINT, EXCESS, CHOICE = int(Purpose.STOP), int(Purpose.STINT), int(Purpose.EXCESS), int(Purpose.CHOICE)
SECONDS, PENALTY, CAUSE = int(Purpose.SECONDS), int(Purpose.PENALTY), int(Purpose.CAUSE)
TOTAL, COMPOUNDS, FIRST = at.SIZE + Size.TOTAL, at.SIZE + Size.COMPOUNDS, at.SIZE + Size.FIRST
REQUIRED, STOPS_REQUIRED = at.SIZE + Size.REQUIRED, at.SIZE + Size.STOPS_REQUIRED
ONLY_THESE, CARS = at.SIZE + Size.ONLY_THESE, at.SIZE + Size.CARS
PLANNED, REACTS = int(CarColumn.PLANNED), int(CarColumn.REACTS)
STOPS_PLANNED, STOPS_BEFORE = int(CarColumn.STOPS_PLANNED), int(CarColumn.STOPS)
SHARE_IN, STACK, STINT_MS = at.FIGURE + Figure.IN_LAP_SHARE, at.FIGURE + Figure.DOUBLE_STACK, at.FIGURE + Figure.STINT
WEAR, RIVAL_GAP = at.FIGURE + Figure.WEAR_FACTOR, at.FIGURE + Figure.RIVAL_GAP
AFTER_SC, AFTER_VSC = at.FIGURE + Figure.SC_AFTER_RETIREMENT, at.FIGURE + Figure.VSC_AFTER_RETIREMENT
PENALTY_RATE = at.FIGURE + Figure.PENALTY_RATE
FIRST_TYRE, LOSS, LOSS_SC, LOSS_VSC = int(Draw.FIRST_TYRE), int(Draw.LOSS), int(Draw.LOSS_SC), int(Draw.LOSS_VSC)
NO_CAUTION = 4
WAIVED = 1 << 8
"""Bit of USED: a wet tyre was used, so that no second dry compound is needed."""


@inner
def laps_until(rate, share_drawn):
    """How many laps pass before an event (geometric); ``rate`` is 1 / log(1 - chance per lap), 0 for never."""
    if rate == 0.0:
        return at.NEVER
    return min(at.NEVER, int(math.log(1.0 - float(share_drawn)) * float(rate)))


@inner
def loss_of(F, status, lane):
    """What a clean stop costs in this race under this status, in ms."""
    row = LOSS
    if status == 1:
        row = LOSS_SC
    elif status == 2:
        row = LOSS_VSC
    elif status == 3:
        return np.float32(0.0)
    return F[at.DRAWN + row * BLOCK + lane]


@inner
def still_needs(N, I, car, p):
    """1 where the rules demand another stop of this car, else 0."""
    used = I[at.USED + p]
    different = 0
    for k in range(N[COMPOUNDS]):
        different += (used >> k) & 1
    if different < N[REQUIRED] and used & WAIVED == 0:
        return 1
    return int(N[at.CAR + car * 16 + STOPS_BEFORE] + I[at.MADE + p] < N[STOPS_REQUIRED])


@inner
def next_event(I, p):
    """Write down on which lap something happens to this car next."""
    I[at.EVENT + p] = min(I[at.STOP_LAP + p], I[at.RETIRE_LAP + p], I[at.PENALTY_LAP + p])


@inner
def next_planned(N, I, car, p):
    """The lap of the plan's next stop."""
    if I[at.PLAN_AT + p] < N[at.CAR + car * 16 + STOPS_PLANNED]:
        return N[at.PLAN_LAP + car * 16 + I[at.PLAN_AT + p]]
    return at.NEVER


@inner
def next_stop(N, I, when, row, car, p, lane, lap):
    """Decide on which lap the car stops next if nothing happens: by its plan, else by the table's row."""
    if N[at.CAR + car * 16 + PLANNED] == 1:
        stop = next_planned(N, I, car, p)
    else:
        stop = int(when[row * at.BINS + (drawn(I[at.LUCK + lane], I[at.LUCK_2 + lane], STOP, lap, car + 32) >> 23)])
        if stop == 255:
            stop = at.NEVER
    I[at.STOP_LAP + p] = stop


@inner
def retires(T, N, F, I, place, car, lane, lap):
    """The car is out; those behind move up; it may bring out the safety car on the next lap."""
    p = car * BLOCK + lane
    running, slot = I[at.RUNNING + lane], np.int64(place[p]) + 1
    gone = (at.OUT_MS + (1023 - lap) * 32 + slot) << 5 | car
    for s in range(slot, running):
        key = I[at.KEYS + (s + 1) * BLOCK + lane]
        I[at.KEYS + s * BLOCK + lane] = key
        place[(key & 31) * BLOCK + lane] = s - 1
    I[at.KEYS + running * BLOCK + lane] = gone
    place[p] = running - 1
    I[at.RUNNING + lane] = running - 1
    I[at.FLAG + p] = 2
    I[at.EVENT + p] = at.NEVER
    if N[ONLY_THESE] == 0:
        u = share(I[at.LUCK + lane], I[at.LUCK_2 + lane], CAUSE, lap, car)
        if u < T[AFTER_SC]:
            I[at.PENDING + lane] = 1
        elif u < T[AFTER_SC] + T[AFTER_VSC] and I[at.PENDING + lane] == 0:
            I[at.PENDING + lane] = 2


@inner
def comes_in(T, N, F, I, car, lane):
    """The car stops at the end of this lap."""
    p = car * BLOCK + lane
    if I[at.STOPPING + p] == 1:
        return
    I[at.STOPPING + p] = 1
    I[at.FLAG + p] |= 1
    F[at.EXTRA + p] += T[SHARE_IN] * loss_of(F, I[at.STATUS + lane], lane)
    count = I[at.STOPS]
    I[at.STOPS + 1 + count] = p
    I[at.STOPS] = count + 1


@inner
def happens(T, N, F, I, place, lap):
    """Everything that was decided for this lap: retirements, penalties, stops."""
    now = each_i(lap)
    for car in range(np.int64(N[at.SIZE + Size.CARS])):
        for lane in range(0, BLOCK, WIDTH):
            found = bits(load(I, at.EVENT + car * BLOCK + lane) == now)
            while found != 0:
                event(T, N, F, I, place, car, lane + first_bit(found), lap)
                found &= found - 1


@inner
def event(T, N, F, I, place, car, lane, lap):
    """What was decided for one car on this lap."""
    p = car * BLOCK + lane
    luck, luck_2 = I[at.LUCK + lane], I[at.LUCK_2 + lane]
    if I[at.RETIRE_LAP + p] == lap:
        retires(T, N, F, I, place, car, lane, lap)
        return
    if I[at.PENALTY_LAP + p] == lap:
        F[at.PENALTY + p] += T[at.SECONDS + (drawn(luck, luck_2, SECONDS, lap, car) >> 22)]
        wait = laps_until(T[PENALTY_RATE], share(luck, luck_2, PENALTY, lap, car))
        I[at.PENALTY_LAP + p] = lap + 1 + wait
    if I[at.STOP_LAP + p] == lap:
        planned_on_water = (
            N[at.CAR + car * 16 + REACTS] == 1 and N[at.KIND + I[at.TYRE + p]] > 0 and stays_wet(T, F, lane)
        )
        if lap < N[TOTAL] and not planned_on_water:
            comes_in(T, N, F, I, car, lane)
        elif planned_on_water:  # the plan's stop was for dry tyres
            I[at.PLAN_AT + p] += 1
            I[at.STOP_LAP + p] = next_planned(N, I, car, p)
    next_event(I, p)


@inner
def stays_wet(T, F, lane):
    """Whether slicks are not the quickest tyre now."""
    step = int(F[at.WETNESS + lane] * np.float32(256.0) + np.float32(0.5))
    dry = T[at.WATER + step]
    return T[at.WATER + at.WATER_ROW + step] < dry or T[at.WATER + 2 * at.WATER_ROW + step] < dry


@inner
def tempted(T, I, car, lane, lap, caution):
    """Under a caution, or after a rival stopped, a team may stop that otherwise would not on this lap.

    With log-odds ``x`` of a stop otherwise and ``x + s`` now, the chance given that it does not stop anyway has the
    odds ``sigmoid(x) * (exp(s) - 1)``; their logarithms are tabulated.
    """
    p = car * BLOCK + lane
    tyre, age = np.int64(I[at.TYRE + p]), min(255, lap - np.int64(I[at.FITTED + p]))
    needs = np.int64(I[at.NEEDS + p])
    odds = T[at.STOP_AGE + tyre * 256 + age] + T[at.STOP_REMAINING + needs * 128 + lap]
    step = min(1023, max(0, int((odds + np.float32(32.0)) * np.float32(16.0))))
    odds = T[at.LOG_CHANCE + step] + T[at.CAUTION + (caution * 8 + tyre) * 256 + age]
    h = drawn(I[at.LUCK + lane], I[at.LUCK_2 + lane], STOP, lap, car)
    return T[at.LOGISTIC + (h >> 22)] < odds


@inner
def may_react(N, I, car, p):
    """Whether it is for the team to decide: no plan, or one that may be changed and has a stop to bring forward."""
    if N[at.CAR + car * 16 + PLANNED] == 0:
        return True
    return N[at.CAR + car * 16 + REACTS] == 1 and I[at.PLAN_AT + p] < N[at.CAR + car * 16 + STOPS_PLANNED]


@inner
def react(T, N, F, I, lap):
    """Stops that nobody had in mind: under a caution, and after a rival's."""
    if lap >= N[TOTAL]:
        return
    for lane in range(BLOCK):
        status = I[at.STATUS + lane]
        if status == 1 or status == 2:
            for car in range(np.int64(N[CARS])):
                p = car * BLOCK + lane
                after_rival = 2 if I[at.RIVAL_LAP + p] == lap else 0
                if tempted(T, I, car, lane, lap, status - 1 + after_rival):
                    if I[at.FLAG + p] != 2 and I[at.STOPPING + p] == 0 and may_react(N, I, car, p):
                        comes_in(T, N, F, I, car, lane)
    for j in range(I[at.RIVALS]):
        p = np.int64(I[at.RIVALS + 1 + j])
        car, lane = p >> SHIFT, p & (BLOCK - 1)
        if I[at.STATUS + lane] == 0 and I[at.FLAG + p] != 2 and I[at.STOPPING + p] == 0:
            if N[at.CAR + car * 16 + PLANNED] == 0 and tempted(T, I, car, lane, lap, np.int64(NO_CAUTION)):
                comes_in(T, N, F, I, car, lane)


@inner
def fitted(T, N, F, I, car, lane, lap, tyre, age):
    """A set of tyres is on: its figures in this race, and how the car goes on it."""
    p = car * BLOCK + lane
    row = at.DRAWN + (FIRST_TYRE + 6 * tyre) * BLOCK + lane
    car_row = at.DRAWN + (FIRST_TYRE + 6 * N[COMPOUNDS] + 2 * car) * BLOCK + lane
    wear = F[car_row + BLOCK] * T[WEAR]
    shift = T[at.NORMAL + (drawn(I[at.LUCK + lane], I[at.LUCK_2 + lane], STINT, lap, car) >> 22)]
    F[at.LEVEL + p] = F[car_row] + F[row] + T[STINT_MS] * shift
    F[at.DRIFT + p] = np.float32(0.0)
    F[at.AGE + p] = np.float32(age)
    F[at.LINEAR + p] = wear * F[row + BLOCK]
    F[at.CURVED + p] = wear * F[row + 2 * BLOCK]
    F[at.LIFE + p] = F[row + 3 * BLOCK]
    F[at.CLIFF + p] = wear * F[row + 4 * BLOCK]
    I[at.TYRE + p] = tyre
    I[at.FITTED + p] = lap - age
    if N[at.KIND + tyre] == 0:
        I[at.USED + p] |= 1 << tyre
    else:
        I[at.USED + p] |= WAIVED
    I[at.NEEDS + p] = still_needs(N, I, car, p)


@inner
def new_tyre(T, N, I, car, lane, lap, kind):
    """The compound that a team without a plan takes; ``kind``: for which water."""
    p = car * BLOCK + lane
    if kind > 0:
        for k in range(N[COMPOUNDS]):
            if N[at.KIND + k] == kind:
                return k
    mask = I[at.USED + p] & 255
    if I[at.USED + p] & WAIVED != 0:
        mask = (1 << N[COMPOUNDS]) - 1
    u = share(I[at.LUCK + lane], I[at.LUCK_2 + lane], CHOICE, lap, car)
    row, k = at.CHOICE + (mask * 128 + lap) * 8, 0
    while k < N[COMPOUNDS] - 1 and T[row + k] <= u:
        k += 1
    return k


@inner
def best_kind(T, N, F, lane):
    """The quickest kind of tyre for the water now, of those that there are."""
    step = int(F[at.WETNESS + lane] * np.float32(256.0) + np.float32(0.5))
    best, cost = 0, T[at.WATER + step]
    for k in range(N[COMPOUNDS]):
        kind = N[at.KIND + k]
        if T[at.WATER + kind * at.WATER_ROW + step] < cost:
            best, cost = kind, T[at.WATER + kind * at.WATER_ROW + step]
    return best


@inner
def stopped(T, N, F, I, place, when, lap, car, lane, free):
    """Change the tyres of a car at the end of a lap; ``free``: under a red flag. Gives the compound."""
    p = car * BLOCK + lane
    kind = I[at.WATER_FOR + p]
    for_water = kind >= 0
    if not for_water:
        kind = best_kind(T, N, F, lane) if F[at.WETNESS + lane] > 0.0 else 0
    tyre, age, planned = -1, 0, N[at.CAR + car * 16 + PLANNED] == 1
    if planned and not for_water and I[at.PLAN_AT + p] < N[at.CAR + car * 16 + STOPS_PLANNED]:
        chosen = N[at.PLAN_TYRE + car * 16 + I[at.PLAN_AT + p]]
        tyre, age = np.int64(chosen & 255), np.int64(chosen >> 8)
        I[at.PLAN_AT + p] += 1
    if tyre < 0:
        tyre = new_tyre(T, N, I, car, lane, lap, kind)
    if planned:
        while (
            I[at.PLAN_AT + p] < N[at.CAR + car * 16 + STOPS_PLANNED]
            and N[at.PLAN_LAP + car * 16 + I[at.PLAN_AT + p]] <= lap
        ):
            I[at.PLAN_AT + p] += 1
    I[at.MADE + p] += 0 if free else 1
    fitted(T, N, F, I, car, lane, lap, tyre, age)
    I[at.ON_WATER + lane] += int(N[at.KIND + tyre] > 0)  # they cost time on a dry track too
    cost = F[at.DRAWN + (FIRST_TYRE + 6 * tyre + 5) * BLOCK + lane]
    if not free:
        if I[at.STATUS + lane] != 3:
            slow = T[at.EXCESS + (drawn(I[at.LUCK + lane], I[at.LUCK_2 + lane], EXCESS, lap, car) >> 22)]
            cost += (np.float32(1.0) - T[SHARE_IN]) * loss_of(F, I[at.STATUS + lane], lane) + slow
            cost += T[at.CAR_FIGURE + car * 8 + CarFigure.STOP_EXCESS] + queues(T, N, I, car, lane)
            leaves_its_mark(T, N, I, place, car, lane, lap)
        cost += F[at.PENALTY + p]
        F[at.PENALTY + p] = np.float32(0.0)
        I[at.FLAG + p] |= 1
    F[at.EXTRA + p] += cost
    next_stop(N, I, when, (tyre * 2 + I[at.NEEDS + p]) * 128 + lap, car, p, lane, lap)
    next_event(I, p)
    return tyre


@inner
def at_line(N, I, car, lane):
    """When a car crossed the line at the end of the lap."""
    for slot in range(1, N[CARS] + 1):
        if I[at.NEXT + slot * BLOCK + lane] & 31 == car:
            return I[at.NEXT + slot * BLOCK + lane] >> 5
    return 0


@inner
def queues(T, N, I, car, lane):
    """How long a car waits for its team mate, who is in the box."""
    wait = np.float32(0.0)
    row = at.MATES + car * 32
    for j in range(N[row]):
        mate = np.int64(N[row + 1 + j])
        if I[at.STOPPING + mate * BLOCK + lane] == 1:
            lead = at_line(N, I, car, lane) - at_line(N, I, mate, lane)
            if lead > 0 or (lead == 0 and mate < car):
                wait += max(np.float32(0.0), T[STACK] - np.float32(lead))
    return wait


@inner
def leaves_its_mark(T, N, I, place, car, lane, lap):
    """Those right ahead and behind as the lap began are tempted to stop on the next lap."""
    slot = np.int64(place[car * BLOCK + lane]) + 1
    mine = I[at.KEYS + slot * BLOCK + lane] >> 5
    for other in (slot - 1, slot + 1):
        if 1 <= other <= I[at.RUNNING + lane]:
            key = I[at.KEYS + other * BLOCK + lane]
            p = (key & 31) * BLOCK + lane
            if abs((key >> 5) - mine) <= T[RIVAL_GAP] and I[at.RIVAL_LAP + p] != lap + 1:
                I[at.RIVAL_LAP + p] = lap + 1
                I[at.FRESH_RIVALS + 1 + I[at.FRESH_RIVALS]] = p
                I[at.FRESH_RIVALS] += 1
