"""Whose mini-sector, sector, lap or trap speed is the best so far: the sport's purple, green and yellow."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import IntEnum


class Colour(IntEnum):
    """The feed's codes for a mini-sector."""

    YELLOW = 2048
    GREEN = 2049
    PURPLE = 2051
    PIT = 2064


@dataclass(frozen=True)
class Verdict:
    """How a value compares; ``beaten`` is the car that held the best before and lost it, -1 none or the same."""

    personal: bool
    overall: bool
    beaten: int = -1

    @property
    def colour(self) -> Colour:
        """As a mini-sector shows it."""
        return Colour.PURPLE if self.overall else Colour.GREEN if self.personal else Colour.YELLOW


class Bests:
    """Best values by what was measured; smaller is better."""

    def __init__(self) -> None:
        self._personal: dict[tuple[int, Hashable], float] = {}
        self._overall: dict[Hashable, tuple[float, int]] = {}

    def judge(self, car: int, what: Hashable, value: float) -> Verdict:
        """Compare a value with the car's and everyone's best, and keep it if it is one."""
        mine = self._personal.get((car, what))
        personal = mine is None or value < mine
        if not personal:
            return Verdict(False, False)
        self._personal[car, what] = value
        best = self._overall.get(what)
        if best is not None and value >= best[0]:
            return Verdict(True, False)
        self._overall[what] = (value, car)
        return Verdict(True, True, best[1] if best is not None and best[1] != car else -1)

    def withdraw(self, what: Hashable, left: Mapping[int, float]) -> None:
        """A value was struck out: ``left`` holds each car's best of those that still count."""
        for car, _ in [key for key in self._personal if key[1] == what]:
            del self._personal[car, what]
        self._overall.pop(what, None)
        for car, value in left.items():
            self._personal[car, what] = value
        if left:
            holder = min(left, key=lambda car: left[car])
            self._overall[what] = (left[holder], holder)

    def forget(self) -> None:
        """Begin anew (a new part of qualifying)."""
        self._personal.clear()
        self._overall.clear()
