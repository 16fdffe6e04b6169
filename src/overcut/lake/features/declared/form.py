"""Which features tell of a driver's and a team's form before a race."""

from __future__ import annotations

from itertools import takewhile

from overcut.lake.features.declaration import Declarations, Entity
from overcut.lake.features.past import KEPT, ConstructorMoment, DriverMoment, Finish, Start, mean_of, newest

DRIVER_SEASON: Declarations[DriverMoment] = Declarations(Entity.DRIVER_SEASON)
CONSTRUCTOR_SEASON: Declarations[ConstructorMoment] = Declarations(Entity.CONSTRUCTOR_SEASON)

FINISHES = ("results.position",)
QUALIFYING = ("qualifying.q1_ms", "qualifying.q2_ms", "qualifying.q3_ms", "qualifying.time_ms")
LAST = "last 5 races"
LAST_TEN = "last 10 races"


def _share_of_field(finish: Finish) -> float:
    """0 for the winner, 1 for the last and for all who were not classified."""
    if finish.position is None or finish.starters < 2:
        return 1.0 if finish.position is None else 0.0
    return min(1.0, (finish.position - 1) / (finish.starters - 1))


def _places_won(finish: Finish) -> int | None:
    return None if finish.grid is None or finish.position is None else finish.grid - finish.position


def _beat_mate(start: Start) -> float | None:
    """1 or 0; None without a team mate, and where neither was classified."""
    own, mate = start.finish.position, start.mate_position
    if not start.had_mate or (own is None and mate is None):
        return None
    return float(own is not None and (mate is None or own < mate))


@DRIVER_SEASON.feature(window="career", reads=FINISHES, of="int16", low=0, high=600)
def career_starts(moment: DriverMoment) -> int:
    """Races started before this one."""
    return len(moment.starts)


@DRIVER_SEASON.feature(window="career", reads=FINISHES, of="int16", low=0, high=300)
def career_wins(moment: DriverMoment) -> int:
    """Races won before this one."""
    return moment.past.wins.get(moment.driver, 0)


@DRIVER_SEASON.feature(window="this season", reads=FINISHES, of="int16", low=0, high=60)
def season_starts(moment: DriverMoment) -> int:
    """Races started this season before this one."""
    return len(moment.this_season)


@DRIVER_SEASON.feature(window="this season", reads=FINISHES, of="int16", low=0, high=60)
def season_wins(moment: DriverMoment) -> int:
    """Races won this season before this one."""
    return sum([start.finish.position == 1 for start in moment.this_season])


@DRIVER_SEASON.feature(window=LAST, reads=FINISHES, low=1, high=60)
def finish_mean_5(moment: DriverMoment) -> float | None:
    """Mean position of the last five races in which the driver was classified."""
    return mean_of(newest((start.finish.position for start in reversed(moment.starts)), 5))


@DRIVER_SEASON.feature(window=LAST, reads=FINISHES, low=0, high=1)
def field_share_5(moment: DriverMoment) -> float | None:
    """Mean place within the field over the last five races: 0 won, 1 last or not classified."""
    return mean_of([_share_of_field(start.finish) for start in moment.starts[-5:]])


@DRIVER_SEASON.feature(window=LAST, reads=("results.points",), low=0, high=60)
def points_mean_5(moment: DriverMoment) -> float | None:
    """Mean of the points of the last five races, as published."""
    return mean_of([start.finish.points for start in moment.starts[-5:]])


@DRIVER_SEASON.feature(window=LAST, reads=("results.grid",), low=1, high=60)
def grid_mean_5(moment: DriverMoment) -> float | None:
    """Mean grid place of the last five races."""
    return mean_of([g for start in moment.starts[-5:] if (g := start.finish.grid) is not None])


@DRIVER_SEASON.feature(window=LAST, reads=("results.grid", "results.position"), low=-60, high=60)
def places_won_mean_5(moment: DriverMoment) -> float | None:
    """Mean of the places won from grid to flag over the last five races in which both are known."""
    return mean_of(newest((_places_won(start.finish) for start in reversed(moment.starts)), 5))


@DRIVER_SEASON.feature(window=LAST_TEN, reads=FINISHES, low=0, high=1)
def unclassified_share_10(moment: DriverMoment) -> float | None:
    """Share of the last ten races in which the driver was not classified."""
    return mean_of([float(start.finish.position is None) for start in moment.starts[-KEPT:]])


@DRIVER_SEASON.feature(window=LAST_TEN, reads=(*FINISHES, "results.constructor_id"), low=0, high=1)
def beat_mate_share_10(moment: DriverMoment) -> float | None:
    """Share of the last ten races with a team mate, at least one of them classified, in which the driver was ahead."""
    return mean_of(newest((_beat_mate(start) for start in reversed(moment.starts)), KEPT))


@DRIVER_SEASON.feature(window="last 5 qualifyings", reads=(*QUALIFYING, "qualifying.constructor_id"), unit="%")
def qualifying_to_mate_5_pct(moment: DriverMoment) -> float | None:
    """Mean gap to the team mate in the last five qualifyings, each in the last part in which both had a time."""
    return mean_of(newest((duel.to_mate_pct for duel in reversed(moment.duels)), 5))


@DRIVER_SEASON.feature(window="last 10 qualifyings", reads=(*QUALIFYING, "qualifying.constructor_id"), low=0, high=1)
def qualifying_beat_mate_10(moment: DriverMoment) -> float | None:
    """Share of the last ten qualifyings with comparable times in which the driver beat the team mate."""
    return mean_of([float(gap < 0) for gap in newest((duel.to_mate_pct for duel in reversed(moment.duels)), 10)])


@DRIVER_SEASON.feature(window="last 3 qualifyings", reads=QUALIFYING, unit="%", low=0)
def qualifying_to_pole_3_pct(moment: DriverMoment) -> float | None:
    """Mean gap to the fastest in the last three qualifyings, each in the last part that the driver reached."""
    return mean_of(newest((duel.to_pole_pct for duel in reversed(moment.duels)), 3))


@CONSTRUCTOR_SEASON.feature(window="this season", reads=FINISHES, of="int16", low=0, high=60)
def team_season_wins(moment: ConstructorMoment) -> int:
    """Races of this season that one of its cars won."""
    season = takewhile(lambda race: race[0] == moment.season, reversed(moment.races))
    return sum([any(finish.position == 1 for finish in cars) for _, _, cars in season])


@CONSTRUCTOR_SEASON.feature(window=LAST, reads=FINISHES, low=0, high=1)
def team_field_share_5(moment: ConstructorMoment) -> float | None:
    """Mean place within the field of its better car over its last five races: 0 won, 1 last or not classified."""
    return mean_of([min([_share_of_field(finish) for finish in cars]) for _, _, cars in moment.races[-5:]])


@CONSTRUCTOR_SEASON.feature(window=LAST, reads=("results.points",), low=0, high=1)
def team_points_share_5(moment: ConstructorMoment) -> float | None:
    """Share of all points given in the five latest races that it took."""
    rounds = moment.past.race_points[-5:]
    given = sum([points for _, _, points in rounds])
    within = {(season, number) for season, number, _ in rounds}
    taken = sum([f.points for season, number, cars in moment.races[-5:] if (season, number) in within for f in cars])
    return taken / given if given else None


@CONSTRUCTOR_SEASON.feature(window=LAST_TEN, reads=FINISHES, low=0, high=1)
def team_unclassified_share_10(moment: ConstructorMoment) -> float | None:
    """Share of its cars over its last ten races that were not classified."""
    return mean_of([float(finish.position is None) for _, _, cars in moment.races[-KEPT:] for finish in cars])


@CONSTRUCTOR_SEASON.feature(window="last 3 qualifyings", reads=QUALIFYING, unit="%", low=0)
def team_to_pole_3_pct(moment: ConstructorMoment) -> float | None:
    """Mean gap of its better car to the fastest in its last three qualifyings."""
    duels = moment.past.team_duels.get(moment.constructor, [])
    return mean_of(newest((duel.to_pole_pct for duel in reversed(duels)), 3))
