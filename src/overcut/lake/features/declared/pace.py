"""Which features tell how quick a car is: last laps, rolling pace, trend, degradation, fuel."""

from __future__ import annotations

from overcut.lake.features.entities import CAR_LAP
from overcut.lake.features.form import SPRINT_SHARE, is_clean
from overcut.lake.features.fuel import fuel_left_kg, race_fuel_kg
from overcut.lake.features.moment import CarMoment

TIME = ("laps.lap_time_s",)
CLEAN = (
    "laps.lap_time_s", "laps.stint", "laps.pit_in", "laps.pit_out", "laps.track_status",
)  # fmt: skip
LONGEST_S = 3_600.0


def _ago(moment: CarMoment, laps: int) -> float | None:
    lap = moment.car.laps.get(moment.lap.lap - laps)
    return None if lap is None or lap.lap_ms is None else lap.lap_ms / 1000


@CAR_LAP.feature(window="the lap just completed", reads=TIME, unit="s", low=0, high=LONGEST_S)
def lap_time_s(moment: CarMoment) -> float | None:
    """Time of the lap just completed."""
    return _ago(moment, 0)


@CAR_LAP.feature(window="one lap ago", reads=TIME, unit="s", low=0, high=LONGEST_S)
def lap_time_1_ago_s(moment: CarMoment) -> float | None:
    """Time of the lap before the one just completed."""
    return _ago(moment, 1)


@CAR_LAP.feature(window="two laps ago", reads=TIME, unit="s", low=0, high=LONGEST_S)
def lap_time_2_ago_s(moment: CarMoment) -> float | None:
    """Time of the lap two before the one just completed."""
    return _ago(moment, 2)


@CAR_LAP.feature(window="the lap just completed", reads=("laps.s1_s",), unit="s", low=0, high=LONGEST_S)
def sector_1_s(moment: CarMoment) -> float | None:
    """First sector of the lap just completed."""
    return None if moment.lap.s1_ms is None else moment.lap.s1_ms / 1000


@CAR_LAP.feature(window="the lap just completed", reads=("laps.s2_s",), unit="s", low=0, high=LONGEST_S)
def sector_2_s(moment: CarMoment) -> float | None:
    """Second sector of the lap just completed."""
    return None if moment.lap.s2_ms is None else moment.lap.s2_ms / 1000


@CAR_LAP.feature(window="the lap just completed", reads=("laps.s3_s",), unit="s", low=0, high=LONGEST_S)
def sector_3_s(moment: CarMoment) -> float | None:
    """Third sector of the lap just completed."""
    return None if moment.lap.s3_ms is None else moment.lap.s3_ms / 1000


@CAR_LAP.feature(window="the lap just completed", reads=("laps.speed_st",), unit="km/h", low=0, high=450)
def trap_kmh(moment: CarMoment) -> float | None:
    """Speed at the trap on the longest straight on the lap just completed."""
    return moment.lap.trap_kmh


@CAR_LAP.feature(window="the lap just completed", reads=CLEAN, of="bool")
def lap_clean(moment: CarMoment) -> bool:
    """The lap just completed tells the car's pace: green, flying, at most 107 % of the field's median green lap."""
    return is_clean(moment.lap, moment.session.median_clean_ms)


@CAR_LAP.feature(window="last 3 clean laps of the stint", reads=CLEAN, unit="s", low=0, high=LONGEST_S)
def pace_3_s(moment: CarMoment) -> float | None:
    """Mean of the last three clean laps on this set of tyres (of fewer, where there are fewer)."""
    return moment.car.form.pace_3_s


@CAR_LAP.feature(window="last 5 clean laps of the stint", reads=CLEAN, unit="s", low=0, high=LONGEST_S)
def pace_5_s(moment: CarMoment) -> float | None:
    """Mean of the last five clean laps on this set of tyres (of fewer, where there are fewer)."""
    return moment.car.form.pace_5_s


@CAR_LAP.feature(window="last 5 clean laps of the stint", reads=CLEAN, unit="s/lap")
def pace_trend_s_per_lap(moment: CarMoment) -> float | None:
    """Slope of the last five clean laps of the stint, by least squares; at least three are needed."""
    trend = moment.car.form.trend
    return None if trend is None else trend.slope


@CAR_LAP.feature(window="last 5 clean laps of the stint", reads=CLEAN, unit="s", low=0)
def pace_spread_s(moment: CarMoment) -> float | None:
    """Standard deviation of the last five clean laps of the stint; at least three are needed."""
    return moment.car.form.spread_5_s


@CAR_LAP.feature(window="this stint", reads=CLEAN, unit="laps", of="int16", low=0, high=200)
def clean_laps_in_stint(moment: CarMoment) -> int:
    """Clean laps on this set of tyres."""
    return len(moment.car.form.clean)


@CAR_LAP.feature(window="this stint", reads=CLEAN, unit="s", low=0, high=LONGEST_S)
def stint_best_s(moment: CarMoment) -> float | None:
    """Fastest clean lap on this set of tyres."""
    ms = moment.car.form.stint_best_ms
    return None if ms is None else ms / 1000


@CAR_LAP.feature(window="the session so far", reads=CLEAN, unit="s", low=0, high=LONGEST_S)
def own_best_s(moment: CarMoment) -> float | None:
    """The car's fastest green flying lap of the session so far."""
    return moment.car.green_ms[0] / 1000 if moment.car.green_ms else None


@CAR_LAP.feature(window="the session so far", reads=CLEAN, unit="s", low=0, high=LONGEST_S)
def field_median_s(moment: CarMoment) -> float | None:
    """Median of all cars' green flying laps so far."""
    ms = moment.session.median_clean_ms
    return None if ms is None else ms / 1000


@CAR_LAP.feature(window="each car's latest lap", reads=CLEAN, unit="s")
def lap_to_field_s(moment: CarMoment) -> float | None:
    """The lap just completed against the median of the running cars' latest laps, where these were clean."""
    median, own = moment.field.median_last_s, moment.lap.lap_ms
    return None if median is None or own is None else own / 1000 - median


@CAR_LAP.feature(window="last 3 clean laps of each stint", reads=(*CLEAN, "laps.team"), unit="s")
def pace_to_team_mate_s(moment: CarMoment) -> float | None:
    """Own pace over three clean laps against the team mate's; negative where quicker."""
    teams, own = moment.session.context.teams, moment.car.form.pace_3_s
    team = teams.get(moment.car.number)
    if own is None or not team:
        return None
    for number, other in teams.items():
        if other == team and number != moment.car.number and (mate := moment.session.cars.get(number)) is not None:
            return None if mate.form.pace_3_s is None else own - mate.form.pace_3_s
    return None


@CAR_LAP.feature(window="last 3 clean laps of the stint", reads=CLEAN, unit="s", low=0, high=LONGEST_S)
def pace_3_without_fuel_s(moment: CarMoment) -> float | None:
    """Mean of the last three clean laps as on an empty tank: 0.03 s/kg on 90 s, fuel used evenly over the distance."""
    return moment.car.form.empty_3_s


@CAR_LAP.feature(window="this stint", reads=CLEAN, unit="s/lap")
def degradation_s_per_lap(moment: CarMoment) -> float | None:
    """Slope of the stint's clean laps by lap, fuel taken off; at least four are needed."""
    line = moment.car.form.degradation
    return None if line is None else line.slope


@CAR_LAP.feature(window="this stint", reads=CLEAN, unit="s/lap", low=0)
def degradation_error_s_per_lap(moment: CarMoment) -> float | None:
    """Standard error of the degradation."""
    line = moment.car.form.degradation
    return None if line is None else line.error


@CAR_LAP.feature(window="none", reads=("laps.lap",), unit="kg", low=0, high=200)
def fuel_left_kg_est(moment: CarMoment) -> float | None:
    """Fuel on board by the usual load of the season, used evenly over the announced distance."""
    context = moment.session.context
    if context.laps is None:
        return None
    share = 1.0 if context.kind == "R" else SPRINT_SHARE
    return fuel_left_kg(race_fuel_kg(context.season) * share, moment.lap.lap, context.laps)
