"""Which figures does a race at this circuit, in this season, with these cars start from?

A `ParameterSet` is everything that was fitted, as one value: it is saved as JSON, loaded, checked, edited, and asked
for a circuit's model or a car's prior.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.strategy.model.circuit import CircuitModel, Estimate, TyreModel, WetPace
from overcut.strategy.model.generic import generic_circuit
from overcut.strategy.parameters.events import EventParameters
from overcut.strategy.parameters.lineage import line_of
from overcut.strategy.parameters.pace import (
    REFERENCE_LAP_S,
    CircuitPace,
    DriverPace,
    PaceParameters,
    TeamPace,
    generic_pace,
)

SCHEMA = 1
"""Version of the file; a reader refuses a newer one."""


class NewerParametersError(OvercutError):
    """The file was written by a newer Overcut."""


class BadParametersError(WrongUsageError):
    """The file is not a set of parameters, or its figures make no sense."""


class Provenance(msgspec.Struct, frozen=True):
    """Where the figures come from.

    Attributes:
        how: what was done, for people. ``until``: key of the last session that was read; empty for none.
        before: session that the fit had to stop before; empty where everything was read.
        sessions, laps: how many were read. ``inputs``: SHA-256 of what was read.
        edits: what was changed by hand since, one line each.
    """

    how: str = "round figures, nothing was fitted"
    until: str = ""
    before: str = ""
    sessions: int = 0
    laps: int = 0
    inputs: str = ""
    edits: tuple[str, ...] = ()

    def words(self) -> str:
        """One line for people."""
        read = f"{self.sessions} sessions until {self.until}" if self.until else self.how
        return f"{read}; edited by hand ({len(self.edits)})" if self.edits else read


class CarPrior(msgspec.Struct, frozen=True):
    """What is known of a car before it drove a lap of the race; the fields of `CarModel` of the same names."""

    pace_s: Estimate
    noise_s: float
    wear: Estimate
    retirement_per_lap: float
    stop_excess_s: float


class ParameterSet(msgspec.Struct, frozen=True):
    """All fitted figures, with where they come from.

    Attributes:
        schema: version of the form. ``provenance``: where from.
        pace: cars, tyres, fuel, pit lane, water. ``events``: passing, cautions, retirements, stops, rain.
    """

    schema: int = SCHEMA
    provenance: Provenance = Provenance()
    pace: PaceParameters = generic_pace()
    events: EventParameters = EventParameters()

    def circuit(
        self, circuit_id: str, season: int, laps: int | None = None, *, sprint: bool = False, lap_s: float | None = None
    ) -> CircuitModel:
        """The model of a race.

        Args:
            circuit_id: by F1DB id; one that was never raced at gets what is usual anywhere, and wider.
            season: the year; one that was never seen gets the last one's tyres, and wider.
            laps: distance; the announced one when None. ``sprint``: a sprint's fuel and laps.
            lap_s: a lap there, where it is known better (from the weekend); it scales what is unknown.
        """
        found = self._circuit_pace(circuit_id, laps, sprint=sprint)
        scale = 1.0
        if found is None:
            found = self.pace.anywhere
            scale = (lap_s or found.lap_s.mean) / found.lap_s.mean
        base = found.lap_s if lap_s is None else Estimate(lap_s, min(found.lap_s.sd, 0.01 * lap_s))
        unseen = season not in {tyre.season for tyre in self.pace.seasons}
        over = laps or found.laps
        weather = generic_circuit().weather
        model = msgspec.structs.replace(
            generic_circuit(over),
            circuit_id=circuit_id,
            season=season,
            lap_s=base,
            fuel_s=_scaled(found.fuel_s, scale * (1.0 if sprint else found.laps / max(1, over))),
            evolution_s=_scaled(found.evolution_s, scale),
            tyres=tuple(self._tyre(tyre, found, season, scale, unseen=unseen) for tyre in found.tyres),
            pit=found.pit,
            start=found.start,
            noise=self.pace.noise,
            weather=msgspec.structs.replace(
                weather,
                pace=self._water(base.mean),
                switch_at_s=self.pace.switch_at_s,
                switch_spread_s=self.pace.switch_spread_s,
            ),
        )
        return self.events.apply(model, sprint=sprint)

    def car_prior(
        self, season: int, team: str, driver: str, *, lap_s: float = REFERENCE_LAP_S, circuit_id: str = ""
    ) -> CarPrior:
        """What is known of a car before the race, from the season so far or else the last one.

        Args:
            season: the year. ``team``: F1DB id or the feed's name; ``driver``: three-letter code. Either may be new.
            lap_s: lap of the circuit, which pace scales with. ``circuit_id``: where, for its retirements.
        """
        car, man = self._team(season, team), self._driver(season, driver)
        prior, scale = self.pace.prior, lap_s / REFERENCE_LAP_S
        if car is not None and man is not None and man.season == car.season == season and man.team == car.team:
            pace = man.car_s
        else:
            of_car, of_man = self._car_pace(season, car), self._drive(season, man)
            pace = Estimate(of_car.mean + of_man.mean, (of_car.sd**2 + of_man.sd**2) ** 0.5)
        retires = self.events.retirements.per_lap(season, car.team if car else team, driver, circuit_id)
        return CarPrior(
            pace_s=Estimate(pace.mean * scale, (pace.sd**2 + prior.race_s**2) ** 0.5 * scale),
            noise_s=(man.noise_s if man else prior.noise_s) * scale,
            wear=car.wear if car else Estimate(1.0, 0.15),
            retirement_per_lap=retires.mean,
            stop_excess_s=car.stop_excess_s if car else 0.0,
        )

    def save(self, path: Path) -> None:
        """Write the set as compact JSON; a missing folder is made.

        Raises:
            OvercutError: the file cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encoded(self))
        except OSError as error:
            raise OvercutError(
                f"{path} cannot be written", why=error.strerror or str(error), hint="choose another place with --out"
            ) from error

    @classmethod
    def load(cls, path: Path) -> ParameterSet:
        """Read a set.

        Raises:
            DataMissingError: there is no such file, or it cannot be read.
            NewerParametersError: it was written by a newer Overcut.
            BadParametersError: it is not a set of parameters.
        """
        try:
            body = path.read_bytes()
        except FileNotFoundError as error:
            raise DataMissingError(
                f"There is no file of parameters {path}", hint="overcut strategy fit --out FILE writes one"
            ) from error
        except OSError as error:
            raise DataMissingError(f"{path} cannot be read", why=error.strerror or str(error)) from error
        return decoded(body, str(path))

    def _circuit_pace(self, circuit_id: str, laps: int | None, *, sprint: bool) -> CircuitPace | None:
        """The circuit's figures; of several layouts the one whose distance it is, else the last raced on."""
        here = [found for found in self.pace.circuits if found.circuit_id == circuit_id]
        fits = [found for found in here if laps is None or sprint or found.laps == laps]
        return max(fits or here, key=lambda found: found.season, default=None)

    def _tyre(self, tyre: TyreModel, found: CircuitPace, season: int, scale: float, *, unseen: bool) -> TyreModel:
        prior = self.pace.prior
        widths = (prior.season_offset_s, prior.season_wear_s) if unseen else (0.0, 0.0)
        by_season = {(shift.season, shift.compound): shift for shift in self.pace.seasons}
        here, there = by_season.get((season, tyre.compound)), by_season.get((found.season, tyre.compound))
        offset = here.offset_s.mean - there.offset_s.mean if here and there else 0.0
        wear = here.wear_s.mean - there.wear_s.mean if here and there else 0.0
        lap = found.lap_s.mean / REFERENCE_LAP_S
        return msgspec.structs.replace(
            tyre,
            offset_s=_scaled(_moved(tyre.offset_s, offset * lap, widths[0] * lap), scale),
            wear_s=_scaled(_moved(tyre.wear_s, wear * lap, widths[1] * lap), scale),
        )

    def _water(self, lap_s: float) -> WetPace:
        water, scale = self.pace.water, lap_s / REFERENCE_LAP_S
        return msgspec.structs.replace(
            water,
            dry_s=tuple(cost * scale for cost in water.dry_s),
            intermediate_s=tuple(cost * scale for cost in water.intermediate_s),
            wet_s=tuple(cost * scale for cost in water.wet_s),
        )

    def _team(self, season: int, team: str) -> TeamPace | None:
        """The team in that season, or its line's last known one before."""
        asked = team.casefold()
        lines = {line_of(asked)}
        lines |= {line_of(one.team) for one in self.pace.teams if asked in {name.casefold() for name in one.names}}
        mine = [one for one in self.pace.teams if one.season <= season and line_of(one.team) in lines]
        return max(mine, key=lambda one: one.season, default=None)

    def _driver(self, season: int, driver: str) -> DriverPace | None:
        mine = [known for known in self.pace.drivers if known.season <= season and known.driver == driver]
        return max(mine, key=lambda known: known.season, default=None)

    def _car_pace(self, season: int, car: TeamPace | None) -> Estimate:
        prior = self.pace.prior
        if car is None:
            return Estimate(0.0, prior.team_s)
        return _aged(car.pace_s, season - car.season, prior.kept, prior.winter_s, prior.team_s)

    def _drive(self, season: int, man: DriverPace | None) -> Estimate:
        prior = self.pace.prior
        if man is None:
            return Estimate(0.0, prior.driver_s)
        return _aged(man.pace_s, season - man.season, prior.driver_kept, prior.driver_winter_s, prior.driver_s)


def encoded(parameters: ParameterSet) -> bytes:
    """The set as compact JSON, ending in a line feed; the same set gives the same bytes."""
    return msgspec.json.encode(parameters) + b"\n"


def decoded(body: bytes, where: str) -> ParameterSet:
    """A set from JSON.

    Raises:
        NewerParametersError, BadParametersError: as `ParameterSet.load`.
    """
    try:
        version = msgspec.json.decode(body, type=_Version).schema
        if version > SCHEMA:
            raise NewerParametersError(
                f"The parameters in {where} have schema {version}; this Overcut knows {SCHEMA}", hint="update Overcut"
            )
        return msgspec.json.decode(body, type=ParameterSet)
    except msgspec.DecodeError as error:
        raise BadParametersError(
            f"{where} is not a set of parameters", why=str(error), hint="overcut strategy fit --out FILE writes one"
        ) from error


class _Version(msgspec.Struct):
    schema: int


def _scaled(estimate: Estimate, factor: float) -> Estimate:
    return Estimate(estimate.mean * factor, estimate.sd * factor)


def _moved(estimate: Estimate, by: float, sd: float) -> Estimate:
    return Estimate(estimate.mean + by, (estimate.sd**2 + sd**2) ** 0.5)


def _aged(estimate: Estimate, winters: int, kept: float, moved_s: float, most_s: float) -> Estimate:
    """What is left of a figure after some winters: nearer to the middle each time, and never wider than nothing."""
    mean, variance = estimate.mean, estimate.sd**2
    for _ in range(max(0, winters)):
        mean, variance = kept * mean, kept**2 * variance + moved_s**2
    return Estimate(mean, min(variance**0.5, most_s) if winters else estimate.sd)
