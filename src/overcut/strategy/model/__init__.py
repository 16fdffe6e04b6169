"""What the race simulator is told and what it tells: circuits, cars, plans, scenarios, outcomes."""

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
from overcut.strategy.model.outcome import Outcome
from overcut.strategy.model.plan import Interruption, PaceMode, Plan, PlannedStop, Rain, Scenario
from overcut.strategy.model.race import Race, RaceRules, TrackState, TrackStatus

__all__ = [
    "CarModel",
    "CarState",
    "CircuitModel",
    "CompoundChoice",
    "Estimate",
    "Interruption",
    "Neutralisations",
    "NoiseModel",
    "Outcome",
    "PaceMode",
    "PenaltyModel",
    "PitModel",
    "Plan",
    "PlannedStop",
    "Race",
    "RaceRules",
    "Rain",
    "RetirementModel",
    "Scenario",
    "StartModel",
    "StopBehaviour",
    "TrackState",
    "TrackStatus",
    "TrafficModel",
    "TyreModel",
    "WeatherModel",
    "WetPace",
]
