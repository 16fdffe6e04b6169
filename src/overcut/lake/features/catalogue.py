"""Which features there are: the catalogue, made from their declarations, and how one is called by name."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from overcut.domain.tables import TABLES
from overcut.kernel.errors import WrongUsageError
from overcut.lake.features.before import BEFORE_FEATURES
from overcut.lake.features.declaration import Entity, Feature
from overcut.lake.features.frames import FEATURES

CATALOGUE: dict[str, Feature] = {
    feature.id: feature for features in (*FEATURES.values(), *BEFORE_FEATURES.values()) for feature in features
}
"""Every feature by ``entity.name``, in the order of declaration."""


def features_of_entity(entity: Entity) -> tuple[Feature, ...]:
    """The features of one entity, in the order of a row's values."""
    return FEATURES[entity] if entity in FEATURES else BEFORE_FEATURES[entity]


def feature_called(name: str) -> Feature:
    """A feature by ``entity.name``, or by its name alone where only one entity has it (a car's lap goes first).

    Raises:
        WrongUsageError: there is no such feature, or several.
    """
    if name in CATALOGUE:
        return CATALOGUE[name]
    found = [feature for feature in CATALOGUE.values() if feature.name == name]
    cars = [feature for feature in found if feature.entity is Entity.CAR_LAP]
    if len(found) == 1 or cars:
        return (cars or found)[0]
    close = get_close_matches(name, [*CATALOGUE, *(feature.name for feature in CATALOGUE.values())], n=3, cutoff=0.5)
    hint = f"nearest: {', '.join(dict.fromkeys(close))}" if close else "overcut features list names them all"
    raise WrongUsageError(f"There is no feature {name!r}", hint=hint)


def chosen(names: Sequence[str]) -> list[Feature]:
    """The features of these names; all features of an entity for an entity's name.

    Raises:
        WrongUsageError: a name is unknown, or none is given.
    """
    entities = {entity.value: entity for entity in Entity}
    found: dict[str, Feature] = {}
    for name in names:
        wanted = features_of_entity(entities[name]) if name in entities else (feature_called(name),)
        found |= {feature.id: feature for feature in wanted}
    if not found:
        raise WrongUsageError("No feature is named", hint=f"name features, or entities: {', '.join(entities)}")
    return list(found.values())


def broken_lineage() -> list[str]:
    """Features that claim to read a table or column that there is not, in words; none when all is well."""
    broken: list[str] = []
    for feature in CATALOGUE.values():
        for read in feature.reads:
            table, _, column = read.partition(".")
            if table not in TABLES or column not in TABLES[table].names:
                broken.append(f"{feature.id} reads {read}")
    return broken
