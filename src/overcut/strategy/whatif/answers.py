"""What is told of a race at a lap and of what could become of it: the values that travel to page, terminal and API.

Lists over laps begin with the first simulated lap. Places count from 1. Chances are shares of the simulated races.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from overcut.strategy.model import Estimate


class Spread(msgspec.Struct, frozen=True):
    """A figure over the simulated races: its mean, 5 % and 95 % of the races, and the standard error of the mean."""

    mean: float
    low: float
    high: float
    error: float


class StrategySession(msgspec.Struct, frozen=True):
    """A race or sprint that can be asked about.

    Attributes:
        session_key: its key. ``season``, ``round``, ``event``, ``circuit_id``: which; empty or 0 where unknown.
        sprint: a sprint. ``laps``: race distance. ``lap``: the last lap that the leader has completed.
        origin: ``lake``, or ``watched`` for one that is open on the board.
        live: it is happening now. ``simulated``: nobody drove it.
    """

    session_key: str
    season: int
    round: int
    event: str
    circuit_id: str
    sprint: bool
    laps: int
    lap: int
    origin: str
    live: bool = False
    simulated: bool = False


class ActualStop(msgspec.Struct, frozen=True):
    """A stop that was made at the end of ``lap``: tyres before and after, and what the track was under.

    A compound is null where the feed never said.
    """

    lap: int
    compound: str | None
    age: int
    compound_before: str | None
    age_before: int | None
    track: str


class ActualCar(msgspec.Struct, frozen=True):
    """What a car did, the whole race or as far as it has come.

    Attributes:
        driver_number: which. ``start``: tyre at the start, null where unknown.
        stops: all of them, from the start. ``places``: by lap from lap 1; 0 where it did not end that lap.
        behind_s: behind the leader at the line by lap; null likewise.
        laps: completed. ``finish``: place at the flag on the road; null while the race runs or where it retired.
    """

    driver_number: str
    start: str | None
    stops: tuple[ActualStop, ...]
    places: tuple[int, ...]
    behind_s: tuple[float | None, ...]
    laps: int
    finish: int | None


class ActualPeriod(msgspec.Struct, frozen=True):
    """Laps under SC, VSC or RED, or with rain (RAIN), the first and the last one included."""

    kind: str
    first_lap: int
    last_lap: int


class CarNow(msgspec.Struct, frozen=True):
    """A car when the simulation begins.

    Attributes:
        driver_number, driver, team: who. ``colour``: of the team, RRGGBB; empty where unknown.
        position, behind_s, compound, tyre_age, used, stops, in_pit, penalty_s, retired: as `model.CarState`.
        pace_s: lap time against the reference car, as it is known at this lap.
    """

    driver_number: str
    driver: str
    team: str
    colour: str
    position: int
    behind_s: float
    compound: str
    tyre_age: int
    used: tuple[str, ...]
    stops: int
    in_pit: bool
    penalty_s: float
    retired: bool
    pace_s: Estimate


class TyreNow(msgspec.Struct, frozen=True):
    """A compound that can be fitted: against the reference, wear a lap, and the middle of the stints run on it here."""

    compound: str
    offset_s: Estimate
    wear_s: Estimate
    typical_stint_laps: float


class StrategyRace(msgspec.Struct, frozen=True):
    """A race at a lap: what a what-if begins with, and what really happened.

    Attributes:
        session: which. ``lap``: laps that the leader has completed; 0 is the grid.
        track: green, SC, VSC or RED; ``wetness`` 0 dry to 1; ``raining``.
        cars: in the order of the race. ``tyres``: what can be fitted.
        lap_s, pit_loss_s, pit_loss_sc_s, pit_loss_vsc_s: seconds.
        compounds_required: different dry compounds that must be used. ``points``: for the first places.
        actual: what each car did. ``periods``: neutralisations and rain as they were, of the whole race.
        finished: whether what happened is complete.
        parameters: where the fitted figures come from.
    """

    session: StrategySession
    lap: int
    track: str
    wetness: float
    raining: bool
    cars: tuple[CarNow, ...]
    tyres: tuple[TyreNow, ...]
    lap_s: Estimate
    pit_loss_s: Estimate
    pit_loss_sc_s: Estimate
    pit_loss_vsc_s: Estimate
    compounds_required: int
    points: tuple[int, ...]
    actual: tuple[ActualCar, ...]
    periods: tuple[ActualPeriod, ...]
    finished: bool
    parameters: str


class Versus(msgspec.Struct, frozen=True):
    """Against the first scenario, race by race under the same luck.

    Attributes:
        time_s: race time, over the races in which the car finished both; negative is quicker; null where there is none.
            Against the change of the middle car, which is 0 unless everybody's race differs (a safety car, rain).
        place: places lost (negative: won). ``points``: won.
        better, worse: share of the races with a better, a worse place.
    """

    time_s: Spread | None
    place: Spread
    points: Spread
    better: float
    worse: float


class DriverOutlook(msgspec.Struct, frozen=True):
    """What becomes of one car.

    Attributes:
        driver_number, driver: who. ``chances``: of finishing in place 1, 2, …
        place, points: over the races. ``win``, ``podium``, ``scores``, ``retires``: chances.
        stops: mean number of stops from the asked lap on.
        versus: against the first scenario; null in the first.
    """

    driver_number: str
    driver: str
    chances: tuple[float, ...]
    place: Spread
    points: Spread
    win: float
    podium: float
    scores: float
    retires: float
    stops: float
    versus: Versus | None


class AheadOf(msgspec.Struct, frozen=True):
    """The chance that the asked driver finishes ahead of a rival; ``change``: against the first scenario."""

    driver_number: str
    driver: str
    chance: float
    change: float | None


class FanLap(msgspec.Struct, frozen=True):
    """The asked driver at the end of a lap.

    Attributes:
        lap: which. ``chances``: of each place; a retired car stays last.
        low, middle, high: the places below which 5, 50 and 95 % of the races are.
        behind_s: mean gap to the leader; ``lap_s`` mean lap time; null where it ran in no race.
    """

    lap: int
    chances: tuple[float, ...]
    low: int
    middle: int
    high: int
    behind_s: float | None
    lap_s: float | None


class MomentKind(StrEnum):
    """What a key moment is: a stop, a rival gained or lost, the safety car."""

    STOP = "stop"
    GAINED = "gained"
    LOST = "lost"
    NEUTRALISED = "neutralised"


class Moment(msgspec.Struct, frozen=True):
    """When the race of the asked driver turns.

    Attributes:
        lap: when. ``kind``: what. ``words``: one sentence.
        rival: driver number of whom it concerns; empty for nobody.
        chance: in what share of the races (a stop, a neutralisation); by how much the chance to be ahead of the rival
            changes on these laps (gained, lost).
        place: typical place after it; null where it says nothing.
    """

    lap: int
    kind: MomentKind
    words: str
    rival: str = ""
    chance: float = 0.0
    place: int | None = None


class ReasonKind(StrEnum):
    """Where time goes: stops, stops under a safety car, the safety car, a rival in the way, tyres and free running."""

    STOP = "stop"
    NEUTRALISED = "neutralised"
    TRAFFIC = "traffic"
    TYRES = "tyres"


class Reason(msgspec.Struct, frozen=True):
    """Where a scenario wins or loses time against the first: the mean over paired races.

    Attributes:
        kind: what. ``first_lap``, ``last_lap``: when. ``seconds``: lost (negative: won).
        rival: driver number of whom it lost (or no longer loses) the time behind; empty for nobody.
        words: one sentence.
    """

    kind: ReasonKind
    first_lap: int
    last_lap: int
    seconds: float
    words: str
    rival: str = ""


class Why(msgspec.Struct, frozen=True):
    """Where it was won or lost.

    Attributes:
        total_s: mean race time against the first scenario over the paired races that were traced and finished in both;
            as ``Versus.time_s`` against the middle car.
        races: how many those are. ``reasons``: the largest first. ``rest_s``: what they leave of the total.
    """

    total_s: float
    races: int
    reasons: tuple[Reason, ...]
    rest_s: float


class ScenarioAnswer(msgspec.Struct, frozen=True):
    """What becomes of a race in one scenario.

    Attributes:
        name: which. ``drivers``: every car, in the order of the race's cars.
        ahead: the asked driver against each rival. ``fan``: the asked driver by lap.
        neutral_laps: laps under SC, VSC or red.
        moments: in the order of their laps. ``why``: null in the first scenario.
    """

    name: str
    drivers: tuple[DriverOutlook, ...]
    ahead: tuple[AheadOf, ...]
    fan: tuple[FanLap, ...]
    neutral_laps: Spread
    moments: tuple[Moment, ...]
    why: Why | None


class ActualResult(msgspec.Struct, frozen=True):
    """What really became of the asked driver: place on the road and points for it, null where it is not known."""

    place: int | None
    points: float | None
    stops: tuple[ActualStop, ...]


class WhatIfAnswer(msgspec.Struct, frozen=True):
    """The answer to a `WhatIfQuestion`.

    Attributes:
        session_key, lap, laps, driver_number, driver, seed: what was asked. ``races`` of ``of`` were simulated.
        scenarios: as asked. ``ranking``: their indices, by the asked driver's mean points, then mean place.
        actual: what happened. ``parameters``: where the figures come from.
    """

    session_key: str
    lap: int
    laps: int
    driver_number: str
    driver: str
    races: int
    of: int
    seed: int
    scenarios: tuple[ScenarioAnswer, ...]
    ranking: tuple[int, ...]
    actual: ActualResult
    parameters: str


class SweepLap(msgspec.Struct, frozen=True):
    """The stop on another lap: place, points and time against the lap that was asked about."""

    lap: int
    place: Spread
    points: Spread
    versus: Versus


class SweepAnswer(msgspec.Struct, frozen=True):
    """How the driver's result depends on the lap of a stop; ``best``: the lap with most points, then the best place."""

    session_key: str
    driver_number: str
    driver: str
    stop: int
    asked_lap: int
    best: int
    races: int
    laps: tuple[SweepLap, ...]
    parameters: str


class StreamLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a streamed answer: how far it is, an answer so far, or why it ends early.

    Attributes:
        races: simulated so far, over all scenarios and earlier answers. ``of``: to be simulated in all.
        answer: the answer from so many races as it says; the last line has the whole one.
        problem, hint: what went wrong.
    """

    races: int
    of: int
    answer: WhatIfAnswer | None = None
    problem: str = ""
    hint: str = ""
