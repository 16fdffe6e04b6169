"""What does a stop cost: the pit lane, the spread of the work, fresh tyres on the out-lap, and stops under caution?

A green stop costs in-lap and out-lap together less what the car's model says of two ordinary laps. Its time in the pit
lane beyond the race's quick stops is the crew's; the rest is the circuit's *clean loss*. Under a safety car or virtual
one the same two laps are compared with those of the cars that stayed out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.strategy.fitting.noise import draws
from overcut.strategy.fitting.race_model import CarPaces, RaceLaps
from overcut.strategy.fitting.reading import RaceFacts
from overcut.strategy.model.circuit import Estimate, PitModel
from overcut.strategy.model.generic import generic_circuit

Floats = NDArray[np.float64]

QUANTILES = 33
_QUICK = 0.15
"""Share of a race's stops that are quicker than a clean one."""
_LONGEST_S = 20.0
"""Excess beyond which a stop is a repair or a penalty of another kind."""
_FADES = 0.8
"""What a race counts for with every season that it lies back: pit lanes and their limits change."""
_PRIOR = generic_circuit().pit
_PRIOR_SD = 3.0
_LEAST_RACE_SD = 0.35


@dataclass(frozen=True)
class Stops:
    """Stops of all races, one row each.

    Columns: session_key, circuit (layout), season, team, driver_number, lap, compound (fitted), cost_s (in-lap and
    out-lap beyond two ordinary ones; null without a model), in_s (the in-lap's part), lane_s, excess_s (beyond the
    race's quick stops), green, sc, vsc, clear (the out-lap ended in clear air), against_s (beyond cars that stayed
    out, under caution).
    """

    table: pl.DataFrame


@dataclass(frozen=True)
class PitFit:
    """The pit lane of every layout, and of one that nobody saw; warm-up by compound; teams' excess."""

    circuits: Mapping[str, PitModel]
    anywhere: PitModel
    warm_up: Mapping[str, Estimate]
    teams: Mapping[tuple[int, str], float]


def stops_seen(
    judged: pl.DataFrame,
    lane: pl.DataFrame,
    entries: pl.DataFrame,
    models: Mapping[str, tuple[RaceLaps, CarPaces, Floats]],
    facts: Sequence[RaceFacts],
) -> Stops:
    """Collect the stops.

    Args:
        judged: all laps (`clean_laps.judged`). ``lane``: the lake's pit stops. ``entries``: who drove what.
        models: by session, what was fitted of it.
        facts: of every race.
    """
    own = ["session_key", "driver_number"]
    after = judged.select(
        *own,
        (pl.col("lap") - 1).alias("lap"),
        pl.col("lap_time_s").alias("out_s"),
        pl.col("tyre").alias("compound"),
        pl.col("track_status").alias("out_status"),
        (pl.col("tyre_life") - 1).clip(0).alias("new_age"),
        (pl.col("ahead_end_s") > 2.0).alias("clear_out"),
        pl.col("pit_out").alias("left"),
    )
    dry = pl.col("dry") & pl.col("compound").is_in(["SOFT", "MEDIUM", "HARD"])
    found = (
        judged.filter(pl.col("pit_in").fill_null(value=False) & (pl.col("lap") > 1))
        .join(after, on=[*own, "lap"])
        .filter(pl.col("left").fill_null(value=False) & pl.col("lap_time_s").is_not_null())
        .join(lane.select(*own, "lap", "pit_lane_s"), on=[*own, "lap"], how="left")
        .join(entries.select(*own, pl.col("constructor_id").alias("team_id")), on=own, how="left")
        .join(_places(facts), on="session_key")
        .with_columns(
            pl.col("track_status").str.contains("^[12]+$").alias("in_green"),
            pl.col("out_status").str.contains("^[12]+$").alias("out_green"),
        )
        .with_columns(
            (dry & pl.col("in_green") & pl.col("out_green")).fill_null(value=False).alias("green"),
            *_under_caution(dry),
        )
    )
    found = found.with_columns(_expected(found, models)).with_columns(
        (pl.col("pit_lane_s") - _quick_lane()).clip(0.0, None).alias("excess_s"),
        (pl.col("lap_time_s") + pl.col("out_s") - pl.col("ordinary_in") - pl.col("ordinary_out")).alias("cost_s"),
        (pl.col("lap_time_s") - pl.col("ordinary_in")).alias("in_s"),
    )
    return Stops(found.join(_stayed_out(judged), on=["session_key", "lap"], how="left"))


def fit_pit(stops: Stops, season: int) -> PitFit:
    """Pit lanes as they are for a race of ``season``."""
    table = stops.table
    green = table.filter(
        pl.col("green") & pl.col("cost_s").is_between(8.0, 60.0) & (pl.col("excess_s") < 6.0) & pl.col("clear_out")
    ).with_columns((pl.col("cost_s") - pl.col("excess_s")).alias("clean_s"))
    warm = _warm_up(green)
    warmed = pl.col("compound").replace_strict(
        {k: v.mean for k, v in warm.items()}, default=0.0, return_dtype=pl.Float64
    )
    green = green.with_columns((pl.col("clean_s") - warmed).alias("clean_s"))
    losses, anywhere, race_sd = _losses(green, season)
    shares = _in_lap_shares(green)
    excess = _excess(table)
    caution = {kind: _caution_ratio(table, losses, kind) for kind in ("sc", "vsc")}
    typical = float(np.median(list(shares.values()))) if shares else _PRIOR.in_lap_share

    def model(loss: Estimate, share: float) -> PitModel:
        under = {
            kind: Estimate(round(loss.mean * at.mean, 3), round(loss.mean * at.sd, 3)) for kind, at in caution.items()
        }
        return PitModel(loss, under["sc"], under["vsc"], round(share, 3), excess, _double_stack(table))

    circuits = {name: model(loss, shares.get(name, typical)) for name, loss in losses.items()}
    wide = Estimate(round(anywhere.mean, 3), round((anywhere.sd**2 + race_sd**2) ** 0.5, 3))
    return PitFit(circuits, model(wide, typical), warm, _team_excess(table))


def _places(facts: Sequence[RaceFacts]) -> pl.DataFrame:
    return pl.DataFrame(
        [(race.key, race.layout, race.season, race.sprint) for race in facts],
        schema={"session_key": pl.String, "circuit": pl.String, "year": pl.Int64, "sprint": pl.Boolean},
        orient="row",
    )


def _under_caution(dry: pl.Expr) -> list[pl.Expr]:
    """Whether both laps were under the safety car, or the virtual one."""
    both = [
        (dry & pl.col("track_status").str.contains(digit) & pl.col("out_status").str.contains(digit)
         & ~pl.col("track_status").str.contains("5") & ~pl.col("out_status").str.contains("5"))
        for digit in ("4", "6")
    ]  # fmt: skip
    return [
        both[0].fill_null(value=False).alias("sc"),
        (both[1] & ~pl.col("track_status").str.contains("4") & ~pl.col("out_status").str.contains("4"))
        .fill_null(value=False)
        .alias("vsc"),
    ]


def _quick_lane() -> pl.Expr:
    return pl.col("pit_lane_s").quantile(_QUICK).over("session_key")


def _expected(found: pl.DataFrame, models: Mapping[str, tuple[RaceLaps, CarPaces, Floats]]) -> list[pl.Series]:
    """What two ordinary laps of the car would have taken: on the old tyres, and on the new ones."""
    first: list[float | None] = []
    second: list[float | None] = []
    columns = ("session_key", "driver_number", "lap", "tyre", "tyre_life", "compound", "new_age")
    for key, number, lap, old, life, new, age in found.select(columns).iter_rows():
        model = models.get(key)
        if model is None or life is None or number not in model[0].cars:
            first.append(None)
            second.append(None)
            continue
        first.append(model[0].ordinary_s(model[1], model[2], number, lap, old, life - 1))
        second.append(model[0].ordinary_s(model[1], model[2], number, lap + 1, new, age or 0))
    return [pl.Series("ordinary_in", first, pl.Float64), pl.Series("ordinary_out", second, pl.Float64)]


def _stayed_out(judged: pl.DataFrame) -> pl.DataFrame:
    """Two laps of the cars that did not stop on either, by lap: their median."""
    own = ["session_key", "driver_number"]
    following = judged.select(
        *own,
        (pl.col("lap") - 1).alias("lap"),
        pl.col("lap_time_s").alias("next_s"),
        (pl.col("pit_in") | pl.col("pit_out")).alias("next_stop"),
    )
    return (
        judged.join(following, on=[*own, "lap"])
        .filter(~(pl.col("pit_in") | pl.col("pit_out") | pl.col("next_stop")).fill_null(value=True))
        .group_by("session_key", "lap")
        .agg((pl.col("lap_time_s") + pl.col("next_s")).median().alias("stayed_s"), pl.len().alias("stayed"))
    )


def _warm_up(green: pl.DataFrame) -> dict[str, Estimate]:
    """Seconds on the out-lap by compound, against the quickest to warm up: differences within races."""
    own = (pl.col("clean_s") - pl.col("clean_s").mean().over("session_key")).clip(-2.0, 2.0)
    within = green.filter(
        (pl.col("clean_s") - pl.col("clean_s").median().over("session_key")).abs() < 3.0
    ).with_columns(own.alias("own"))
    told = {
        str(name): part["own"].to_numpy()
        for (name,), part in within.group_by("compound", maintain_order=True)
        if part.height >= 20
    }
    if not told:
        return {}
    least = min(float(values.mean()) for values in told.values())
    return {
        name: Estimate(round(float(v.mean()) - least, 3), round(float(v.std()) / len(v) ** 0.5, 3))
        for name, v in told.items()
    }


def _losses(green: pl.DataFrame, season: int) -> tuple[dict[str, Estimate], Estimate, float]:
    """The clean loss by layout, of any, and how races at one layout differ."""
    races = green.group_by("circuit", "session_key", "year").agg(
        pl.col("clean_s").median().alias("loss"), pl.len().alias("n"), pl.col("clean_s").std().alias("sd")
    ).filter(pl.col("n") >= 4).sort("session_key")  # fmt: skip
    if races.is_empty():
        return {}, Estimate(_PRIOR.loss_s.mean, _PRIOR_SD), _LEAST_RACE_SD
    about = races.with_columns((pl.col("loss") - pl.col("loss").median().over("circuit")).alias("off"))
    several = about.filter(pl.len().over("circuit") > 1)
    free = several.height - several["circuit"].n_unique()
    # By the median, as a race in which half of the field served penalties says nothing of the others.
    stretched = 1.4826 * (several.height / max(free, 1)) ** 0.5
    race_sd = max(stretched * float(np.median(several["off"].abs().to_numpy())) if free > 3 else 0.7, _LEAST_RACE_SD)
    found: dict[str, Estimate] = {}
    middle = float(np.median(races["loss"].to_numpy()))
    for (name,), part in races.group_by("circuit", maintain_order=True):
        weight = _FADES ** (season - part["year"].to_numpy()) / (race_sd**2 + 1.5 / part["n"].to_numpy())
        total = weight.sum() + 1.0 / _PRIOR_SD**2
        mean = float((weight @ part["loss"].to_numpy() + middle / _PRIOR_SD**2) / total)
        found[str(name)] = Estimate(round(mean, 3), round(float((1.0 / total + race_sd**2) ** 0.5), 3))
    spread = float(np.std([one.mean for one in found.values()])) if len(found) > 3 else _PRIOR_SD
    return found, Estimate(middle, max(spread, 1.0)), race_sd


def _in_lap_shares(green: pl.DataFrame) -> dict[str, float]:
    """Part of the loss that falls before the line, by layout."""
    share = green.filter(pl.len().over("circuit") >= 8).group_by("circuit", maintain_order=True).agg(
        (pl.col("in_s") / pl.col("cost_s")).median().clip(0.0, 1.0)
    )  # fmt: skip
    return {str(name): float(value) for name, value in share.iter_rows()}


def _excess(table: pl.DataFrame) -> tuple[float, ...]:
    """Quantiles of what stops take beyond a clean one; all stops of dry races under green."""
    told = table.filter(pl.col("green") & ~pl.col("sprint") & (pl.col("excess_s") < _LONGEST_S))["excess_s"]
    if told.len() < 100:
        return _PRIOR.excess_s
    return tuple(round(max(float(v), 0.0), 3) for v in draws(told.to_numpy(), QUANTILES))


def _caution_ratio(table: pl.DataFrame, losses: Mapping[str, Estimate], kind: str) -> Estimate:
    """What a stop under caution costs against those who stay out, as a share of the green loss."""
    prior = _PRIOR.loss_sc_s if kind == "sc" else _PRIOR.loss_vsc_s
    ratio = prior.mean / _PRIOR.loss_s.mean
    known = {name: loss.mean for name, loss in losses.items()}
    loss = pl.col("circuit").replace_strict(known, default=None, return_dtype=pl.Float64)
    paid = pl.col("lap_time_s") + pl.col("out_s") - pl.col("stayed_s") - pl.col("excess_s")
    told = table.filter(pl.col(kind) & (pl.col("stayed") >= 4) & (pl.col("excess_s") < 6.0)).select(
        "session_key", (paid / loss).alias("share")
    ).drop_nulls().filter(pl.col("share").is_between(-0.5, 2.0))  # fmt: skip
    races = told.group_by("session_key").agg(pl.col("share").median())["share"].to_numpy()
    if len(races) < 5:
        return Estimate(ratio, 0.1)
    middle = (float(np.median(races)) * len(races) + ratio * 3.0) / (len(races) + 3.0)
    low, high = np.quantile(races, [0.25, 0.75])
    # How well the middle is known, doubled: races scatter by more, but mostly by where the queue was just then.
    return Estimate(middle, float(max(2.5 * (high - low) / 1.349 / len(races) ** 0.5, 0.05)))


def _team_excess(table: pl.DataFrame) -> dict[tuple[int, str], float]:
    """What a team's stops cost beyond the field's that season, pulled to none as if by fifteen average stops."""
    told = table.filter(pl.col("green") & (pl.col("excess_s") < 8.0) & pl.col("team_id").is_not_null()).with_columns(
        (pl.col("excess_s") - pl.col("excess_s").mean().over("session_key")).alias("own")
    )
    return {
        (int(year), str(team)): round(float(total) / (int(count) + 15), 3)
        for year, team, total, count in told.group_by("year", "team_id")
        .agg(pl.col("own").sum().alias("total"), pl.len().alias("count"))
        .iter_rows()
    }


def _double_stack(table: pl.DataFrame) -> float:
    """How much longer the second car of a team is in the lane when both stop on one lap; the prior counts as ten."""
    pairs = table.filter((pl.len().over("session_key", "team_id", "lap") == 2) & (pl.col("excess_s") < 30.0)).sort(
        "session_key", "team_id", "lap", "lap_end_s"
    )
    waits = pairs.group_by("session_key", "team_id", "lap", maintain_order=True).agg(
        (pl.col("excess_s").last() - pl.col("excess_s").first()).alias("wait"),
        (pl.col("lap_end_s").last() - pl.col("lap_end_s").first()).alias("apart"),
    ).filter(pl.col("apart") < 5.0)["wait"].drop_nulls()  # fmt: skip
    if waits.is_empty():
        return _PRIOR.double_stack_s
    middle = float(np.clip(waits.to_numpy(), 0.0, 10.0).mean())
    return round((middle * waits.len() + _PRIOR.double_stack_s * 10) / (waits.len() + 10), 2)
