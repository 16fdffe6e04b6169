"""What is known before a race of its drivers, teams and circuit, as rows and frames."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from overcut.kernel.frame_schema import POLARS_TYPES
from overcut.lake.features.declaration import ENTITY_KEYS, Entity, Feature, Value
from overcut.lake.features.declared.form import CONSTRUCTOR_SEASON, DRIVER_SEASON
from overcut.lake.features.declared.places import CIRCUIT, DRIVER_CIRCUIT, DRIVER_RACE
from overcut.lake.features.past import CircuitMoment, ConstructorMoment, DriverMoment, Past, RaceFacts

BEFORE_FEATURES: dict[Entity, tuple[Feature, ...]] = {
    entity.entity: entity.features
    for entity in (DRIVER_RACE, DRIVER_SEASON, CONSTRUCTOR_SEASON, DRIVER_CIRCUIT, CIRCUIT)
}
"""The features of each entity that is known before a race."""

BeforeRow = tuple[Value, ...]
"""A row: the entity's key, then its features in order."""


def before_race(past: Past, race: RaceFacts) -> dict[Entity, list[BeforeRow]]:
    """The features of everybody who takes part, from what is past; nothing of the race itself but its grid and
    qualifying, and those only for `Entity.DRIVER_RACE`."""
    rows: dict[Entity, list[BeforeRow]] = {entity: [] for entity in BEFORE_FEATURES}
    entrants = race.entrants()
    for driver, constructor in sorted(entrants.items()):
        moment = DriverMoment(past, race.season, race.round, race.circuit, driver, constructor, race)
        key = (race.season, race.round, driver)
        for entity in (DRIVER_RACE, DRIVER_SEASON, DRIVER_CIRCUIT):
            rows[entity.entity].append((*key, *entity.compute(moment)))
    for constructor in sorted(set(entrants.values())):
        values = CONSTRUCTOR_SEASON.compute(ConstructorMoment(past, race.season, constructor))
        rows[Entity.CONSTRUCTOR_SEASON].append((race.season, race.round, constructor, *values))
    circuit = CIRCUIT.compute(CircuitMoment(past, race.season, race.circuit))
    rows[Entity.CIRCUIT].append((race.season, race.round, *circuit))
    return rows


def before_races(races: Sequence[RaceFacts]) -> tuple[dict[Entity, pl.DataFrame], Past]:
    """The features before each of many races, which must be in order, and what is past after the last that was run."""
    past = Past()
    rows: dict[Entity, list[BeforeRow]] = {entity: [] for entity in BEFORE_FEATURES}
    for race in races:
        for entity, found in before_race(past, race).items():
            rows[entity] += found
        if race.finishes:
            past.learn(race)
    return {entity: before_frame(entity, found) for entity, found in rows.items()}, past


def before_frame(entity: Entity, rows: Sequence[BeforeRow]) -> pl.DataFrame:
    """Rows as a frame: the entity's key, then its features."""
    schema: dict[str, pl.DataType] = {
        name: pl.Int16() if name in ("season", "round") else pl.String() for name in ENTITY_KEYS[entity]
    }
    schema |= {feature.name: POLARS_TYPES[feature.type] for feature in BEFORE_FEATURES[entity]}
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pl.DataFrame(
        [
            pl.Series(name, column, dtype=dtype, strict=False)
            for (name, dtype), column in zip(schema.items(), columns, strict=True)
        ]
    )
