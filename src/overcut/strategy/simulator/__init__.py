"""How does the race go on: the Monte Carlo race simulator.

`simulate` takes a `Race` and one or more `Scenario`s and plays each of them out thousands of times, lap by lap, with
the same luck in each. ``docs/concepts/race-simulator.md`` has the model, its arrays and its limits.
"""

from overcut.strategy.simulator.checking import MOST_CARS, MOST_LAPS, MOST_STOPS, check_race, check_scenario, check_size
from overcut.strategy.simulator.run import Cancelled, simulate, warm

__all__ = [
    "MOST_CARS",
    "MOST_LAPS",
    "MOST_STOPS",
    "Cancelled",
    "check_race",
    "check_scenario",
    "check_size",
    "simulate",
    "warm",
]
