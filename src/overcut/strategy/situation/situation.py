"""How does a race stand at the end of a lap, as the simulator needs it, from nothing but what was known then?"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import polars as pl

from overcut.domain.rules import mandatory_stops
from overcut.domain.tyres import Compound
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.strategy.model import CarModel, CarState, CircuitModel, Estimate, Race, RaceRules, TrackState, TrackStatus
from overcut.strategy.parameters import ParameterSet
from overcut.strategy.situation.evidence import telling_laps
from overcut.strategy.situation.facts import Entrant, SessionFacts
from overcut.strategy.situation.moment import CarMoment, Moment, moment
from overcut.strategy.situation.pace import PaceSettings, RacePace, before_the_race, race_pace, with_tyre_doubt
from overcut.strategy.situation.penalties import pending_penalties
from overcut.strategy.situation.track import WET_FROM, grid_track, track_state
from overcut.strategy.situation.tyres import TyreState, likely_start, tyre_states, with_stints


def situation(
    parameters: ParameterSet,
    session: SessionFacts,
    laps: pl.DataFrame,
    *,
    lap: int,
    settings: PaceSettings | None = None,
) -> Race:
    """The race at the end of the leader's lap.

    Args:
        parameters: fitted before the race.
        session: what is known beside the laps.
        laps: the lap table (`LAPS`) of this session; rows after the moment are not read.
        lap: laps that the leader has completed; 0 for the grid.
        settings: how pace is judged; the defaults were chosen on 2021 and 2022.

    Returns:
        Cars in the order of ``session.entrants``, so that two moments of one race compare; those who are out by then
        are told as ``retired``.

    Raises:
        WrongUsageError: the lap is below 0 or not before the end of the race.
        DataMissingError: no car has ended that lap, or nobody takes part.
    """
    if not 0 <= lap < session.laps:
        raise WrongUsageError(
            f"Lap {lap} is not within the race", why=f"it has {session.laps} laps", hint=f"0 to {session.laps - 1}"
        )
    if not session.entrants:
        raise DataMissingError(f"Nobody takes part in {session.session_key}", hint="its entry list is empty")
    chosen = settings or PaceSettings()
    circuit = _sharpened(
        parameters.circuit(session.circuit_id, session.season, session.laps, sprint=session.sprint),
        chosen.stop_sharpness,
    )
    cars = _models(parameters, session, circuit, chosen.retirements)
    before = before_the_race(
        session.entrants, {number: car.pace_s for number, car in cars.items()}, circuit.lap_s.mean, chosen
    )
    if lap == 0:
        return _grid(parameters, session, with_tyre_doubt(circuit, chosen.tyre_doubt), cars, before)
    now = moment(laps, lap)
    stints = with_stints(now.laps)
    noise = {number: car.noise_s for number, car in cars.items()}
    pace = race_pace(before, noise, telling_laps(stints), circuit, chosen)
    track = track_state(session, now, stints, circuit)
    tyres = tyre_states(stints, circuit, wet=track.wetness > WET_FROM)
    return Race(
        circuit=pace.circuit,
        cars=_with_pace(cars, pace),
        states=_states(session, now, tyres, pending_penalties(session, now), track),
        lap=lap,
        track=track,
        rules=race_rules(session),
        session_key=session.session_key,
        provenance=parameters.provenance.words(),
    )


def race_rules(session: SessionFacts) -> RaceRules:
    """What the season's rules ask of a race.

    Sources: FIA Sporting Regulations: 2018 to 2023 article 22 (help after two laps; one from 2024), 2019 to 2024
    article 6 (a point for the fastest lap), 2025 article 30.5 (two stops at Monaco), sprint points by season.
    """
    season = session.season
    if session.sprint:
        points = (3, 2, 1) if season == 2021 else (8, 7, 6, 5, 4, 3, 2, 1)
        return RaceRules(compounds_required=1, points=points, help_after_laps=1 if season >= 2024 else 2, sprint=True)
    return RaceRules(
        stops_required=mandatory_stops(season, session.circuit_id),
        fastest_lap_point=2019 <= season <= 2024,
        help_after_laps=1 if season >= 2024 else 2,
    )


def _sharpened(circuit: CircuitModel, factor: float) -> CircuitModel:
    """The circuit with stops that depend more on the age of the tyres (see `PaceSettings.stop_sharpness`)."""
    stops = circuit.stops
    curve = tuple(factor * value for value in stops.age)
    return msgspec.structs.replace(circuit, stops=msgspec.structs.replace(stops, age=curve))


def _models(
    parameters: ParameterSet, session: SessionFacts, circuit: CircuitModel, retirements: float
) -> dict[str, CarModel]:
    found: dict[str, CarModel] = {}
    for entrant in session.entrants:
        prior = parameters.car_prior(
            session.season, entrant.team, entrant.driver, lap_s=circuit.lap_s.mean, circuit_id=circuit.circuit_id
        )
        found[entrant.driver_number] = CarModel(
            entrant.driver_number,
            entrant.driver,
            entrant.team,
            prior.pace_s,
            prior.noise_s,
            prior.wear,
            prior.retirement_per_lap * retirements,
            prior.stop_excess_s,
        )
    return found


def _with_pace(cars: Mapping[str, CarModel], pace: RacePace) -> tuple[CarModel, ...]:
    return tuple(msgspec.structs.replace(car, pace_s=pace.cars[number]) for number, car in cars.items())


def _grid(
    parameters: ParameterSet,
    session: SessionFacts,
    circuit: CircuitModel,
    cars: Mapping[str, CarModel],
    before: Mapping[str, Estimate],
) -> Race:
    track = grid_track(session)
    pace = RacePace(before, circuit, 0)
    states: list[CarState] = []
    for entrant in session.entrants:
        compound = entrant.start or likely_start(circuit, wet=track.wetness > WET_FROM)
        used = (compound,) if compound.value in {"SOFT", "MEDIUM", "HARD"} else ()
        states.append(CarState(entrant.grid, 0.0, compound, used=used))
    return Race(
        circuit=circuit,
        cars=_with_pace(cars, pace),
        states=tuple(states),
        track=track,
        rules=race_rules(session),
        session_key=session.session_key,
        provenance=parameters.provenance.words(),
    )


def _states(
    session: SessionFacts,
    now: Moment,
    tyres: Mapping[str, TyreState],
    penalties: Mapping[str, float],
    track: TrackState,
) -> tuple[CarState, ...]:
    place = {car.driver_number: index for index, car in enumerate(now.cars, start=1)}
    known = {car.driver_number: car for car in now.cars}
    last = len(now.cars)
    states: list[CarState] = []
    for entrant in session.entrants:
        number = entrant.driver_number
        car = known.get(number)
        if car is None or not car.running:
            last += car is None
            states.append(_out(entrant, place.get(number, last), tyres.get(number)))
            continue
        states.append(_running(car, place[number], tyres[number], penalties.get(number, 0.0), track))
    return tuple(states)


def _out(entrant: Entrant, position: int, tyre: TyreState | None) -> CarState:
    compound = tyre.compound if tyre else entrant.start
    return CarState(position, 0.0, compound or Compound.MEDIUM, retired=True)


def _running(car: CarMoment, position: int, tyre: TyreState, penalty_s: float, track: TrackState) -> CarState:
    return CarState(
        position=position,
        behind_s=car.behind_s,
        compound=tyre.compound,
        tyre_age=tyre.age,
        used=tyre.used,
        stops=tyre.stops,
        in_pit=car.in_pit and track.status is not TrackStatus.RED,
        penalty_s=penalty_s,
    )
