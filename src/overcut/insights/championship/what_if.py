"""What if the race ended now, in this order? The season as it would be, to be asked everything that a real one is."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from overcut.domain.championship import Finish, Race, Season


def next_to_run(season: Season) -> Race | None:
    """The first race without a result; None when all are run."""
    return next((race for race in season.races if not race.run), None)


def with_result(season: Season, round_number: int, order: Sequence[Finish], fastest: Sequence[str] = ()) -> Season:
    """The season with a race that ended in this order at full distance, and with no race after it run.

    Args:
        season: the season.
        round_number: which race; its sprint stays as it is.
        order: who is classified, the winner first, each with the car; positions are set here.
        fastest: who has the fastest lap.
    """
    finishes = tuple(
        msgspec.structs.replace(finish, position=place, position_text=str(place))
        for place, finish in enumerate(order, start=1)
    )

    def changed(race: Race) -> Race:
        if race.round_number < round_number:
            return race
        if race.round_number > round_number:
            return msgspec.structs.replace(race, finishes=(), fastest=(), sprint=(), laps=None)
        return msgspec.structs.replace(race, finishes=finishes, fastest=tuple(fastest), laps=None)

    return msgspec.structs.replace(season, races=tuple(changed(race) for race in season.races))


def last_car(season: Season, driver: str, before: int) -> Finish | None:
    """The car that a driver had last, before a round or, failing that, ever in the season; None for a newcomer."""
    raced = [f for race in season.races if race.round_number < before for f in race.finishes if f.driver == driver]
    later = [f for race in season.races if race.round_number >= before for f in race.finishes if f.driver == driver]
    return raced[-1] if raced else later[0] if later else None


def running_order(season: Season, round_number: int, drivers: Sequence[str]) -> tuple[Finish, ...]:
    """The drivers of a running order in the cars that they had last; one who never had a car has none here either."""
    cars = ((driver, last_car(season, driver, round_number)) for driver in drivers)
    return tuple(car if car is not None else Finish(driver, "", "", None) for driver, car in cars)
