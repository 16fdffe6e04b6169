"""What the engine remembers between two frames: the public state, the laps, and what is not yet complete."""

from __future__ import annotations

import msgspec

from overcut.domain.circuits import CIRCUITS
from overcut.domain.defects import count_defect
from overcut.domain.events import (
    AnyEvent,
)
from overcut.domain.extras import SessionExtras
from overcut.domain.laps import Lap
from overcut.domain.state import CarState, SessionState

TOLD_AT_ONCE_MS = 30_000
"""How late after its own stamp a message may be and still be news; what is older comes from a snapshot."""

_OF_THE_FEED = frozenset(
    {"utc_zero_ms", "utc_zero_rough", "telemetry_zero_ms", "session", "feed_session", "events", "fresh"}
)
"""What outlives a session when another begins on the same connection."""


class OpenLap(msgspec.Struct):
    """What is known of one car's lap in progress, and which completed lap may still be amended.

    ``completed`` is an index into ``Memory.laps``; late values (wire.md, trap 2) go there until ``amend_until_ms`` or
    until the first sector of the next lap. ``begun_t_ms``: when the lap began, None while it has not (a car that stands
    in the pits, in a timed session). ``anchor``: last known point of the lap
    (0 is the line) and when the car passed it. ``speeds``: at the traps I1, I2, FL, ST. ``last_lap_ms``: the lap time
    before this one. ``joined``: the lap was in progress when we first saw the car. ``skipped``: the lap before this
    one, where nothing had told of its end when the first sector of this one came, at ``skipped_t_ms``.
    """

    sectors: list[int | None] = msgspec.field(default_factory=lambda: [None, None, None])
    speeds: list[int | None] = msgspec.field(default_factory=lambda: [None, None, None, None])
    lap_ms: int | None = None
    pit_in: bool = False
    pit_out: bool = False
    pit_in_t_ms: int | None = None
    pit_out_t_ms: int | None = None
    digits: str = ""
    completed: int | None = None
    amend_until_ms: int = 0
    begun_t_ms: int | None = None
    anchor_fraction: float = 0.0
    anchor_t_ms: int | None = None
    last_lap_ms: int | None = None
    joined: bool = False
    skipped: OpenLap | None = None
    skipped_t_ms: int = 0


class Chain(msgspec.Struct):
    """One car's consecutive lap times, which place its crossings of the line among each other (``crossings``).

    ``sum_ms``: lap times added up since the chain began; ``offset_ms``: the chain's zero on the session's clock.
    ``before``: both as they were before the latest lap, None if that lap began the chain. ``by_gap``: the offset was
    set by a gap to the leader at the line, which is exact; else by the promptest message so far.
    """

    sum_ms: int
    offset_ms: int
    before: tuple[int, int] | None = None
    by_gap: bool = False


class Deletion(msgspec.Struct, frozen=True):
    """Race control's word on a lap time: deleted, or (``reason`` None) reinstated. ``lap_ms`` or ``lap`` names it."""

    lap_ms: int | None
    lap: int | None
    reason: str | None


class TelemetryMessage(msgspec.Struct, frozen=True):
    """One message of `CarData.z` or `Position.z` that is sound, as sent: it is read again when someone looks.

    ``zero_ms``: UTC at ``t_ms`` 0 as its stamps are to be understood. ``last_t_ms``: its last instant.
    ``instants``: how many it holds.
    """

    zero_ms: int
    last_t_ms: int
    instants: int
    payload: bytes


class Memory(msgspec.Struct):
    """Everything the engine needs to go on; it survives as bytes in a checkpoint.

    ``lap_index``: where in ``laps`` a car's lap stands, by number and lap. ``crossings``: which car ended a lap when,
    by lap, in order. ``deletions``: race control's words on lap times, by car.
    ``gap_t_ms``: when each car's gap to the leader was last told. ``out_laps``: laps begun from the pits, by
    car. ``guessed_stints``: indexes of stints whose first lap was worked out from their age alone.
    ``gaps_on_track``: gaps to the leader were told, which the feed does in races alone.
    ``digit``: the track status as the feed's digit. ``finished_t_ms``: when the flag fell. ``reference_ms``: the sector
    times of the fastest lap so far, by which cars are placed between two crossings. ``own_topics``: those of
    `SessionStatus` and `TrackStatus` that were seen, and `SessionData` if it told the status in place of the first.
    ``names_frozen``: the drivers listed now are no longer this session's. ``utc_zero_ms``: UTC at ``t_ms`` 0,
    ``utc_zero_rough`` where only messages of race control tell it; ``telemetry_zero_ms``: the same by the stamps of
    cars and positions. ``session``: which one of this feed, from 0; ``feed_session``: its key or path there.
    ``status_entries``: how many of `SessionData`'s status series were seen. ``spoke_t_ms``: when each topic was last
    heard; ``in_pit_t_ms``: when it was last told whether a car is in the pits. ``early_traps``: how much oftener the
    speed trap came before a first sector than after one.
    """

    state: SessionState
    laps: list[Lap] = msgspec.field(default_factory=list[Lap])
    open_laps: dict[str, OpenLap] = msgspec.field(default_factory=dict[str, OpenLap])
    lap_index: dict[str, dict[int, int]] = msgspec.field(default_factory=dict[str, dict[int, int]])
    chains: dict[str, Chain] = msgspec.field(default_factory=dict[str, Chain])
    crossings: dict[int, list[tuple[int, str]]] = msgspec.field(default_factory=dict[int, list[tuple[int, str]]])
    deletions: dict[str, list[Deletion]] = msgspec.field(default_factory=dict[str, list[Deletion]])
    gap_t_ms: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    out_laps: dict[str, list[int]] = msgspec.field(default_factory=dict[str, list[int]])
    guessed_stints: dict[str, list[int]] = msgspec.field(default_factory=dict[str, list[int]])
    trail: list[TelemetryMessage] = msgspec.field(default_factory=list[TelemetryMessage])
    samples: list[TelemetryMessage] = msgspec.field(default_factory=list[TelemetryMessage])
    circuit_id: str | None = None
    gaps_on_track: bool = False
    names_frozen: bool = False
    utc_zero_ms: int | None = None
    utc_zero_rough: bool = False
    telemetry_zero_ms: int | None = None
    digit: str = ""
    finished_t_ms: int | None = None
    own_topics: list[str] = msgspec.field(default_factory=list[str])
    reference_ms: list[int] = msgspec.field(default_factory=list[int])
    extras: SessionExtras = msgspec.field(default_factory=SessionExtras)
    early_traps: int = 0
    in_pit_t_ms: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    spoke_t_ms: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    session: int = 0
    feed_session: str = ""
    status_entries: int = 0
    events: int = 0
    fresh: list[AnyEvent] = msgspec.field(default_factory=list[AnyEvent])

    def begin_another_session(self) -> None:
        """Forget all but what belongs to the feed as a whole: its clock, the count of events and of defects."""
        state = self.state
        fresh = SessionState(key=state.key, source=state.source, simulated=state.simulated)
        fresh.t_ms, fresh.utc_ms, fresh.defects = state.t_ms, state.utc_ms, state.defects
        blank = Memory(state=fresh)
        for name in self.__struct_fields__:
            if name not in _OF_THE_FEED:
                setattr(self, name, getattr(blank, name))
        self.session += 1

    def note_utc(self, utc_ms: int, t_ms: int) -> None:
        """The feed's own clock was read at ``t_ms``; the first reading counts."""
        if self.utc_zero_ms is None or self.utc_zero_rough:
            self.utc_zero_ms, self.utc_zero_rough = utc_ms - t_ms, False

    def note_said_utc(self, utc_ms: int, t_ms: int) -> None:
        """A message stamped ``utc_ms``, to the second, was told at ``t_ms`` or before: the promptest one says most."""
        if self.utc_zero_ms is None or (self.utc_zero_rough and utc_ms - t_ms > self.utc_zero_ms):
            self.utc_zero_ms, self.utc_zero_rough = utc_ms - t_ms, True

    def happened_at(self, utc_ms: int, t_ms: int, told_at_once_ms: int = TOLD_AT_ONCE_MS) -> int:
        """When something told at ``t_ms`` happened that is stamped ``utc_ms``: then, if a snapshot tells it later.

        Within ``told_at_once_ms`` it was told as it happened, and the message's own stamp is the better one.
        """
        happened_ms = t_ms if self.utc_zero_ms is None else utc_ms - self.utc_zero_ms
        late_ms = max(told_at_once_ms, TOLD_AT_ONCE_MS) if self.utc_zero_rough else told_at_once_ms
        return max(0, happened_ms) if happened_ms < t_ms - late_ms else t_ms

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
