"""Who finished where: laps first, then time with penalties; those who did not finish by how far they came."""

from __future__ import annotations

from overcut.sources.simulated.field import RaceCar


def classify(cars: list[RaceCar], order: list[int]) -> list[str]:
    """Racing numbers in the order of the result; ``order`` (indices on the road) decides ties.

    Seconds of penalties that a finisher still owes are added to his time, and noted in his log.
    """
    places = {index: place for place, index in enumerate(order)}
    for car in cars:
        car.log.penalty_s = car.owes_s if car.finished else 0.0

    def key(car: RaceCar) -> tuple[bool, int, float, int]:
        time = (car.log.flag_t or 0.0) + car.log.penalty_s if car.finished else 0.0
        return (not car.finished, -car.progress, time, places[car.index])

    return [car.number for car in sorted(cars, key=key)]
