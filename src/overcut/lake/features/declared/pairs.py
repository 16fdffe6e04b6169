"""Which features tell of two cars next to each other: will the one behind pass."""

from __future__ import annotations

from overcut.lake.features.declared.pace import CLEAN
from overcut.lake.features.declared.tyres import SOFTNESS
from overcut.lake.features.entities import PAIR_LAP
from overcut.lake.features.moment import CLOSE_MS, PairMoment, gap_ms, laps_within

LINE = ("laps.lap_end_s",)
HELP_MS = 1_000
"""Within a second of the car ahead a follower may open the rear wing, or use the overtake mode of 2026."""


def _gap_ago(pair: PairMoment, laps: int) -> int | None:
    return gap_ms(pair.behind.car, pair.ahead, pair.behind.lap.lap - laps)


def _difference(own: float | None, other: float | None) -> float | None:
    return None if own is None or other is None else own - other


@PAIR_LAP.feature(window="this line", reads=LINE, unit="s", low=0)
def pair_gap_s(pair: PairMoment) -> float:
    """Gap between the two at the line."""
    return pair.gap_ms / 1000


@PAIR_LAP.feature(window="one lap", reads=LINE, unit="s")
def pair_gap_change_1_s(pair: PairMoment) -> float | None:
    """Change of the gap over one lap; negative where it shrank."""
    before = _gap_ago(pair, 1)
    return None if before is None else (pair.gap_ms - before) / 1000


@PAIR_LAP.feature(window="three laps", reads=LINE, unit="s")
def pair_gap_change_3_s(pair: PairMoment) -> float | None:
    """Change of the gap over three laps; negative where it shrank."""
    before = _gap_ago(pair, 3)
    return None if before is None else (pair.gap_ms - before) / 1000


@PAIR_LAP.feature(window="the race so far", reads=LINE, unit="laps", of="int16", low=0, high=200)
def pair_laps_within_1_5_s(pair: PairMoment) -> int:
    """Laps in a row within 1.5 s of each other, in this order."""
    return laps_within(pair.behind.car, pair.ahead, pair.behind.lap.lap, CLOSE_MS)


@PAIR_LAP.feature(window="the race so far", reads=LINE, unit="laps", of="int16", low=0, high=200)
def pair_laps_within_1_s(pair: PairMoment) -> int:
    """Laps in a row within 1 s of each other, in this order."""
    return laps_within(pair.behind.car, pair.ahead, pair.behind.lap.lap, HELP_MS)


@PAIR_LAP.feature(window="one lap", reads=LINE, of="bool")
def pair_order_changed(pair: PairMoment) -> bool | None:
    """The one ahead now was behind at the line before."""
    before = _gap_ago(pair, 1)
    return None if before is None else before < 0


@PAIR_LAP.feature(window="the lap just completed", reads=("laps.lap_time_s",), unit="s")
def pair_last_lap_s(pair: PairMoment) -> float | None:
    """The lap just completed by the car behind minus that of the one ahead: negative where quicker."""
    own, other = pair.behind.lap.lap_ms, pair.ahead_lap.lap_ms
    return None if own is None or other is None else (own - other) / 1000


@PAIR_LAP.feature(window="last 3 clean laps of each stint", reads=CLEAN, unit="s")
def pair_pace_3_s(pair: PairMoment) -> float | None:
    """Pace over three clean laps of the car behind minus that of the one ahead."""
    return _difference(pair.behind.car.form.pace_3_s, pair.ahead.form.pace_3_s)


@PAIR_LAP.feature(window="each stint", reads=CLEAN, unit="s")
def pair_stint_best_s(pair: PairMoment) -> float | None:
    """Best clean lap of the stint of the car behind minus that of the one ahead."""
    own, other = pair.behind.car.form.stint_best_ms, pair.ahead.form.stint_best_ms
    return None if own is None or other is None else (own - other) / 1000


@PAIR_LAP.feature(window="the session so far", reads=CLEAN, unit="s")
def pair_best_s(pair: PairMoment) -> float | None:
    """Best green lap of the race of the car behind minus that of the one ahead."""
    own, other = pair.behind.car.green_ms, pair.ahead.green_ms
    return (own[0] - other[0]) / 1000 if own and other else None


@PAIR_LAP.feature(window="each stint", reads=CLEAN, unit="s/lap")
def pair_degradation_s_per_lap(pair: PairMoment) -> float | None:
    """Degradation of the car behind minus that of the one ahead."""
    own, other = pair.behind.car.form.degradation, pair.ahead.form.degradation
    return None if own is None or other is None else own.slope - other.slope


@PAIR_LAP.feature(window="the lap just completed", reads=("laps.tyre_life",), unit="laps", of="int16",
                  low=-120, high=120)  # fmt: skip
def pair_tyre_age(pair: PairMoment) -> int | None:
    """Tyre age of the car behind minus that of the one ahead: negative for fresher tyres behind."""
    own, other = pair.behind.lap.age, pair.ahead_lap.age
    return None if own is None or other is None else own - other


@PAIR_LAP.feature(window="the lap just completed", reads=("laps.compound",), of="int16", low=-6, high=6)
def pair_softness(pair: PairMoment) -> int | None:
    """Compound's rank of the car behind minus that of the one ahead: positive for softer tyres behind."""
    own, other = SOFTNESS.get(pair.behind.lap.compound), SOFTNESS.get(pair.ahead_lap.compound)
    return None if own is None or other is None else own - other


@PAIR_LAP.feature(window="the lap just completed", reads=("laps.speed_st",), unit="km/h", low=-450, high=450)
def pair_trap_kmh(pair: PairMoment) -> float | None:
    """Trap speed of the car behind minus that of the one ahead."""
    return _difference(pair.behind.lap.trap_kmh, pair.ahead_lap.trap_kmh)


@PAIR_LAP.feature(window="the race so far", reads=("laps.pit_in",), of="int16", low=-100, high=100)
def pair_stops(pair: PairMoment) -> int:
    """Stops of the car behind minus those of the one ahead, up to this lap."""
    lap = pair.behind.lap.lap
    return pair.behind.car.stops_before(lap) - pair.ahead.stops_before(lap)


@PAIR_LAP.feature(window="the lap just completed", reads=("laps.pit_in",), of="bool")
def pair_pits(pair: PairMoment) -> bool:
    """One of the two ended the lap just completed in the pits."""
    return pair.behind.lap.pit_in or pair.ahead_lap.pit_in


@PAIR_LAP.feature(window="this line", reads=LINE, unit="s", low=0)
def pair_next_ahead_s(pair: PairMoment) -> float | None:
    """Gap from the car ahead to the one before it at this line: small where it may use help itself, or is held up."""
    line = pair.behind.session.lines[pair.behind.lap.lap]
    at = line.index((pair.ahead_lap.end_ms, pair.ahead.number))
    return (line[at][0] - line[at - 1][0]) / 1000 if at else None


@PAIR_LAP.feature(window="the line one lap ago", reads=LINE, unit="s", low=0)
def pair_behind_pressed_s(pair: PairMoment) -> float | None:
    """Gap at the line before from the car behind to its own follower."""
    return None if pair.behind.behind_ms is None else pair.behind.behind_ms / 1000


@PAIR_LAP.feature(window="this line", reads=("laps.position",), of="int16", low=1, high=40)
def pair_position(pair: PairMoment) -> int | None:
    """Position of the car ahead."""
    return pair.ahead_lap.position


@PAIR_LAP.feature(window="none", reads=("laps.team",), of="bool")
def pair_team_mates(pair: PairMoment) -> bool | None:
    """The two drive for one team; null where a team is not known."""
    teams = pair.behind.session.context.teams
    own, other = teams.get(pair.behind.car.number), teams.get(pair.ahead.number)
    return None if not own or not other else own == other
