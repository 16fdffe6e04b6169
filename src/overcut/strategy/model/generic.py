"""A race anywhere: plain figures to try the simulator with, and what a circuit nobody raced at starts from.

The figures are round numbers near what is commonly published (fuel 0.03 s a lap per kilogram, 20 to 25 s a stop, a
safety car in about half of the races); fitted parameters replace them (``overcut.strategy.parameters``).
"""

from __future__ import annotations

from overcut.domain.tyres import Compound
from overcut.strategy.model.car import CarModel, CarState
from overcut.strategy.model.circuit import (
    CircuitModel,
    CompoundChoice,
    Estimate,
    Neutralisations,
    NoiseModel,
    PenaltyModel,
    PitModel,
    RetirementModel,
    StartModel,
    StopBehaviour,
    TrafficModel,
    TyreModel,
    WeatherModel,
    WetPace,
)
from overcut.strategy.model.race import Race

_NOISE = (-2.0, -1.3, -1.0, -0.75, -0.55, -0.35, -0.2, -0.05, 0.1, 0.25, 0.4, 0.6, 0.85, 1.2, 1.8, 3.2)
_MEAN = sum(_NOISE) / len(_NOISE)


def generic_circuit(laps: int = 57, lap_s: float = 90.0) -> CircuitModel:
    """A circuit of middling figures."""
    return CircuitModel(
        circuit_id="generic",
        season=2025,
        laps=laps,
        lap_s=Estimate(lap_s, 0.3),
        fuel_s=Estimate(0.055, 0.005),
        evolution_s=Estimate(0.01, 0.005),
        reference=Compound.MEDIUM,
        tyres=(
            TyreModel(
                Compound.SOFT,
                Estimate(-0.5, 0.15),
                Estimate(0.09, 0.02),
                life_laps=Estimate(18, 3),
                cliff_s=Estimate(0.1),
                warm_up_s=Estimate(0.1),
                typical_stint_laps=15,
            ),
            TyreModel(
                Compound.MEDIUM,
                Estimate(0.0),
                Estimate(0.055, 0.015),
                life_laps=Estimate(28, 4),
                cliff_s=Estimate(0.08),
                warm_up_s=Estimate(0.3),
                typical_stint_laps=22,
            ),
            TyreModel(
                Compound.HARD,
                Estimate(0.35, 0.15),
                Estimate(0.035, 0.012),
                life_laps=Estimate(40, 5),
                cliff_s=Estimate(0.06),
                warm_up_s=Estimate(0.7),
                typical_stint_laps=30,
            ),
            TyreModel(Compound.INTERMEDIATE, Estimate(0.0), Estimate(0.03, 0.01), typical_stint_laps=25),
            TyreModel(Compound.WET, Estimate(0.0), Estimate(0.02, 0.01), typical_stint_laps=25),
        ),
        pit=PitModel(
            Estimate(22.0, 0.5),
            Estimate(11.0, 1.0),
            Estimate(14.0, 1.0),
            0.25,
            (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2, 2.0, 8.0),
        ),
        traffic=TrafficModel(
            follow_s=0.5,
            dirty_air_s=Estimate(0.35, 0.1),
            dirty_air_range_s=2.0,
            pass_intercept=Estimate(-1.4, 0.3),
            pass_per_s=1.2,
            drs=0.7,
            train=-0.5,
        ),
        start=StartModel(slot_s=0.35, first_lap_s=6.0, spread_s=1.1, restart_spread_s=0.6),
        neutralisations=Neutralisations(
            Estimate(0.007, 0.002),
            Estimate(0.004, 0.001),
            0.3,
            0.2,
            0.08,
            0.1,
            (0.02, 0.1, 0.22, 0.24, 0.18, 0.12, 0.07, 0.05),
            (0.45, 0.35, 0.15, 0.05),
        ),
        retirements=RetirementModel(),
        penalties=PenaltyModel(0.001),
        noise=NoiseModel(tuple(x - _MEAN for x in _NOISE), stint_s=0.12, drift_s=0.02),
        weather=WeatherModel(
            rain_begins=0.001,
            rain_ends=0.06,
            intensity=0.1,
            drying=0.03,
            pace=WetPace(
                (0.0, 0.15, 0.3, 0.6, 1.0),
                (0.0, 3.0, 9.0, 20.0, 35.0),
                (7.0, 6.0, 6.0, 10.0, 20.0),
                (12.0, 10.5, 9.5, 10.0, 14.0),
            ),
        ),
        stops=StopBehaviour(
            intercept=-5.2,
            age_knots=(0.0, 0.3, 0.6, 0.8, 1.0, 1.25, 1.6, 2.2),
            age=(-4.0, -1.5, 0.3, 1.6, 2.4, 3.0, 3.3, 3.5),
            remaining_knots=(0.0, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0),
            remaining=(-5.0, -3.0, -1.8, -0.8, 0.0, 0.2, 0.0),
            need=(6.0, 4.5, 3.0, 2.0, 1.0, 0.5, 0.0),
            safety_car=3.0,
            virtual=2.0,
            rival=0.5,
        ),
        choice=CompoundChoice((Compound.SOFT, Compound.MEDIUM, Compound.HARD), (-0.8, 0.0, 0.2), -2.5, -1.2),
    )


def generic_race(cars: int = 20, laps: int = 57, step_s: float = 0.08) -> Race:
    """A race of ``cars`` cars, each ``step_s`` slower than the one before it on the grid, all on mediums."""
    if not 1 <= cars <= 26:
        raise ValueError("from 1 to 26 cars")
    models = tuple(
        CarModel(str(place), f"D{place:02d}", f"Team {(place + 1) // 2}", Estimate(step_s * (place - 1), 0.1))
        for place in range(1, cars + 1)
    )
    states = tuple(CarState(place, 0.0, Compound.MEDIUM, used=(Compound.MEDIUM,)) for place in range(1, cars + 1))
    return Race(generic_circuit(laps), models, states)
