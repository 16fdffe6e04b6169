"""How fast is each car today: what was thought before the race, corrected by its laps so far.

A linear model with normal priors, solved once: lap time = level of the race + its trend + what is common to the lap +
car + its set + compound + wear + dirty air + scatter. What is common to all cars says nothing about their order and is
kept out of their uncertainty. Laps behind another car count only where they are quicker than the car was thought to be:
it could have been faster, not slower.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.strategy.model import CircuitModel, Estimate, NoiseModel
from overcut.strategy.situation.design import Design, design
from overcut.strategy.situation.facts import Entrant

Floats = NDArray[np.float64]

REFERENCE_LAP_S = 90.0

ROUNDS = 2
"""How often it is judged anew which of the laps behind another car count."""


class PaceSettings(msgspec.Struct, frozen=True):
    """How cars are judged: chosen on the races of 2021 and 2022, on a lap of 90 s where seconds are meant.

    Attributes:
        qualifying_sd_s: how far a car's gap in qualifying is from its race pace. ``qualifying_share``: race pace gap
            for each second of gap in qualifying.
        widening: factor on the standard deviation of what was thought before the race.
        scatter: factor on a lap's standard deviation.
        lap_common_sd_s, lap_common_wet_s: what all cars share on one lap, beyond the trend.
        unknown_sd_s: what remains unknown of a car however many laps it has shown: how it was driven, damage.
        set_share: how much of the present set's own shift is carried on.
        tyre_doubt: factor on what is unknown of the compounds: their offsets and wear move together from race to race,
            and a simulation that draws them one by one sees more differences than there are.
        stop_sharpness: factor on how the chance of a stop depends on the tyre's age: the fitted curve is an average
            over races, and within one race teams stop more alike than it says.
        retirements: factor on the fitted chance of retiring, which counts cars that stopped late and were classified.
    """

    qualifying_sd_s: float = 0.65
    qualifying_share: float = 0.95
    widening: float = 0.85
    scatter: float = 0.45
    lap_common_sd_s: float = 0.15
    lap_common_wet_s: float = 2.0
    unknown_sd_s: float = 0.12
    set_share: float = 0.5
    retirements: float = 0.8
    tyre_doubt: float = 0.3
    stop_sharpness: float = 1.4


@dataclass(frozen=True)
class RacePace:
    """What is thought of the race's pace now.

    Attributes:
        cars: by driver number, against the circuit's reference car.
        circuit: the circuit's model with its lap, fuel and tyres as today's laps have them.
        laps: how many laps told.
    """

    cars: Mapping[str, Estimate]
    circuit: CircuitModel
    laps: int


def before_the_race(
    entrants: tuple[Entrant, ...], priors: Mapping[str, Estimate], lap_s: float, settings: PaceSettings
) -> dict[str, Estimate]:
    """Pace by season form and qualifying, before any lap of the race.

    Args:
        entrants: the cars. ``priors``: their form so far, by driver number, seconds on this lap.
        lap_s: lap of the circuit.
    """
    scale = lap_s / REFERENCE_LAP_S
    gaps = {one.driver_number: one.qualifying for one in entrants if one.qualifying is not None}
    found: dict[str, Estimate] = {}
    middle = float(np.median(list(gaps.values()))) if gaps else 0.0
    form = float(np.median([priors[number].mean for number in gaps])) if gaps else 0.0
    for entrant in entrants:
        prior = priors[entrant.driver_number]
        mean, sd = prior.mean, prior.sd * settings.widening
        gap = gaps.get(entrant.driver_number)
        if gap is not None:
            told = form + settings.qualifying_share * float(np.clip(gap - middle, -0.02, 0.03)) * lap_s
            weight = sd**2 / (sd**2 + (settings.qualifying_sd_s * scale) ** 2)
            mean, sd = mean + weight * (told - mean), sd * float(np.sqrt(1.0 - weight))
        found[entrant.driver_number] = Estimate(mean, float(np.hypot(sd, settings.unknown_sd_s * scale)))
    return found


def race_pace(
    before: Mapping[str, Estimate],
    noise: Mapping[str, float],
    telling: pl.DataFrame,
    circuit: CircuitModel,
    settings: PaceSettings,
) -> RacePace:
    """Correct what was thought before the race by its laps so far.

    Args:
        before: by driver number. ``noise``: a lap's standard deviation, likewise.
        telling: as `evidence.telling_laps` gives them, of cars in ``before``.
        circuit: what was thought of the circuit.
    """
    telling = telling.filter(
        pl.col("driver_number").is_in(list(before)) & pl.col("dry").is_in([t.compound.value for t in circuit.tyres])
    )
    if telling.height < 3:
        return RacePace(before, with_tyre_doubt(circuit, settings.tyre_doubt), 0)
    scale = circuit.lap_s.mean / REFERENCE_LAP_S
    laps = design(before, telling, circuit, settings.lap_common_sd_s * scale, settings.lap_common_wet_s * scale)
    own = np.array([noise[n] for n in telling["driver_number"]])
    scatter = settings.scatter * np.hypot(own, long_run_drift(circuit.noise))
    scatter = scatter * np.where(telling["water"].to_numpy(), circuit.weather.pace.noise_factor, 1.0)
    held = telling["held"].to_numpy()
    mean, covariance = _solved(laps, scatter, ~held)
    for _ in range(ROUNDS):
        mean, covariance = _solved(laps, scatter, ~held | _faster(laps, telling, mean, held))
    return RacePace(
        _cars(laps, mean, covariance, settings, scale),
        with_tyre_doubt(_circuit_now(laps, circuit, mean, covariance), settings.tyre_doubt),
        telling.height,
    )


def long_run_drift(noise: NoiseModel) -> float:
    """Standard deviation that a lap would need, were laps independent, for the mean of many to be as uncertain as the
    drift makes it: of a first-order autoregression, its step over ``1 - kept``. At most ten steps, for stints are
    short.
    """
    return noise.drift_s * min(10.0, 1.0 / max(1e-9, 1.0 - noise.drift_kept))


def _solved(laps: Design, scatter: Floats, counted: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Mean and covariance of all coefficients, given the counted laps."""
    weight = np.where(counted, 1.0 / scatter**2, 0.0)
    precision = (laps.columns * weight[:, None]).T @ laps.columns
    precision[np.diag_indices_from(precision)] += 1.0 / laps.sd**2
    right = laps.columns.T @ (weight * (laps.y - laps.columns @ laps.mean))
    covariance: Floats = np.asarray(np.linalg.inv(precision), dtype=np.float64)
    return laps.mean + covariance @ right, covariance


def _faster(laps: Design, telling: pl.DataFrame, mean: Floats, held: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Held-up laps of the sets that were, on average of these laps, quicker than the car is thought to be."""
    off = np.where(held, laps.y - laps.columns @ mean, np.nan)
    of_set = telling.select("driver_number", "set_number").with_columns(pl.Series("off_s", off).fill_nan(None))
    average = of_set.select(pl.col("off_s").mean().over("driver_number", "set_number"))["off_s"]
    return held & (average.fill_null(1.0).to_numpy() < 0.0)


def _cars(laps: Design, mean: Floats, covariance: Floats, settings: PaceSettings, scale: float) -> dict[str, Estimate]:
    """Each car's pace; its spread is that against the field's mean, so that what all share does not count."""
    cars = len(laps.numbers)
    pick = np.zeros((cars, len(mean)))
    pick[:, :cars] = np.eye(cars)
    last = {number: index for index, (number, _) in enumerate(laps.sets)}
    for row, number in enumerate(laps.numbers):
        if number in last:
            pick[row, laps.set_at + last[number]] = settings.set_share
    contrast = pick - pick.mean(axis=0, keepdims=True)
    sd = np.sqrt(np.maximum(((contrast @ covariance) * contrast).sum(axis=1), 0.0))
    sd = np.hypot(sd, settings.unknown_sd_s * scale)
    at = pick @ mean
    return {name: Estimate(float(at[i]), float(sd[i])) for i, name in enumerate(laps.numbers)}


def _circuit_now(laps: Design, circuit: CircuitModel, mean: Floats, covariance: Floats) -> CircuitModel:
    """The circuit as today's laps have it; tyres against its reference compound."""
    sd = np.sqrt(np.diag(covariance))
    reference = next((i for i, tyre in enumerate(circuit.tyres) if tyre.compound == circuit.reference), 0)
    zero = float(mean[laps.offset_at + reference])
    tyres = tuple(
        msgspec.structs.replace(
            tyre,
            offset_s=Estimate(
                float(mean[laps.offset_at + i]) - zero, _learned(float(sd[laps.offset_at + i]), tyre.offset_s)
            ),
            wear_s=Estimate(
                max(0.0, float(mean[laps.wear_at + i])), _learned(float(sd[laps.wear_at + i]), tyre.wear_s)
            ),
        )
        for i, tyre in enumerate(circuit.tyres)
    )
    trend = float(mean[laps.level_at + 1])
    return msgspec.structs.replace(
        circuit,
        lap_s=Estimate(float(mean[laps.level_at]) + zero, _learned(float(sd[laps.level_at]), circuit.lap_s)),
        evolution_s=Estimate(trend - circuit.fuel_s.mean, circuit.evolution_s.sd),
        tyres=tyres,
    )


def with_tyre_doubt(circuit: CircuitModel, factor: float) -> CircuitModel:
    """The circuit with what is unknown of its tyres scaled."""

    def scaled(estimate: Estimate) -> Estimate:
        return Estimate(estimate.mean, estimate.sd * factor)

    tyres = tuple(
        msgspec.structs.replace(
            tyre,
            offset_s=scaled(tyre.offset_s),
            wear_s=scaled(tyre.wear_s),
            life_laps=scaled(tyre.life_laps),
            cliff_s=scaled(tyre.cliff_s),
        )
        for tyre in circuit.tyres
    )
    return msgspec.structs.replace(circuit, tyres=tyres)


def _learned(sd: float, before: Estimate) -> float:
    """Never wider than it was; what was taken as known stays so."""
    return min(sd, before.sd)
