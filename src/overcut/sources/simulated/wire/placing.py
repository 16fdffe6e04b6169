"""What boards tell the other topics: changes of the order, and the rows of the top three."""

from __future__ import annotations

from dataclasses import dataclass, field

from overcut.domain.entries import Entry
from overcut.sources.simulated.wire.patch import Lines


@dataclass
class Placing:
    """One change of the order: when, and each moved car's new line."""

    t: float
    lines: dict[str, int]


@dataclass(frozen=True)
class TopRow:
    """One of the first three as shown; ``lap_time`` None leaves the last one standing; ``state`` is
    the feed's lap state; differences are in milliseconds."""

    entry: Entry
    lap_time: str | None = ""
    state: int = 65
    ahead_ms: int | None = None
    leader_ms: int | None = None
    overall: bool = False
    personal: bool = False


@dataclass(frozen=True)
class TimedLapRow:
    """One lap as the loops timed it: for tyres and statistics."""

    t: float
    car: int
    lap: int
    lap_ms: int | None
    personal: bool = False
    overall: bool = False


@dataclass
class BoardResult:
    """TimingData's lines and what other topics need from the board."""

    lines: Lines
    placings: list[Placing] = field(default_factory=list[Placing])
    leader_laps: list[float] = field(default_factory=list[float])
    laps: list[TimedLapRow] = field(default_factory=list[TimedLapRow])
    values: list[tuple[float, int, str, int]] = field(default_factory=list[tuple[float, int, str, int]])
    top: list[tuple[float, int, TopRow]] = field(default_factory=list[tuple[float, int, TopRow]])
