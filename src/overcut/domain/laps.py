"""What a completed lap is."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from overcut.domain.tyres import Compound


class LapTimeSource(StrEnum):
    """How a lap time is known."""

    FEED = "feed"  # sent
    REPEATED = "repeated"  # not sent: equal to the lap before, which the sectors confirm (wire.md, trap 3)
    SECTOR_SUM = "sector_sum"  # never sent: the three sectors added up
    NONE = "none"


class Inaccuracy(StrEnum):
    """Why a lap's time says little of the car's pace; the first of these that holds is a lap's ``accuracy_reason``."""

    FIRST_LAP = "first_lap"
    IN_LAP = "in_lap"
    OUT_LAP = "out_lap"
    NO_TIME = "no_time"
    NEUTRALISED = "neutralised"  # safety car, virtual safety car or red flag at some time of the lap
    SECTOR_MISSING = "sector_missing"
    SECTORS_DISAGREE = "sectors_disagree"  # with the lap time, by more than rounding (wire.md, trap 16)
    TOO_LONG = "too_long"  # over 150 s (trap 16)


class Lap(msgspec.Struct, frozen=True):
    """One completed lap of one car; times in milliseconds, None where the feed gave none.

    Attributes:
        number: racing number. ``lap``: 1-based, as the feed's ``BestLapTime`` numbers them.
        end_t_ms: when the feed told of its end; in practice and qualifying a lap ends as the car enters the pits.
        start_t_ms: when it began, on the same clock; None where its beginning was not seen.
        lap_ms, s1_ms, s2_ms, s3_ms: lap and sector times. ``lap_time_source``: how ``lap_ms`` is known.
        position: races: rank of crossing the line among the cars that completed this lap; other sessions: on the
            board at the end of the lap.
        compound, age_laps, fresh, stint: the set of tyres, laps on it at the end of the lap, whether it was new when
            fitted (None: not told), 1-based stint number.
        pit_in, pit_out: the lap ended in, or began from, the pits. ``pit_in_t_ms``, ``pit_out_t_ms``: when.
        speed_i1, speed_i2, speed_fl, speed_st: the four speed traps, km/h.
        track_status: the feed's digits seen during the lap, in order, for example "124".
        part: qualifying part 1-3, 0 elsewhere.
        deleted: race control deleted the time (and did not reinstate it). ``deleted_reason``: in its words.
        accuracy_reason: why the time says little of the pace; None for an accurate lap.
        amended_t_ms: when a late value last changed this lap; None when none did.
    """

    number: str
    lap: int
    end_t_ms: int
    start_t_ms: int | None = None
    lap_ms: int | None = None
    lap_time_source: LapTimeSource = LapTimeSource.NONE
    s1_ms: int | None = None
    s2_ms: int | None = None
    s3_ms: int | None = None
    position: int | None = None
    compound: Compound = Compound.UNKNOWN
    age_laps: int | None = None
    fresh: bool | None = None
    stint: int = 1
    pit_in: bool = False
    pit_out: bool = False
    pit_in_t_ms: int | None = None
    pit_out_t_ms: int | None = None
    speed_i1: int | None = None
    speed_i2: int | None = None
    speed_fl: int | None = None
    speed_st: int | None = None
    track_status: str = ""
    personal_best: bool = False
    part: int = 0
    deleted: bool = False
    deleted_reason: str = ""
    accuracy_reason: Inaccuracy | None = None
    amended_t_ms: int | None = None

    @property
    def accurate(self) -> bool:
        """Whether the time tells the car's pace."""
        return self.accuracy_reason is None
