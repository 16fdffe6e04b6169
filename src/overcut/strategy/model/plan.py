"""What a user, an optimiser or a team may decide, and what may happen to a race that is asked about."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from overcut.domain.tyres import Compound


class PaceMode(StrEnum):
    """How hard a car is driven: lap time against tyre wear and fuel."""

    PUSH = "push"
    NORMAL = "normal"
    SAVE = "save"


class PlannedStop(msgspec.Struct, frozen=True):
    """A stop at the end of ``lap`` (1-based) for a set of ``compound`` with ``age`` laps on it already."""

    lap: int
    compound: Compound
    age: int = 0


class Plan(msgspec.Struct, frozen=True):
    """What one car is to do from the simulation's first lap on.

    Attributes:
        stops: in the order of their laps; those before the simulation's start must not be given.
        start: tyre for the start, only before the race; None keeps the state's.
        pace: mode from a lap on, as (lap, mode), ascending; before the first, NORMAL.
        react: whether the car may bring its next stop forward under a safety car or virtual one, as teams do, and
            change to the tyre for the water; False: the plan is kept to the letter.
    """

    stops: tuple[PlannedStop, ...] = ()
    start: Compound | None = None
    pace: tuple[tuple[int, PaceMode], ...] = ()
    react: bool = False


class Interruption(msgspec.Struct, frozen=True):
    """A neutralisation that shall happen: ``kind`` SC, VSC or RED, from ``lap`` on for ``laps`` laps."""

    kind: str
    lap: int
    laps: int = 4


class Rain(msgspec.Struct, frozen=True):
    """Rain that shall fall from ``lap`` for ``laps`` laps, with ``intensity`` wetness gained per lap."""

    lap: int
    laps: int
    intensity: float = 0.15


class Scenario(msgspec.Struct, frozen=True):
    """One version of what is to come; the same race number in two scenarios meets the same luck.

    Attributes:
        name: for people.
        plans: by driver number; cars without one behave as teams do.
        interruptions: what shall happen; ``only_these`` (True): nothing else neutralises the race.
        rain: the same for rain.
        only_these: see above.
        lap_delta_s: added to every lap of a car, by driver number (damage, an upgrade).
        temperature_wear: factor on all tyre wear (a hotter or cooler track).
        grip_s: added to every car's lap (a green or a rubbered track); no effect on the order.
    """

    name: str = "as teams do"
    plans: dict[str, Plan] = {}
    interruptions: tuple[Interruption, ...] = ()
    rain: tuple[Rain, ...] = ()
    only_these: bool = False
    lap_delta_s: dict[str, float] = {}
    temperature_wear: float = 1.0
    grip_s: float = 0.0
