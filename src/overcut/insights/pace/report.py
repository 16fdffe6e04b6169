"""What is told of a session's pace: estimates with intervals, and what they rest on."""

from __future__ import annotations

import msgspec

PACE_VERSION = 1
"""Of the report's shape; a reader refuses a newer one."""

LEVEL = 0.90
"""All intervals hold the truth nine times in ten, if the stated assumptions hold (measured: docs/concepts/pace.md)."""


class Estimate(msgspec.Struct, frozen=True):
    """A value and its 90 % interval."""

    value: float
    low: float
    high: float


class VerdictCount(msgspec.Struct, frozen=True):
    """How many laps got a verdict, and what it means."""

    verdict: str
    laps: int
    meaning: str


class PaceConditions(msgspec.Struct, frozen=True):
    """What all laps are made comparable to: the compound, its age in laps, kilograms of fuel, the typical lap time."""

    compound: str
    age_laps: float
    fuel_kg: float
    lap_s: float


class DriverPace(msgspec.Struct, frozen=True):
    """One driver's fair pace.

    Attributes:
        pace_s: lap time at the conditions, in clear air. ``gap_s``: behind the quickest driver of the list.
        to_field_s: against the mean of the field; its interval is the fairest measure of how sure the pace is.
        quicker_than_next: probability of being truly quicker than the next of the list; None for the last.
        wear_s_per_lap: what his tyres lose each lap beyond (or below) what the compound loses for the field.
        spread_s: robust standard deviation of his counted laps about his own fitted pace: consistency. None below
            eight laps.
        clear_laps, held_up_laps: laps in clear air, laps in traffic or fighting. ``held_up_s``: what the latter cost
            in all; None without any.
        from_traffic: he had next to no clear air, so that his pace is told from laps in traffic, with little certainty.
    """

    driver_number: str
    driver: str
    team: str
    pace_s: Estimate
    gap_s: Estimate
    to_field_s: Estimate
    quicker_than_next: float | None
    wear_s_per_lap: Estimate
    spread_s: Estimate | None
    clear_laps: int
    held_up_laps: int
    held_up_s: Estimate | None
    from_traffic: bool


class TeamPace(msgspec.Struct, frozen=True):
    """A team: the mean of its drivers' fair pace against the mean of the field."""

    team: str
    drivers: int
    to_field_s: Estimate


class CliffPace(msgspec.Struct, frozen=True):
    """From ``age_laps`` on, each lap costs so much more than before."""

    age_laps: float
    more_s_per_lap: Estimate


class CompoundPace(msgspec.Struct, frozen=True):
    """One compound.

    Attributes:
        laps, sets: counted laps, and sets of tyres that they were driven on. ``oldest_laps``: the oldest counted lap's.
        offset_s: against the compound of the conditions, at their age; None for that compound itself.
        wear_s_per_lap: what a lap more of age costs, fuel and track taken out.
        stopwatch_s_per_lap: how lap times change from lap to lap on it as they stand, fuel burnt and track included:
            what is seen without any assumption on the fuel.
        cliff: where the laps show it, else None.
    """

    compound: str
    laps: int
    sets: int
    oldest_laps: float
    offset_s: Estimate | None
    wear_s_per_lap: Estimate
    stopwatch_s_per_lap: Estimate
    cliff: CliffPace | None


class StintPace(msgspec.Struct, frozen=True):
    """One set of tyres on one car: laps of the race on it, its fair pace at the conditions, and its wear."""

    driver_number: str
    driver: str
    stint: int
    compound: str
    first_lap: int
    last_lap: int
    counted: int
    mean_lap_s: float
    pace_s: Estimate
    wear_s_per_lap: Estimate


class EvolutionPoint(msgspec.Struct, frozen=True):
    """The track at a moment (seconds of the session, lap of the leader): seconds a lap against the middle moment."""

    t_s: float
    lap: int
    change_s: Estimate


class FuelPace(msgspec.Struct, frozen=True):
    """What was assumed of the fuel, and what is believed after the laps were seen.

    Attributes:
        start_kg, kg_per_lap, basis: as assumed. ``assumed_s_per_kg``, ``found_s_per_kg``: before and after.
        learned: share of the assumption's uncertainty that the laps removed, 0 (nothing) to 1 (all).
    """

    start_kg: float
    kg_per_lap: float
    basis: str
    assumed_s_per_kg: Estimate
    found_s_per_kg: Estimate
    learned: float


class PaceReport(msgspec.Struct, frozen=True):
    """Fair pace of a race or a sprint.

    Attributes:
        session, event: which. ``drivers``: quickest first. ``teams``: likewise. ``compounds``, ``stints``,
            ``evolution``: see there. ``laps``: what became of every lap.
        noise_s: standard deviation of a lap about the model. ``memory``: its correlation from one lap to the next.
        assumptions: what all this rests on, in words.
    """

    session: str
    event: str
    conditions: PaceConditions
    drivers: list[DriverPace]
    teams: list[TeamPace]
    compounds: list[CompoundPace]
    stints: list[StintPace]
    evolution: list[EvolutionPoint]
    fuel: FuelPace
    laps: list[VerdictCount]
    noise_s: float
    memory: float
    assumptions: list[str]
    version: int = PACE_VERSION
