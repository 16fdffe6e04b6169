"""Which flag flies and where the session stands."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class TrackStatus(StrEnum):
    """The feed's track status, by name. The feed's digits stand beside each."""

    CLEAR = "clear"  # 1
    YELLOW = "yellow"  # 2
    SAFETY_CAR = "safety_car"  # 4
    RED = "red"  # 5
    VSC = "vsc"  # 6
    VSC_ENDING = "vsc_ending"  # 7
    UNKNOWN = "unknown"


TRACK_STATUS_BY_DIGIT: dict[str, TrackStatus] = {
    "1": TrackStatus.CLEAR,
    "2": TrackStatus.YELLOW,
    "4": TrackStatus.SAFETY_CAR,
    "5": TrackStatus.RED,
    "6": TrackStatus.VSC,
    "7": TrackStatus.VSC_ENDING,
}


class SessionStatus(StrEnum):
    """The session's life: Inactive, Started, (Aborted, Started)*, Finished, Finalised, Ends."""

    INACTIVE = "inactive"
    STARTED = "started"
    ABORTED = "aborted"
    FINISHED = "finished"
    FINALISED = "finalised"
    ENDS = "ends"
    UNKNOWN = "unknown"


class Segment(IntEnum):
    """A mini-sector's colour, as shown. The feed's codes stand beside each (wire.md, Segments)."""

    NONE = 0  # 0
    YELLOW = 1  # 2048: passed, no improvement
    GREEN = 2  # 2049: personal best
    PURPLE = 3  # 2051: best of all
    PIT = 4  # 2064: in the pit lane
    OTHER = 5  # 2050, 2052, ...: seen, meaning not certain


SEGMENT_BY_CODE: dict[int, Segment] = {
    0: Segment.NONE,
    2048: Segment.YELLOW,
    2049: Segment.GREEN,
    2051: Segment.PURPLE,
    2064: Segment.PIT,
}


class CarStatus(StrEnum):
    """Where a car stands in its session, the one word that a board shows."""

    GRID = "grid"  # before the start
    TRACK = "track"
    PIT = "pit"
    OUT = "out"  # out-lap: left the pits on this lap
    STOPPED = "stopped"  # halted on track; may come back
    RETIRED = "retired"
    KNOCKED_OUT = "knocked_out"  # eliminated in qualifying
    FINISHED = "finished"  # took the flag
