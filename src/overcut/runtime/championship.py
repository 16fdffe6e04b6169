"""Which championship is asked for, and what would it be if the next race ended in a given order?"""

from __future__ import annotations

from collections.abc import Sequence

from overcut.domain.championship import Championship, Season
from overcut.domain.naming import DRIVER_NICKNAMES, Named, Register
from overcut.insights.championship.answers import ChampionshipAnswer
from overcut.insights.championship.from_lake import season_of
from overcut.insights.championship.picture import championship_of, naming_of, picture, scored_season
from overcut.insights.championship.what_if import running_order, with_result
from overcut.kernel.errors import WrongUsageError
from overcut.lake import Lake

__all__ = ["championship_if", "championship_of"]


def championship_if(
    lake: Lake,
    year: int,
    championship: Championship,
    after: int | None,
    order: Sequence[str],
    fastest_lap: str | None = None,
) -> ChampionshipAnswer:
    """The championship as it would be if the round after ``after`` ended in this order, at full distance.

    Args:
        lake: where the season is.
        year: of the season.
        championship: which one.
        after: the round before; the last that was run when None.
        order: the drivers by F1DB id, code or name, the winner first; whoever is not named is not classified.
        fastest_lap: who has the fastest lap.

    Raises:
        DataMissingError: the lake does not have the season.
        WrongUsageError: there is no such round, nobody is named, or a driver is not known or named twice.
    """
    if not order:
        raise WrongUsageError("The order names nobody", hint="drivers separated by commas, the winner first")
    season = season_of(lake, year)
    number = (season.run if after is None else after) + 1
    if not any(race.round_number == number for race in season.races):
        raise WrongUsageError(f"The season {year} has no round {number}", hint=f"it has {len(season.races)}")
    drivers = _drivers(lake, season, [*order, *([fastest_lap] if fastest_lap else [])])
    placed, fastest = drivers[: len(order)], drivers[len(order) :]
    twice = next((driver for driver in placed if placed.count(driver) > 1), None)
    if twice is not None:
        raise WrongUsageError(f"{twice} is named twice in the order", hint="each driver once, the winner first")
    supposed = with_result(season, number, running_order(season, number, placed), fastest)
    return picture(scored_season(supposed, championship), naming_of(lake), number, supposed=True)


def _drivers(lake: Lake, season: Season, texts: Sequence[str]) -> list[str]:
    """The F1DB ids of drivers: first among those of the season, then among all."""
    rows = lake.read("drivers", columns=["driver_id", "name", "last_name", "full_name", "code"])
    raced = {finish.driver for race in season.races for finish in race.finishes}
    named = [
        Named(key, name, (code,) if code else (), tuple(x for x in (last, full, *DRIVER_NICKNAMES.get(key, ())) if x))
        for key, name, last, full, code in rows.iter_rows()
    ]
    registers = [Register(one for one in named if one.id in raced), Register(named)]
    found: list[str] = []
    for text in texts:
        meant = next((one for register in registers if (one := register.one(text)) is not None), None)
        if meant is None:
            raise WrongUsageError(f"No driver of {season.year} is called {text!r}", hint="an F1DB id, a code or a name")
        found.append(meant.id)
    return found
