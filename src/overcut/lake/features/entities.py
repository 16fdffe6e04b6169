"""Where features are declared: one list for each entity of a session."""

from __future__ import annotations

from collections.abc import Callable

from overcut.lake.features.declaration import Declarations, Entity, Kind, Value
from overcut.lake.features.moment import CarMoment, PairMoment, SessionMoment

CAR_LAP: Declarations[CarMoment] = Declarations(Entity.CAR_LAP)
PAIR_LAP: Declarations[PairMoment] = Declarations(Entity.PAIR_LAP)
SESSION_LAP: Declarations[SessionMoment] = Declarations(Entity.SESSION_LAP)

Either = CarMoment | SessionMoment


def shared(
    *,
    window: str,
    reads: tuple[str, ...],
    unit: str = "",
    of: Kind = "float64",
    version: int = 1,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> Callable[[Callable[[Either], Value]], Callable[[Either], Value]]:
    """Declare the decorated function for cars' laps and for laps of the session alike."""

    def declare(compute: Callable[[Either], Value]) -> Callable[[Either], Value]:
        for entity in (CAR_LAP, SESSION_LAP):
            entity.feature(
                window=window, reads=reads, unit=unit, of=of, version=version, low=low, high=high, choices=choices
            )(compute)
        return compute

    return declare
