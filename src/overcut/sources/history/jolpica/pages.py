"""What a page of the Ergast interface holds: every value is text, and one listing may need many pages.

Shape: https://github.com/jolpica/jolpica-f1/tree/main/docs
"""

from __future__ import annotations

import msgspec


class Location(msgspec.Struct, frozen=True, rename={"latitude": "lat", "longitude": "long"}):
    """Where a circuit is, in degrees."""

    latitude: str = ""
    longitude: str = ""
    locality: str = ""
    country: str = ""


class Circuit(msgspec.Struct, frozen=True, rename={"key": "circuitId", "name": "circuitName", "location": "Location"}):
    """A circuit."""

    key: str
    name: str
    location: Location = Location()


class Driver(
    msgspec.Struct,
    frozen=True,
    rename={"key": "driverId", "given": "givenName", "family": "familyName", "born": "dateOfBirth"},
):
    """A driver."""

    key: str
    given: str
    family: str
    born: str = ""
    code: str = ""
    nationality: str = ""


class Constructor(msgspec.Struct, frozen=True, rename={"key": "constructorId"}):
    """A constructor; ``key`` is missing in rows without one."""

    key: str = ""
    name: str = ""
    nationality: str = ""


class RaceTime(msgspec.Struct, frozen=True):
    """A duration: "1:27:38.241", "+5.384"; ``millis`` is the whole race time."""

    time: str = ""
    millis: str = ""


class BestLap(msgspec.Struct, frozen=True, rename={"time": "Time"}):
    """A driver's fastest lap of a race."""

    lap: str = ""
    rank: str = ""
    time: RaceTime = RaceTime()


class Result(
    msgspec.Struct,
    frozen=True,
    rename={
        "text": "positionText",
        "driver": "Driver",
        "constructor": "Constructor",
        "time": "Time",
        "best": "FastestLap",
        "q1": "Q1",
        "q2": "Q2",
        "q3": "Q3",
    },
):
    """A row of a race, a sprint or a qualifying."""

    position: str
    driver: Driver
    constructor: Constructor = Constructor()
    number: str = ""
    text: str = ""
    points: str = ""
    grid: str = ""
    laps: str = ""
    status: str = ""
    time: RaceTime = RaceTime()
    best: BestLap | None = None
    q1: str = ""
    q2: str = ""
    q3: str = ""


class Stop(msgspec.Struct, frozen=True, rename={"driver": "driverId"}):
    """A pit stop; ``duration`` in seconds, or minutes and seconds."""

    driver: str
    stop: str
    lap: str = ""
    duration: str = ""


class LapTiming(msgspec.Struct, frozen=True, rename={"driver": "driverId"}):
    """One car's lap."""

    driver: str
    position: str = ""
    time: str = ""


class Lap(msgspec.Struct, frozen=True, rename={"timings": "Timings"}):
    """One lap of all cars."""

    number: str
    timings: tuple[LapTiming, ...] = ()


class Session(msgspec.Struct, frozen=True):
    """When a session of the weekend is held."""

    date: str = ""
    time: str = ""


class Race(
    msgspec.Struct,
    frozen=True,
    rename={
        "name": "raceName",
        "circuit": "Circuit",
        "sprint_session": "Sprint",
        "results": "Results",
        "qualifying": "QualifyingResults",
        "sprint": "SprintResults",
        "stops": "PitStops",
        "laps": "Laps",
    },
):
    """A round, with the rows of the listing that was asked for."""

    season: str
    round: str
    name: str
    circuit: Circuit
    date: str
    time: str = ""
    sprint_session: Session | None = None
    results: tuple[Result, ...] = ()
    qualifying: tuple[Result, ...] = ()
    sprint: tuple[Result, ...] = ()
    stops: tuple[Stop, ...] = ()
    laps: tuple[Lap, ...] = ()


class Standing(
    msgspec.Struct,
    frozen=True,
    rename={"text": "positionText", "driver": "Driver", "constructor": "Constructor"},
):
    """A row of the standings; ``position`` is missing for one that is not classified."""

    points: str
    position: str = ""
    text: str = ""
    driver: Driver | None = None
    constructor: Constructor | None = None


class Standings(
    msgspec.Struct, frozen=True, rename={"drivers": "DriverStandings", "constructors": "ConstructorStandings"}
):
    """The standings after a round."""

    season: str
    round: str
    drivers: tuple[Standing, ...] = ()
    constructors: tuple[Standing, ...] = ()


class RaceTable(msgspec.Struct, frozen=True, rename={"races": "Races"}):
    """Rounds of a listing."""

    races: tuple[Race, ...] = ()


class StandingsTable(msgspec.Struct, frozen=True, rename={"lists": "StandingsLists"}):
    """Standings of a listing."""

    lists: tuple[Standings, ...] = ()


class Page(msgspec.Struct, frozen=True, rename={"races": "RaceTable", "standings": "StandingsTable"}):
    """One page: rows ``offset`` to ``offset + limit`` of ``total``."""

    limit: str
    offset: str
    total: str
    races: RaceTable = RaceTable()
    standings: StandingsTable = StandingsTable()

    @property
    def rows(self) -> int:
        """How many rows of the listing are on this page."""
        return sum(_rows(race) for race in self.races.races) + sum(
            len(one.drivers) + len(one.constructors) for one in self.standings.lists
        )


class _Answer(msgspec.Struct, frozen=True, rename={"page": "MRData"}):
    page: Page


def decode_page(body: bytes) -> Page:
    """The page in an answer.

    Raises:
        msgspec.DecodeError: it is truncated, or no page.
    """
    page = msgspec.json.decode(body, type=_Answer).page
    if not (page.limit.isdigit() and page.offset.isdigit() and page.total.isdigit() and int(page.limit) > 0):
        raise msgspec.DecodeError("limit, offset and total are not whole numbers")
    for one in (*page.races.races, *page.standings.lists):
        if not (one.season.isdigit() and one.round.isdigit()):
            raise msgspec.DecodeError("a season or a round is no whole number")
    return page


def _rows(race: Race) -> int:
    """Rows of a round: those of its listing; the round itself where the listing is of rounds."""
    rows = len(race.results) + len(race.qualifying) + len(race.sprint) + len(race.stops)
    return rows + sum(len(lap.timings) for lap in race.laps) or 1
