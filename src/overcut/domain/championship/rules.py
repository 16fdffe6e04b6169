"""How a season's rules turn finishing positions into points: which kinds of rule there have been since 1950."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import msgspec

Exact = int | Fraction
"""Points without rounding: whole where they are whole, else a fraction (a third of 4, a seventh of 1)."""

LAST_ROUND = 99
"""Ends a window that goes on to the season's end, however many rounds that has."""


class FastestLap(StrEnum):
    """Who gets a point for the fastest lap."""

    NOBODY = "nobody"
    ANYBODY = "anybody"
    """Whoever drove it; drivers who set the same time share the point (1950 to 1959)."""
    TOP_TEN = "top ten"
    """The driver, and the constructor, when the car is classified in the first ten (2019 to 2024)."""


class SharedCar(StrEnum):
    """What drivers get who drove one car in turn."""

    SPLIT = "split"
    """The points of its position, divided equally (1950 to 1957)."""
    NOTHING = "nothing"
    """No points, neither they nor the car (since 1958)."""


class Ties(StrEnum):
    """What decides between two with the same points."""

    PAID_PLACES = "paid places"
    """More first places, then more second places, and so on through the places that pay; else a shared position."""
    PAID_PLACES_THEN_FIRST = "paid places, then who was first"
    """The same; then whoever had the better results earlier in the season stands first."""
    ALL_PLACES = "all places"
    """Countback through every place; else a shared position, until the FIA names who is first."""


class Window(msgspec.Struct, frozen=True):
    """A part of the season of which only the best results count: ``best`` of the rounds ``first`` to ``last``."""

    first: int
    last: int
    best: int


class ShortRace(msgspec.Struct, frozen=True):
    """What a race pays whose result covers less than ``below`` of its planned laps.

    Attributes:
        below: a share of the planned laps.
        points: for the first place, the second …; empty: no points at all.
        least_laps: the band holds for results of fewer laps than this instead, when it is not 0.
    """

    below: Fraction
    points: tuple[Exact, ...]
    least_laps: int = 0


class ChampionshipRules(msgspec.Struct, frozen=True):
    """The rules of one championship in one season.

    Attributes:
        points: for the first place, the second …
        sprint: the same in the sprint; empty where there is none.
        fastest_lap: who gets a point for it.
        shared_car: what drivers of a shared car get.
        windows: of which only the best results count; empty: every result counts.
        best_car_only: only a constructor's best-placed car scores (until 1978).
        without: Grands Prix that do not count, by F1DB id: Indianapolis for constructors.
        short_races: the first band that fits a short race is what it pays; none fits: it pays in full.
        double_round: a round that pays double; 0 for none.
        ties: what decides between equals.
    """

    points: tuple[int, ...]
    sprint: tuple[int, ...] = ()
    fastest_lap: FastestLap = FastestLap.NOBODY
    shared_car: SharedCar = SharedCar.NOTHING
    windows: tuple[Window, ...] = ()
    best_car_only: bool = False
    without: frozenset[str] = frozenset()
    short_races: tuple[ShortRace, ...] = ()
    double_round: int = 0
    ties: Ties = Ties.ALL_PLACES

    def place_counts(self, place: int) -> bool:
        """Whether a place takes part in the countback."""
        return self.ties is Ties.ALL_PLACES or place <= len(self.points)

    @property
    def lists_everybody(self) -> bool:
        """The table has everybody who was classified in a race, not only who has points (since 2000)."""
        return self.ties is Ties.ALL_PLACES


class SeasonRules(msgspec.Struct, frozen=True):
    """The rules of a season; no constructors' championship before 1958."""

    year: int
    drivers: ChampionshipRules
    constructors: ChampionshipRules | None
