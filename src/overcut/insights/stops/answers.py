"""What is told of every car's next stop at a moment of a race: window, rejoin, duels, cheap stop, recommendation."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from overcut.domain.tyres import Compound

STOPS_SCHEMA = 1


class Cause(StrEnum):
    """Why stops were worked out anew."""

    LAP = "lap"  # the leader completed one
    STOP = "stop"  # a car came in
    SAFETY_CAR = "safety car"
    VSC = "virtual safety car"
    RED = "red flag"
    GREEN = "green"  # a neutralisation ended
    WEATHER = "weather"  # rain began or ended
    ASKED = "asked"  # somebody asked for this lap


class Action(StrEnum):
    """What a car should do."""

    STOP_NOW = "stop now"  # at the end of the lap it is on
    STOP_LATER = "stop later"
    STAY_OUT = "stay out"  # to the flag


class DuelKind(StrEnum):
    """Who stops first: the car behind (undercut) or the car ahead (overcut by the one behind)."""

    UNDERCUT = "undercut"
    OVERCUT = "overcut"


class ReasonFigure(msgspec.Struct, frozen=True):
    """A number that a sentence says. ``name`` tells what it is; ``unit``: s, laps, place, places, %, lap."""

    name: str
    value: float
    unit: str


class StopReason(msgspec.Struct, frozen=True):
    """One plain sentence and every number in it."""

    text: str
    figures: tuple[ReasonFigure, ...] = ()


class StopLap(msgspec.Struct, frozen=True):
    """What it costs to make the next stop at the end of ``lap``.

    Attributes:
        lap: 1-based. ``compound``: the best one to fit there.
        cost_s: race time to the flag against the best lap to stop on, in free air and then as fast as can be.
        traffic_s: what is expected to be lost behind slower cars after rejoining there; not part of ``cost_s``.
    """

    lap: int
    compound: Compound
    cost_s: float
    traffic_s: float = 0.0


class PitWindow(msgspec.Struct, frozen=True):
    """Between which laps the next stop costs little.

    Attributes:
        first_lap, last_lap: all laps between them cost at most `window.SENSIBLE_S` more than the best one, traffic
            included; None where no further stop is worth making.
        best_lap: the cheapest. ``compound``: for it.
        stops_left: stops of the fastest plan from now.
        stay_s: what never stopping again costs against the best lap to stop; None where the rules ask for a stop.
        laps: the cost curve, from the lap that the car is on to the last lap but one.
    """

    first_lap: int | None
    last_lap: int | None
    best_lap: int | None
    compound: Compound | None
    stops_left: int
    stay_s: float | None
    laps: tuple[StopLap, ...] = ()


class Rejoin(msgspec.Struct, frozen=True):
    """Where a car would be at the end of its out-lap if it came in at the end of the lap that it is on.

    Attributes:
        lap: the in-lap. ``loss_s``: what the stop costs under the flag that flies now, slow stops on average included.
        place: the likeliest. ``low``, ``high``: between them with at least 80 %. ``chances``: of place 1, 2, …
        places_lost: mean of places against now.
        ahead, gap_ahead_s: car in front on track order then and the gap, as expected; None: nobody.
        behind, gap_behind_s: the same behind.
        stuck_laps: for how many laps it is expected to be held up. ``traffic_s``: what that costs.
        free: it most likely loses no place. ``simulated``: places and gaps are the simulator's; else the quick form's.
    """

    lap: int
    loss_s: float
    place: int
    low: int
    high: int
    chances: tuple[float, ...]
    places_lost: float
    ahead: str | None
    gap_ahead_s: float | None
    behind: str | None
    gap_behind_s: float | None
    stuck_laps: float
    traffic_s: float
    free: bool
    simulated: bool = False


class DuelTerm(msgspec.Struct, frozen=True):
    """One part of a duel's gain, seconds; positive helps the attacker."""

    name: str
    seconds: float


class StopDuel(msgspec.Struct, frozen=True):
    """What the car behind gains on the one ahead by stopping at another time.

    Attributes:
        attacker, rival: driver numbers; the attacker is behind by ``gap_s``.
        kind: undercut: the attacker comes in at the end of the lap it is on and the rival ``laps`` laps later;
            overcut: the rival does and the attacker ``laps`` laps later.
        gain_s: what the attacker gains on the rival by it, from the simulator, against stopping on the same lap; the
            quick form where it was not simulated. ``sd_s``: its spread.
        chance: that the attacker is ahead when both are up to speed again. ``simulated``: whether by the simulator.
        quick_gain_s, quick_chance: the same by the analytic form. ``terms``: what the quick gain is made of.
    """

    attacker: str
    rival: str
    kind: DuelKind
    laps: int
    gap_s: float
    gain_s: float
    sd_s: float
    chance: float
    simulated: bool
    quick_gain_s: float
    quick_chance: float
    terms: tuple[DuelTerm, ...] = ()


class CheapStop(msgspec.Struct, frozen=True):
    """What a neutralisation saves who stops under it.

    Attributes:
        status: the flag, SC, VSC or RED.
        loss_s: of a stop now. ``green_loss_s``: under green. ``saved_s``: the difference.
        free: no place is likely lost. ``worth_it``: by the cost curve it pays, against later under green
            or never.
    """

    status: str
    loss_s: float
    green_loss_s: float
    saved_s: float
    free: bool
    worth_it: bool


class StopOption(msgspec.Struct, frozen=True):
    """One thing that a car might do, as simulated: finishing place, points and the paired time against the advice.

    ``stop_lap`` None: stay out. ``time_s``: how much later the flag is seen than with the advice (mean).
    """

    stop_lap: int | None
    compound: Compound | None
    place: float
    points: float
    time_s: float


class Recommendation(msgspec.Struct, frozen=True):
    """What a car should do, as known at a moment.

    Attributes:
        driver_number, driver: whom. ``lap``: laps the leader had completed. ``t_ms``: when (None: asked for a lap).
        cause: what made us work it out.
        action, stop_lap, in_laps, compound: the advice; ``in_laps`` 0 is at the end of the lap the car is on.
        confidence: share of the paired races in which it ends better than the best other option (place, then time);
            without a simulation the chance by the cost curve's own uncertainty.
        why: one sentence. ``options``: what was compared, the advice first.
        races: simulated per option; 0: by the cost curve alone.
        inputs: a digest of all that it rests on; equal inputs give equal advice.
    """

    driver_number: str
    driver: str
    lap: int
    t_ms: int | None
    cause: Cause
    action: Action
    stop_lap: int | None
    in_laps: int | None
    compound: Compound | None
    confidence: float
    why: StopReason
    options: tuple[StopOption, ...]
    races: int
    inputs: str


class CarStops(msgspec.Struct, frozen=True):
    """One car. ``duels``: those in which it is the attacker or the rival. ``cheap``: only under a neutralisation."""

    driver_number: str
    driver: str
    position: int
    compound: Compound
    tyre_age: int
    stops: int
    window: PitWindow
    rejoin: Rejoin | None
    duels: tuple[StopDuel, ...]
    cheap: CheapStop | None
    recommendation: Recommendation | None


class StopsAnswer(msgspec.Struct, frozen=True):
    """Every running car's next stop at the end of a lap.

    Attributes:
        session_key: which race. ``lap``: laps that the leader has completed, of ``laps``.
        t_ms: when, in the session's own time; None where somebody asked for the lap.
        status: green, SC, VSC or RED. ``wetness``: 0 dry to 1.
        cars: in the order of the race. ``provenance``: where the parameters come from.
    """

    session_key: str
    lap: int
    laps: int
    t_ms: int | None
    status: str
    wetness: float
    cars: tuple[CarStops, ...]
    provenance: str
    schema: int = STOPS_SCHEMA
