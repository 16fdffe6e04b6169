"""How do a lowered race and scenario get into the kernel's two long arrays, and its table of next stops?"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overcut.strategy.simulator import layout as at
from overcut.strategy.simulator.lowering import CarColumn, CarFigure, Figure, Lowered, Size

NO_STOP = 255
NOISE_STEPS = 2048
LUCK_STEPS = 128


class Packed(NamedTuple):
    """What the kernel reads: ``figures`` (T of `layout`), ``numbers`` (N), and the table of next stops.

    ``when``: uint8 (rows * 512): the lap of the next stop by quantile, 255 for none; a row for each compound, whether
    another stop is needed, and the lap after which the set was fitted; then one for each car as it stands.
    """

    figures: NDArray[np.float32]
    numbers: NDArray[np.int32]
    when: NDArray[np.uint8]


def packed(low: Lowered) -> Packed:
    """The arrays of a scenario."""
    return Packed(figures(low), numbers(low), next_stops(low))


def figures(low: Lowered) -> NDArray[np.float32]:
    """Tables, figures and estimates at their places."""
    out = np.zeros(at.CHOICE + low.choice.shape[0] * 128 * 8, np.float32)

    def put(place: int, values: NDArray[np.float32], row: int = 0) -> None:
        if row == 0:
            out[place : place + values.size] = values.ravel()
            return
        for i, line in enumerate(values):
            out[place + i * row : place + i * row + line.size] = line

    put(at.NORMAL, low.normal)
    put(at.LOGISTIC, low.logistic)
    put(at.EXPONENTIAL, low.exponential)
    put(at.EXCESS, low.excess)
    put(at.LASTS, low.lasts)
    put(at.SECONDS, low.penalties)
    put(at.WATER, low.water, at.WATER_ROW)
    odds = (np.arange(1024) + 0.5) / 16 - 32
    put(at.LOG_CHANCE, (-np.logaddexp(0, -odds)).astype(np.float32))
    put(at.STOP_AGE, low.stop_age, 256)
    sc, vsc, rival = (float(low.figure[f]) for f in (Figure.STOP_SC, Figure.STOP_VSC, Figure.STOP_RIVAL))
    shifts = [sc * low.stop_caution, vsc * low.stop_caution]
    shifts += [shift + rival for shift in shifts] + [np.full_like(low.stop_caution, rival)]
    for row, shift in enumerate(shifts):
        put(at.CAUTION + row * 8 * 256, log_of_gain(shift), 256)
    put(at.STOP_REMAINING, low.stop_remaining, 128)
    put(at.FIGURE, low.figure)
    put(at.CAR_FIGURE, scaled(low.car_figure), 8)
    put(at.LAP_MS, low.lap_ms, 128)
    put(at.LAP_WEAR, low.lap_wear, 128)
    put(at.FORCED_RAIN, low.rain)
    put(at.MEAN, low.draw_mean)
    put(at.DEVIATION, low.draw_sd)
    put(at.LEAST, low.draw_least)
    for mask, laps in enumerate(low.choice):
        put(at.CHOICE + mask * 128 * 8, laps, 8)
    return out


def scaled(car_figure: NDArray[np.float32]) -> NDArray[np.float32]:
    """The cars' figures with the noise in the steps of `dealt`."""
    out = car_figure.copy()
    out[:, CarFigure.NOISE] /= NOISE_STEPS
    return out


def dealt(low: Lowered) -> NDArray[np.int32]:
    """(1024,): a lap's noise in its low 16 bits, its luck in passing in the 12 bits from bit 20 on.

    Entry ``j`` has the noise of quantile ``j`` and the luck of quantile ``633 j mod 1024``: 633 is 1024 times the
    golden section, which spreads such pairs evenly over the square (a Fibonacci lattice; Niederreiter 1992, chapter 5).
    """
    noise = np.clip(np.round(low.noise * NOISE_STEPS), -32768, 32767).astype(np.int64) & 0xFFFF
    luck = low.logistic[np.arange(1024) * 633 % 1024]
    steps = np.clip(np.round(luck * LUCK_STEPS), -2048, 2047).astype(np.int64)
    return (steps << 20 | noise).astype(np.int32)


def log_of_gain(shift: NDArray[np.float32]) -> NDArray[np.float32]:
    """``log(exp(s) - 1)``: what a shift of the log-odds adds (`overcut.strategy.simulator.stops.tempted`)."""
    return np.log(np.expm1(np.maximum(shift.astype(np.float64), 1e-12))).astype(np.float32)


def numbers(low: Lowered) -> NDArray[np.int32]:
    """Whole numbers at their places, team mates and the sorting network among them."""
    cars = int(low.size[Size.CARS])
    pairs = network(cars + 1)
    out = np.zeros(at.PAIRS + 1 + 2 * len(pairs), np.int32)
    out[at.SIZE : at.SIZE + low.size.size] = low.size
    out[at.ORDER : at.ORDER + cars] = low.order
    out[at.KIND : at.KIND + low.kind.size] = low.kind
    out[at.FORCED : at.FORCED + low.forced.size] = low.forced
    out[at.DEALT : at.DEALT + 1024] = dealt(low)
    out[at.PAIRS] = len(pairs)
    out[at.PAIRS + 1 :] = np.array(pairs, np.int32).ravel()
    for car in range(cars):
        out[at.CAR + car * 16 : at.CAR + car * 16 + CarColumn.COUNT] = low.car[car]
        mates = np.flatnonzero((low.car[:, CarColumn.TEAM] == low.car[car, CarColumn.TEAM]) & (np.arange(cars) != car))
        out[at.MATES + car * 32] = mates.size
        out[at.MATES + car * 32 + 1 : at.MATES + car * 32 + 1 + mates.size] = mates
        stops = low.plan_lap.shape[1]
        out[at.PLAN_LAP + car * 16 : at.PLAN_LAP + car * 16 + stops] = low.plan_lap[car]
        out[at.PLAN_TYRE + car * 16 : at.PLAN_TYRE + car * 16 + stops] = low.plan_tyre[car]
    return out


@cache
def network(size: int) -> list[tuple[int, int]]:
    """Comparisons that sort any ``size`` numbers: Batcher's merge exchange (Knuth, volume 3, algorithm 5.2.2M)."""
    pairs: list[tuple[int, int]] = []
    top = 1 << max(0, (size - 1).bit_length() - 1)
    p = top
    while p > 0 and size > 1:
        q, r, d = top, 0, p
        while d > 0:
            pairs += [(i, i + d) for i in range(size - d) if i & p == r]
            d, q, r = q - p, q >> 1, p
        p >>= 1
    return pairs


def next_stops(low: Lowered) -> NDArray[np.uint8]:
    """The table of next stops, by the stop behaviour's chances lap after lap."""
    compounds, total, cars = int(low.size[Size.COMPOUNDS]), int(low.size[Size.TOTAL]), int(low.size[Size.CARS])
    first = int(low.size[Size.FIRST])
    last = max(0, total - max(1, int(low.size[Size.STOPS_REQUIRED])))
    laps = np.arange(total + 1)
    rows = np.full((compounds * 256 + cars, at.BINS), NO_STOP, np.uint8)
    for k in range(compounds):
        for need in (0, 1):
            ages = laps[None, :] - laps[first:, None]  # laps on the set at the end of a lap, by the lap of its fitting
            odds = low.stop_age[k][np.clip(ages, 0, 255)] + low.stop_remaining[need][None, :]
            risk = hazard(odds, need, last)
            risk[ages <= 0] = 0.0
            start = (k * 2 + need) * 128 + first
            rows[start : start + risk.shape[0]] = by_quantile(np.cumsum(risk, axis=1))
    for car in range(cars):
        state = low.car[car]
        k, need = int(state[CarColumn.COMPOUND]), needs(low, state)
        ages = state[CarColumn.AGE] + laps - (first - 1)
        risk = hazard(low.stop_age[k][np.clip(ages, 0, 255)] + low.stop_remaining[need], need, last)
        risk[:first] = 0.0
        rows[compounds * 256 + car] = by_quantile(np.cumsum(risk)[None])[0]
    return rows.ravel()


def needs(low: Lowered, state: NDArray[np.int32]) -> int:
    """Whether the rules demand another stop of a car as it stands."""
    different = int(state[CarColumn.USED]).bit_count()
    if different < low.size[Size.REQUIRED] and not state[CarColumn.WAIVED]:
        return 1
    return int(state[CarColumn.STOPS] < low.size[Size.STOPS_REQUIRED])


def hazard(odds: NDArray[np.float32], need: int, last: int) -> NDArray[np.float64]:
    """Integrated risk of each lap from its log-odds; where a stop is needed, chances from lap ``last`` on are taken."""
    risk = np.logaddexp(0.0, odds.astype(np.float64))  # -log(1 - sigmoid(x))
    risk[..., -1] = 0.0
    if need:
        risk[..., last:-1] = 50.0
    return risk


def by_quantile(upto: NDArray[np.float64]) -> NDArray[np.uint8]:
    """(rows, 512): the first lap by which the risk reaches each quantile's, `NO_STOP` where none does.

    Quantiles lie in the middle of 512 equal parts: so many of them are reached as fit under the chance so far.
    """
    rows, laps = upto.shape
    reached = np.floor(-np.expm1(-upto) * at.BINS + 0.5).astype(np.int64)
    ends = np.concatenate([reached, np.full((rows, 1), at.BINS)], axis=1)
    counts = np.diff(ends, axis=1, prepend=0)
    values = np.tile(np.array([*range(laps), NO_STOP], np.uint8), rows)
    return np.repeat(values, counts.ravel()).reshape(rows, at.BINS)
