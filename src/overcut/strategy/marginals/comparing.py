"""Do the recorded figures lie where the simulated ones say: per circuit and over all races, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from overcut.strategy.marginals.running import RaceMarginals
from overcut.strategy.marginals.statistics import Marginals

FIGURES: dict[str, str] = {
    "lap_s": "lap time at racing speed, s",
    "lap_spread_s": "change from lap to lap, s",
    "pit_loss_s": "pit loss, s",
    "passes": "passes on the road",
    "near": "share of laps ending within 1 s",
    "neutral_laps": "neutralised laps",
    "neutralised": "share of races neutralised",
    "stops": "stops per finisher",
    "retirements": "retirements",
    "winner_s": "race time of the winner, s",
    "spread_s": "first to tenth at the flag, s",
}
_DRAWS = 2000


class Comparison(msgspec.Struct, frozen=True):
    """One figure over some races.

    Attributes:
        figure: which. ``races``: how many had it.
        recorded: mean over the recorded races; ``low``, ``high``: its 90 % interval by bootstrap over races.
        low: see above.
        high: see above.
        simulated: mean over the simulated ones (each race counts alike).
        covered: share of races whose recorded figure lies within the middle 80 % of its own simulated ones.
        error: median over races of the simulated median over the recorded figure, less 1; None for counts.
    """

    figure: str
    races: int
    recorded: float
    low: float
    high: float
    simulated: float
    covered: float
    error: float | None


class CircuitComparison(msgspec.Struct, frozen=True):
    """All figures of one circuit's races."""

    circuit_id: str
    races: int
    figures: tuple[Comparison, ...]


class Report(msgspec.Struct, frozen=True):
    """The whole comparison.

    Attributes:
        races: how many; ``simulated``: how many were simulated of each; ``provenance``: how the parameters were made.
        all: every figure over all races. ``circuits``: by circuit.
        left_out: why races do not count for some figures.
    """

    races: int
    simulated: int
    provenance: str
    all: tuple[Comparison, ...]
    circuits: tuple[CircuitComparison, ...]
    left_out: str = "lap times, pit loss, near and race times: races on wet tyres or stopped by a red flag are left out"


_DRY_ONLY = frozenset({"lap_s", "lap_spread_s", "pit_loss_s", "near", "winner_s", "spread_s", "stops", "passes"})
_RATIOS = frozenset({"lap_s", "pit_loss_s", "winner_s"})


def compared(races: Sequence[RaceMarginals], provenance: str, seed: int = 7) -> Report:
    """The report over some races; ``seed``: of the bootstrap."""
    rng = np.random.default_rng(seed)
    by_circuit: dict[str, list[RaceMarginals]] = {}
    for race in races:
        by_circuit.setdefault(race.circuit_id, []).append(race)
    return Report(
        races=len(races),
        simulated=len(races[0].simulated) if races else 0,
        provenance=provenance,
        all=_figures(races, rng),
        circuits=tuple(
            CircuitComparison(circuit, len(some), _figures(some, rng)) for circuit, some in sorted(by_circuit.items())
        ),
    )


def _figures(races: Sequence[RaceMarginals], rng: np.random.Generator) -> tuple[Comparison, ...]:
    return tuple(one for figure in FIGURES if (one := _figure(figure, races, rng)) is not None)


def _value(one: Marginals, figure: str) -> float | None:
    return getattr(one, figure)


def _figure(figure: str, races: Sequence[RaceMarginals], rng: np.random.Generator) -> Comparison | None:
    recorded: list[float] = []
    means: list[float] = []
    inside: list[bool] = []
    errors: list[float] = []
    for race in races:
        if figure in _DRY_ONLY and (race.wet or race.stopped_by_red):
            continue
        real = _value(race.recorded, figure)
        some = [value for one in race.simulated if (value := _value(one, figure)) is not None]
        if real is None or not some:
            continue
        low, middle, high = np.quantile(some, [0.1, 0.5, 0.9])
        recorded.append(real)
        means.append(float(np.mean(some)))
        inside.append(bool(low <= real <= high))
        if figure in _RATIOS and real:
            errors.append(float(middle / real - 1))
    if not recorded:
        return None
    values = np.array(recorded)
    draws = values[rng.integers(0, values.size, (_DRAWS, values.size))].mean(axis=1)
    low, high = np.quantile(draws, [0.05, 0.95])
    return Comparison(
        figure=figure,
        races=values.size,
        recorded=round(float(values.mean()), 4),
        low=round(float(low), 4),
        high=round(float(high), 4),
        simulated=round(float(np.mean(means)), 4),
        covered=round(float(np.mean(inside)), 3),
        error=round(float(np.median(errors)), 5) if errors else None,
    )
