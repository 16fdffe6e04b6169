"""Which tyre a car runs on."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Compound(StrEnum):
    """Tyre compounds as the feed names them; the 2018 names are kept, not mapped."""

    SOFT = "SOFT"
    MEDIUM = "MEDIUM"
    HARD = "HARD"
    INTERMEDIATE = "INTERMEDIATE"
    WET = "WET"
    HYPERSOFT = "HYPERSOFT"  # 2018
    ULTRASOFT = "ULTRASOFT"  # to 2018
    SUPERSOFT = "SUPERSOFT"  # to 2018
    SUPERHARD = "SUPERHARD"  # 2018
    TEST_UNKNOWN = "TEST_UNKNOWN"
    UNKNOWN = "UNKNOWN"

    @classmethod
    def from_feed(cls, text: str) -> Compound:
        """The compound of a feed text; an unlisted name is UNKNOWN, never an error."""
        try:
            return cls(text.upper())
        except ValueError:
            return cls.UNKNOWN


class Stint(msgspec.Struct):
    """One set of tyres on one car.

    Attributes:
        compound: the compound, UNKNOWN until the feed says.
        new: True for a fresh set, False for a used one, None until known.
        age_laps: laps on the set now (the feed's TotalLaps: laps before the stint included).
        start_age_laps: laps on the set when it was fitted (StartLaps).
        first_lap: race lap on which the stint began, 1-based; None until known.
    """

    compound: Compound = Compound.UNKNOWN
    new: bool | None = None
    age_laps: int = 0
    start_age_laps: int = 0
    first_lap: int | None = None
