"""How fast is each car and driver after the races so far?

A Kalman filter over the races in their order. State: a pace per team, and per driver against the team's car. Teams
move from race to race (upgrades) and more over the winter; drivers hardly. A race tells ``team + driver + race``, where
what is common to the race is free, and every car has a spread of its own on the day (`CarSettings.race_s`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from overcut.strategy.model.circuit import Estimate
from overcut.strategy.parameters.lineage import line_of
from overcut.strategy.parameters.pace import DriverPace, PacePrior, TeamPace

Floats = NDArray[np.float64]


class CarSettings(msgspec.Struct, frozen=True):
    """Spreads, seconds on a lap of 90 s, chosen by the likelihood of the next race over 2019 to 2022.

    Attributes:
        team_s: of a new team. ``driver_s``: of a new driver. ``race_s``: of a car on the day.
        walk_s: a team's step from race to race. ``winter_s``: over a winter, of which it keeps ``kept``.
        driver_winter_s, driver_kept: the same for drivers.
    """

    team_s: float = 0.5
    driver_s: float = 0.29
    race_s: float = 0.27
    walk_s: float = 0.057
    winter_s: float = 0.3
    kept: float = 0.75
    driver_winter_s: float = 0.13
    driver_kept: float = 0.9


@dataclass(frozen=True)
class Shown:
    """What one race showed of one car: pace and its standard deviation, on a lap of 90 s.

    ``team``: F1DB id; ``name``: the feed's; ``noise_s``: its laps' spread; ``laps``: how many told.
    """

    driver: str
    team: str
    name: str
    pace_s: float
    sd_s: float
    noise_s: float
    laps: int


@dataclass(frozen=True)
class Surprise:
    """How a race came out against what was thought before it: standardised, one per car, and the log-likelihood."""

    key: str
    standardised: Floats
    log_likelihood: float


class Form:
    """The filter. Feed it races in their order, then ask."""

    def __init__(self, settings: CarSettings | None = None) -> None:
        self.settings = settings or CarSettings()
        self._place: dict[tuple[str, str], int] = {}
        self._mean: Floats = np.zeros(0)
        self._covariance: Floats = np.zeros((0, 0))
        self._season = 0
        self._teams: dict[tuple[int, str], TeamPace] = {}
        self._drivers: dict[tuple[int, str], DriverPace] = {}
        self._noise: dict[str, tuple[float, int]] = {}

    def learn(self, key: str, season: int, cars: Sequence[Shown]) -> Surprise:
        """Take in one race.

        Args:
            key: of its session. ``season``: its year; a new one means a winter. ``cars``: those with clear laps.
        """
        if season != self._season:
            self._winter(season - self._season if self._season else 0)
            self._season = season
        teams = [self._state("team", line_of(car.team), self.settings.team_s) for car in cars]
        drivers = [self._state("driver", car.driver, self.settings.driver_s) for car in cars]
        told = np.array([car.pace_s for car in cars])
        design = np.zeros((len(cars), len(self._mean)))
        design[np.arange(len(cars)), teams] = 1.0
        design[np.arange(len(cars)), drivers] = 1.0
        at_teams = sorted({place for (kind, _), place in self._place.items() if kind == "team"})
        self._covariance[at_teams, at_teams] += self.settings.walk_s**2
        noise = np.array([car.sd_s**2 + self.settings.race_s**2 for car in cars])
        surprise = self._update(key, design, told, noise)
        for car in cars:
            self._hear(car)
        self._remember(season, cars)
        return surprise

    def teams(self) -> tuple[TeamPace, ...]:
        """Every team of every season, as it was after the season's last race."""
        return tuple(self._teams[at] for at in sorted(self._teams))

    def drivers(self) -> tuple[DriverPace, ...]:
        """Every driver of every season, likewise."""
        return tuple(self._drivers[at] for at in sorted(self._drivers))

    def prior(self) -> PacePrior:
        """What those start from that were never seen."""
        own = self.settings
        noise = [value for value, _ in self._noise.values()]
        return msgspec.structs.replace(
            PacePrior(),
            team_s=own.team_s,
            driver_s=own.driver_s,
            winter_s=own.winter_s,
            kept=own.kept,
            driver_winter_s=own.driver_winter_s,
            driver_kept=own.driver_kept,
            race_s=own.race_s,
            noise_s=float(np.median(noise)) if noise else PacePrior().noise_s,
        )

    def _state(self, kind: str, name: str, sd: float) -> int:
        place = self._place.get((kind, name))
        if place is None:
            place = self._place[kind, name] = len(self._mean)
            self._mean = np.append(self._mean, 0.0)
            wider = np.zeros((place + 1, place + 1))
            wider[:place, :place] = self._covariance
            wider[place, place] = sd**2
            self._covariance = wider
        return place

    def _winter(self, winters: int) -> None:
        """Forget a part of every pace, and know it less."""
        own = self.settings
        kept = np.array([own.kept if kind == "team" else own.driver_kept for kind, _ in self._place])
        moved = np.array([own.winter_s if kind == "team" else own.driver_winter_s for kind, _ in self._place])
        for _ in range(winters):
            self._mean = kept * self._mean
            self._covariance = kept[:, None] * self._covariance * kept[None, :] + np.diag(moved**2)

    def _update(self, key: str, design: Floats, told: Floats, noise: Floats) -> Surprise:
        """One race; cars far out of what was thought are taken for less sure (Huber at 2.5)."""
        free = 25.0  # what all cars of the race share is not known
        innovation = told - design @ self._mean
        innovation = innovation - np.median(innovation)
        thought = design @ self._covariance @ design.T
        odd = np.abs(innovation) / np.sqrt(np.diag(thought) + noise)
        total = thought + np.diag(noise * np.maximum(1.0, odd / 2.5) ** 2) + free
        gain = np.linalg.solve(total, design @ self._covariance).T
        alone = np.eye(len(told)) - 1.0 / len(told)
        expected = alone @ (thought + np.diag(noise)) @ alone.T
        standard = (alone @ innovation) / np.sqrt(np.maximum(np.diag(expected), 1e-9))
        _, logdet = np.linalg.slogdet(total)
        likelihood = -0.5 * float(innovation @ np.linalg.solve(total, innovation) + logdet)
        self._mean = self._mean + gain @ innovation
        self._covariance = self._covariance - gain @ total @ gain.T
        self._covariance = 0.5 * (self._covariance + self._covariance.T)
        return Surprise(key, standard, likelihood)

    def _hear(self, car: Shown) -> None:
        """The driver's scatter: a mean over laps in which old races fade, begun with 200 laps of everybody's."""
        if np.isnan(car.noise_s):
            self._noise.setdefault(car.driver, (PacePrior().noise_s, 200))
            return
        before, laps = self._noise.get(car.driver, (PacePrior().noise_s, 200))
        kept = min(laps, 600)
        whole = kept + car.laps
        self._noise[car.driver] = ((before * kept + car.noise_s * car.laps) / whole, whole)

    def _remember(self, season: int, cars: Sequence[Shown]) -> None:
        """The state after this race, counted from the middle of the cars of the season."""
        for car in cars:
            names = self._teams[season, car.team].names if (season, car.team) in self._teams else ()
            known = tuple(sorted({*names, car.name}))
            self._teams[season, car.team] = TeamPace(season, car.team, known, Estimate(0.0))
            self._drivers[season, car.driver] = DriverPace(
                season, car.driver, car.team, Estimate(0.0), Estimate(0.0), round(self._noise[car.driver][0], 4)
            )
        mine = {at: one for at, one in self._drivers.items() if at[0] == season}
        design = np.zeros((len(mine), len(self._mean)))
        for row, one in enumerate(mine.values()):
            design[row, [self._place["team", line_of(one.team)], self._place["driver", one.driver]]] = 1.0
        totals = design @ self._mean
        middle = float(np.median(totals))
        # Against the middle of these cars: what they all share is not known, and tells nothing of their order.
        totals_sd = _spread(design - design.mean(axis=0), self._covariance)
        for row, (at, one) in enumerate(mine.items()):
            self._drivers[at] = msgspec.structs.replace(
                one,
                pace_s=self._one("driver", one.driver),
                car_s=_rounded(float(totals[row]) - middle, float(totals_sd[row])),
            )
        ours = [at for at in self._teams if at[0] == season]
        places = [self._place["team", line_of(team)] for _, team in ours]
        design = np.zeros((len(ours), len(self._mean)))
        design[np.arange(len(ours)), places] = 1.0
        sd = _spread(design - design.mean(axis=0), self._covariance)
        for row, at in enumerate(ours):
            pace = _rounded(float(self._mean[places[row]]) - middle, float(sd[row]))
            self._teams[at] = msgspec.structs.replace(self._teams[at], pace_s=pace)

    def _one(self, kind: str, name: str) -> Estimate:
        place = self._place[kind, name]
        return _rounded(float(self._mean[place]), float(np.sqrt(self._covariance[place, place])))


def _rounded(mean: float, sd: float) -> Estimate:
    return Estimate(round(mean, 4), round(sd, 4))


def _spread(contrasts: Floats, covariance: Floats) -> Floats:
    return np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", contrasts, covariance, contrasts), 0.0))


def with_stop_excess(teams: Sequence[TeamPace], excess: Mapping[tuple[int, str], float]) -> tuple[TeamPace, ...]:
    """The teams with what their stops cost beyond the field's, by season and F1DB id; 0 where it was not seen."""
    return tuple(
        msgspec.structs.replace(team, stop_excess_s=excess.get((team.season, team.team), 0.0)) for team in teams
    )
