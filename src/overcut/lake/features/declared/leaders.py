"""Which features tell of the race as its leader crosses the line: how close it is, how likely it is to be stopped."""

from __future__ import annotations

from itertools import pairwise

from overcut.lake.features.entities import SESSION_LAP
from overcut.lake.features.moment import SessionMoment

LINE = ("laps.lap_end_s",)
CLOSE_MS = 1_000


def _line_before(moment: SessionMoment) -> list[int]:
    """When each car crossed the line one lap ago, in order: of this lap only the leader is known."""
    return [end_ms for end_ms, _ in moment.session.lines.get(moment.lap.lap - 1, ())]


@SESSION_LAP.feature(window="the lap just completed", reads=("laps.lap_time_s",), unit="s", low=0)
def leader_lap_s(moment: SessionMoment) -> float | None:
    """Time of the leader's lap."""
    return None if moment.lap.lap_ms is None else moment.lap.lap_ms / 1000


@SESSION_LAP.feature(window="the line one lap ago", reads=LINE, of="int16", low=0, high=60)
def pairs_within_1_s(moment: SessionMoment) -> int:
    """Cars within a second of the one ahead at the line one lap ago."""
    line = _line_before(moment)
    return sum([after - before <= CLOSE_MS for before, after in pairwise(line)])


@SESSION_LAP.feature(window="the line one lap ago", reads=LINE, unit="s", low=0)
def lead_s(moment: SessionMoment) -> float | None:
    """Gap from the leader to the second at the line one lap ago."""
    line = _line_before(moment)
    return (line[1] - line[0]) / 1000 if len(line) > 1 else None


@SESSION_LAP.feature(window="the line one lap ago", reads=LINE, unit="s", low=0)
def median_interval_s(moment: SessionMoment) -> float | None:
    """Median gap between cars in a row at the line one lap ago (the lower of the middle two)."""
    line = _line_before(moment)
    gaps = sorted([after - before for before, after in pairwise(line)])
    return gaps[(len(gaps) - 1) // 2] / 1000 if gaps else None


@SESSION_LAP.feature(window="the race so far", reads=("laps.lap", "laps.lap_end_s"), of="int16", low=0, high=60)
def cars_out(moment: SessionMoment) -> int:
    """Cars that completed a lap and have fallen silent."""
    return len(moment.session.cars) - moment.field.running


@SESSION_LAP.feature(window="the lap just completed", reads=("laps.track_status",), of="int16", low=0, high=1000)
def laps_flagged_yellow(moment: SessionMoment) -> int:
    """Laps of the present leader that saw a yellow flag so far."""
    laps = moment.session.cars[moment.lap.number].laps
    return sum(["2" in lap.status for lap in laps.values()])
