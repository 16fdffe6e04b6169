"""How hard is it to pass here, what does a stop cost, how likely are a safety car and a retirement: with intervals.

All follow from the parameters of the race simulator, so that they agree with what it simulates; the intervals are what
is not known of the parameters, drawn `DRAWS` times from a fixed seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import msgspec
import numpy as np
from numpy.typing import NDArray

from overcut.domain.circuits import UnknownCircuitError, find_circuit
from overcut.kernel.errors import WrongUsageError
from overcut.strategy.model import CircuitModel, Estimate
from overcut.strategy.parameters import ParameterSet
from overcut.strategy.parameters.events import CircuitEvidence

DRAWS = 4000
_SEED = 20
_CARS = 20
_QUANTILES = (0.1, 0.5, 0.9)
_AHEAD_S = 1.0
"""The pass that difficulty is measured by: a car with help that would be so far ahead at the line."""

Floats = NDArray[np.float64]


class Interval(msgspec.Struct, frozen=True):
    """A figure: the middle, and the 80 % interval of what is not known of it."""

    middle: float
    low: float
    high: float


class Difficulty(msgspec.Struct, frozen=True):
    """How hard passing is.

    Attributes:
        index: 0 (whoever is quicker gets by) to 100 (nobody does): the probability, in per cent, that a car with help
            which would be a second ahead at the line stays behind this lap.
        needed_s: by how many seconds it would have to be ahead for an even chance on this lap.
        rank: 1 is the hardest of the circuits seen, ``of`` how many; None for a circuit not seen.
        of: see above.
    """

    index: Interval
    needed_s: Interval
    rank: int | None
    of: int


class PitLoss(msgspec.Struct, frozen=True):
    """What a clean stop costs, in seconds: under green, behind the safety car, under the virtual one."""

    green_s: Interval
    safety_car_s: Interval
    virtual_s: Interval


class NeutralisationRisk(msgspec.Struct, frozen=True):
    """Cautions in a race that starts in the dry, from lights to flag.

    Attributes:
        safety_car, virtual, red: probability of at least one. ``safety_cars``: how many are expected.
        virtual: see above.
        red: see above.
        safety_cars: see above.
        next_five_laps: probability of a safety car within five laps of a green race with all cars running.
    """

    safety_car: Interval
    virtual: Interval
    red: Interval
    safety_cars: Interval
    next_five_laps: Interval


class CarRisk(msgspec.Struct, frozen=True):
    """Probability that a car does not finish: by team and driver, or of an average car where both are empty."""

    team: str
    driver: str
    retires: Interval


class CircuitAnswer(msgspec.Struct, frozen=True):
    """All that is asked of a circuit.

    Attributes:
        circuit_id: F1DB id. ``season``, ``laps``: for which race.
        season: see above.
        laps: see above.
        difficulty, pit, neutralisations: see their types.
        pit: see above.
        neutralisations: see above.
        retirements: an average car first, then those asked for.
        seen: the counts behind it. ``provenance``: where the parameters come from.
        provenance: see above.
    """

    circuit_id: str
    season: int
    laps: int
    difficulty: Difficulty
    pit: PitLoss
    neutralisations: NeutralisationRisk
    retirements: tuple[CarRisk, ...]
    seen: CircuitEvidence
    provenance: str


def known_circuit(parameters: ParameterSet, text: str) -> str:
    """The F1DB id that someone means.

    Raises:
        WrongUsageError: no circuit of ours and none that was fitted is called so.
    """
    wanted = "-".join(text.casefold().split())
    if wanted in parameters.events.evidence:
        return wanted
    try:
        return find_circuit(text).id
    except UnknownCircuitError as error:
        known = sorted({*parameters.events.evidence, *error.choices})
        near = error.near or tuple(get_close_matches(wanted, known, n=3, cutoff=0.6))
        hint = f"perhaps {' or '.join(near)}" if near else f"one of {', '.join(known)}"
        raise WrongUsageError(f"There is no circuit {text!r}", hint=hint) from error


def circuit_answer(
    parameters: ParameterSet,
    circuit_id: str,
    season: int,
    laps: int | None = None,
    cars: Sequence[tuple[str, str]] = (),
) -> CircuitAnswer:
    """The answer.

    Args:
        parameters: fitted ones. ``circuit_id``: by F1DB id; one that was never seen gets what is usual, and wider.
        circuit_id: see above.
        season: the year. ``laps``: distance; the usual one when None.
        laps: see above.
        cars: team (F1DB id) and driver (three-letter code) of cars whose risk of retiring is asked for.
    """
    model = parameters.circuit(circuit_id, season, laps)
    rng = np.random.default_rng(_SEED)
    average = parameters.events.retirements.rate.at(circuit_id, season)
    rate = np.exp(average.mean + average.sd * rng.standard_normal(DRAWS))
    factor = parameters.events.retirements.lap_one_factor.mean
    risks = [CarRisk("", "", _interval(_retires(rate, factor, model.laps)))]
    for team, driver in cars:
        one = parameters.events.retirements.per_lap(season, team, driver, circuit_id)
        risks.append(CarRisk(team, driver, _interval(_retires(_drawn(one, rng), factor, model.laps))))
    return CircuitAnswer(
        circuit_id=circuit_id,
        season=season,
        laps=model.laps,
        difficulty=_difficulty(parameters, model, rng),
        pit=PitLoss(*(_around(loss) for loss in (model.pit.loss_s, model.pit.loss_sc_s, model.pit.loss_vsc_s))),
        neutralisations=_neutralisations(model, rate, factor, rng),
        retirements=tuple(risks),
        seen=parameters.events.evidence.get(circuit_id, CircuitEvidence()),
        provenance=parameters.provenance.words(),
    )


def _difficulty(parameters: ParameterSet, model: CircuitModel, rng: np.random.Generator) -> Difficulty:
    traffic = model.traffic
    middle = traffic.pass_intercept.mean - parameters.events.crowding
    odds = middle + traffic.pass_intercept.sd * rng.standard_normal(DRAWS) + traffic.drs
    stays = 100.0 / (1.0 + np.exp(odds + traffic.pass_per_s * _AHEAD_S))
    circuits = parameters.events.pass_intercept.circuits
    harder = sorted(circuits, key=lambda name: circuits[name].mean)
    return Difficulty(
        index=_interval(stays),
        needed_s=_interval(np.maximum(0.0, -odds / max(traffic.pass_per_s, 1e-6))),
        rank=harder.index(model.circuit_id) + 1 if model.circuit_id in circuits else None,
        of=len(harder),
    )


def _neutralisations(
    model: CircuitModel, retirement_rate: Floats, factor: float, rng: np.random.Generator
) -> NeutralisationRisk:
    """Expected numbers over a race: what comes of itself, and what retirements bring out."""
    flags = model.neutralisations
    stopped = _CARS * retirement_rate * (model.laps - 1 + factor)
    begun = _drawn(flags.sc_per_lap, rng) * (model.laps - 1)
    cautions = begun + stopped * flags.sc_after_retirement + flags.sc_lap_one
    virtual = _drawn(flags.vsc_per_lap, rng) * (model.laps - 1) + stopped * flags.vsc_after_retirement
    soon = 5 * (_drawn(flags.sc_per_lap, rng) + _CARS * retirement_rate * flags.sc_after_retirement)
    return NeutralisationRisk(
        safety_car=_interval(-np.expm1(-cautions)),
        virtual=_interval(-np.expm1(-virtual)),
        red=_interval(-np.expm1(-cautions * flags.red_share)),
        safety_cars=_interval(cautions),
        next_five_laps=_interval(-np.expm1(-soon)),
    )


def _retires(rate: Floats, factor: float, laps: int) -> Floats:
    return -np.expm1(-rate * (laps - 1 + factor))


def _drawn(estimate: Estimate, rng: np.random.Generator) -> Floats:
    """Draws of a rate: log-normal with its mean and standard deviation, so that none is below 0."""
    if estimate.mean <= 0:
        return np.zeros(DRAWS)
    sd = np.sqrt(np.log1p((estimate.sd / estimate.mean) ** 2))
    return estimate.mean * np.exp(sd * rng.standard_normal(DRAWS) - 0.5 * sd**2)


def _interval(draws: Floats) -> Interval:
    low, middle, high = (round(float(value), 4) for value in np.quantile(draws, _QUANTILES))
    return Interval(middle, low, high)


def _around(estimate: Estimate) -> Interval:
    return Interval(
        round(estimate.mean, 3),
        round(estimate.mean - 1.2816 * estimate.sd, 3),
        round(estimate.mean + 1.2816 * estimate.sd, 3),
    )
