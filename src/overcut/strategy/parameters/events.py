"""What has been learned of everything in a race but pace: passing, cautions, retirements, penalties, stops, rain.

Each figure that differs from place to place is *pooled*: one level for all, a deviation per circuit and one per season,
each shrunk by how little was seen of it. A circuit or a season that nobody has seen has the level and the spread of
its peers. `EventParameters.apply` writes all of it into a `CircuitModel`.
"""

from __future__ import annotations

import math

import msgspec

from overcut.domain.tyres import Compound
from overcut.strategy.model import (
    CircuitModel,
    CompoundChoice,
    Estimate,
    Neutralisations,
    PenaltyModel,
    RetirementModel,
    StopBehaviour,
    TrafficModel,
    TyreModel,
    WeatherModel,
    WetPace,
)
from overcut.strategy.model.generic import generic_circuit

_GENERIC = generic_circuit()
_RULES_CHANGED = (2022, 2026)
"""Seasons whose cars followed new regulations: what was learned of the year before says less about them."""


class Pooled(msgspec.Struct, frozen=True):
    """A figure on its own scale (log or log-odds): one level, and deviations that are shrunk towards none.

    Attributes:
        level: of an average circuit in an average season.
        circuit_sd: spread of circuits around it, which is what is known of a circuit that nobody has seen.
        season_sd: the same for seasons.
        circuits: deviation by F1DB circuit id. ``seasons``: by year.
        seasons: see above.
    """

    level: Estimate
    circuit_sd: float = 0.0
    season_sd: float = 0.0
    circuits: dict[str, Estimate] = {}
    seasons: dict[int, Estimate] = {}

    def at(self, circuit_id: str, season: int) -> Estimate:
        """The figure at a circuit in a season, with what is not known of it.

        A season later than any seen keeps the last one's deviation, less certain by ``season_sd``; where the
        regulations changed since, the deviation is forgotten.
        """
        parts = [self.level, self.circuits.get(circuit_id, Estimate(0.0, self.circuit_sd)), self._of_season(season)]
        return Estimate(sum(one.mean for one in parts), math.sqrt(sum(one.sd**2 for one in parts)))

    def rate(self, circuit_id: str, season: int) -> Estimate:
        """The same where the scale is the logarithm of a rate: mean and standard deviation of the rate itself."""
        return lognormal(self.at(circuit_id, season))

    def _of_season(self, season: int) -> Estimate:
        if season in self.seasons:
            return self.seasons[season]
        earlier = [year for year in self.seasons if year < season]
        if not earlier or any(max(earlier) < year <= season for year in _RULES_CHANGED):
            return Estimate(0.0, self.season_sd)
        last = self.seasons[max(earlier)]
        return Estimate(last.mean, math.hypot(last.sd, self.season_sd))


class Retirements(msgspec.Struct, frozen=True):
    """How often cars retire: logarithm of the rate per lap after lap 1, of one car.

    Attributes:
        rate: by circuit and season.
        team_sd: spread of teams within a season. ``teams``: deviation by ``season/team`` (F1DB constructor id).
        teams: see above.
        driver_sd, drivers: the same for drivers, by three-letter code.
        lap_one_factor: how much likelier lap 1 is.
    """

    rate: Pooled
    team_sd: float = 0.0
    teams: dict[str, Estimate] = {}
    driver_sd: float = 0.0
    drivers: dict[str, Estimate] = {}
    lap_one_factor: Estimate = Estimate(10.0)

    def per_lap(self, season: int, team_id: str, driver: str = "", circuit_id: str = "") -> Estimate:
        """Probability per lap that this car retires; a team not yet seen this season keeps half of the last one's."""
        team = self.teams.get(f"{season}/{team_id}")
        if team is None:
            before = [key for key in self.teams if key.endswith(f"/{team_id}") and key < f"{season}/"]
            last = self.teams[max(before)] if before else Estimate(0.0, self.team_sd)
            team = Estimate(0.5 * last.mean, math.hypot(0.5 * last.sd, 0.87 * self.team_sd) if before else self.team_sd)
        of_driver = self.drivers.get(driver, Estimate(0.0, self.driver_sd))
        base = self.rate.at(circuit_id, season)
        whole = Estimate(base.mean + team.mean + of_driver.mean, math.sqrt(base.sd**2 + team.sd**2 + of_driver.sd**2))
        return lognormal(whole)


class Rain(msgspec.Struct, frozen=True):
    """Rain, and how soon it calls for another tyre.

    Attributes:
        begins: logarithm of the rate per dry lap at which rain begins. ``ends_per_lap``: probability that it ends.
        ends_per_lap: see above.
        laps_to_intermediates: laps of an average rain until intermediates are as quick as slicks.
        laps_to_slicks: laps after it until slicks are as quick again.
    """

    begins: Pooled
    ends_per_lap: float
    laps_to_intermediates: float
    laps_to_slicks: float

    def applied(self, weather: WeatherModel, circuit_id: str, season: int) -> WeatherModel:
        """The weather with these rates, on the scale of wetness on which its ``pace`` is given.

        The soaking that an average rain leaves when it calls for intermediates is the wetness at which slicks and
        intermediates are equally quick; so is what has to dry again from the typical wetness above it.
        """
        even = crossover(weather.pace)
        return msgspec.structs.replace(
            weather,
            rain_begins=self.begins.rate(circuit_id, season).mean,
            rain_ends=self.ends_per_lap,
            intensity=even / self.laps_to_intermediates,
            drying=even / self.laps_to_slicks,
        )


class TypicalStints(msgspec.Struct, frozen=True):
    """The middle of what teams ran on a compound, as a share of the race distance, in logarithms.

    Attributes:
        compounds: by name of the compound: level and deviations by circuit.
    """

    compounds: dict[str, Pooled] = {}

    def laps(self, compound: Compound, circuit_id: str, season: int, laps: int) -> float | None:
        """Laps on this compound in a race of so many; None where nothing was learned of it."""
        pooled = self.compounds.get(compound.value)
        return None if pooled is None else laps * math.exp(pooled.at(circuit_id, season).mean)


class CircuitEvidence(msgspec.Struct, frozen=True):
    """What was seen at a circuit: the counts behind the figures.

    Attributes:
        races: with timing. ``laps``: of their leaders. ``car_laps``: of all cars.
        attempts: car-laps begun within the help gap of the car in front, at racing speed. ``passes``: of all laps.
        safety_cars, virtual, red: how many began. ``races_with_sc``: races with at least one.
        retirements, starters: cars; ``wet_races``: with intermediates or wets used by the winner.
    """

    races: int = 0
    laps: int = 0
    car_laps: int = 0
    attempts: int = 0
    passes: int = 0
    safety_cars: int = 0
    virtual: int = 0
    red: int = 0
    races_with_sc: int = 0
    retirements: int = 0
    starters: int = 0
    wet_races: int = 0


class EventParameters(msgspec.Struct, frozen=True):
    """Everything in a race but pace.

    Attributes:
        traffic: figures that are the same everywhere; ``pass_intercept``, ``dirty_air_s``: by circuit and season.
        pass_intercept: log-odds. ``dirty_air``: seconds.
        dirty_air: see above.
        crowding: what the simulator adds to ``pass_intercept``, so that passes per race match although simulated cars
            are near each other more often than real ones.
        neutralisations: figures that are the same everywhere.
        safety_car, virtual: logarithm of the rate per green lap, for reasons that a simulation does not show.
        sc_after, vsc_after: log-odds that a retirement brings out the one or the other.
        sc_lap_one: logarithm of the probability of a safety car on lap 1 or 2 beyond those by retirements.
        retirements, penalties, rain, stops, choice, stints: see their own descriptions.
        stop_level: added to the log-odds of a stop, by circuit and season.
        evidence: what was seen, by circuit.
    """

    traffic: TrafficModel = _GENERIC.traffic
    crowding: float = 0.0
    pass_intercept: Pooled = Pooled(_GENERIC.traffic.pass_intercept, 0.6, 0.3)
    dirty_air: Pooled = Pooled(_GENERIC.traffic.dirty_air_s, 0.1, 0.05)
    neutralisations: Neutralisations = _GENERIC.neutralisations
    safety_car: Pooled = Pooled(Estimate(math.log(0.007), 0.2), 0.4, 0.2)
    sc_after: Pooled = Pooled(Estimate(math.log(0.3 / 0.7), 0.2), 0.3)
    vsc_after: Pooled = Pooled(Estimate(math.log(0.2 / 0.8), 0.2), 0.3)
    virtual: Pooled = Pooled(Estimate(math.log(0.004), 0.2), 0.4, 0.2)
    sc_lap_one: Pooled = Pooled(Estimate(math.log(0.08), 0.2), 0.4, 0.0)
    retirements: Retirements = Retirements(Pooled(Estimate(math.log(0.0015), 0.1), 0.2, 0.2), 0.4, {}, 0.2)
    penalties: PenaltyModel = _GENERIC.penalties
    rain: Rain = Rain(Pooled(Estimate(math.log(0.001), 0.3), 0.5, 0.0), 0.06, 3.0, 8.0)
    stops: StopBehaviour = _GENERIC.stops
    stop_level: Pooled = Pooled(Estimate(0.0), 0.2, 0.1)
    choice: CompoundChoice = _GENERIC.choice
    stints: TypicalStints = TypicalStints()
    evidence: dict[str, CircuitEvidence] = {}

    def apply(self, circuit: CircuitModel, *, sprint: bool = False) -> CircuitModel:
        """A circuit's model with everything of ours in the place of what it has; its pace stays as it is.

        Args:
            circuit: with ``circuit_id``, ``season``, ``laps``, tyres and the pace in water set.
            sprint: a sprint: a third of a race's distance, in which tyres last no shorter than in a race.
        """
        where, season = circuit.circuit_id, circuit.season
        return msgspec.structs.replace(
            circuit,
            traffic=msgspec.structs.replace(
                self.traffic,
                pass_intercept=_plus(self.pass_intercept.at(where, season), self.crowding),
                dirty_air_s=_not_negative(self.dirty_air.at(where, season)),
            ),
            neutralisations=msgspec.structs.replace(
                self.neutralisations,
                sc_per_lap=self.safety_car.rate(where, season),
                vsc_per_lap=self.virtual.rate(where, season),
                sc_after_retirement=expit(self.sc_after.at(where, season).mean),
                vsc_after_retirement=expit(self.vsc_after.at(where, season).mean),
                sc_lap_one=min(0.9, self.sc_lap_one.rate(where, season).mean),
            ),
            retirements=RetirementModel(self.retirements.lap_one_factor.mean),
            penalties=self.penalties,
            weather=self.rain.applied(circuit.weather, where, season),
            stops=msgspec.structs.replace(
                self.stops, intercept=self.stops.intercept + self.stop_level.at(where, season).mean
            ),
            choice=self.choice,
            tyres=tuple(self._with_stint(tyre, circuit, circuit.laps * (3 if sprint else 1)) for tyre in circuit.tyres),
        )

    def _with_stint(self, tyre: TyreModel, circuit: CircuitModel, distance: int) -> TyreModel:
        laps = self.stints.laps(tyre.compound, circuit.circuit_id, circuit.season, distance)
        return tyre if laps is None else msgspec.structs.replace(tyre, typical_stint_laps=round(laps, 2))


GENERIC_EVENTS = EventParameters()
"""Round numbers, for whoever has no data."""


def lognormal(log: Estimate) -> Estimate:
    """Mean and standard deviation of a figure whose logarithm is normal."""
    mean = math.exp(log.mean + 0.5 * log.sd**2)
    return Estimate(mean, mean * math.sqrt(math.expm1(log.sd**2)))


def expit(log_odds: float) -> float:
    """The probability of which this is the log-odds."""
    return 1.0 / (1.0 + math.exp(-log_odds))


def _plus(estimate: Estimate, by: float) -> Estimate:
    return Estimate(estimate.mean + by, estimate.sd)


def _not_negative(estimate: Estimate) -> Estimate:
    """A figure that cannot be below 0 (a loss), at its mean."""
    return Estimate(max(0.0, estimate.mean), estimate.sd)


def crossover(pace: WetPace) -> float:
    """Wetness at which intermediates are as quick as slicks; half-way where the curves do not cross."""
    gaps = [dry - intermediate for dry, intermediate in zip(pace.dry_s, pace.intermediate_s, strict=True)]
    for left in range(len(gaps) - 1):
        if gaps[left] <= 0 < gaps[left + 1]:
            share = -gaps[left] / (gaps[left + 1] - gaps[left])
            return pace.knots[left] + share * (pace.knots[left + 1] - pace.knots[left])
    return 0.5
