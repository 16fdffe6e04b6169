"""What happened in the races of a season, as far as a championship asks: who finished where, in whose car."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Championship(StrEnum):
    """The two championships."""

    DRIVERS = "drivers"
    CONSTRUCTORS = "constructors"


class Finish(msgspec.Struct, frozen=True):
    """One driver in one car in one race. A car that several drivers shared has one of these for each of them.

    Attributes:
        driver: F1DB id.
        constructor: F1DB id of who built the car. ``engine``: of who built its engine.
        position: classified position; None for a car that is not classified.
        position_text: the same, or DNF, DSQ, DNS …
        number: racing number; "" where unknown. Drivers of a shared car have the same position, so it is not needed
            to tell cars apart that are classified.
        laps: laps completed; None where unknown.
    """

    driver: str
    constructor: str
    engine: str
    position: int | None
    position_text: str = ""
    number: str = ""
    laps: int | None = None


class Race(msgspec.Struct, frozen=True):
    """One round.

    Attributes:
        round_number: 1-based. ``name``: the Grand Prix's F1DB id (``monaco``).
        finishes: every car in the order of the result; empty as long as the race is not run.
        fastest: who drove the fastest lap: several where they set the same time.
        sprint: result of the sprint; empty without one, or before it is run.
        has_sprint: the round has a sprint, run or still to be run.
        laps: laps of the result; None where unknown. ``scheduled_laps``: what was planned.
        day: of the race, ``YYYY-MM-DD``; "" where unknown.
    """

    round_number: int
    name: str
    finishes: tuple[Finish, ...] = ()
    fastest: tuple[str, ...] = ()
    sprint: tuple[Finish, ...] = ()
    has_sprint: bool = False
    laps: int | None = None
    scheduled_laps: int | None = None
    day: str = ""

    @property
    def run(self) -> bool:
        """The race has a result."""
        return bool(self.finishes)


class Season(msgspec.Struct, frozen=True):
    """A season's races in order, those that are still to come included.

    Attributes:
        year: of the championship.
        races: in order.
        died: drivers who died in the year, with the day (``YYYY-MM-DD``): they can win no later race.
    """

    year: int
    races: tuple[Race, ...]
    died: tuple[tuple[str, str], ...] = ()

    @property
    def run(self) -> int:
        """The last round that has a result; 0 before the first."""
        return max((race.round_number for race in self.races if race.run), default=0)
