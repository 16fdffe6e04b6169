"""What an answer about history looks like: the pages of seasons, races, people, teams and places.

Every answer says where its data are from (``source``). Points are championship points; times are whole milliseconds;
``id`` is an F1DB id, which is also the last part of the permanent link.
"""

from __future__ import annotations

import datetime as dt

import msgspec

ATTRIBUTION = "F1DB (https://github.com/f1db/f1db), CC BY 4.0"
"""Said wherever F1DB's data are shown."""


class NamedRef(msgspec.Struct, frozen=True):
    """Something with a page of its own: constructor, circuit, Grand Prix, engine."""

    id: str
    name: str


class DriverRef(msgspec.Struct, frozen=True):
    """A driver in a list: id, name, three-letter code, and nationality (ISO 3166-1 alpha-2)."""

    id: str
    name: str
    code: str | None = None
    country: str | None = None


class RaceRef(msgspec.Struct, frozen=True):
    """A race in a list. ``date`` is the local day; ``run`` is false while it lies ahead."""

    season: int
    round: int
    date: dt.date
    grand_prix: NamedRef
    circuit: NamedRef
    run: bool = True


class SearchHit(msgspec.Struct, frozen=True):
    """One thing found by a search.

    ``kind``: driver, constructor, circuit, grand_prix, season, race, record or page. ``path``: its permanent link.
    ``score``: 0 to 1, how well it fits.
    """

    kind: str
    id: str
    name: str
    detail: str
    path: str
    score: float


class SeasonLine(msgspec.Struct, frozen=True):
    """A season in the list of seasons. Champions are null while the season runs, or where there was no title."""

    year: int
    rounds: int
    rounds_run: int
    champion: DriverRef | None
    champion_points: float | None
    constructors_champion: NamedRef | None
    constructors_champion_points: float | None
    winners: int
    most_wins: int


class SeasonsAnswer(msgspec.Struct, frozen=True):
    """All seasons, newest first."""

    total: int
    offset: int
    limit: int
    items: list[SeasonLine]
    source: str = ATTRIBUTION


class RoundLine(msgspec.Struct, frozen=True):
    """One round in a season: who won, from where, who was on pole and drove the fastest lap (several where shared)."""

    race: RaceRef
    official_name: str | None
    laps: int | None
    distance_km: float | None
    sprint: bool
    winners: list[DriverRef]
    winning_constructor: NamedRef | None
    pole: list[DriverRef]
    fastest_lap: list[DriverRef]
    sprint_winner: DriverRef | None = None
    drivers_decider: bool = False
    constructors_decider: bool = False


class StandingRow(msgspec.Struct, frozen=True):
    """One line of a championship table. ``position`` is null for one that is not classified or was disqualified."""

    position: int | None
    position_text: str
    driver: DriverRef | None
    constructor: NamedRef | None
    engine: NamedRef | None
    points: float
    positions_gained: int | None = None
    champion: bool = False
    wins: int = 0
    gap: float = 0.0


class StandingsAnswer(msgspec.Struct, frozen=True):
    """A championship table after a round, as published; ``after`` 0 is the final table of a finished season."""

    season: int
    of: str
    after: int
    final: bool
    rows: list[StandingRow]
    note: str = ""
    source: str = ATTRIBUTION


class ProgressLine(msgspec.Struct, frozen=True):
    """One entrant's points and position after each round of a season; null where not listed."""

    driver: DriverRef | None
    constructor: NamedRef | None
    engine: NamedRef | None
    points: list[float | None]
    positions: list[int | None]


class ProgressAnswer(msgspec.Struct, frozen=True):
    """How a championship went, round by round: ``lines`` have one value for each of ``rounds``."""

    season: int
    of: str
    rounds: list[RaceRef]
    lines: list[ProgressLine]
    source: str = ATTRIBUTION


class SeatLine(msgspec.Struct, frozen=True):
    """Who sat where in a season: ``rounds`` as in 1-3,5."""

    entrant: str
    constructor: NamedRef
    engine: NamedRef | None
    driver: DriverRef
    rounds: str | None
    test_driver: bool


class CountLine(msgspec.Struct, frozen=True):
    """How often one driver or constructor did something."""

    driver: DriverRef | None
    constructor: NamedRef | None
    count: int


class SeasonAnswer(msgspec.Struct, frozen=True):
    """A season's page."""

    year: int
    finished: bool
    champion: DriverRef | None
    constructors_champion: NamedRef | None
    rounds: list[RoundLine]
    drivers: list[StandingRow]
    constructors: list[StandingRow]
    wins: list[CountLine]
    poles: list[CountLine]
    podiums: list[CountLine]
    first_time_winners: list[DriverRef]
    debuts: list[DriverRef]
    seats: list[SeatLine]
    previous: int | None
    next: int | None
    note: str = ""
    source: str = ATTRIBUTION


class ResultRow(msgspec.Struct, frozen=True):
    """One driver in a race or sprint. ``position_text``: the position, or DNF, NC, DSQ, EX, DNS, DNQ, DNPQ, DNP."""

    row: int
    position: int | None
    position_text: str
    number: str | None
    driver: DriverRef
    constructor: NamedRef | None
    engine: NamedRef | None
    tyre: NamedRef | None
    laps: int | None
    time_ms: int | None
    penalty_ms: int | None
    gap_ms: int | None
    gap_laps: int | None
    reason_retired: str | None
    points: float
    grid: int | None
    grid_text: str | None
    positions_gained: int | None
    started: bool
    shared_car: bool = False
    pole: bool = False
    qualification_position: int | None = None
    pit_stops: int | None = None
    fastest_lap: bool = False
    driver_of_the_day: bool = False
    grand_slam: bool | None = None
    laps_led: int | None = None
    """Both are None where the lake does not hold the laps of the race, and nothing else tells."""


class QualifyingRow(msgspec.Struct, frozen=True):
    """One driver in a qualifying session."""

    position: int | None
    position_text: str
    number: str | None
    driver: DriverRef
    constructor: NamedRef | None
    time_ms: int | None
    q1_ms: int | None
    q2_ms: int | None
    q3_ms: int | None
    gap_ms: int | None
    laps: int | None


class QualifyingTable(msgspec.Struct, frozen=True):
    """One qualifying session: Q set the grid, Q1 and Q2 its days, PQ pre-qualifying, SQ the sprint's."""

    session: str
    rows: list[QualifyingRow]


class GridRow(msgspec.Struct, frozen=True):
    """One place on the grid; ``position`` is null from the pit lane (``position_text`` PL)."""

    position: int | None
    position_text: str
    driver: DriverRef
    constructor: NamedRef | None
    qualification_position: int | None
    penalty: str | None
    time_ms: int | None


class FastestLapRow(msgspec.Struct, frozen=True):
    """A driver's best lap of a race."""

    position: int | None
    driver: DriverRef
    constructor: NamedRef | None
    lap: int | None
    time_ms: int | None
    gap_ms: int | None


class PitStopRow(msgspec.Struct, frozen=True):
    """One pit stop; ``time_ms`` is the time in the pit lane."""

    driver: DriverRef
    constructor: NamedRef | None
    stop: int
    lap: int | None
    time_ms: int | None


class RaceAnswer(msgspec.Struct, frozen=True):
    """A race's page: everything that was published of it, and the tables after it."""

    race: RaceRef
    official_name: str | None
    layout_id: str | None
    lap_km: float | None
    laps: int | None
    distance_km: float | None
    scheduled_laps: int | None
    qualifying_format: str | None
    drivers_decider: bool
    constructors_decider: bool
    results: list[ResultRow]
    grid: list[GridRow]
    qualifying: list[QualifyingTable]
    sprint: list[ResultRow]
    sprint_grid: list[GridRow]
    fastest_laps: list[FastestLapRow]
    pit_stops: list[PitStopRow]
    drivers: list[StandingRow]
    constructors: list[StandingRow]
    facts: list[str]
    previous: RaceRef | None
    next: RaceRef | None
    same_grand_prix: list[RaceRef]
    note: str = ""
    source: str = ATTRIBUTION
