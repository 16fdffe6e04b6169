"""Which features tell where a car is: position, gaps and their trends, traffic."""

from __future__ import annotations

from overcut.lake.features.entities import CAR_LAP
from overcut.lake.features.form import line_through
from overcut.lake.features.moment import CLOSE_MS, CarMoment, gap_ms, laps_within

POSITION = ("laps.position",)
LINE = ("laps.lap_end_s",)
TREND_LAPS = 4


def _position_ago(moment: CarMoment, laps: int) -> int | None:
    """Places won since ``laps`` laps ago."""
    before = moment.car.laps.get(moment.lap.lap - laps)
    now = moment.lap.position
    return None if before is None or before.position is None or now is None else before.position - now


@CAR_LAP.feature(window="the lap just completed", reads=POSITION, of="int16", low=1, high=40)
def position(moment: CarMoment) -> int | None:
    """Rank at the line among the cars that completed this lap (races)."""
    return moment.lap.position if moment.is_race else None


@CAR_LAP.feature(window="one lap", reads=POSITION, of="int16", low=-40, high=40)
def places_won_1(moment: CarMoment) -> int | None:
    """Places won on the lap just completed; negative for lost."""
    return _position_ago(moment, 1) if moment.is_race else None


@CAR_LAP.feature(window="five laps", reads=POSITION, of="int16", low=-40, high=40)
def places_won_5(moment: CarMoment) -> int | None:
    """Places won over the last five laps; negative for lost."""
    return _position_ago(moment, 5) if moment.is_race else None


@CAR_LAP.feature(window="the race so far", reads=("laps.position", "grids.position"), of="int16", low=-40, high=40)
def places_won_since_grid(moment: CarMoment) -> int | None:
    """Places won since the grid; null where the grid is not known, and from the pit lane."""
    grid, now = moment.session.context.grid.get(moment.car.number), moment.lap.position
    return None if grid is None or now is None else grid - now


@CAR_LAP.feature(window="none", reads=("grids.position",), of="int16", low=1, high=40)
def grid_place(moment: CarMoment) -> int | None:
    """Place on the starting grid."""
    return moment.session.context.grid.get(moment.car.number)


@CAR_LAP.feature(window="this line", reads=LINE, unit="s", low=0)
def gap_to_leader_s(moment: CarMoment) -> float | None:
    """Behind the first car to complete this lap, at the line."""
    return None if moment.leader_ms is None else moment.leader_ms / 1000


@CAR_LAP.feature(window="this line", reads=LINE, of="int16", unit="laps", low=0, high=200)
def laps_down(moment: CarMoment) -> int | None:
    """Laps by which the leader was ahead as the car crossed the line."""
    return moment.car.laps_down if moment.is_race else None


@CAR_LAP.feature(window="this line", reads=LINE, unit="s", low=0)
def gap_ahead_s(moment: CarMoment) -> float | None:
    """Behind the car that completed this lap just before, at the line."""
    return None if moment.ahead_ms is None else moment.ahead_ms / 1000


@CAR_LAP.feature(window="the line one lap ago", reads=LINE, unit="s", low=0)
def gap_behind_s(moment: CarMoment) -> float | None:
    """Ahead of the next car at the line one lap ago; who is behind now has yet to cross it."""
    return None if moment.behind_ms is None else moment.behind_ms / 1000


@CAR_LAP.feature(window="one lap", reads=LINE, unit="s")
def gap_ahead_change_s(moment: CarMoment) -> float | None:
    """Change over the last lap of the gap to the car that is ahead now; negative where it shrank."""
    before = None if moment.ahead is None else moment.gap_ms(moment.ahead, 1)
    return None if before is None or moment.ahead_ms is None else (moment.ahead_ms - before) / 1000


@CAR_LAP.feature(window="four laps", reads=LINE, unit="s/lap")
def gap_ahead_trend_s_per_lap(moment: CarMoment) -> float | None:
    """Slope of the gap to the car that is ahead now over its last four lines; at least three are needed."""
    if moment.ahead is None:
        return None
    laps: list[int] = []
    gaps: list[float] = []
    for lap in range(moment.lap.lap - TREND_LAPS + 1, moment.lap.lap + 1):
        ms = gap_ms(moment.car, moment.ahead, lap)
        if ms is not None:
            laps.append(lap)
            gaps.append(ms / 1000)
    line = line_through(laps, gaps)
    return None if line is None else line.slope


@CAR_LAP.feature(window="two laps", reads=LINE, unit="s")
def gap_behind_change_s(moment: CarMoment) -> float | None:
    """Change, from two lines ago to the last, of the gap to the car behind; negative where it came closer."""
    before = None if moment.behind is None else moment.gap_ms(moment.behind, 2)
    return None if before is None or moment.behind_ms is None else (moment.behind_ms + before) / 1000


@CAR_LAP.feature(window="the race so far", reads=LINE, unit="laps", of="int16", low=0, high=200)
def laps_close_behind(moment: CarMoment) -> int | None:
    """Laps in a row that the car has been within 1.5 s of the same car ahead."""
    return None if moment.ahead is None else laps_within(moment.car, moment.ahead, moment.lap.lap, CLOSE_MS)


@CAR_LAP.feature(window="3 s before the line", reads=(*LINE, "laps.pit_in"), of="int16", low=0, high=40)
def cars_within_1_5_s(moment: CarMoment) -> int | None:
    """Cars, lapped ones included, that passed the line on track within 1.5 s before this car."""
    return moment.close if moment.is_race else None


@CAR_LAP.feature(window="3 s before the line", reads=(*LINE, "laps.pit_in"), of="int16", low=0, high=40)
def cars_within_3_s(moment: CarMoment) -> int | None:
    """Cars, lapped ones included, that passed the line on track within 3 s before this car."""
    return moment.near if moment.is_race else None


@CAR_LAP.feature(window="this line", reads=LINE, of="int16", low=0, high=40)
def train_ahead(moment: CarMoment) -> int | None:
    """Cars ahead in an unbroken row, each at most 1.5 s behind the next, at this line."""
    if not moment.is_race:
        return None
    line = moment.session.lines[moment.lap.lap]
    at = line.index((moment.lap.end_ms, moment.lap.number))
    count = 0
    while at - count > 0 and line[at - count][0] - line[at - count - 1][0] <= CLOSE_MS:
        count += 1
    return count
