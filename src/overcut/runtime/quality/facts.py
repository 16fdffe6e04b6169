"""What the checks look at: a session played to its end, and what was noted on the way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from overcut.domain.frame import FrameSource
from overcut.domain.laps import Lap
from overcut.domain.session import SessionKey, SessionKind
from overcut.domain.session_names import official_parts
from overcut.domain.state import SessionState
from overcut.runtime.quality.watching import Watch
from overcut.runtime.quality.words import by_number, car_words

RACES = (SessionKind.RACE, SessionKind.SPRINT)


class Facts:
    """A session's end state, its laps and its `Watch`."""

    def __init__(self, state: SessionState, laps: tuple[Lap, ...], watch: Watch, misplaced: Mapping[str, int]) -> None:
        self.state = state
        self.laps = laps
        self.watch = watch
        self.misplaced = misplaced

    @cached_property
    def is_race(self) -> bool:
        """Whether cars raced each other."""
        parts = official_parts(SessionKey(self.state.key))
        if parts is not None:
            return parts[2] in RACES
        return self.state.lap is not None or self.state.meeting.session_type == "Race"

    @property
    def reconstructed(self) -> bool:
        """Whether the session was made from tables."""
        return self.state.source is FrameSource.RECONSTRUCTED

    @cached_property
    def codes(self) -> dict[str, str]:
        """Three-letter codes by racing number."""
        return {number: car.code for number, car in self.state.cars.items()}

    def cars(self, numbers: set[str] | tuple[str, ...] | list[str]) -> str:
        """Cars in words."""
        return car_words(by_number(set(numbers)), self.codes)

    @cached_property
    def over_ms(self) -> int:
        """When the session was over: finalised, or the last that was heard of the cars."""
        last = self.watch.topics["TimingData"].last_t_ms if self.watch.seen("TimingData") else self.watch.end_ms
        return self.watch.ended_ms if self.watch.ended_ms is not None else last
