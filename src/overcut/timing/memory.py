"""What the engine remembers between two frames: the public state, the laps, and what is not yet complete."""

from __future__ import annotations

import msgspec

from overcut.domain.circuits import CIRCUITS
from overcut.domain.defects import count_defect
from overcut.domain.events import (
    AnyEvent,
)
from overcut.domain.laps import Lap
from overcut.domain.state import CarPlace, CarSample, CarState, SessionState

MAX_CARS = 99
"""Racing numbers run from 1 to 99 in this championship; more keys than that are no field of cars."""


class OpenLap(msgspec.Struct):
    """What is known of one car's lap in progress, and which completed lap may still be amended.

    ``completed`` is an index into ``Memory.laps``; late values (wire.md, trap 2) go there until ``amend_until_ms`` or
    until the first sector of the next lap. ``begun_t_ms``: when the lap began, None while it has not (a car that stands
    in the pits, in a timed session). ``anchor``: last known point of the lap
    (0 is the line) and when the car passed it.
    """

    sectors: list[int | None] = msgspec.field(default_factory=lambda: [None, None, None])
    lap_ms: int | None = None
    pit_in: bool = False
    pit_out: bool = False
    digits: str = ""
    completed: int | None = None
    amend_until_ms: int = 0
    begun_t_ms: int | None = None
    anchor_fraction: float = 0.0
    anchor_t_ms: int | None = None
    last_lap_ms: int | None = None


class TrailPoint(msgspec.Struct, frozen=True):
    """All cars' places at one instant of the feed."""

    t_ms: int
    places: dict[str, CarPlace]


class SamplePoint(msgspec.Struct, frozen=True):
    """All cars' telemetry at one instant of the feed."""

    t_ms: int
    samples: dict[str, CarSample]


class Memory(msgspec.Struct):
    """Everything the engine needs to go on; it survives as bytes in a checkpoint.

    ``gaps_on_track``: gaps to the leader were told, which the feed does in races alone.
    ``digit``: the track status as the feed's digit. ``finished_t_ms``: when the flag fell. ``reference_ms``: the sector
    times of the fastest lap so far, by which cars are placed between two crossings. ``own_topics``: those of
    `SessionStatus` and `TrackStatus` that were seen, and `SessionData` if it told the status in place of the first.
    ``names_frozen``: the drivers listed now are no longer this session's. ``utc_zero_ms``: UTC at ``t_ms`` 0;
    ``telemetry_zero_ms``: the same by the stamps of cars and positions.
    """

    state: SessionState
    laps: list[Lap] = msgspec.field(default_factory=list[Lap])
    open_laps: dict[str, OpenLap] = msgspec.field(default_factory=dict[str, OpenLap])
    trail: list[TrailPoint] = msgspec.field(default_factory=list[TrailPoint])
    samples: list[SamplePoint] = msgspec.field(default_factory=list[SamplePoint])
    circuit_id: str | None = None
    gaps_on_track: bool = False
    names_frozen: bool = False
    utc_zero_ms: int | None = None
    telemetry_zero_ms: int | None = None
    digit: str = ""
    finished_t_ms: int | None = None
    own_topics: list[str] = msgspec.field(default_factory=list[str])
    reference_ms: list[int] = msgspec.field(default_factory=list[int])
    events: int = 0
    fresh: list[AnyEvent] = msgspec.field(default_factory=list[AnyEvent])

    def number_of_next_event(self) -> int:
        """The number of the event about to be emitted."""
        self.events += 1
        return self.events

    def emit(self, event: AnyEvent) -> None:
        """Hand an event out with the frame that is being read."""
        self.fresh.append(event)

    def defect(self, kind: str, topic: str, t_ms: int, example: str = "") -> None:
        """Count something that could not be used."""
        count_defect(self.state.defects, kind=kind, topic=topic, t_ms=t_ms, example=example)

    def car(self, number: str) -> CarState:
        """The car with this number, made when the feed first names it."""
        car = self.state.cars.get(number)
        if car is None:
            car = self.state.cars[number] = CarState(number=number)
        return car

    def open_lap(self, number: str) -> OpenLap:
        """The lap in progress of a car."""
        lap = self.open_laps.get(number)
        if lap is None:
            lap = self.open_laps[number] = OpenLap(digits=self.digit)
        return lap

    def sector_ends(self) -> tuple[float, float]:
        """Where sectors 1 and 2 end, fractions of the lap: the circuit's, or thirds where it is not drawn."""
        circuit = CIRCUITS.get(self.circuit_id or "")
        return circuit.sector_ends if circuit else (1 / 3, 2 / 3)

    @property
    def is_race(self) -> bool:
        """Whether cars race each other (gaps are on track) rather than the clock."""
        return self.gaps_on_track or self.state.lap is not None or self.state.meeting.session_type == "Race"
