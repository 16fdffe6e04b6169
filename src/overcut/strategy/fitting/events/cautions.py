"""How often a race is neutralised and for how long: safety cars, virtual ones and red flags, with or without a cause.

The simulation shows retirements, so what they bring out is told apart from what else does. A *cluster* is the cars that
stop within two laps of each other; it brings out a safety car with probability ``1 - (1 - q)**k`` (k cars), beyond what
would have come anyhow. What no cluster explains is a rate per green lap, pooled by circuit and season.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.optimize import minimize_scalar

from overcut.strategy.fitting.events.caution_pace import CautionPace, caution_pace
from overcut.strategy.fitting.events.mixed import Grouping, logistic, poisson
from overcut.strategy.fitting.events.pooling import pooled
from overcut.strategy.fitting.events.seen import Seen
from overcut.strategy.model import Estimate, Neutralisations
from overcut.strategy.parameters.events import Pooled, expit

LINK_LAPS = 2.0
"""A safety car that comes within so many laps of a retirement may be due to it."""
_PSEUDO = 4.0
"""How many events the generic shares are worth before anything was seen."""


@dataclass(frozen=True)
class Cautions:
    """The fit: figures that are the same everywhere, and the pooled rates of `EventParameters`."""

    shared: Neutralisations
    safety_car: Pooled
    virtual: Pooled
    sc_after: Pooled
    vsc_after: Pooled
    lap_one: Pooled


def fit_cautions(seen: Seen, prior: Neutralisations) -> Cautions:
    """Rates, shares, lengths and paces; where nothing was seen, the prior's."""
    episodes, clusters = caution_episodes(seen), retirement_clusters(seen)
    linked = _linked(episodes, clusters)
    green = _green_laps(seen)
    rates: dict[str, Pooled] = {}
    after: dict[str, Pooled] = {}
    for kind, chance, level in (
        ("SC", prior.sc_after_retirement, prior.sc_per_lap),
        ("VSC", prior.vsc_after_retirement, prior.vsc_per_lap),
    ):
        own = linked.filter(pl.col("kind") == kind)
        base = own.height / max(float(green["green"].sum()), 1.0) if own.height else level.mean
        level_of = _after_retirement(clusters, own, min(0.5, LINK_LAPS * base), chance)
        after[kind] = _after_by_circuit(seen, clusters, own, level_of)
        rates[kind] = _rate(own, green, level)
    pace = caution_pace(seen, episodes, CautionPace.of(prior))
    safety_cars = episodes.filter(pl.col("kind") == "SC")
    reds = float(episodes.filter(pl.col("kind") == "SC")["red"].sum())
    shared = Neutralisations(
        sc_per_lap=prior.sc_per_lap,
        vsc_per_lap=prior.vsc_per_lap,
        sc_after_retirement=round(expit(after["SC"].level.mean), 4),
        vsc_after_retirement=round(expit(after["VSC"].level.mean), 4),
        sc_lap_one=prior.sc_lap_one,
        red_share=round((reds + _PSEUDO * prior.red_share) / (safety_cars.height + _PSEUDO), 4),
        sc_laps=_lengths(safety_cars.filter(~pl.col("red")), prior.sc_laps),
        vsc_laps=_lengths(episodes.filter(pl.col("kind") == "VSC"), prior.vsc_laps),
        sc_pace=pace.safety_car,
        catch_up_pace=pace.catch_up,
        vsc_pace=pace.virtual,
        queue_s=pace.queue_s,
        lapped_unlap=prior.lapped_unlap,
    )
    lap_one = _lap_one(seen, linked, clusters, shared, prior)
    return Cautions(shared, rates["SC"], rates["VSC"], after["SC"], after["VSC"], lap_one)


def caution_episodes(seen: Seen) -> pl.DataFrame:
    """One row an episode: session_key, kind (SC, VSC), start_lap, laps, red (a red flag came of it), start_s, end_s.

    Left out: safety cars that lead the field away at the start or after a red flag, which are procedure. A red flag
    without a safety car before it is an episode of kind SC with ``red``, as the simulation has them.
    """
    rows: list[dict[str, object]] = []
    starts = dict(
        seen.laps.filter(pl.col("lap") == 1).group_by("session_key").agg(pl.col("lap_start_s").min()).iter_rows()
    )
    lap_s = dict(
        seen.laps.filter(pl.col("track_status") == "1")
        .group_by("session_key")
        .agg(pl.col("lap_time_s").median())
        .iter_rows()
    )
    for (key,), race in seen.neutralisations.group_by("session_key", maintain_order=True):
        began, ordinary = starts.get(str(key)), lap_s.get(str(key)) or 90.0
        red_until: float | None = None
        for one in race.iter_rows(named=True):
            start, end = one["start_ms"] / 1000, (one["end_ms"] or one["start_ms"] + 240_000) / 1000
            if one["kind"] == "RED":
                last = rows[-1] if rows and rows[-1]["session_key"] == key and rows[-1]["kind"] == "SC" else None
                if last is not None and abs(float(str(last["end_s"])) - start) < ordinary:
                    last["red"] = True
                else:
                    rows.append(_episode(one, "SC", start, start + ordinary, ordinary, red=True))
                red_until = end
                continue
            if began is not None and start < began + 5.0:
                continue
            if one["kind"] == "SC" and red_until is not None and start < red_until + 1.5 * ordinary:
                red_until = None
                continue
            rows.append(_episode(one, str(one["kind"]), start, end, ordinary, red=False))
    schema = {
        "session_key": pl.String, "kind": pl.String, "start_lap": pl.Int32, "laps": pl.Int32, "red": pl.Boolean,
        "start_s": pl.Float64, "end_s": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


_SLOW = {"SC": 1.5, "VSC": 1.35}


def _episode(
    one: dict[str, object], kind: str, start: float, end: float, ordinary: float, *, red: bool
) -> dict[str, object]:
    laps = max(1, round((end - start) / (_SLOW[kind] * ordinary)))
    return {
        "session_key": one["session_key"], "kind": kind, "start_lap": one["start_lap"] or 1, "laps": laps, "red": red,
        "start_s": start, "end_s": end,
    }  # fmt: skip


def retirement_clusters(seen: Seen) -> pl.DataFrame:
    """One row a cluster of cars that stopped together: session_key, at_s, lap (of the leader), cars."""
    last = seen.laps.group_by("session_key", "driver_number").agg(
        pl.col("lap").max().alias("last"), pl.col("lap_end_s").max().alias("at_s"), pl.col("lap_start_s").max()
    )
    leader = seen.laps.group_by("session_key", "lap").agg(pl.col("lap_end_s").min().alias("leader_s"))
    out = (
        seen.results.filter(
            (pl.col("position_text") == "DNF")
            | (pl.col("position").is_not_null() & pl.col("reason_retired").is_not_null())
        )
        .select("session_key", "driver_number", pl.col("laps").fill_null(0).alias("done"))
        .join(last, on=["session_key", "driver_number"], how="left")
        .join(seen.races.select("session_key", pl.col("laps").alias("distance")), on="session_key")
    )
    starts = seen.laps.filter(pl.col("lap") == 1).group_by("session_key").agg(pl.col("lap_start_s").min().alias("zero"))
    timed = (
        out.join(starts, on="session_key", how="left")
        .with_columns(pl.when(pl.col("done") == 0).then(pl.col("zero")).otherwise(pl.col("at_s")).alias("at_s"))
        .filter(pl.col("at_s").is_not_null() & (pl.col("done") < pl.col("distance") - 1))
        .sort("at_s")
        .join_asof(
            leader.filter(pl.col("leader_s").is_not_null()).sort("leader_s"),
            left_on="at_s",
            right_on="leader_s",
            by="session_key",
            strategy="backward",
            check_sortedness=False,
        )
        .with_columns((pl.col("lap").fill_null(0) + 1).alias("lap"))
        .sort("session_key", "at_s")
    )
    new = (pl.col("lap") - pl.col("lap").shift(1).over("session_key")).fill_null(99) > 1
    return (
        timed.with_columns(new.cum_sum().over("session_key").alias("cluster"))
        .group_by("session_key", "cluster", maintain_order=True)
        .agg(pl.col("at_s").first(), pl.col("lap").first(), pl.len().alias("cars"), pl.col("at_s").last().alias("to_s"))
    )


def _linked(episodes: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    """The episodes with ``cluster`` (row number of the cluster that may have caused it) and ``cars`` in it, or nulls.

    Which of the clusters: the last that began within `LINK_LAPS` before it, or at most one lap after its start, for
    a car is often still counted on its lap when the flags come out.
    """
    pairs = episodes.with_row_index("episode").join(
        clusters.with_row_index("row").rename({"lap": "stopped", "cars": "k"}), on="session_key"
    )
    near = pairs.filter((pl.col("start_lap") - pl.col("stopped")).is_between(-1, LINK_LAPS))
    best = near.sort("at_s").group_by("episode").agg(pl.col("row").last().alias("cluster"), pl.col("k").last())
    return episodes.with_row_index("episode").join(best.rename({"k": "cars"}), on="episode", how="left")


def _after_retirement(clusters: pl.DataFrame, own: pl.DataFrame, anyhow: float, prior: float) -> float:
    """q by maximum likelihood, with the prior as `_PSEUDO` more retirements of one car."""
    caused = set(own["cluster"].drop_nulls().to_list())
    cars = clusters["cars"].cast(pl.Float64).to_numpy()
    came = np.array([row in caused for row in range(clusters.height)])

    def loss(q: float) -> float:
        chance = np.clip(1 - (1 - q) ** cars * (1 - anyhow), 1e-9, 1 - 1e-9)
        told = float(np.sum(np.where(came, np.log(chance), np.log(1 - chance))))
        return -(told + _PSEUDO * (prior * np.log(q) + (1 - prior) * np.log(1 - q)))

    return float(minimize_scalar(loss, bounds=(1e-3, 0.95), method="bounded").x)


def _after_by_circuit(seen: Seen, clusters: pl.DataFrame, own: pl.DataFrame, level: float) -> Pooled:
    """The log-odds of q with the deviations of circuits, taken from what share of clusters brought out one there."""
    middle = float(np.log(level / (1 - level)))
    if clusters.is_empty():
        return Pooled(Estimate(middle, 0.3), 0.4)
    caused = set(own["cluster"].drop_nulls().to_list())
    where = clusters.join(seen.races.select("session_key", "circuit_id"), on="session_key", how="left")
    came = np.array([float(row in caused) for row in range(clusters.height)])
    mixed = logistic(came, np.ones(came.size), {"circuit": Grouping.of(where["circuit_id"].to_list(), 0.4)})
    return pooled(mixed, "circuit", shift=middle - mixed.level.mean)


def _green_laps(seen: Seen) -> pl.DataFrame:
    """Leader's laps without any neutralisation, after lap 2, by race: session_key, season, circuit_id, green."""
    free = (
        seen.laps.filter((pl.col("lap") > 2) & ~pl.col("track_status").fill_null("1").str.contains("[4567]"))
        .group_by("session_key")
        .agg(pl.col("lap").n_unique().alias("green"))
    )
    return seen.races.join(free, on="session_key", how="left").with_columns(pl.col("green").fill_null(0))


def _rate(own: pl.DataFrame, green: pl.DataFrame, prior: Estimate) -> Pooled:
    """The rate of what no retirement explains, after lap 2."""
    alone = own.filter(pl.col("cluster").is_null() & (pl.col("start_lap") > 2))
    rows = green.join(alone.group_by("session_key").len("count"), on="session_key", how="left").with_columns(
        pl.col("count").fill_null(0).cast(pl.Float64)
    )
    if rows.is_empty():
        return Pooled(Estimate(float(np.log(prior.mean)), 0.3), 0.4, 0.2)
    prior_laps = 300.0
    mixed = poisson(
        np.append(rows["count"].to_numpy(), prior.mean * prior_laps),
        np.append(rows["green"].cast(pl.Float64).to_numpy(), prior_laps),
        {
            "circuit": Grouping.of([*rows["circuit_id"].to_list(), "(prior)"], 0.4),
            "season": Grouping.of([*rows["season"].cast(pl.String).to_list(), "0"], 0.2),
        },
    )
    return _without_prior(pooled(mixed, "circuit", "season"))


def _without_prior(rate: Pooled) -> Pooled:
    return Pooled(
        rate.level,
        rate.circuit_sd,
        rate.season_sd,
        {name: one for name, one in rate.circuits.items() if name != "(prior)"},
        {year: one for year, one in rate.seasons.items() if year},
    )


def _lap_one(
    seen: Seen, linked: pl.DataFrame, clusters: pl.DataFrame, shared: Neutralisations, prior: Neutralisations
) -> Pooled:
    """Logarithm of the probability of a safety car on lap 1 or 2 beyond those that retirements there bring out."""
    early = linked.filter((pl.col("kind") == "SC") & (pl.col("start_lap") <= 2))["session_key"].unique().to_list()
    cars = dict(clusters.filter(pl.col("lap") <= 2).group_by("session_key").agg(pl.col("cars").sum()).iter_rows())
    keys = seen.races["session_key"].to_list()
    came = np.array([key in set(early) for key in keys], dtype=bool)
    count = np.array([cars.get(key, 0) for key in keys], dtype=float)

    def loss(q: float) -> float:
        chance = np.clip(1 - (1 - q) * (1 - shared.sc_after_retirement) ** count, 1e-9, 1 - 1e-9)
        told = float(np.sum(np.where(came, np.log(chance), np.log(1 - chance))))
        return -(told + _PSEUDO * (prior.sc_lap_one * np.log(q) + (1 - prior.sc_lap_one) * np.log(1 - q)))

    best = float(minimize_scalar(loss, bounds=(1e-3, 0.6), method="bounded").x)
    events = max(1.0, best * (len(keys) + _PSEUDO))
    return Pooled(Estimate(round(float(np.log(best)), 4), round(float(events**-0.5), 4)), 0.3, 0.0)


def _lengths(episodes: pl.DataFrame, prior: tuple[float, ...]) -> tuple[float, ...]:
    """Shares of episodes of 1, 2, 3, … laps; the prior counts as `_PSEUDO` episodes."""
    seen = np.bincount(episodes["laps"].to_numpy(), minlength=len(prior) + 1).astype(float)[1 : len(prior) + 1]
    late = float((episodes["laps"] > len(prior)).sum())
    seen[-1] += late
    shares = (seen + _PSEUDO * np.asarray(prior)) / (seen.sum() + _PSEUDO)
    return tuple(round(float(share), 4) for share in shares / shares.sum())
