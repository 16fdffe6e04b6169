"""What is the track under at the moment, for how long, and how wet is it?"""

from __future__ import annotations

import numpy as np
import polars as pl

from overcut.domain.tyres import Compound
from overcut.strategy.model import CircuitModel, TrackState, TrackStatus, WetPace
from overcut.strategy.situation.facts import SessionFacts
from overcut.strategy.situation.moment import Moment
from overcut.strategy.situation.tyres import WATER

_BY_DIGIT = {"4": TrackStatus.SC, "5": TrackStatus.RED, "6": TrackStatus.VSC, "7": TrackStatus.GREEN}
"""The feed's digits; 7 is the virtual safety car about to end, so that what is to come is green."""

RECENT_LAPS = 2
WET_FROM = 0.08
"""Wetness from which cars fit intermediates rather than slicks, at the least."""


def grid_track(facts: SessionFacts) -> TrackState:
    """The track before the start: wet where the weather station's last reading before it told of rain."""
    if facts.weather is None or facts.start_ms is None:
        return TrackState(green_laps=0)
    raining = _raining(facts.weather, facts.start_ms)
    return TrackState(wetness=0.25 if raining else 0.0, raining=raining, green_laps=0)


def track_state(facts: SessionFacts, now: Moment, stints: pl.DataFrame, circuit: CircuitModel) -> TrackState:
    """The track when the leader has ended the lap.

    Args:
        facts: whose track status and weather are read up to the moment; without them the laps tell.
        now: the moment. ``stints``: its laps with sets of tyres (`tyres.with_stints`).
        circuit: for what water costs.
    """
    leader = now.laps.filter(pl.col("driver_number") == now.leader).sort("lap")
    digits = leader["track_status"].fill_null("1").to_list()
    status = _status(facts, now, digits)
    raining = facts.weather is not None and _raining(facts.weather, now.t_s * 1000.0)
    return TrackState(
        status=status,
        since_laps=_run(digits, "4567") if status is not TrackStatus.GREEN else 0,
        wetness=wetness(now, stints, circuit, raining=raining),
        raining=raining,
        green_laps=_green(digits) if status is TrackStatus.GREEN else 0,
    )


def _status(facts: SessionFacts, now: Moment, digits: list[str]) -> TrackStatus:
    told = facts.track_status
    if told is not None and not told.is_empty():
        past = told.filter(pl.col("t_ms") <= now.t_s * 1000.0).sort("t_ms", maintain_order=True)
        if not past.is_empty():
            return _BY_DIGIT.get(str(past["status"][-1]), TrackStatus.GREEN)
    # The laps' digits are in the order in which they were seen: the last one is what the lap ended under.
    return _BY_DIGIT.get(digits[-1][-1], TrackStatus.GREEN) if digits and digits[-1] else TrackStatus.GREEN


def _run(digits: list[str], under: str) -> int:
    """For how many of the last laps any of these was seen."""
    count = 0
    for lap in reversed(digits):
        if not set(lap) & set(under):
            break
        count += 1
    return count


def _green(digits: list[str]) -> int:
    """Laps since the start or the last safety car or red flag."""
    for back, lap in enumerate(reversed(digits)):
        if set(lap) & set("45"):
            return back
    return len(digits)


def _raining(weather: pl.DataFrame, t_ms: float) -> bool:
    rain = weather.filter(pl.col("t_ms") <= t_ms).sort("t_ms", maintain_order=True)["rainfall"].drop_nulls()
    return bool(rain[-1]) if len(rain) else False


def wetness(now: Moment, stints: pl.DataFrame, circuit: CircuitModel, *, raining: bool) -> float:
    """How much water lies on the track, 0 to 1, by the tyres on the cars and what the last laps cost.

    Dry where everybody runs slicks and nothing else tells of water. On intermediates or wets, the wetness at which
    this kind of tyre costs what it now costs; where two fit, the one nearer to what the tyre is made for.
    """
    recent = stints.filter((pl.col("lap") > now.lap - RECENT_LAPS) & pl.col("dry").is_not_null())
    if recent.is_empty():
        return 0.1 if raining else 0.0
    kinds = recent["dry"].to_list()
    shares = {kind: kinds.count(kind.value) / len(kinds) for kind in WATER}
    wet, slick = shares[Compound.WET], 1.0 - sum(shares.values())
    calm = recent.filter(
        ~pl.col("pit_in").fill_null(value=False)
        & ~pl.col("pit_out").fill_null(value=False)
        & ~pl.col("track_status").fill_null("1").str.contains("[4567]")
        & pl.col("lap_time_s").is_not_null()
    )
    if slick == 1.0:
        return _on_slicks(now, stints, calm, circuit.weather.pace) if raining else 0.0
    kind = Compound.WET if wet > shares[Compound.INTERMEDIATE] else Compound.INTERMEDIATE
    expected = 0.6 if kind is Compound.WET else 0.3
    mine = calm.filter(pl.col("dry") == kind.value)["lap_time_s"].to_numpy()
    if not len(mine):
        return expected * (1.0 - slick)
    cost = float(np.median(mine)) - _dry_lap(circuit, now.lap)
    pace = circuit.weather.pace
    curve = pace.wet_s if kind is Compound.WET else pace.intermediate_s
    grid = np.linspace(0.0, 1.0, 101)
    # The cost says little where the curve is flat: the nearer to the usual, the likelier.
    misfit = ((np.interp(grid, pace.knots, curve) - cost) / 2.0) ** 2 + ((grid - expected) / 0.15) ** 2
    if slick > 0.15:  # some run slicks: it cannot be much
        misfit += ((grid - WET_FROM) / 0.1) ** 2
    return float(grid[int(np.argmin(misfit))])


def _dry_lap(circuit: CircuitModel, lap: int) -> float:
    left = max(0, circuit.laps - lap)
    return circuit.lap_s.mean + left * (circuit.fuel_s.mean + circuit.evolution_s.mean) + 0.8


def _on_slicks(now: Moment, stints: pl.DataFrame, calm: pl.DataFrame, pace: WetPace) -> float:
    """Rain on slicks: by how much the last laps were slower than each car's own before."""
    before = stints.filter(
        (pl.col("lap") <= now.lap - RECENT_LAPS)
        & (pl.col("lap") > now.lap - RECENT_LAPS - 8)
        & ~pl.col("pit_in").fill_null(value=False)
        & ~pl.col("pit_out").fill_null(value=False)
        & ~pl.col("track_status").fill_null("1").str.contains("[4567]")
        & pl.col("lap_time_s").is_not_null()
    )
    usual = before.group_by("driver_number").agg(pl.col("lap_time_s").median().alias("usual_s"))
    slower = calm.join(usual, on="driver_number").select(pl.col("lap_time_s") - pl.col("usual_s")).to_series()
    if slower.is_empty():
        return 0.02
    cost = float(slower.median() or 0.0)  # type: ignore[arg-type] -- a float column has a float median
    return float(np.clip(np.interp(cost, pace.dry_s, pace.knots), 0.0, 0.5))
