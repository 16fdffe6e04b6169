"""Which features compare a car with those next to it."""

from __future__ import annotations

from overcut.lake.features.declared.pace import CLEAN
from overcut.lake.features.declared.tyres import COMPOUNDS, SOFTNESS
from overcut.lake.features.entities import CAR_LAP
from overcut.lake.features.knowledge import CarKnowledge
from overcut.lake.features.moment import CarMoment

LINE = "laps.lap_end_s"


def _age_to(moment: CarMoment, other: CarKnowledge | None) -> int | None:
    own = moment.lap.age
    return None if other is None or own is None or other.last.age is None else own - other.last.age


def _pace_to(moment: CarMoment, other: CarKnowledge | None) -> float | None:
    own = moment.car.form.pace_3_s
    return None if other is None or own is None or other.form.pace_3_s is None else own - other.form.pace_3_s


@CAR_LAP.feature(window="latest laps", reads=(LINE, "laps.compound"), of="text", choices=COMPOUNDS)
def ahead_compound(moment: CarMoment) -> str | None:
    """Compound on the car ahead."""
    return None if moment.ahead is None else moment.ahead.last.compound or None


@CAR_LAP.feature(window="latest laps", reads=(LINE, "laps.compound"), of="int16", low=-6, high=6)
def softness_to_ahead(moment: CarMoment) -> int | None:
    """Own compound's rank minus that of the car ahead: positive where ours is softer."""
    if moment.ahead is None:
        return None
    own, other = SOFTNESS.get(moment.lap.compound), SOFTNESS.get(moment.ahead.last.compound)
    return None if own is None or other is None else own - other


@CAR_LAP.feature(window="latest laps", reads=(LINE, "laps.tyre_life"), unit="laps", of="int16", low=-120, high=120)
def tyre_age_to_ahead(moment: CarMoment) -> int | None:
    """Own tyre age minus that of the car ahead."""
    return _age_to(moment, moment.ahead)


@CAR_LAP.feature(window="latest laps", reads=(LINE, "laps.tyre_life"), unit="laps", of="int16", low=-120, high=120)
def tyre_age_to_behind(moment: CarMoment) -> int | None:
    """Own tyre age minus that of the car behind."""
    return _age_to(moment, moment.behind)


@CAR_LAP.feature(window="last 3 clean laps of each stint", reads=(LINE, *CLEAN), unit="s")
def pace_to_ahead_s(moment: CarMoment) -> float | None:
    """Own pace over three clean laps minus that of the car ahead: negative where quicker."""
    return _pace_to(moment, moment.ahead)


@CAR_LAP.feature(window="last 3 clean laps of each stint", reads=(LINE, *CLEAN), unit="s")
def pace_to_behind_s(moment: CarMoment) -> float | None:
    """Own pace over three clean laps minus that of the car behind: negative where quicker."""
    return _pace_to(moment, moment.behind)


@CAR_LAP.feature(window="latest laps", reads=(LINE, "laps.pit_in"), of="bool")
def ahead_in_pits(moment: CarMoment) -> bool | None:
    """The lap just completed by the car ahead ended in the pits."""
    return None if moment.ahead is None else moment.ahead.last.pit_in


@CAR_LAP.feature(window="latest laps", reads=(LINE, "laps.pit_in"), of="bool")
def behind_pitted(moment: CarMoment) -> bool | None:
    """The latest lap told of the car behind ended in the pits or began there: it may undercut."""
    return None if moment.behind is None else moment.behind.last.pit_in or moment.behind.last.pit_out


@CAR_LAP.feature(window="the race so far", reads=(LINE, "laps.pit_in"), of="int16", low=-100, high=100)
def stops_to_ahead(moment: CarMoment) -> int | None:
    """Own stops minus those of the car ahead."""
    return None if moment.ahead is None else len(moment.car.pit_laps) - len(moment.ahead.pit_laps)


@CAR_LAP.feature(window="this line", reads=(LINE,), unit="s", low=0)
def ahead_gap_ahead_s(moment: CarMoment) -> float | None:
    """Gap from the car ahead to the one before it, at this line."""
    if moment.ahead is None:
        return None
    line = moment.session.lines[moment.lap.lap]
    at = line.index((moment.lap.end_ms, moment.lap.number))
    return (line[at - 1][0] - line[at - 2][0]) / 1000 if at > 1 else None
