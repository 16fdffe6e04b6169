"""Which features tell of a car's tyres and stops."""

from __future__ import annotations

from overcut.domain.tyres import Compound
from overcut.lake.features.entities import CAR_LAP
from overcut.lake.features.moment import CarMoment

SOFTNESS: dict[str, int] = {
    "SUPERHARD": 0, "HARD": 1, "MEDIUM": 2, "SOFT": 3, "SUPERSOFT": 4, "ULTRASOFT": 5, "HYPERSOFT": 6,
}  # fmt: skip
"""Order of the dry compounds by name, hard to soft; names are relative to a weekend since 2019."""

COMPOUNDS = tuple(compound.value for compound in Compound if compound is not Compound.UNKNOWN)
PITS = ("laps.pit_in",)
TYRES = ("laps.compound",)


@CAR_LAP.feature(window="the lap just completed", reads=TYRES, of="text", choices=COMPOUNDS)
def compound(moment: CarMoment) -> str | None:
    """Compound on the car on the lap just completed."""
    return moment.lap.compound or None


@CAR_LAP.feature(window="the lap just completed", reads=TYRES, of="int16", low=0, high=6)
def softness(moment: CarMoment) -> int | None:
    """Rank of the dry compound, 0 superhard to 6 hypersoft; null for rain tyres."""
    return SOFTNESS.get(moment.lap.compound)


@CAR_LAP.feature(window="the lap just completed", reads=("laps.tyre_life",), unit="laps", of="int16", low=0, high=120)
def tyre_age(moment: CarMoment) -> int | None:
    """Laps on the set, those before this session included."""
    return moment.lap.age


@CAR_LAP.feature(window="this stint", reads=("laps.fresh_tyre",), of="bool")
def fresh_tyre(moment: CarMoment) -> bool | None:
    """The set was new when fitted."""
    return moment.lap.fresh


@CAR_LAP.feature(window="this stint", reads=("laps.stint", "laps.pit_in", "laps.pit_out"), unit="laps", of="int16",
                 low=1, high=200)  # fmt: skip
def laps_in_stint(moment: CarMoment) -> int:
    """Laps driven on this set in this session."""
    return len(moment.car.form.stint)


@CAR_LAP.feature(window="the session so far", reads=("laps.stint",), of="int16", low=1, high=100)
def stint_number(moment: CarMoment) -> int | None:
    """Number of the set within the session."""
    return moment.lap.stint


@CAR_LAP.feature(window="the session so far", reads=PITS, of="int16", low=0, high=100)
def stops_made(moment: CarMoment) -> int:
    """Laps of this session that ended in the pits."""
    return len(moment.car.pit_laps)


@CAR_LAP.feature(window="the session so far", reads=PITS, unit="laps", of="int16", low=0, high=200)
def laps_since_stop(moment: CarMoment) -> int:
    """Laps completed since the last one that ended in the pits; since the start where there was none."""
    stops = moment.car.pit_laps
    return moment.lap.lap - stops[-1] if stops else moment.lap.lap


@CAR_LAP.feature(window="the lap just completed", reads=PITS, of="bool")
def in_pits(moment: CarMoment) -> bool:
    """The lap just completed ended in the pits."""
    return moment.lap.pit_in


@CAR_LAP.feature(window="the lap just completed", reads=("laps.pit_out",), of="bool")
def was_out_lap(moment: CarMoment) -> bool:
    """The lap just completed began from the pits."""
    return moment.lap.pit_out


@CAR_LAP.feature(window="the session so far", reads=TYRES, of="int16", low=0, high=7)
def compounds_used(moment: CarMoment) -> int:
    """Different compounds that the car has used so far."""
    return len(moment.car.compounds)


@CAR_LAP.feature(window="the session so far", reads=TYRES, of="bool")
def must_still_change(moment: CarMoment) -> bool | None:
    """The car has so far used one dry compound only, and no rain tyre: a Grand Prix demands another."""
    if moment.session.context.kind != "R":
        return None
    used = moment.car.compounds
    if not used:
        return None
    return len(used) == 1 and used.keys().isdisjoint(("INTERMEDIATE", "WET"))
