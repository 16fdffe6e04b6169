"""What does a stop cost now and on each coming lap, under the flag that flies, and by how much may it vary?"""

from __future__ import annotations

import numpy as np

from overcut.insights.stops.lap_costs import Floats
from overcut.strategy.model import CarModel, CircuitModel, Race, TrackStatus


def mean_excess_s(circuit: CircuitModel) -> float:
    """What stops cost beyond clean ones, on average: the mean of the quantiles' piecewise linear distribution."""
    quantiles = np.asarray(circuit.pit.excess_s, dtype=np.float64)
    return float((quantiles[:-1] + quantiles[1:]).mean() / 2) if quantiles.size > 1 else float(quantiles.sum())


def excess_sample(circuit: CircuitModel, points: int = 16) -> Floats:
    """(points,): equally likely values of a stop's excess, mid-quantiles of its distribution."""
    quantiles = np.asarray(circuit.pit.excess_s, dtype=np.float64)
    at = (np.arange(points) + 0.5) / points
    return np.interp(at, np.linspace(0.0, 1.0, quantiles.size), quantiles)


def clean_loss_s(circuit: CircuitModel, status: TrackStatus) -> float:
    """A clean stop's loss under a flag; under red tyres are changed for nothing."""
    match status:
        case TrackStatus.SC:
            return circuit.pit.loss_sc_s.mean
        case TrackStatus.VSC:
            return circuit.pit.loss_vsc_s.mean
        case TrackStatus.RED:
            return 0.0
        case TrackStatus.GREEN:
            return circuit.pit.loss_s.mean


def loss_sd_s(circuit: CircuitModel, status: TrackStatus) -> float:
    """What we do not know of the clean loss, standard deviation."""
    pit = circuit.pit
    by_flag = {TrackStatus.SC: pit.loss_sc_s.sd, TrackStatus.VSC: pit.loss_vsc_s.sd, TrackStatus.RED: 0.0}
    return by_flag.get(status, pit.loss_s.sd)


def stop_loss_s(circuit: CircuitModel, car: CarModel, status: TrackStatus) -> float:
    """A car's expected loss, slow stops and its team's own excess included."""
    if status is TrackStatus.RED:
        return 0.0
    return clean_loss_s(circuit, status) + mean_excess_s(circuit) + car.stop_excess_s


def losses_by_lap(race: Race, neutral: Floats) -> Floats:
    """(C, L+1): expected loss of a stop at the end of each lap; ``neutral``: `lap_costs.still_neutral`."""
    green = np.array([stop_loss_s(race.circuit, car, TrackStatus.GREEN) for car in race.cars])
    now = np.array([stop_loss_s(race.circuit, car, race.track.status) for car in race.cars])
    return green[:, None] + (now - green)[:, None] * neutral[None, :]
