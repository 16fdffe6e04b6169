"""How is a race told at a lap: cars, tyres, what a stop costs, and what really happened."""

from __future__ import annotations

from collections.abc import Mapping

from overcut.strategy.model import CarModel, CarState, Race
from overcut.strategy.whatif.answers import CarNow, StrategyRace, StrategySession, TyreNow
from overcut.strategy.whatif.asking import Happened


def race_answer(race: Race, session: StrategySession, happened: Happened, colours: Mapping[str, str]) -> StrategyRace:
    """The race at its lap.

    Args:
        race: where a simulation would begin. ``session``: which it is.
        happened: what really became of it. ``colours``: of teams, by driver number.
    """
    circuit = race.circuit
    cars = sorted(
        (_car(car, state, colours) for car, state in zip(race.cars, race.states, strict=True)),
        key=lambda car: (car.retired, car.position),
    )
    tyres = tuple(
        TyreNow(tyre.compound.value, tyre.offset_s, tyre.wear_s, tyre.typical_stint_laps) for tyre in circuit.tyres
    )
    return StrategyRace(
        session=session,
        lap=race.lap,
        track=race.track.status.value,
        wetness=race.track.wetness,
        raining=race.track.raining,
        cars=tuple(cars),
        tyres=tyres,
        lap_s=circuit.lap_s,
        pit_loss_s=circuit.pit.loss_s,
        pit_loss_sc_s=circuit.pit.loss_sc_s,
        pit_loss_vsc_s=circuit.pit.loss_vsc_s,
        compounds_required=race.rules.compounds_required,
        points=race.rules.points,
        actual=happened.cars,
        periods=happened.periods,
        finished=happened.finished,
        parameters=race.provenance,
    )


def _car(car: CarModel, state: CarState, colours: Mapping[str, str]) -> CarNow:
    return CarNow(
        driver_number=car.driver_number,
        driver=car.driver,
        team=car.team,
        colour=colours.get(car.driver_number, ""),
        position=state.position,
        behind_s=state.behind_s,
        compound=state.compound.value,
        tyre_age=state.tyre_age,
        used=tuple(one.value for one in state.used),
        stops=state.stops,
        in_pit=state.in_pit,
        penalty_s=state.penalty_s,
        retired=state.retired,
        pace_s=car.pace_s,
    )
