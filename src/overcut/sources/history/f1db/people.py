"""Which rows of F1DB make the tables of people, teams, machines and places."""

from __future__ import annotations

from overcut.domain.tables.reference_tables import (
    CHASSIS,
    CIRCUITS,
    CONSTRUCTOR_CHRONOLOGY,
    CONSTRUCTORS,
    COUNTRIES,
    DRIVER_RELATIONS,
    DRIVERS,
    ENGINE_MAKERS,
    GRANDS_PRIX,
    LAYOUTS,
    TYRE_MAKERS,
)
from overcut.sources.history.f1db.championship import Query

REFERENCE_QUERIES = (
    Query(
        DRIVERS,
        (
            "id",
            "name",
            "first_name",
            "last_name",
            "full_name",
            "abbreviation",
            "permanent_number",
            "date_of_birth",
            "date_of_death",
            "place_of_birth",
            "country_of_birth_country_id",
            "nationality_country_id",
            "second_nationality_country_id",
            "gender",
        ),
        "driver ORDER BY id",
    ),
    Query(
        DRIVER_RELATIONS,
        ("driver_id", "other_driver_id", "type"),
        "driver_family_relationship ORDER BY 1, 2, 3",
    ),
    Query(CONSTRUCTORS, ("id", "name", "full_name", "country_id"), "constructor ORDER BY id"),
    Query(
        CONSTRUCTOR_CHRONOLOGY,
        ("constructor_id", "position_display_order", "other_constructor_id", "year_from", "year_to"),
        "constructor_chronology ORDER BY 1, 2",
    ),
    Query(ENGINE_MAKERS, ("id", "name", "country_id"), "engine_manufacturer ORDER BY id"),
    Query(TYRE_MAKERS, ("id", "name", "country_id"), "tyre_manufacturer ORDER BY id"),
    Query(CHASSIS, ("id", "constructor_id", "name", "full_name"), "chassis ORDER BY id"),
    Query(COUNTRIES, ("id", "alpha2_code", "alpha3_code", "name", "demonym", "continent_id"), "country ORDER BY id"),
    Query(GRANDS_PRIX, ("id", "name", "full_name", "abbreviation", "country_id"), "grand_prix ORDER BY id"),
    Query(
        CIRCUITS,
        (
            "id",
            "name",
            "full_name",
            "replace(previous_names, char(10), '; ')",
            "type",
            "direction",
            "place_name",
            "country_id",
            "latitude",
            "longitude",
            "length",
            "turns",
        ),
        "circuit ORDER BY id",
    ),
    Query(LAYOUTS, ("id", "circuit_id", "effective", "length", "turns"), "circuit_layout ORDER BY circuit_id, id"),
)
