"""Everything about pace from the lake's races: cars, tyres, fuel, evolution, noise, start, pit lane, water."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.strategy.fitting.cars import Form, Shown, with_stop_excess
from overcut.strategy.fitting.clean_laps import judged, telling
from overcut.strategy.fitting.noise import Scatter, car_noise, scatter
from overcut.strategy.fitting.pit import PitFit, fit_pit, stops_seen
from overcut.strategy.fitting.pooling import Pooled, pooled
from overcut.strategy.fitting.race_model import (
    REFERENCE_LAP_S,
    CarPaces,
    RaceLaps,
    Spread,
    Told,
    car_paces,
    race_laps,
    told,
)
from overcut.strategy.fitting.reading import RaceFacts, Recorded
from overcut.strategy.fitting.start import fit_starts
from overcut.strategy.fitting.tyres import fuel_and_evolution, lives, season_tyres, tyres_of
from overcut.strategy.fitting.water import fit_water
from overcut.strategy.model.circuit import Estimate, StartModel
from overcut.strategy.model.generic import generic_circuit
from overcut.strategy.parameters.pace import CircuitPace, PaceParameters, PacePrior, TeamPace, generic_pace

Floats = NDArray[np.float64]

FIGURES_PRIOR = np.array([-0.3, 0.05, 0.075, 0.055, 0.05, 3.4])
"""Where the figures of a race are looked for, to tell outlying laps; they are not pulled there."""
FIGURES_SD = np.array([0.5, 0.4, 0.06, 0.04, 0.04, 0.6])
ROUGH_SPREAD = np.array([0.4, 0.3, 0.03, 0.03, 0.03, 0.6])
LEAST_CAR_LAPS = 3
MOST_WATER = 0.25
"""Races with water on a larger share of their laps tell of cars, but not of tyres: a track that dries is no wear."""
_LAP_SD = 0.012
"""How far a lap at a circuit moves from year to year by itself, as a share of it."""
_NEW_LAP_SD = 8.0
_STEP_SD = 0.0115
"""How far a season's laps are from the last one's, as a share of a lap: the spread of the steps of 2019 to 2022."""


@dataclass(frozen=True)
class RaceFit:
    """One race: its clear laps, what they tell of the figures, the figures and how fast its cars were."""

    race: RaceLaps
    told: Told
    figures: Floats
    paces: CarPaces


@dataclass(frozen=True)
class PaceFit:
    """What was fitted, with the pieces that reports look into."""

    parameters: PaceParameters
    races: tuple[RaceFit, ...]
    pool: Pooled | None
    scatter: Scatter | None


def fit_pace(read: Recorded) -> PaceFit:
    """Fit all of pace.

    Args:
        read: races and sprints; where none has enough clear dry laps the generic figures come back, with the pit lane
            and the start as far as they were seen.
    """
    laps = judged(read)
    races, pool = race_fits(read, laps)
    if pool is None:
        return PaceFit(generic_pace(), (), None, None)
    spread = scatter(
        [one.race for one in races], [one.paces for one in races], generic_circuit().noise, PacePrior().noise_s
    )
    models = {one.race.facts.key: (one.race, one.paces, one.figures) for one in races}
    season = read.races[-1].season
    pit = fit_pit(stops_seen(laps, read.stops, read.entries, models, read.races), season)
    starts = fit_starts(laps, read.grids, read.races, models)
    form = _form(read, races, spread.scale)
    water = fit_water(laps, _dry_laps(read.races, races))
    circuits = _Circuits(races, pool, pit, starts, _with_layout(telling(laps), read.races), season, spread.mean_s)
    parameters = PaceParameters(
        anywhere=circuits.anywhere(),
        circuits=circuits.all(read.races),
        seasons=season_tyres(pool, 1),
        teams=_teams(form, pit),
        drivers=form.drivers(),
        prior=_prior(form, pool, spread),
        noise=spread.model,
        water=water.pace,
        switch_at_s=water.switch_at_s,
        switch_spread_s=water.switch_spread_s,
    )
    return PaceFit(parameters, races, pool, spread)


def race_fits(read: Recorded, laps: pl.DataFrame) -> tuple[tuple[RaceFit, ...], Pooled | None]:
    """Each race by itself, and what they have in common; None where no race has enough clear dry laps."""
    parts = telling(laps).partition_by("session_key", as_dict=True, maintain_order=True)
    races = [race_laps(facts, parts[facts.key,]) for facts in read.races if (facts.key,) in parts]
    if not races:
        return (), None
    wet = {
        str(key)
        for key, share in laps.group_by("session_key").agg((pl.col("water") > 0.0).mean()).iter_rows()
        if share > MOST_WATER
    }
    spread = Spread()
    tells = [told(race, spread, FIGURES_PRIOR, FIGURES_SD) for race in races]
    members = [(race.facts.circuit_id, str(race.facts.season)) for race in races]
    dry = [place for place, race in enumerate(races) if race.facts.key not in wet] or list(range(len(races)))
    pool = pooled(
        [tells[place].information for place in dry],
        [tells[place].score for place in dry],
        [members[place] for place in dry],
        ROUGH_SPREAD,
    )
    found: list[RaceFit] = []
    for race, tell, member in zip(races, tells, members, strict=True):
        figures = pool.race_figures(member, tell.information, tell.score)
        found.append(RaceFit(race, tell, figures, car_paces(race, spread, figures, tell.weights)))
    return tuple(found), pool


def _form(read: Recorded, races: Sequence[RaceFit], scale: float) -> Form:
    """The cars race by race."""
    entries = {(str(row["session_key"]), str(row["driver_number"])): row for row in read.entries.iter_rows(named=True)}
    form = Form()
    for one in races:
        noise = car_noise(one.race, one.paces.residual, scale)
        counts = np.bincount(one.race.car, minlength=len(one.race.cars))
        cars = [
            Shown(
                driver=str(entry["driver"]),
                team=str(entry["constructor_id"] or entry["team"]),
                name=str(entry["team"] or entry["constructor_id"]),
                pace_s=float(one.paces.pace[place]),
                sd_s=float(one.paces.sd[place]),
                noise_s=float(noise[place]),
                laps=int(counts[place]),
            )
            for place, number in enumerate(one.race.cars)
            if counts[place] >= LEAST_CAR_LAPS
            and (entry := entries.get((one.race.facts.key, number))) is not None
            and entry["driver"]
        ]
        if len(cars) >= 3:
            form.learn(one.race.facts.key, one.race.facts.season, cars)
    return form


def _teams(form: Form, pit: PitFit) -> tuple[TeamPace, ...]:
    return with_stop_excess(form.teams(), pit.teams)


def _prior(form: Form, pool: Pooled, spread: Scatter) -> PacePrior:
    season = np.sqrt(np.diag(pool.spreads[1]))
    return msgspec.structs.replace(
        form.prior(),
        noise_s=spread.lap_s,
        season_offset_s=round(float(season[:2].mean()), 4),
        season_wear_s=round(float(season[2:5].mean()), 5),
    )


def _dry_laps(facts: Sequence[RaceFacts], races: Sequence[RaceFit]) -> dict[str, float]:
    """A dry lap with half a tank by session: its own where it had one, else that of the year nearest at the layout."""
    own = {one.race.facts.key: one.paces.level_s * (1.0 + 0.5 * one.figures[5] / REFERENCE_LAP_S) for one in races}
    found: dict[str, float] = {}
    for race in facts:
        near = [
            (abs(other.season - race.season), own[other.key])
            for other in facts
            if other.key in own and other.layout == race.layout
        ]
        if race.key in own:
            found[race.key] = own[race.key]
        elif near:
            found[race.key] = min(near)[1]
    return found


def _with_layout(laps: pl.DataFrame, facts: Sequence[RaceFacts]) -> pl.DataFrame:
    places = pl.DataFrame(
        [(race.key, race.layout, race.full_laps) for race in facts],
        schema={"session_key": pl.String, "layout": pl.String, "full_laps": pl.Int64},
        orient="row",
    )
    return laps.join(places, on="session_key")


class _Circuits:
    """Figures of circuits from the pooled ones."""

    def __init__(
        self,
        races: Sequence[RaceFit],
        pool: Pooled,
        pit: PitFit,
        starts: tuple[Mapping[str, StartModel], StartModel],
        clear: pl.DataFrame,
        season: int,
        mean_s: float,
    ) -> None:
        self._races, self._pool, self._pit, self._starts = races, pool, pit, starts
        self._lives, self._season, self._mean_s = lives(clear), season, mean_s
        self._step = season_step(
            [(one.race.facts.layout, one.race.facts.season, one.paces.level_s) for one in races], season
        )

    def all(self, facts: Sequence[RaceFacts]) -> tuple[CircuitPace, ...]:
        """Every layout that was raced on dry."""
        seen: dict[str, RaceFacts] = {race.layout: race for race in facts}
        found = [self._one(layout, seen[layout]) for layout in sorted(seen)]
        return tuple(one for one in found if one is not None)

    def anywhere(self) -> CircuitPace:
        """What a circuit that nobody raced at starts from."""
        mean, covariance = self._pool.of((None, str(self._season)))
        laps = 57
        base = Estimate(REFERENCE_LAP_S, _NEW_LAP_SD)
        sd = np.sqrt(np.diag(covariance))
        fuel, evolution = fuel_and_evolution(Estimate(mean[5], sd[5]), self._season, laps, base.mean)
        usual = {tyre: share * laps for (layout, tyre), share in self._lives.items() if not layout}
        tyres = tyres_of(mean, sd, self._pit.warm_up, usual, base.mean)
        return CircuitPace(
            "generic", self._season, laps, 0, base, fuel, evolution, tyres, self._pit.anywhere, self._starts[1]
        )

    def _one(self, layout: str, facts: RaceFacts) -> CircuitPace | None:
        here = [one for one in self._races if one.race.facts.layout == layout]
        if not here:
            return None
        mean, covariance = self._pool.of((facts.circuit_id, str(self._season)))
        sd = np.sqrt(np.diag(covariance))
        base = self._lap(here)
        fuel, evolution = fuel_and_evolution(Estimate(mean[5], sd[5]), self._season, facts.full_laps, base.mean)
        own = {tyre: life for (at, tyre), life in self._lives.items() if at == layout}
        usual = {tyre: share * facts.full_laps for (at, tyre), share in self._lives.items() if not at}
        return CircuitPace(
            circuit_id=facts.circuit_id,
            season=self._season,
            laps=facts.full_laps,
            races=len(here),
            lap_s=base,
            fuel_s=fuel,
            evolution_s=evolution,
            tyres=tyres_of(mean, sd, self._pit.warm_up, usual | own, base.mean),
            pit=self._pit.circuits.get(layout, self._pit.anywhere),
            start=self._starts[0].get(layout, self._starts[1]),
        )

    def _lap(self, here: Sequence[RaceFit]) -> Estimate:
        """A lap of the reference car: that of the last season raced here, wider for each year since.

        Where that was an earlier season, by as much quicker or slower as this one's cars have proved elsewhere.
        """
        last = max(one.race.facts.season for one in here)
        level = float(np.mean([one.paces.level_s for one in here if one.race.facts.season == last]))
        level *= 1.0 if last == self._season else 1.0 + self._step
        mean = level + self._mean_s * level / REFERENCE_LAP_S
        years = 1 + self._season - last
        return Estimate(round(mean, 3), round(_LAP_SD * mean * years**0.5, 3))


def season_step(levels: Sequence[tuple[str, int, float]], season: int) -> float:
    """How much slower a season's laps are than those of the season before, as a share; negative is quicker.

    The mean over the layouts raced in both, pulled towards none as far as they are few.

    Args:
        levels: layout, season and lap of each race, seconds.
        season: whose step.
    """
    now: dict[str, list[float]] = {}
    before: dict[str, list[float]] = {}
    for layout, year, lap_s in levels:
        if year == season:
            now.setdefault(layout, []).append(lap_s)
        elif year == season - 1:
            before.setdefault(layout, []).append(lap_s)
    steps = [float(np.log(np.mean(now[layout]) / np.mean(before[layout]))) for layout in now if layout in before]
    if not steps:
        return 0.0
    weight = len(steps) / (len(steps) + (_LAP_SD / _STEP_SD) ** 2)
    return weight * float(np.median(steps))
