"""How often it begins to rain in a race, how long it rains, and how soon that calls for another tyre."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.optimize import brentq

from overcut.strategy.fitting.events.mixed import Grouping, poisson
from overcut.strategy.fitting.events.pooling import pooled
from overcut.strategy.fitting.events.seen import WET, Seen
from overcut.strategy.parameters.events import Pooled, Rain

_MINUTES = 3
"""So many readings in a row (one a minute) make or end a rain: single ones are drops on the sensor."""
_PSEUDO_RAINS, _PSEUDO_WET = 6.0, 0.4
"""Before anything was seen: as if six rains had been, two in five of which called for intermediates."""
_PSEUDO_LAPS = 600.0


def rains(seen: Seen) -> pl.DataFrame:
    """One row a rain that began while a race ran: session_key, circuit_id, begins, ends (laps of the leader; ends is
    the last lap where it outlasted the race), ended, wet (most cars were on intermediates or wets by two laps after
    it ended, and were not before), wet_lap (first such lap), dry_lap (first lap after it on which most were on slicks).
    """
    leader = (
        seen.laps.filter(pl.col("lap_end_s").is_not_null())
        .group_by("session_key", "lap")
        .agg(
            (pl.col("lap_end_s").min() * 1000).cast(pl.Int64).alias("t_ms"),
            pl.col("compound").is_in(WET).mean().alias("wet_share"),
        )
        .sort("session_key", "lap")
    )
    raining = (
        seen.weather.sort("session_key", "t_ms")
        .with_columns(
            pl.col("rainfall")
            .fill_null(value=False)
            .cast(pl.Float64)
            .rolling_mean(_MINUTES, min_samples=1)
            .over("session_key")
            .alias("share")
        )
        .select("session_key", "t_ms", (pl.col("share") > 0.5).alias("rain"))
    )
    by_lap = leader.sort("t_ms").join_asof(raining.sort("t_ms"), on="t_ms", by="session_key", check_sortedness=False)
    rows: list[dict[str, object]] = []
    circuits = dict(seen.races.select("session_key", "circuit_id").iter_rows())
    for (key,), race in by_lap.sort("session_key", "lap").group_by("session_key", maintain_order=True):
        flags = race["rain"].fill_null(value=False).to_numpy()
        rows.extend(
            {"session_key": key, "circuit_id": circuits[str(key)], **one}
            for one in _spells(flags, race["wet_share"].fill_null(0.0).to_numpy(), race["lap"].to_numpy())
        )
    schema = {
        "session_key": pl.String, "circuit_id": pl.String, "begins": pl.Int32, "ends": pl.Int32, "ended": pl.Boolean,
        "wet": pl.Boolean, "wet_lap": pl.Int32, "dry_lap": pl.Int32,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def _spells(rain: np.ndarray, wet: np.ndarray, laps: np.ndarray) -> list[dict[str, object]]:
    """The rains of one race, from flags and shares of wet tyres by lap of the leader."""
    found: list[dict[str, object]] = []
    n, i = len(rain), 0
    while i < n:
        if not rain[i] or i == 0 or rain[i - 1]:
            i += 1
            continue
        last = i
        while last + 1 < n and rain[last + 1]:
            last += 1
        until = min(n, last + 3)
        turned = [k for k in range(i, until) if wet[k] > 0.5]
        was_dry = wet[i - 1] < 0.5
        back = [k for k in range(last + 1, n) if wet[k] < 0.5] if turned else []
        found.append(
            {
                "begins": int(laps[i]),
                "ends": int(laps[last]),
                "ended": last + 1 < n,
                "wet": bool(turned) and was_dry,
                "wet_lap": int(laps[turned[0]]) if turned and was_dry else None,
                "dry_lap": int(laps[back[0]]) if back else None,
            }
        )
        i = last + 1
    return found


def fit_rain(seen: Seen, prior: Rain) -> Rain:
    """Rates, and the strength of rain that makes it call for intermediates as often as it did.

    The simulated rain wets the track by an exponential amount a lap of mean ``I`` and ends with probability ``p`` a
    lap. It calls for intermediates where it lasts ``d`` laps with ``d * x >= c`` (c: the wetness at which both tyres
    are equally quick): with probability ``E[exp(-T / d)]``, ``T = c / I``, which is solved for T. What is left to dry
    when it ends is on average ``d I`` above c, and takes as long as teams took to go back to slicks.
    """
    spells = rains(seen)
    dry_laps = (
        seen.laps.filter(~pl.col("compound").is_in(WET))
        .group_by("session_key")
        .agg(pl.col("lap").n_unique().alias("exposure"))
    )
    races = (
        seen.races.join(dry_laps, on="session_key", how="left")
        .join(spells.group_by("session_key").len("count"), on="session_key", how="left")
        .with_columns(pl.col("exposure", "count").fill_null(0).cast(pl.Float64))
    )
    base = np.exp(prior.begins.level.mean)
    mixed = poisson(
        np.append(races["count"].to_numpy(), base * _PSEUDO_LAPS),
        np.append(races["exposure"].to_numpy(), _PSEUDO_LAPS),
        {"circuit": Grouping.of([*races["circuit_id"].to_list(), "(prior)"], 0.5)},
    )
    begins = pooled(mixed, "circuit")
    lasted = float(np.sum((spells["ends"] - spells["begins"] + 1).to_numpy())) + _PSEUDO_RAINS / prior.ends_per_lap
    ends = (float(spells["ended"].sum()) + _PSEUDO_RAINS) / lasted
    called = (float(spells["wet"].sum()) + _PSEUDO_RAINS * _PSEUDO_WET) / (spells.height + _PSEUDO_RAINS)
    to_intermediates = _solved(min(0.9, max(0.02, called)), ends)
    drying = (spells["dry_lap"] - spells["ends"]).drop_nulls().cast(pl.Float64).to_numpy()
    observed = float(np.median(np.append(drying, [6.0, 8.0])))
    return Rain(
        begins=_without_prior(begins),
        ends_per_lap=round(ends, 4),
        laps_to_intermediates=round(to_intermediates, 3),
        laps_to_slicks=round(observed * to_intermediates * ends, 3),
    )


def _without_prior(begins: Pooled) -> Pooled:
    return Pooled(
        begins.level, begins.circuit_sd, 0.0, {k: v for k, v in begins.circuits.items() if k != "(prior)"}, {}
    )


def _solved(called: float, ends: float) -> float:
    """T for which ``E[exp(-T / d)] = called`` with d geometric."""
    d = np.arange(1, 400, dtype=float)
    weight = ends * (1 - ends) ** (d - 1)

    def miss(t: float) -> float:
        return float(np.sum(weight * np.exp(-t / d)) / weight.sum()) - called

    return float(brentq(miss, 1e-3, 500.0))  # pyright: ignore[reportUnknownArgumentType, reportArgumentType]
