"""Which decisions of the stewards, the FIA and its courts the rules alone do not yield: one by one, with the reason."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from overcut.domain.championship.results import Championship
from overcut.domain.championship.rules import Exact

BOTH = (Championship.DRIVERS, Championship.CONSTRUCTORS)


class WithoutPoints(msgspec.Struct, frozen=True):
    """Drivers who keep their position in a race and get no points for it.

    Attributes:
        drivers: by F1DB id.
        moved_up: the others' points are those of the place they have without these.
        position: only for this position of theirs, where they had several; 0 for any.
        partner_gets_all: the other driver of the shared car gets its points undivided.
    """

    year: int
    round_number: int
    drivers: tuple[str, ...]
    reason: str
    moved_up: bool = False
    championships: tuple[Championship, ...] = BOTH
    position: int = 0
    partner_gets_all: bool = False


class FastestLapTo(msgspec.Struct, frozen=True):
    """Whose fastest lap counted, where the times alone say otherwise."""

    year: int
    round_number: int
    drivers: tuple[str, ...]
    reason: str


class RacePays(msgspec.Struct, frozen=True):
    """What a race paid, where its laps alone say otherwise: ``share`` of the full points."""

    year: int
    round_number: int
    share: Exact
    reason: str


class Deduction(msgspec.Struct, frozen=True):
    """Points taken from a constructor (``constructor/engine``), from a round on."""

    year: int
    round_number: int
    entrant: str
    points: Exact
    reason: str


class Exclusion(msgspec.Struct, frozen=True):
    """One who was struck from a championship.

    Attributes:
        entrant: driver by F1DB id, or ``constructor/engine``.
        since: the standings show it from this round on.
        until: results up to this round are struck; later ones are those of a new entrant with the same name.
        text: how tables write the position: DSQ or EX.
        points: what tables show beside it, for information.
    """

    year: int
    championship: Championship
    entrant: str
    reason: str
    text: str
    since: int = 1
    until: int = 99
    points: Exact = 0


class TieBroken(msgspec.Struct, frozen=True):
    """A tie that the places that pay left open, and that the published tables decided nevertheless."""

    year: int
    championship: Championship
    first: str
    second: str
    since: int
    reason: str


class Absence(msgspec.Struct, frozen=True):
    """Drivers of whom it was known, after round ``since``, that they would not race in a later round."""

    year: int
    round_number: int
    since: int
    drivers: tuple[str, ...]
    reason: str


class CalledOff(msgspec.Struct, frozen=True):
    """A race that was never run and was still on the calendar up to round ``until``, as round ``round_number``."""

    year: int
    round_number: int
    name: str
    until: int
    reason: str


Ruling = WithoutPoints | FastestLapTo | RacePays | Deduction | Exclusion | TieBroken | Absence | CalledOff

RULINGS: tuple[Ruling, ...] = (
    FastestLapTo(
        1953, 5, ("juan-manuel-fangio",),
        "Fangio and Ascari are listed with the same time; the point was given to Fangio alone.",
    ),
    CalledOff(
        1953, 10, "spain", 7,
        "The Spanish Grand Prix of October was called off; as long as it was on the calendar Farina could still have"
        " passed Ascari, which is why (it is inferred) the title counts as decided in Switzerland and not in Germany.",
    ),
    WithoutPoints(
        1956, 2, ("juan-manuel-fangio",),
        "Fangio finished second in Collins's car and his own came fourth under Castellotti: he was paid for the better"
        " car only, Castellotti for his half of the other.",
        position=4,
    ),
    WithoutPoints(
        1957, 5, ("peter-collins",),
        "Collins drove Trintignant's car for a few laps only; Trintignant was given the points of fourth place alone.",
        partner_gets_all=True,
    ),
    WithoutPoints(
        1958, 8, ("bruce-mclaren", "edgar-barth", "ian-burgess", "tony-marsh", "phil-hill"),
        "Formula 2 cars could not score; nobody moved up to their places.",
    ),
    Absence(
        1960, 9, 8,
        ("jack-brabham", "bruce-mclaren", "stirling-moss", "innes-ireland", "jim-clark", "john-surtees"),
        "The British teams stayed away from Monza and its banking; with that race McLaren could still have passed"
        " Brabham, without it the title was decided in Portugal.",
    ),
    WithoutPoints(
        1963, 4, ("graham-hill",),
        "Hill's car was pushed on the grid: he kept third place, without points for himself and BRM.",
    ),
    WithoutPoints(
        1967, 7, ("jackie-oliver", "alan-rees", "david-hobbs"),
        "Formula 2 cars could not score; the Formula 1 cars behind them were paid for the places before.",
        moved_up=True,
    ),
    WithoutPoints(
        1969, 7,
        (
            "henri-pescarolo", "richard-attwood", "kurt-ahrens-jr", "rolf-stommelen", "peter-westbury",
            "xavier-perrot",
        ),
        "Formula 2 cars could not score; the Formula 1 cars behind them were paid for the places before.",
        moved_up=True,
    ),
    WithoutPoints(
        1984, 14, ("jo-gartner", "gerhard-berger"),
        "Osella and ATS had entered one car for the season: their second cars could not score, and nobody moved up.",
    ),
    WithoutPoints(
        1987, 16, ("yannick-dalmas",),
        "Larrousse had entered one car for the season: its second could not score, and nobody moved up.",
    ),
    Deduction(
        1995, 1, "benetton/renault", 10,
        "Brazil: the fuel of Schumacher and Coulthard did not match the samples; the drivers got their points back on"
        " appeal, the constructors did not.",
    ),
    Deduction(
        1995, 1, "williams/renault", 6,
        "Brazil: the fuel of Schumacher and Coulthard did not match the samples; the drivers got their points back on"
        " appeal, the constructors did not.",
    ),
    TieBroken(
        1991, Championship.CONSTRUCTORS, "lotus/judd", "brabham/yamaha", 16,
        "Both had a fifth and a sixth place; the final table goes on, it seems, to places that do not pay: Lotus had a"
        " seventh.",
    ),
    TieBroken(
        1995, Championship.DRIVERS, "aguri-suzuki", "pedro-lamy", 17,
        "Both had one sixth place; the final table goes on, it seems, to places that do not pay: Suzuki had an eighth,"
        " Lamy a ninth.",
    ),
    Exclusion(
        1997, Championship.DRIVERS, "michael-schumacher",
        "Struck from the drivers' championship by the FIA after the collision with Villeneuve at Jerez; his results"
        " stand, the others moved up in the final table.",
        text="DSQ", since=17, points=78,
    ),
    Deduction(
        2000, 10, "mclaren/mercedes", 10,
        "Austria: a seal was missing on Häkkinen's electronics; he kept the win, McLaren lost its points.",
    ),
    Exclusion(
        1984, Championship.CONSTRUCTORS, "tyrrell/ford",
        "Struck from the championship for ballast and fuel irregularities; every result of the season was taken away.",
        text="DSQ", since=16,
    ),
    Exclusion(
        2007, Championship.CONSTRUCTORS, "mclaren/mercedes",
        "Struck from the constructors' championship by the World Motor Sport Council in September 2007 for holding"
        " confidential documents of Ferrari's; the drivers kept their points.",
        text="EX",
    ),
    Exclusion(
        2018, Championship.CONSTRUCTORS, "force-india/mercedes",
        "The team was sold out of administration between rounds 12 and 13 and raced on as a new entrant, Racing Point"
        " Force India: what the old one had scored was struck, the drivers kept their points.",
        text="EX", since=13, until=12,
    ),
    Deduction(
        2020, 5, "racing-point/bwt-mercedes", 15,
        "The brake ducts were ruled to be another team's design (7.5 points for each car at the Styrian Grand Prix);"
        " decided before round 5.",
    ),
    RacePays(
        2021, 12, Fraction(1, 2),
        "Belgium: three laps behind the safety car, the result taken after the first: two laps had been completed, as"
        " half points demand.",
    ),
    RacePays(
        2022, 18, 1,
        "Japan: 28 of 53 laps; the graded points of 2022 were written for races that are suspended and not resumed;"
        " this one was resumed, so it paid in full.",
    ),
)  # fmt: skip
"""Every one since 1950 that changes points or positions. Disqualifications from a race are in its result already."""


def rulings_of(year: int) -> tuple[Ruling, ...]:
    """The season's rulings."""
    return tuple(ruling for ruling in RULINGS if ruling.year == year)
