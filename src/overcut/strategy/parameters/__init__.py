"""The simulator's fitted figures as data: what is known of circuits, seasons, teams and drivers, and since when."""

from overcut.strategy.parameters.events import EventParameters
from overcut.strategy.parameters.pace import PaceParameters
from overcut.strategy.parameters.parameter_set import CarPrior, ParameterSet, Provenance
from overcut.strategy.parameters.shipped import shipped

__all__ = ["CarPrior", "EventParameters", "PaceParameters", "ParameterSet", "Provenance", "shipped"]
