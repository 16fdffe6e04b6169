"""What a race at a circuit holds in store: how hard passing is, what a stop costs, how likely a safety car is."""

from overcut.strategy.circuits.answers import (
    CarRisk,
    CircuitAnswer,
    Difficulty,
    Interval,
    NeutralisationRisk,
    PitLoss,
    circuit_answer,
    known_circuit,
)

__all__ = [
    "CarRisk",
    "CircuitAnswer",
    "Difficulty",
    "Interval",
    "NeutralisationRisk",
    "PitLoss",
    "circuit_answer",
    "known_circuit",
]
