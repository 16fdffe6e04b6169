"""Which features tell what the other cars do: who runs, who has stopped, how old the tyres are."""

from __future__ import annotations

from overcut.lake.features.entities import CAR_LAP, Either, shared
from overcut.lake.features.moment import CarMoment

CARS = ("laps.lap", "laps.lap_end_s")
PITS = (*CARS, "laps.pit_in")
NOW = "each car's latest lap"


@shared(window=NOW, reads=CARS, of="int16", low=0, high=60)
def cars_running(moment: Either) -> int:
    """Cars that have not fallen silent: at most one lap behind where they were when last seen."""
    return moment.field.running


@shared(window=NOW, reads=PITS, low=0, high=1)
def share_stopped(moment: Either) -> float | None:
    """Share of the running cars that have stopped at least once."""
    return moment.field.stopped / moment.field.running if moment.field.running else None


@shared(window=NOW, reads=PITS, low=0, high=100)
def mean_stops(moment: Either) -> float | None:
    """Mean of the running cars' stops so far."""
    return moment.field.stops / moment.field.running if moment.field.running else None


@shared(window="each car's last 2 laps", reads=PITS, of="int16", low=0, high=60)
def stops_in_last_2_laps(moment: Either) -> int:
    """Running cars that ended one of their last two laps in the pits: the pit window is open."""
    return moment.field.recent


@shared(window=NOW, reads=(*CARS, "laps.tyre_life"), unit="laps", low=0, high=120)
def mean_tyre_age(moment: Either) -> float | None:
    """Mean age of the running cars' tyres."""
    return moment.field.ages / moment.field.aged if moment.field.aged else None


@CAR_LAP.feature(window=NOW, reads=(*CARS, "laps.tyre_life"), unit="laps", low=-120, high=120)
def tyre_age_to_field(moment: CarMoment) -> float | None:
    """Own tyre age minus the running cars' mean."""
    field, own = moment.field, moment.lap.age
    return None if own is None or not field.aged else own - field.ages / field.aged
