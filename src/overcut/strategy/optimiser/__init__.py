"""What should a car do from here: the best plan, its window, and what rivals may answer."""

from overcut.strategy.optimiser.answers import OptimiserAnswer, PlanValue, StopWindow
from overcut.strategy.optimiser.limits import NoPlanError, PlanLimits, TyreSet, broken_rules
from overcut.strategy.optimiser.objectives import Aim, Objective, Value
from overcut.strategy.optimiser.racing import CancelledError
from overcut.strategy.optimiser.search import LIVE, QUICK, Effort, Question, best_answer, optimise

__all__ = [
    "LIVE",
    "QUICK",
    "Aim",
    "CancelledError",
    "Effort",
    "NoPlanError",
    "Objective",
    "OptimiserAnswer",
    "PlanLimits",
    "PlanValue",
    "Question",
    "StopWindow",
    "TyreSet",
    "Value",
    "best_answer",
    "broken_rules",
    "optimise",
]
