"""Which features tell of a circuit's earlier years, of a driver there, and of this race's grid."""

from __future__ import annotations

from overcut.lake.features.declaration import Declarations, Entity
from overcut.lake.features.past import CircuitMoment, DriverMoment, behind_pct, by_driver, mean_of

DRIVER_CIRCUIT: Declarations[DriverMoment] = Declarations(Entity.DRIVER_CIRCUIT)
CIRCUIT: Declarations[CircuitMoment] = Declarations(Entity.CIRCUIT)
DRIVER_RACE: Declarations[DriverMoment] = Declarations(Entity.DRIVER_RACE)

HERE = ("results.position", "races.circuit_id")
RECORDED = "its last 5 races whose laps are recorded"
LAPS = ("laps.position", "laps.pit_in", "laps.pit_out", "races.circuit_id")
FLAGS = ("laps.track_status", "races.circuit_id")


@DRIVER_CIRCUIT.feature(window="career", reads=HERE, of="int16", low=0, high=60)
def starts_here(moment: DriverMoment) -> int:
    """The driver's races at this circuit."""
    return len(moment.here)


@DRIVER_CIRCUIT.feature(window="career", reads=HERE, of="int16", low=0, high=60)
def wins_here(moment: DriverMoment) -> int:
    """The driver's wins at this circuit."""
    return sum([start.finish.position == 1 for start in moment.here])


@DRIVER_CIRCUIT.feature(window="career", reads=HERE, of="int16", low=1, high=60)
def best_finish_here(moment: DriverMoment) -> int | None:
    """The driver's best position at this circuit."""
    return min([p for start in moment.here if (p := start.finish.position) is not None], default=None)


@DRIVER_CIRCUIT.feature(window="last 3 races here", reads=HERE, low=1, high=60)
def finish_mean_here_3(moment: DriverMoment) -> float | None:
    """Mean position of the driver's last three classified races at this circuit."""
    return mean_of([p for start in moment.here if (p := start.finish.position) is not None][-3:])


@DRIVER_RACE.feature(window="this weekend", reads=("grids.position",), of="int16", low=1, high=60)
def grid_position(moment: DriverMoment) -> int | None:
    """Place on the grid; null from the pit lane and where the grid is not known."""
    place = by_driver(moment.race).get(moment.driver)
    return None if place is None else place.position


@DRIVER_RACE.feature(window="this weekend", reads=("grids.position",), of="bool")
def from_pit_lane(moment: DriverMoment) -> bool | None:
    """Starts from the pit lane."""
    place = by_driver(moment.race).get(moment.driver)
    return None if place is None else place.position is None


@DRIVER_RACE.feature(window="this weekend", reads=("grids.penalty_places",), of="int16", low=0, high=200)
def grid_penalty_places(moment: DriverMoment) -> int | None:
    """Places lost to penalties on the grid."""
    place = by_driver(moment.race).get(moment.driver)
    return None if place is None else place.penalty


@DRIVER_RACE.feature(window="this weekend", reads=("qualifying.position",), of="int16", low=1, high=60)
def qualifying_position(moment: DriverMoment) -> int | None:
    """Position in qualifying."""
    return next((entry.position for entry in moment.race.qualified if entry.driver == moment.driver), None)


@DRIVER_RACE.feature(window="this weekend", reads=("qualifying.q1_ms", "qualifying.q2_ms", "qualifying.q3_ms"),
                     unit="%", low=0)  # fmt: skip
def qualifying_to_pole_pct(moment: DriverMoment) -> float | None:
    """Gap to the fastest in the last part that the driver reached."""
    own = next((entry for entry in moment.race.qualified if entry.driver == moment.driver), None)
    return None if own is None else behind_pct(own, moment.race.qualified)


@CIRCUIT.feature(window="earlier years", reads=("races.circuit_id",), of="int16", low=0, high=100)
def races_here(moment: CircuitMoment) -> int:
    """Races held at the circuit in earlier years."""
    return len(moment.held)


@CIRCUIT.feature(window="its last 10 races", reads=("results.grid", *HERE), low=0, high=1)
def pole_win_share_10(moment: CircuitMoment) -> float | None:
    """Share of the last ten races here that were won from first on the grid."""
    return mean_of([float(held.winner_grid == 1) for held in moment.held[-10:]])


@CIRCUIT.feature(window="its last 5 races", reads=HERE, low=0, high=1)
def unclassified_share_here_5(moment: CircuitMoment) -> float | None:
    """Share of the starters of the last five races here that were not classified."""
    last = moment.held[-5:]
    starters = sum([held.starters for held in last])
    return sum([held.unclassified for held in last]) / starters if starters else None


@CIRCUIT.feature(window="its last 5 races", reads=("results.grid", *HERE), low=0, high=60)
def places_moved_5(moment: CircuitMoment) -> float | None:
    """Mean distance between grid and finish of the classified over the last five races here."""
    return mean_of([held.moved for held in moment.held[-5:] if held.moved is not None])


@CIRCUIT.feature(window=RECORDED, reads=LAPS, low=0)
def passes_per_100_car_laps(moment: CircuitMoment) -> float | None:
    """Passes on track between cars next to each other, for each hundred laps of a car."""
    laps = sum([course.car_laps for course in moment.courses])
    return 100.0 * sum([course.passes for course in moment.courses]) / laps if laps else None


@CIRCUIT.feature(window=RECORDED, reads=("laps.pit_in", "races.circuit_id"), low=0, high=20)
def stops_per_car(moment: CircuitMoment) -> float | None:
    """Stops for each car that started."""
    cars = sum([course.cars for course in moment.courses])
    return sum([course.stops for course in moment.courses]) / cars if cars else None


@CIRCUIT.feature(window=RECORDED, reads=FLAGS, low=0, high=1)
def safety_car_share(moment: CircuitMoment) -> float | None:
    """Share of these races that saw a safety car, a virtual one or a red flag."""
    return mean_of([float(course.safety_cars > 0) for course in moment.courses])


@CIRCUIT.feature(window=RECORDED, reads=FLAGS, low=0, high=30)
def safety_cars_per_race(moment: CircuitMoment) -> float | None:
    """Neutralisations for each of these races, counted by laps: one that follows another at once is not counted."""
    return mean_of([float(course.safety_cars) for course in moment.courses])


@CIRCUIT.feature(window=RECORDED, reads=FLAGS, low=0, high=1)
def neutral_lap_share(moment: CircuitMoment) -> float | None:
    """Share of all cars' laps that were neutralised."""
    laps = sum([course.car_laps for course in moment.courses])
    return sum([course.neutral_laps for course in moment.courses]) / laps if laps else None
