"""What an answer about a driver's or a constructor's career looks like, and one that compares several."""

from __future__ import annotations

import datetime as dt

import msgspec

from overcut.lake.history.answers import ATTRIBUTION, DriverRef, NamedRef, RaceRef, ResultRow


class CareerTotals(msgspec.Struct, frozen=True):
    """What a driver or constructor has done, counted in races (``lake.history.definitions`` has the words).

    ``points``: won in races and sprints. ``championship_points``: of them those that counted for the championship.
    A constructor's ``podiums`` count cars, its other figures races; ``one_twos`` is 0 for drivers.
    """

    entries: int
    starts: int
    wins: int
    podiums: int
    poles: int
    fastest_laps: int
    front_rows: int
    points_finishes: int
    finishes: int
    retirements: int
    laps: int
    points: float
    championship_points: float
    titles: int
    hat_tricks: int
    grand_slams: int | None
    sprint_starts: int
    sprint_wins: int
    sprint_podiums: int
    driver_of_the_day: int
    one_twos: int
    best_result: int | None
    best_result_count: int
    best_grid: int | None
    best_championship: int | None


class CareerLine(msgspec.Struct, frozen=True):
    """A driver or constructor in a list."""

    id: str
    name: str
    code: str | None
    country: str | None
    country_name: str | None
    first: int
    last: int
    starts: int
    wins: int
    podiums: int
    poles: int
    titles: int
    points: float


class CareersAnswer(msgspec.Struct, frozen=True):
    """Drivers or constructors, the most successful first: by titles, wins, podiums, points, starts."""

    total: int
    offset: int
    limit: int
    items: list[CareerLine]
    source: str = ATTRIBUTION


class CareerSeason(msgspec.Struct, frozen=True):
    """One season of a career. ``position`` in the championship: final, or so far."""

    year: int
    constructors: list[NamedRef]
    drivers: list[DriverRef]
    engines: list[NamedRef]
    totals: CareerTotals
    position: int | None
    position_text: str
    points: float
    champion: bool
    finished: bool


class CareerPlace(msgspec.Struct, frozen=True):
    """A career at one circuit."""

    circuit: NamedRef
    starts: int
    wins: int
    podiums: int
    poles: int
    best_result: int | None


class Milestone(msgspec.Struct, frozen=True):
    """A moment of a career: ``kind`` first_start, first_points, first_podium, first_pole, first_win, win_50, title …"""

    kind: str
    text: str
    race: RaceRef


class Duel(msgspec.Struct, frozen=True):
    """Two drivers over the races in which both took part.

    Attributes:
        races: both started. qualifying_a, qualifying_b: who qualified higher, of ``qualified`` where both have a place.
        race_a, race_b: who was classified higher; a driver who was not classified is behind one who was.
        finished_a, finished_b: the same where both were classified (``finished``).
        points_a …: won in those races and their sprints. sprints: both started; sprint_a, sprint_b as in races.
    """

    races: int = 0
    qualified: int = 0
    qualifying_a: int = 0
    qualifying_b: int = 0
    race_a: int = 0
    race_b: int = 0
    finished: int = 0
    finished_a: int = 0
    finished_b: int = 0
    points_a: float = 0.0
    points_b: float = 0.0
    wins_a: int = 0
    wins_b: int = 0
    podiums_a: int = 0
    podiums_b: int = 0
    poles_a: int = 0
    poles_b: int = 0
    fastest_laps_a: int = 0
    fastest_laps_b: int = 0
    sprints: int = 0
    sprint_a: int = 0
    sprint_b: int = 0
    qualifying_gap_pct: float | None = None
    """Median of b's qualifying time minus a's, in per cent of a's: above 0, a was faster."""
    qualifying_gap_of: int = 0


class DuelSeason(msgspec.Struct, frozen=True):
    """A duel within one season."""

    year: int
    team_mates: bool
    constructors_a: list[NamedRef]
    constructors_b: list[NamedRef]
    duel: Duel


class TeamMate(msgspec.Struct, frozen=True):
    """A team mate of a driver (``a`` in the duel is the driver whose page it is), over the races in the same team."""

    driver: DriverRef
    constructors: list[NamedRef]
    first: int
    last: int
    duel: Duel


class Relative(msgspec.Struct, frozen=True):
    """A relative who is known as a driver too."""

    driver: DriverRef
    relation: str


class ChronologyLine(msgspec.Struct, frozen=True):
    """One name in the line of a team. ``year_to`` null: as long as it lasts."""

    constructor: NamedRef
    year_from: int
    year_to: int | None


class DriverAnswer(msgspec.Struct, frozen=True):
    """A driver's page. ``age`` in whole years: today, or at death."""

    driver: DriverRef
    full_name: str | None
    first_name: str | None
    last_name: str | None
    permanent_number: str | None
    born: dt.date | None
    died: dt.date | None
    birthplace: str | None
    country_name: str | None
    totals: CareerTotals
    title_years: list[int]
    first_race: RaceRef | None
    last_race: RaceRef | None
    seasons: list[CareerSeason]
    circuits: list[CareerPlace]
    team_mates: list[TeamMate]
    relatives: list[Relative]
    milestones: list[Milestone]
    definitions: dict[str, str]
    source: str = ATTRIBUTION


class ConstructorAnswer(msgspec.Struct, frozen=True):
    """A constructor's page. ``line_totals``: of all names in its line together, each for its own years."""

    constructor: NamedRef
    full_name: str | None
    country: str | None
    country_name: str | None
    totals: CareerTotals
    title_years: list[int]
    drivers_titles: list[int]
    first_race: RaceRef | None
    last_race: RaceRef | None
    chronology: list[ChronologyLine]
    line_totals: CareerTotals | None
    seasons: list[CareerSeason]
    circuits: list[CareerPlace]
    drivers: list[CareerLine]
    engines: list[CareerLine]
    milestones: list[Milestone]
    definitions: dict[str, str]
    source: str = ATTRIBUTION


class CareerResult(msgspec.Struct, frozen=True):
    """One result of a career, with its race."""

    race: RaceRef
    result: ResultRow


class CareerResultsAnswer(msgspec.Struct, frozen=True):
    """A driver's results, newest first."""

    driver: DriverRef
    session: str
    total: int
    offset: int
    limit: int
    items: list[CareerResult]
    source: str = ATTRIBUTION


class HeadToHeadAnswer(msgspec.Struct, frozen=True):
    """Two drivers: each one's career, and both where they met; the same as team mates; by season."""

    a: DriverRef
    b: DriverRef
    totals_a: CareerTotals
    totals_b: CareerTotals
    titles_a: list[int]
    titles_b: list[int]
    together: Duel
    team_mates: Duel
    seasons: list[DuelSeason]
    definition: str
    source: str = ATTRIBUTION


class TeamMatePair(msgspec.Struct, frozen=True):
    """Two drivers of the same team in a season; ``a`` is the one who scored more in the races that both started."""

    constructor: NamedRef
    a: DriverRef
    b: DriverRef
    duel: Duel


class TeamMatesAnswer(msgspec.Struct, frozen=True):
    """Every pair of team mates of a season, teams in the order of the constructors' table."""

    year: int
    pairs: list[TeamMatePair]
    definition: str
    source: str = ATTRIBUTION


class RecordInfo(msgspec.Struct, frozen=True):
    """A list of records that can be asked for.

    Attributes:
        name: in the address. title: for people. group: its chapter. unit: of ``value``. definition: in words.
        of: of whom it can be asked: drivers, constructors, engines, tyres, countries; or races, or seasons.
        least: how many starts (or races) an entrant needs to be listed, for shares.
    """

    name: str
    title: str
    group: str
    of: list[str]
    unit: str
    definition: str
    least: int = 0


class RecordsAnswer(msgspec.Struct, frozen=True):
    """Every list of records."""

    items: list[RecordInfo]
    source: str = ATTRIBUTION


class RecordRow(msgspec.Struct, frozen=True):
    """One line of a list of records.

    Attributes:
        rank: true rank: equal values share one, and the next is as many lower. tied: others have the same.
        driver, constructor, race, season: what the line is about, as far as it applies; ``holder``: an engine or tyre
            maker, or a nationality.
        value: the figure. text: the figure for people ("19 of 22", "17 y 166 d", "0.010 s").
        first, last: the races between which it happened. current: a streak that still lasts.
    """

    rank: int
    tied: bool
    value: float
    text: str
    driver: DriverRef | None = None
    constructor: NamedRef | None = None
    race: RaceRef | None = None
    season: int | None = None
    holder: NamedRef | None = None
    detail: str = ""
    first: RaceRef | None = None
    last: RaceRef | None = None
    current: bool = False


class RecordAnswer(msgspec.Struct, frozen=True):
    """A list of records, filtered by years. ``coverage``: what of history the data can tell of it."""

    record: RecordInfo
    of: str
    from_year: int
    to_year: int
    total: int
    offset: int
    limit: int
    rows: list[RecordRow]
    coverage: str = ""
    source: str = ATTRIBUTION


class EraRow(msgspec.Struct, frozen=True):
    """One entrant's share: ``successes`` of ``races``, with the 95 % Wilson interval ``low`` to ``high`` (0 to 1)."""

    rank: int
    driver: DriverRef | None
    constructor: NamedRef | None
    first: int
    last: int
    races: int
    successes: int
    share: float
    low: float
    high: float


class EraPeriod(msgspec.Struct, frozen=True):
    """A period of seasons: how many races, how many entrants succeeded, and whose share was the largest."""

    first: int
    last: int
    name: str
    races: int
    entrants: int
    leaders: list[EraRow]
    concentration: float
    """Sum of the squared shares of successes (Herfindahl): 1 when one entrant had them all."""


class ErasAnswer(msgspec.Struct, frozen=True):
    """Eras compared by share of races, not by counts; ranked by the lower end of the interval."""

    metric: str
    of: str
    from_year: int
    to_year: int
    least: int
    total: int
    offset: int
    limit: int
    rows: list[EraRow]
    periods: list[EraPeriod]
    metrics: list[str]
    definition: str
    source: str = ATTRIBUTION
