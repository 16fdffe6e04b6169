"""The race model once more, one race and one car at a time, in plain Python: what the kernel must equal.

It shares with the kernel what a race is lowered to (`Lowered`) and the table of next stops, and nothing that computes.
Every number is rounded to float32 where the kernel's is, so that results are equal to the millisecond.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from overcut.strategy.simulator.chance import Purpose
from overcut.strategy.simulator.lowering import CarColumn, CarFigure, Draw, Figure, Lowered, Size
from overcut.strategy.simulator.packing import dealt, next_stops

f32 = np.float32
ZERO = f32(0)
WORD = 0xFFFFFFFF
OUT = 40_000_000
NEVER = 10_000


@dataclass
class Car:
    """One car of the race."""

    index: int
    time: int
    out: bool
    flag: bool
    tyre: int
    used: int
    waived: bool
    made: int = 0
    plan_at: int = 0
    penalty: f32 = ZERO
    extra: f32 = ZERO
    trace_extra: f32 = ZERO
    level: f32 = ZERO
    drift: f32 = ZERO
    age: f32 = ZERO
    fitted: int = 0
    start: int = 0
    wear: list[f32] = field(default_factory=list)
    stop_lap: int = NEVER
    retire_lap: int = NEVER
    penalty_lap: int = NEVER
    stopping: bool = False
    water_for: int = -1
    rival_lap: int = 0
    trace: list[int] = field(default_factory=list)
    fits: list[int] = field(default_factory=list)


class RaceByHand:
    """One race of a scenario."""

    def __init__(self, low: Lowered, words: np.ndarray) -> None:
        self.low, self.s0, self.s1 = low, int(words[0]), int(words[1])
        self.when = next_stops(low).reshape(-1, 512)
        self.dealt = dealt(low)
        size = [int(v) for v in low.size]
        self.size = dict(zip(Size, size, strict=False))
        self.fg = low.figure
        self.draw = [
            max(
                f32(low.draw_mean[e] + f32(low.draw_sd[e] * self.normal(Purpose.ESTIMATE, e >> 5, e & 31))),
                low.draw_least[e],
            )
            for e in range(low.draw_mean.size)
        ]
        self.status, self.since, self.left = self.size[Size.STATUS], self.size[Size.SINCE], 0
        if self.status:
            row = 1 if self.status == 2 else 0
            self.left = max(1, int(low.lasts[row, self.top(Purpose.LENGTH, 0, 0)]) - self.since)
            if self.status == 3:
                self.left = 1
        self.wetness, self.raining = f32(self.fg[Figure.WETNESS]), self.size[Size.RAINING]
        self.intensity = self.rain_strength(0)
        self.green = self.size[Size.GREEN_LAPS]
        self.standing = self.size[Size.FIRST] == 1
        self.pending, self.neutral, self.lead_cost, self.on_water = 0, 0, 0, 0
        self.cars = [self.line_up(c, slot) for slot, c in enumerate(low.order.tolist())]
        self.rivals: list[Car] = []

    # ---- luck
    def bits(self, purpose: int, lap: int, car: int) -> int:
        x = (self.s0 + (purpose << 16 | lap << 8 | car) * 0x9E3779B1) & WORD
        x ^= x >> 16
        x = (x * 0x7FEB352D) & WORD
        x ^= self.s1
        x ^= x >> 15
        x = (x * 0x846CA68B) & WORD
        return x ^ x >> 16

    def top(self, purpose: int, lap: int, car: int) -> int:
        return self.bits(purpose, lap, car) >> 22

    def share(self, purpose: int, lap: int, car: int) -> f32:
        return f32(f32(self.bits(purpose, lap, car) >> 8) * f32(1 / 16777216))

    def normal(self, purpose: int, lap: int, car: int) -> f32:
        return self.low.normal[self.top(purpose, lap, car)]

    def rain_strength(self, lap: int) -> f32:
        draw = self.low.exponential[self.top(Purpose.INTENSITY, lap, 0)]
        return f32(self.fg[Figure.INTENSITY] * min(f32(4), draw))

    # ---- cars
    def line_up(self, c: int, slot: int) -> Car:
        row, figure, first = self.low.car[c], self.low.car_figure[c], self.size[Size.FIRST]
        gone = bool(row[CarColumn.RETIRED])
        car = Car(
            int(c), OUT + 1023 * 32 + slot if gone else int(row[CarColumn.START_MS]), gone, bool(row[CarColumn.IN_PIT]),
            int(row[CarColumn.COMPOUND]), int(row[CarColumn.USED]), bool(row[CarColumn.WAIVED]),
            penalty=figure[CarFigure.PENALTY],
        )  # fmt: skip
        if row[CarColumn.IN_PIT]:
            rest = f32(f32(f32(1) - self.fg[Figure.IN_LAP_SHARE]) * self.draw[Draw.LOSS])
            car.extra = f32(rest + self.draw[Draw.FIRST_TYRE + 6 * car.tyre + 5])
        car.start = car.time
        self.fit(car, first - 1, car.tyre, int(row[CarColumn.AGE]))
        self.on_water += int(self.low.kind[car.tyre] > 0 and not gone)
        if gone:
            return car
        chance, u = figure[CarFigure.RETIREMENT], self.share(Purpose.RETIRE, 0, c)
        early = min(f32(1), f32(chance * self.fg[Figure.LAP_ONE_FACTOR])) if first == 1 else f32(0)
        car.retire_lap = first
        if u >= early:
            u = f32(f32(u - early) / f32(f32(1) - early))
            laps = self.laps_until(figure[CarFigure.RETIREMENT_RATE], u)
            car.retire_lap = first + (first == 1) + laps if u < figure[CarFigure.RETIRES] else NEVER
        u, rate = self.share(Purpose.PENALTY, 0, c), self.fg[Figure.PENALTY_RATE]
        car.penalty_lap = first + self.laps_until(rate, u) if u < self.fg[Figure.PENALISED] else NEVER
        self.schedule(car, self.size[Size.COMPOUNDS] * 256 + car.index, first - 1)
        return car

    @staticmethod
    def laps_until(rate: f32, u: f32) -> int:
        return NEVER if rate == 0 else min(NEVER, int(math.log(1 - float(u)) * float(rate)))

    def planned(self, car: Car) -> bool:
        return bool(self.low.car[car.index, CarColumn.PLANNED])

    def reacts(self, car: Car) -> bool:
        return bool(self.low.car[car.index, CarColumn.REACTS])

    def plan_left(self, car: Car) -> bool:
        return car.plan_at < self.low.car[car.index, CarColumn.STOPS_PLANNED]

    def needs(self, car: Car) -> int:
        if car.used.bit_count() < self.size[Size.REQUIRED] and not car.waived:
            return 1
        return int(int(self.low.car[car.index, CarColumn.STOPS]) + car.made < self.size[Size.STOPS_REQUIRED])

    def schedule(self, car: Car, row: int, lap: int) -> None:
        if self.planned(car):
            car.stop_lap = int(self.low.plan_lap[car.index, car.plan_at]) if self.plan_left(car) else NEVER
            return
        lap = int(self.when[row, self.bits(Purpose.STOP, lap, car.index + 32) >> 23])
        car.stop_lap = NEVER if lap == 255 else lap

    def fit(self, car: Car, lap: int, tyre: int, age: int) -> None:
        offset, linear, curved, life, cliff, _ = self.draw[Draw.FIRST_TYRE + 6 * tyre : Draw.FIRST_TYRE + 6 * tyre + 6]
        pace, wear = self.draw[Draw.FIRST_TYRE + 6 * self.size[Size.COMPOUNDS] + 2 * car.index :][:2]
        wear = f32(wear * self.fg[Figure.WEAR_FACTOR])
        shift = f32(self.fg[Figure.STINT] * self.normal(Purpose.STINT, lap, car.index))
        car.level = f32(f32(pace + offset) + shift)
        car.drift, car.age, car.tyre, car.fitted = f32(0), f32(age), tyre, lap - age
        car.wear = [f32(wear * linear), f32(wear * curved), life, f32(wear * cliff)]
        if self.low.kind[tyre] == 0:
            car.used |= 1 << tyre
        else:
            car.waived = True

    def running(self) -> list[Car]:
        return [car for car in self.cars if not car.out]

    # ---- a lap
    def play(self) -> None:
        for i in range(self.size[Size.LAPS]):
            self.lap(self.size[Size.FIRST] + i, i)

    def lap(self, lap: int, i: int) -> None:
        fg, total = self.fg, self.size[Size.TOTAL]
        self.caution(lap, i)
        self.weather(lap, i)
        trend = f32(self.draw[Draw.TREND] * f32(total - lap))
        self.base = f32(f32(self.draw[Draw.LAP] + trend) + fg[Figure.GRIP])
        if self.wetness > 0 or self.on_water:
            self.water(lap)
        for car in sorted(self.running(), key=lambda car: car.index):
            self.happens(car, lap)
        if lap < total:
            self.react(lap)
        stoppers = [car for car in self.cars if car.stopping and not car.out]
        grid = self.running()
        started = {car.index: car.time for car in grid}
        words = {car.index: self.free_lap(car, slot, lap, i) for slot, car in enumerate(grid)}
        if self.status == 0:
            self.race(grid, words)
        else:
            self.neutralised(grid)
        order = sorted(grid, key=lambda car: (car.time, car.index))
        if self.status in (1, 3):
            self.bunch(order)
        if lap == total:
            for car in order:
                car.time += int(f32(car.penalty + f32(0.5)))
            order.sort(key=lambda car: (car.time, car.index))
        self.changes(stoppers, grid, started, lap, i)
        self.cars = order + sorted((car for car in self.cars if car.out), key=lambda car: (car.time, car.index))
        self.over(i)
        for car in self.cars:
            car.trace.append(-1 if car.out else car.time)

    def caution(self, lap: int, i: int) -> None:
        fg, was, forced = self.fg, self.status, int(self.low.forced[i])
        if forced >= 0:
            if forced != self.status:
                self.since = 0
            self.status, self.left = forced, 1
        elif self.left <= 0:
            self.status = 0
            if not self.size[Size.ONLY_THESE] and lap > 1:
                u, sc = self.share(Purpose.NEUTRAL, lap, 0), self.draw[Draw.SC]
                if self.pending == 1 or (self.pending == 0 and u < sc):
                    self.since, self.status = 0, 1
                    self.left = int(self.low.lasts[0, self.top(Purpose.LENGTH, lap, 0)])
                    if self.share(Purpose.RED, lap, 0) < fg[Figure.RED_SHARE]:
                        self.status, self.left = 3, 1
                elif self.pending == 2 or u < f32(sc + self.draw[Draw.VSC]):
                    self.since, self.status = 0, 2
                    self.left = int(self.low.lasts[1, self.top(Purpose.LENGTH, lap, 0)])
        if self.status == 0 and was in (1, 3):
            self.green = 0
        self.pending = 0
        early = self.share(Purpose.NEUTRAL, 0, 1) < fg[Figure.SC_LAP_ONE]
        if lap == 1 and early and not self.size[Size.ONLY_THESE]:
            self.pending = 1

    def weather(self, lap: int, i: int) -> None:
        forced, u = self.low.rain[i], self.share(Purpose.RAIN, lap, 0)
        if forced > 0:
            self.wetness, self.raining = min(f32(1), f32(self.wetness + forced)), 0
            return
        if self.size[Size.ONLY_THESE]:
            self.raining = 0
        elif self.raining:
            self.raining = int(u >= self.fg[Figure.RAIN_ENDS])
        elif u < self.fg[Figure.RAIN_BEGINS]:
            self.raining, self.intensity = 1, self.rain_strength(lap)
        if self.raining:
            self.wetness = min(f32(1), f32(self.wetness + self.intensity))
        elif self.wetness > 0:
            self.wetness = max(f32(0), f32(self.wetness - self.fg[Figure.DRYING]))

    def costs(self) -> list[f32]:
        step = int(f32(f32(self.wetness * f32(256)) + f32(0.5)))
        return [self.low.water[self.low.kind[k], step] for k in range(self.size[Size.COMPOUNDS])]

    def best_kind(self) -> int:
        costs = self.costs()
        best, cost = 0, self.low.water[0, int(f32(f32(self.wetness * f32(256)) + f32(0.5)))]
        for k, other in enumerate(costs):
            if other < cost:
                best, cost = int(self.low.kind[k]), other
        return best

    def water(self, lap: int) -> None:
        fg, costs = self.fg, self.costs()
        self.on_water = 0
        for car in sorted(self.running(), key=lambda car: car.index):
            chance = self.low.car_figure[car.index, CarFigure.RETIREMENT]
            chance = f32(f32(chance * f32(fg[Figure.WET_RETIREMENT] - f32(1))) * self.wetness)
            if self.share(Purpose.ACCIDENT, lap, car.index) < chance:
                self.retire(car, lap)
                continue
            kind, now = int(self.low.kind[car.tyre]), costs[car.tyre]
            car.extra = f32(car.extra + now)
            self.on_water += int(kind > 0)
            best, cost = kind, now
            for k, other in enumerate(costs):
                if other < cost:
                    best, cost = int(self.low.kind[k]), other
            spread = f32(fg[Figure.SWITCH_SPREAD] * self.normal(Purpose.SWITCH, 0, car.index))
            may = not self.planned(car) or self.reacts(car)
            if (
                best != kind
                and lap < self.size[Size.TOTAL]
                and may
                and f32(now - cost) > f32(fg[Figure.SWITCH_AT] + spread)
            ):
                car.water_for = best
                self.come_in(car)

    def retire(self, car: Car, lap: int) -> None:
        slot = self.cars.index(car)
        last = len(self.running()) - 1
        car.out, car.stopping, car.flag, car.time = True, False, False, OUT + (1023 - lap) * 32 + slot + 1
        self.cars.remove(car)
        self.cars.insert(last, car)
        if not self.size[Size.ONLY_THESE]:
            u, sc, vsc = (
                self.share(Purpose.CAUSE, lap, car.index),
                self.fg[Figure.SC_AFTER_RETIREMENT],
                self.fg[Figure.VSC_AFTER_RETIREMENT],
            )
            if u < sc:
                self.pending = 1
            elif u < f32(sc + vsc) and self.pending == 0:
                self.pending = 2

    def loss(self) -> f32:
        return [self.draw[Draw.LOSS], self.draw[Draw.LOSS_SC], self.draw[Draw.LOSS_VSC], f32(0)][self.status]

    def come_in(self, car: Car) -> None:
        if not car.stopping:
            car.stopping = car.flag = True
            car.extra = f32(car.extra + f32(self.fg[Figure.IN_LAP_SHARE] * self.loss()))

    def happens(self, car: Car, lap: int) -> None:
        if car.retire_lap == lap:
            self.retire(car, lap)
            return
        if car.penalty_lap == lap:
            car.penalty = f32(car.penalty + self.low.penalties[self.top(Purpose.SECONDS, lap, car.index)])
            wait = self.laps_until(self.fg[Figure.PENALTY_RATE], self.share(Purpose.PENALTY, lap, car.index))
            car.penalty_lap = lap + 1 + wait
        if car.stop_lap == lap:
            step = int(f32(f32(self.wetness * f32(256)) + f32(0.5)))
            wet = min(self.low.water[1, step], self.low.water[2, step]) < self.low.water[0, step]
            if self.reacts(car) and self.low.kind[car.tyre] > 0 and wet:
                car.plan_at += 1
                self.schedule(car, 0, lap)
            elif lap < self.size[Size.TOTAL]:
                self.come_in(car)

    def tempted(self, car: Car, lap: int, shift: np.ndarray) -> bool:
        age = min(255, lap - car.fitted)
        odds = f32(self.low.stop_age[car.tyre, age] + self.low.stop_remaining[self.needs(car), lap])
        step = min(1023, max(0, int(f32(f32(odds + f32(32)) * f32(16)))))
        base = f32(-np.logaddexp(0, -((step + 0.5) / 16 - 32)))
        more = f32(np.log(np.expm1(max(float(shift[car.tyre, age]), 1e-12))))
        return bool(self.low.logistic[self.top(Purpose.STOP, lap, car.index)] < f32(base + more))

    def react(self, lap: int) -> None:
        fg = self.fg
        rival = float(fg[Figure.STOP_RIVAL])
        if self.status in (1, 2):
            term = float(fg[Figure.STOP_SC if self.status == 1 else Figure.STOP_VSC])
            for car in self.running():
                shift = term * self.low.stop_caution + (rival if car.rival_lap == lap else 0)
                may = not self.planned(car) or (self.reacts(car) and self.plan_left(car))
                if not car.stopping and may and self.tempted(car, lap, shift):
                    self.come_in(car)
        elif self.status == 0:
            for car in self.rivals:
                shift = np.full_like(self.low.stop_caution, rival)
                if not car.out and not car.stopping and not self.planned(car) and self.tempted(car, lap, shift):
                    self.come_in(car)

    def free_lap(self, car: Car, slot: int, lap: int, i: int) -> tuple[int, bool, int]:
        """The lap in ms, whether the car keeps out of the way, and its luck in passing."""
        fg, low = self.fg, self.low
        if self.standing and self.status == 0:
            spread = fg[Figure.START_SPREAD if lap == 1 else Figure.RESTART_SPREAD]
            place = f32(fg[Figure.FIRST_LAP] + f32(fg[Figure.SLOT] * f32(slot)))
            car.extra = f32(car.extra + f32(place + f32(spread * self.normal(Purpose.START, lap, car.index))))
        car.trace_extra = car.extra
        h = self.bits(Purpose.LAP, lap, car.index)
        linear, curved, life, cliff = car.wear
        over = max(f32(car.age - life), f32(0))
        tyre = f32(f32(f32(linear + f32(curved * car.age)) * car.age) + f32(cliff * over))
        free = f32(f32(self.base + car.level) + low.lap_ms[car.index, i])
        free = f32(f32(f32(free + tyre) + car.drift) + car.extra)
        pair = int(self.dealt[h >> 22])
        noise = (pair & 0xFFFF) - (0x10000 if pair & 0x8000 else 0)
        wet = f32(f32(1) + f32(f32(fg[Figure.WET_NOISE] - f32(1)) * self.wetness))
        unit = f32(low.car_figure[car.index, CarFigure.NOISE] / f32(2048))
        free = f32(free + f32(f32(noise) * f32(unit * wet)))
        ms = min(max(int(f32(free + f32(0.5))), 1000), (1 << 19) - 1)
        flag, car.flag, car.extra = car.flag, False, f32(0)
        car.age = f32(car.age + low.lap_wear[car.index, i])
        step = f32(f32(f32(h & 4095) - f32(2047.5)) * fg[Figure.DRIFT])
        car.drift = f32(f32(car.drift * fg[Figure.DRIFT_KEPT]) + step)
        return ms, flag, pair >> 20

    def race(self, grid: list[Car], words: dict[int, tuple[int, bool, int]]) -> None:
        fg, steps = self.fg, f32(128)
        free = not (self.green >= self.size[Size.FREE_LAPS] and not self.standing)
        help_on = self.green >= self.size[Size.HELP_AFTER] and self.wetness == 0 and fg[Figure.HELP_GAP] > 0
        help_gap = int(fg[Figure.HELP_GAP]) if help_on else -1
        follow, inverse = int(fg[Figure.FOLLOW]), f32(f32(1) / self.base)
        nearness = f32(f32(1) / fg[Figure.DIRTY_RANGE])
        lead_was = grid[0].time if grid else 0
        was, leads, lapped = lead_was - 1_000_000, 0, 0
        last: Car | None = None
        before, train = -60_000_000, f32(0)
        for slot, car in enumerate(grid):
            ms, pits, luck = words[car.index]
            start, alone = car.time, pits or free
            gap, was = start - was, start
            time = start + ms
            if not alone:
                near = max(f32(f32(1) - f32(f32(max(gap, 0)) * nearness)), f32(0))
                time += int(f32(self.draw[Draw.DIRTY_AIR] * near))
            if slot == 0:
                time += self.lead_cost
                leads = time
            if int(f32(f32(time - leads) * inverse)) > int(f32(f32(start - lead_was) * inverse)):
                time += int(fg[Figure.BLUE_FLAG])
                lapped += int(fg[Figure.LAPPING])
            if alone:
                car.time = time
                continue
            helped = gap <= help_gap
            last_at = last.time if last else -60_000_000
            ahead = last_at - time
            odds = f32(
                f32(self.draw[Draw.PASS] * steps) + f32(f32(fg[Figure.PASS_PER_MS] * steps) * f32(min(ahead, 3000)))
            )
            odds = f32(odds + (f32(f32(fg[Figure.HELP] * steps) + train) if helped else f32(0)))
            if ahead > 0 and f32(luck) < odds and last is not None:
                car.time = max(time + int(fg[Figure.PASS_COST]), before + follow)
                last.time = max(last.time + int(fg[Figure.PASSED_COST]), car.time + follow)
                before = car.time
            else:
                car.time = max(time, last_at + follow)
                before, last = last_at, car
                train = f32(fg[Figure.TRAIN] * steps) if helped else f32(0)
        self.lead_cost = lapped

    def neutralised(self, grid: list[Car]) -> None:
        fg, lead = self.fg, grid[0].time if grid else 0
        line = tail = lead + int(f32(fg[Figure.SC_PACE] * self.base))
        pace = f32(fg[Figure.VSC_PACE if self.status == 2 else Figure.CATCH_UP_PACE] * self.base)
        unlaps = self.size[Size.UNLAP] and (self.since == 1 or self.status == 3)
        for car in grid:
            lapped = int(f32(f32(car.time - lead) / self.base))
            extra = car.trace_extra
            car.time += int(f32(f32(pace + extra) + f32(0.5)))
            if self.status == 2:
                continue
            if lapped == 0:
                car.time = max(car.time, line)
                tail = max(tail, car.time)
            elif unlaps:
                tail = car.time = max(car.time - int(f32(self.base)), tail + int(fg[Figure.QUEUE]))
            else:
                car.time = max(car.time, line + int(f32(f32(lapped) * self.base)))
        self.lead_cost = 0

    def bunch(self, order: list[Car]) -> None:
        for ahead, car in pairwise(order):
            if self.status == 3:
                car.time = max(order[0].time, (car.trace[-1] if car.trace else car.start) + 1000)
            else:
                car.time = max(car.time, ahead.time + int(self.fg[Figure.QUEUE]))

    def changes(self, stoppers: list[Car], grid: list[Car], started: dict[int, int], lap: int, i: int) -> None:
        fresh: list[Car] = []
        fits = {car.index: 0 for car in self.cars}
        for car in stoppers:
            fits[car.index] = 1 + self.stop(car, lap, free=False)
            if self.status == 3:
                continue
            slot = grid.index(car)
            for other in (slot - 1, slot + 1):
                if 0 <= other < len(grid):
                    rival = grid[other]
                    near = abs(started[rival.index] - started[car.index]) <= self.fg[Figure.RIVAL_GAP]
                    if near and rival.rival_lap != lap + 1:
                        rival.rival_lap = lap + 1
                        fresh.append(rival)
        last_red = not (i + 1 < self.size[Size.LAPS] and self.low.forced[i + 1] == 3)
        if self.status == 3 and lap < self.size[Size.TOTAL] and last_red:
            for car in grid:
                if not car.stopping and (not self.planned(car) or (self.reacts(car) and car.stop_lap <= lap + 10)):
                    fits[car.index] = 1 + self.stop(car, lap, free=True)
        for car in self.cars:
            car.stopping, car.water_for = False, -1
            car.fits.append(fits[car.index])
        self.rivals = fresh

    def stop(self, car: Car, lap: int, *, free: bool) -> int:
        low, fg, kind = self.low, self.fg, car.water_for
        if kind < 0:
            kind = self.best_kind() if self.wetness > 0 else 0
        tyre, age = -1, 0
        if self.planned(car) and car.water_for < 0 and self.plan_left(car):
            chosen = int(low.plan_tyre[car.index, car.plan_at])
            tyre, age, car.plan_at = chosen & 255, chosen >> 8, car.plan_at + 1
        if tyre < 0:
            tyre = self.choose(car, lap, kind)
        while self.planned(car) and self.plan_left(car) and low.plan_lap[car.index, car.plan_at] <= lap:
            car.plan_at += 1
        car.made += 0 if free else 1
        self.fit(car, lap, tyre, age)
        self.on_water += int(low.kind[tyre] > 0)
        cost = self.draw[Draw.FIRST_TYRE + 6 * tyre + 5]
        if not free:
            if self.status != 3:
                rest = f32(f32(f32(1) - fg[Figure.IN_LAP_SHARE]) * self.loss())
                cost = f32(cost + f32(rest + low.excess[self.top(Purpose.EXCESS, lap, car.index)]))
                cost = f32(cost + f32(low.car_figure[car.index, CarFigure.STOP_EXCESS] + self.wait(car)))
            cost = f32(cost + car.penalty)
            car.penalty, car.flag = f32(0), True
        car.extra = f32(car.extra + cost)
        self.schedule(car, (tyre * 2 + self.needs(car)) * 128 + lap, lap)
        return tyre

    def choose(self, car: Car, lap: int, kind: int) -> int:
        if kind > 0:
            return int(np.flatnonzero(self.low.kind == kind)[0])
        mask = (1 << self.size[Size.COMPOUNDS]) - 1 if car.waived else car.used
        upto = self.low.choice[mask, lap, :-1]
        return int(np.searchsorted(upto, self.share(Purpose.CHOICE, lap, car.index), side="right"))

    def wait(self, car: Car) -> f32:
        out, teams = f32(0), self.low.car[:, CarColumn.TEAM]
        for mate in sorted(self.running(), key=lambda other: other.index):
            if mate is not car and teams[mate.index] == teams[car.index] and mate.stopping:
                lead = car.time - mate.time
                if lead > 0 or (lead == 0 and mate.index < car.index):
                    out = f32(out + max(f32(0), f32(self.fg[Figure.DOUBLE_STACK] - f32(lead))))
        return out

    def over(self, i: int) -> None:
        self.standing = False
        if self.status == 0:
            self.green += 1
            return
        self.neutral, self.since, self.left = self.neutral + 1, self.since + 1, self.left - 1
        if self.status == 3 and not (i + 1 < self.size[Size.LAPS] and self.low.forced[i + 1] == 3):
            self.left, self.standing = 0, True
