"""What a car is capable of, and where it stands in a race."""

from __future__ import annotations

import msgspec

from overcut.domain.tyres import Compound
from overcut.strategy.model.circuit import Estimate


class CarModel(msgspec.Struct, frozen=True):
    """One car and its driver in one race.

    Attributes:
        driver_number: racing number, as text; unique in the race. ``driver``: three-letter code. ``team``: its name.
        pace_s: lap time against the circuit's reference car; its spread is what we do not know.
        noise_s: standard deviation of a lap around the model.
        wear: factor on the tyre wear of the circuit.
        retirement_per_lap: probability of retiring on a lap, lap 1 apart.
        stop_excess_s: what this team's stops cost beyond the circuit's, on average.
    """

    driver_number: str
    driver: str
    team: str
    pace_s: Estimate
    noise_s: float = 0.35
    wear: Estimate = Estimate(1.0)
    retirement_per_lap: float = 0.0015
    stop_excess_s: float = 0.0


class CarState(msgspec.Struct, frozen=True):
    """Where a car stands when the simulation begins: on the grid, or at the line at the end of a lap.

    Attributes:
        position: 1-based; grid place before the start.
        behind_s: behind the leader at the line, a whole lap included for each lap down; 0 on the grid.
        compound: on the car now. ``tyre_age``: laps on the set so far, those of qualifying included.
        used: dry compounds used in this race so far, the present one included.
        stops: stops made so far.
        in_pit: the lap just ended was an in-lap: the tyres above are the new ones, the rest of the pit loss is to come.
        penalty_s: time penalties not yet served.
        retired: out of the race; its position and gap mean nothing.
        helped: it is within the help gap of the car in front, and help is allowed; None: derive it from the gaps.
    """

    position: int
    behind_s: float
    compound: Compound
    tyre_age: int = 0
    used: tuple[Compound, ...] = ()
    stops: int = 0
    in_pit: bool = False
    penalty_s: float = 0.0
    retired: bool = False
    helped: bool | None = None
