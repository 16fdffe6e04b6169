"""How a session stands, as one table: order, laps, gaps, bests, stops and tyres."""

from __future__ import annotations

import msgspec

from overcut.domain.flags import CarStatus
from overcut.domain.frame import FrameSource
from overcut.domain.state import STATE_SCHEMA, CarState, Defect, Gap, Meeting, SessionState
from overcut.domain.tyres import Stint


class ClassifiedCar(msgspec.Struct, frozen=True):
    """One row. Times in milliseconds; ``stints`` in order of use."""

    position: int | None
    number: str
    code: str
    name: str
    team: str
    status: CarStatus
    laps: int
    gap: Gap | None
    best_lap_ms: int | None
    best_lap: int | None
    pit_stops: int
    stints: list[Stint]


class Classification(msgspec.Struct, frozen=True):
    """The table at ``t_ms`` with what is needed to read it. ``laps``: laps done by the first car."""

    session: str
    source: FrameSource
    simulated: bool
    meeting: Meeting
    t_ms: int
    laps: int
    cars: list[ClassifiedCar]
    defects: dict[str, Defect]
    schema: int = STATE_SCHEMA


def classify(state: SessionState) -> Classification:
    """The table of ``state``, in board order."""
    cars = [_row(car) for car in state.order()]
    return Classification(
        session=state.key,
        source=state.source,
        simulated=state.simulated,
        meeting=state.meeting,
        t_ms=state.t_ms,
        laps=max((car.laps for car in cars), default=0),
        cars=cars,
        defects=state.defects,
    )


def _row(car: CarState) -> ClassifiedCar:
    return ClassifiedCar(
        position=car.position,
        number=car.number,
        code=car.code,
        name=car.name,
        team=car.team,
        status=car.status,
        laps=car.laps,
        gap=car.gap,
        best_lap_ms=car.best_lap.ms if car.best_lap else None,
        best_lap=car.best_lap.lap if car.best_lap else None,
        pit_stops=car.pit_stops,
        stints=car.stints,
    )
