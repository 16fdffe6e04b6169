"""What a completed lap is."""

from __future__ import annotations

import msgspec

from overcut.domain.tyres import Compound


class Lap(msgspec.Struct, frozen=True):
    """One completed lap of one car; times in milliseconds, None where the feed gave none.

    Attributes:
        number: racing number. ``lap``: 1-based, as the feed's ``BestLapTime`` numbers them.
        end_t_ms: when the feed told of its end; in practice and qualifying a lap ends as the car enters the pits.
        lap_ms, s1_ms, s2_ms, s3_ms: lap and sector times. ``position``: on the board at the end of the lap.
        compound, age_laps, stint: the set of tyres, laps on it at the end of the lap, 1-based stint number.
        pit_in, pit_out: the lap ended in, or began from, the pits.
        track_status: the feed's digits seen during the lap, in order, for example "124".
        part: qualifying part 1-3, 0 elsewhere.
    """

    number: str
    lap: int
    end_t_ms: int
    lap_ms: int | None = None
    s1_ms: int | None = None
    s2_ms: int | None = None
    s3_ms: int | None = None
    position: int | None = None
    compound: Compound = Compound.UNKNOWN
    age_laps: int | None = None
    stint: int = 1
    pit_in: bool = False
    pit_out: bool = False
    track_status: str = ""
    personal_best: bool = False
    part: int = 0
