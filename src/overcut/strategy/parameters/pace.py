"""How fast cars are and what tyres, fuel, the pit lane and water cost: the fitted figures of pace.

Figures of a circuit are in seconds on its own lap. Figures of cars and seasons are in seconds on a lap of 90 s and
scale with the lap (`REFERENCE_LAP_S`).
"""

from __future__ import annotations

import msgspec

from overcut.domain.tyres import Compound
from overcut.strategy.model.circuit import Estimate, NoiseModel, PitModel, StartModel, TyreModel, WetPace
from overcut.strategy.model.generic import generic_circuit

REFERENCE_LAP_S = 90.0
"""Lap that figures of cars and seasons are told for."""

_GENERIC = generic_circuit()


class CircuitPace(msgspec.Struct, frozen=True):
    """Pace at one circuit (on one layout).

    Attributes:
        circuit_id: by F1DB id. ``season``: the last that was seen here; the figures are for a race of that year.
        laps: announced distance. ``races``: dry races and sprints that told of it.
        lap_s, fuel_s, evolution_s, tyres, pit, start: as in `CircuitModel`; their spread is that of the next race here.
    """

    circuit_id: str
    season: int
    laps: int
    races: int
    lap_s: Estimate
    fuel_s: Estimate
    evolution_s: Estimate
    tyres: tuple[TyreModel, ...]
    pit: PitModel
    start: StartModel


class SeasonTyre(msgspec.Struct, frozen=True):
    """What sets one compound of one season apart from the same elsewhere, seconds on a lap of 90 s."""

    season: int
    compound: Compound
    offset_s: Estimate
    wear_s: Estimate


class TeamPace(msgspec.Struct, frozen=True):
    """A team's car after the last race that was read of a season.

    Attributes:
        season: which. ``team``: constructor by F1DB id.
        names: what the feed called it that year.
        pace_s: the car in the hands of a middling driver, against the middle of the field, a lap of 90 s.
        wear: factor on the circuit's wear. ``stop_excess_s``: what its stops cost beyond the field's, on average.
    """

    season: int
    team: str
    names: tuple[str, ...]
    pace_s: Estimate
    wear: Estimate = Estimate(1.0, 0.15)
    stop_excess_s: float = 0.0


class DriverPace(msgspec.Struct, frozen=True):
    """A driver after the last race that was read of a season.

    Attributes:
        season: which. ``driver``: three-letter code. ``team``: constructor, the last of that season.
        pace_s: against the team's car, a lap of 90 s. ``car_s``: both together, against the middle of the field.
        car_s: see above.
        noise_s: standard deviation of a lap, on a lap of 90 s.
    """

    season: int
    driver: str
    team: str
    pace_s: Estimate
    car_s: Estimate
    noise_s: float


class PacePrior(msgspec.Struct, frozen=True):
    """What a team, driver or season starts from that nobody has seen yet, a lap of 90 s.

    Attributes:
        team_s, driver_s: spread of unknown teams about the middle of the field, of drivers about their car.
        winter_s: how far a team moves from one season to the next; ``kept`` the share of its pace that it keeps.
        driver_winter_s, driver_kept: the same for drivers.
        race_s: how far a car's pace differs from race to race for reasons unknown.
        noise_s: a lap's standard deviation.
        season_offset_s, season_wear_s: how far a new season's tyres may differ from the last one's.
    """

    team_s: float = 0.6
    driver_s: float = 0.25
    winter_s: float = 0.4
    kept: float = 0.75
    driver_winter_s: float = 0.08
    driver_kept: float = 0.9
    race_s: float = 0.25
    noise_s: float = 0.35
    season_offset_s: float = 0.15
    season_wear_s: float = 0.015


class PaceParameters(msgspec.Struct, frozen=True):
    """All fitted figures of pace.

    Attributes:
        anywhere: a circuit that nobody raced at: wider.
        circuits: those raced at. ``seasons``: tyres by season. ``teams``, ``drivers``: by season.
        prior: for what was never seen. ``noise``: how laps scatter. ``water``: what it costs, on a lap of 90 s.
        switch_at_s, switch_spread_s: see `WeatherModel`.
    """

    anywhere: CircuitPace
    circuits: tuple[CircuitPace, ...] = ()
    seasons: tuple[SeasonTyre, ...] = ()
    teams: tuple[TeamPace, ...] = ()
    drivers: tuple[DriverPace, ...] = ()
    prior: PacePrior = PacePrior()
    noise: NoiseModel = _GENERIC.noise
    water: WetPace = _GENERIC.weather.pace
    switch_at_s: float = _GENERIC.weather.switch_at_s
    switch_spread_s: float = _GENERIC.weather.switch_spread_s


def generic_pace() -> PaceParameters:
    """Pace before anything was fitted: `generic_circuit`, wide."""
    return PaceParameters(
        CircuitPace(
            circuit_id=_GENERIC.circuit_id,
            season=_GENERIC.season,
            laps=_GENERIC.laps,
            races=0,
            lap_s=Estimate(_GENERIC.lap_s.mean, 8.0),
            fuel_s=_GENERIC.fuel_s,
            evolution_s=_GENERIC.evolution_s,
            tyres=_GENERIC.tyres,
            pit=_GENERIC.pit,
            start=_GENERIC.start,
        )
    )
