"""What can be asked: up to five versions of what is to come from a lap on, for one driver.

These are the values that the API, the command line and the page share. Drivers are named by three-letter code or by
racing number. A field that does not exist is an error, never ignored.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from overcut.domain.tyres import Compound
from overcut.strategy.model import PaceMode

MAX_SCENARIOS = 5
MAX_RACES = 50_000
MAX_SWEEP = 10
DEFAULT_RACES = 10_000
DEFAULT_SEED = 1
STAGES = (250, 2_000)
"""After how many races a streamed answer is told before it is complete."""


class InterruptionKind(StrEnum):
    """What can neutralise a race."""

    SC = "SC"
    VSC = "VSC"
    RED = "RED"


class Rivals(StrEnum):
    """What the cars do that no plan is given for: as teams usually do, or the stops that they really made."""

    AS_TEAMS_DO = "as_teams_do"
    AS_THEY_DID = "as_they_did"


class World(StrEnum):
    """Safety cars and rain: any that may come, or those that really came (only for what has happened already)."""

    OPEN = "open"
    AS_IT_WAS = "as_it_was"


class StopAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stop at the end of ``lap`` for a set of ``compound`` that has done ``age`` laps."""

    lap: int
    compound: Compound
    age: int = 0


class PaceAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pace ``mode`` from ``lap`` on."""

    lap: int
    mode: PaceMode


class PlanAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one car is to do.

    Attributes:
        stops: from the asked lap on; None: as it did where the session knows, else as teams do.
        start: tyre for the start; only at lap 0.
        pace: changes of mode; before the first, normal.
        react: it may bring its next stop forward under a safety car.
        fuel_kg: more fuel than needed, carried to the flag.
        lap_delta_s: added to every lap.
    """

    stops: tuple[StopAsked, ...] | None = None
    start: Compound | None = None
    pace: tuple[PaceAsked, ...] = ()
    react: bool = False
    fuel_kg: float = 0.0
    lap_delta_s: float = 0.0


class InterruptionAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A neutralisation that shall happen, from ``lap`` on for ``laps`` laps."""

    kind: InterruptionKind
    lap: int
    laps: int = 4


class RainAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rain that shall fall from ``lap`` for ``laps`` laps; ``intensity``: wetness gained a lap, of 1 at most."""

    lap: int
    laps: int
    intensity: float = 0.1


class ScenarioAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of what is to come.

    Attributes:
        name: for people; unique in the question. ``plans``: by driver; the others do as ``rivals`` says.
        rivals: see `Rivals`. ``world``: see `World`.
        interruptions, rain: what shall happen, in place of what ``world`` would bring.
        only_these: nothing else neutralises the race, and no other rain falls.
        temperature_wear: factor on all tyre wear; above 1 a hotter track.
        grip_s: added to every car's lap; a green track loses some tenths.
    """

    name: str = ""
    plans: dict[str, PlanAsked] = {}
    rivals: Rivals = Rivals.AS_TEAMS_DO
    world: World = World.OPEN
    interruptions: tuple[InterruptionAsked, ...] = ()
    rain: tuple[RainAsked, ...] = ()
    only_these: bool = False
    temperature_wear: float = 1.0
    grip_s: float = 0.0


class WhatIfQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question about one driver from the end of a lap on.

    Attributes:
        lap: laps that the leader has completed; 0 is the grid. ``driver``: whom it is about.
        scenarios: one to five; the others are compared with the first, race by race, under the same luck.
        races: simulated for each. ``seed``: the luck; the same seed gives the same answer.
    """

    lap: int
    driver: str
    scenarios: tuple[ScenarioAsked, ...] = (ScenarioAsked(),)
    races: int = DEFAULT_RACES
    seed: int = DEFAULT_SEED


class SweepQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a driver's result depends on the lap of one of its stops.

    Attributes:
        lap, driver: as in `WhatIfQuestion`. ``scenario``: holds the driver's plan, with its stops.
        stop: which of them, counted from 0. ``within``: laps earlier and later that are tried.
        races, seed: as in `WhatIfQuestion`.
    """

    lap: int
    driver: str
    scenario: ScenarioAsked
    stop: int = 0
    within: int = 5
    races: int = 2_000
    seed: int = DEFAULT_SEED
