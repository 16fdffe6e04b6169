"""A race as it stands: circuit, cars, their state, the track's, and the rules."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from overcut.strategy.model.car import CarModel, CarState
from overcut.strategy.model.circuit import CircuitModel


class TrackStatus(StrEnum):
    """What the whole track is under."""

    GREEN = "green"
    SC = "SC"
    VSC = "VSC"
    RED = "RED"


class TrackState(msgspec.Struct, frozen=True):
    """The track when the simulation begins.

    Attributes:
        status: what it is under; ``since_laps`` for how many laps already.
        since_laps: see above.
        wetness: 0 dry to 1 standing water. ``raining``: whether rain falls.
        raining: see above.
        green_laps: laps since the last start or restart (help is allowed only after some).
    """

    status: TrackStatus = TrackStatus.GREEN
    since_laps: int = 0
    wetness: float = 0.0
    raining: bool = False
    green_laps: int = 99


class RaceRules(msgspec.Struct, frozen=True):
    """What a plan must keep to and what a place is worth.

    Attributes:
        compounds_required: different dry compounds to be used unless a wet one was.
        stops_required: stops that the race demands beyond that.
        points: for the first places. ``fastest_lap_point``: whether there is one.
        help_gap_s: gap within which DRS or the overtake mode may be used; 0 where there is neither.
        help_after_laps: laps after a start or restart before it is allowed.
        sprint: a sprint: no stop is demanded and hardly any made.
    """

    compounds_required: int = 2
    stops_required: int = 0
    points: tuple[int, ...] = (25, 18, 15, 12, 10, 8, 6, 4, 2, 1)
    fastest_lap_point: bool = False
    help_gap_s: float = 1.0
    help_after_laps: int = 1
    sprint: bool = False


class Race(msgspec.Struct, frozen=True):
    """All that a simulation starts from.

    Attributes:
        circuit: the circuit's model.
        cars: every car. ``states``: where each stands, in the same order, which is that of every outcome too.
        states: see above.
        lap: laps that the leader has completed; 0 on the grid.
        track: the track now.
        rules: the race's rules.
        session_key: whose race it is; empty for an invented one.
        provenance: where the parameters come from, for people.
    """

    circuit: CircuitModel
    cars: tuple[CarModel, ...]
    states: tuple[CarState, ...]
    lap: int = 0
    track: TrackState = TrackState()
    rules: RaceRules = RaceRules()
    session_key: str = ""
    provenance: str = ""
