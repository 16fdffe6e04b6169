"""What a feature declares of itself: name and meaning, whom it describes, when it is known, what it reads."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Generic, Literal, TypeVar

import msgspec

from overcut.domain.tables.column import ColumnType

Value = float | int | bool | str | None
"""What a feature may be; None where it is not known."""

Kind = Literal["float64", "int16", "bool", "text"]
"""What a feature's column holds."""

MomentT = TypeVar("MomentT")


class Entity(StrEnum):
    """Whom a feature describes. `ENTITY_KEYS` has the columns that name one."""

    CAR_LAP = "car_lap"
    PAIR_LAP = "pair_lap"
    SESSION_LAP = "session_lap"
    DRIVER_RACE = "driver_race"
    DRIVER_SEASON = "driver_season"
    CONSTRUCTOR_SEASON = "constructor_season"
    DRIVER_CIRCUIT = "driver_circuit"
    CIRCUIT = "circuit"


ENTITY_KEYS: dict[Entity, tuple[str, ...]] = {
    Entity.CAR_LAP: ("session_key", "driver_number", "lap"),
    Entity.PAIR_LAP: ("session_key", "driver_number", "ahead_number", "lap"),
    Entity.SESSION_LAP: ("session_key", "lap"),
    Entity.DRIVER_RACE: ("season", "round", "driver_id"),
    Entity.DRIVER_SEASON: ("season", "round", "driver_id"),
    Entity.CONSTRUCTOR_SEASON: ("season", "round", "constructor_id"),
    Entity.DRIVER_CIRCUIT: ("season", "round", "driver_id"),
    Entity.CIRCUIT: ("season", "round"),
}
"""The columns that name a row; (season, round) is the race before which the row was known."""

KNOWN: dict[Entity, str] = {
    Entity.CAR_LAP: "as the car's line crossing was told; again when a late value amended one of its laps",
    Entity.PAIR_LAP: "as the line crossing of the car behind was told; again when one of its laps was amended",
    Entity.SESSION_LAP: "as the first car to complete the lap was told; again when that lap was amended",
    Entity.DRIVER_RACE: "once the grid is published, before the start",
    Entity.DRIVER_SEASON: "before the weekend: from races of earlier rounds only",
    Entity.CONSTRUCTOR_SEASON: "before the weekend: from races of earlier rounds only",
    Entity.DRIVER_CIRCUIT: "before the weekend: from races of earlier rounds only",
    Entity.CIRCUIT: "before the season: from races of earlier years only",
}
"""The point-in-time rule of each entity, in words."""

LIVE_ENTITIES = (Entity.CAR_LAP, Entity.PAIR_LAP, Entity.SESSION_LAP)
"""What is known as a session goes on; the others are known before it."""


class Feature(msgspec.Struct, frozen=True):
    """One feature, as the catalogue shows it.

    Attributes:
        name: unique within its entity. ``version``: raised when its values would change for the same input.
        entity: whom it describes. ``type``, ``unit`` ("" for none), ``meaning``: of its values.
        window: which past it looks at. ``known``: the point-in-time rule.
        reads: lineage: the tables and columns that it rests on.
        owner: who answers for it.
        low, high: the range (inclusive) that values keep; None for no bound. ``choices``: the only words, if any.
    """

    name: str
    version: int
    entity: Entity
    type: ColumnType
    unit: str
    meaning: str
    window: str
    known: str
    reads: tuple[str, ...]
    owner: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The name with its entity: ``car_lap.pace_3_s``."""
        return f"{self.entity.value}.{self.name}"

    def fault(self, value: Value) -> str | None:
        """What is wrong with a value; None for a good one, or for none."""
        if value is None:
            return None
        if isinstance(value, str):
            allowed = value in self.choices if self.choices else self.type is ColumnType.TEXT
            return None if allowed else f"{value!r} is none of {', '.join(self.choices) or self.type.value}"
        if not math.isfinite(value):
            return f"{value} is no number"
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return None if low <= value <= high else f"{value} is not within {low:g} to {high:g}"


class Definition(msgspec.Struct, Generic[MomentT], frozen=True):
    """A feature and the one function that computes it, online and in batch alike."""

    feature: Feature
    compute: Callable[[MomentT], Value]


class Declarations(Generic[MomentT]):
    """The features of one entity, in the order of their declaration."""

    def __init__(self, entity: Entity, owner: str = "lake") -> None:
        self.entity = entity
        self.owner = owner
        self._definitions: dict[str, Definition[MomentT]] = {}
        self._computes: list[Callable[[MomentT], Value]] = []

    def __iter__(self) -> Iterator[Definition[MomentT]]:
        return iter(self._definitions.values())

    def __len__(self) -> int:
        return len(self._definitions)

    @property
    def features(self) -> tuple[Feature, ...]:
        """What is declared."""
        return tuple(definition.feature for definition in self)

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names, which are the columns of a frame of them."""
        return tuple(self._definitions)

    def compute(self, moment: MomentT) -> tuple[Value, ...]:
        """Every feature at this moment, in order."""
        return tuple([compute(moment) for compute in self._computes])

    def feature(
        self,
        *,
        window: str,
        reads: tuple[str, ...],
        unit: str = "",
        of: Kind = "float64",
        version: int = 1,
        low: float | None = None,
        high: float | None = None,
        choices: tuple[str, ...] = (),
    ) -> Callable[[Callable[[MomentT], Value]], Callable[[MomentT], Value]]:
        """Declare the decorated function as a feature: its name is the feature's, its docstring the meaning.

        Raises:
            ValueError: the name is taken, or there is no docstring.
        """

        def declare(compute: Callable[[MomentT], Value]) -> Callable[[MomentT], Value]:
            name, meaning = compute.__name__, inspect.getdoc(compute)
            if not meaning or name in self._definitions:
                raise ValueError(f"{name}: {'declared twice' if meaning else 'no meaning (docstring)'}")
            feature = Feature(
                name, version, self.entity, ColumnType(of), unit, " ".join(meaning.split()), window, KNOWN[self.entity],
                reads, self.owner, low, high, choices,
            )  # fmt: skip
            self._definitions[name] = Definition(feature, compute)
            self._computes.append(compute)
            return compute

        return declare
