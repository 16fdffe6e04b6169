"""Do simulated races look like real ones: lap times, stops, passes, cautions, retirements and race times compared."""

from overcut.strategy.marginals.comparing import CircuitComparison, Comparison, Report, compared
from overcut.strategy.marginals.running import RaceMarginals, marginals, races_between

__all__ = [
    "CircuitComparison",
    "Comparison",
    "RaceMarginals",
    "Report",
    "compared",
    "marginals",
    "races_between",
]
