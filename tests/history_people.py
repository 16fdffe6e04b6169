"""Who drives in the invented championship of `tests.history_data`, for whom, and where."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from tests.f1db_layout import Row, insert

TEAMS = (
    ("aurora", "Aurora", "northland"),
    ("bolt-racing", "Bolt Racing", "isles"),
    ("corsa-verde", "Corsa Verde", "peninsula"),
    ("delta-works", "Delta Works", "northland"),
    ("ember", "Ember", "isles"),
    ("falcon", "Falcon", "peninsula"),
)
ENGINES = (("northstar", "Northstar", "northland"), ("isle-motors", "Isle Motors", "isles"))
DRIVERS = (
    ("anna-brandt", "Anna Brandt", "BRA", "isles"),
    ("bjorn-aalto", "Bjørn Aalto", "AAL", "northland"),
    ("carla-ricci", "Carla Ricci", "RIC", "peninsula"),
    ("dario-ricci", "Dario Ricci", "DRI", "peninsula"),
    ("emil-novak", "Emil Novák", "NOV", "northland"),
    ("fay-okoro", "Fay Okoro", "OKO", "isles"),
    ("goran-silt", "Goran Silt", "SIL", "northland"),
    ("hugo-pell", "Hugo Pell", "PEL", "isles"),
    ("ines-duarte", "Inês Duarte", "DUA", "peninsula"),
    ("jon-skarra", "Jon Skarra", "SKA", "northland"),
    ("kim-tarrow", "Kim Tarrow", "TAR", "isles"),
    ("luca-venti", "Luca Venti", "VEN", "peninsula"),
)
COUNTRIES = (("northland", "Northland"), ("isles", "The Isles"), ("peninsula", "Peninsula"))
CIRCUITS = (
    ("harbour-ring", "Harbour Ring", "Old Port", "isles"),
    ("pine-valley", "Pine Valley", "Furu", "northland"),
    ("monte-alto", "Monte Alto", "Alto", "peninsula"),
    ("saltmarsh", "Saltmarsh", "Wick", "isles"),
    ("lakeside", "Lakeside", "Sund", "northland"),
    ("citta-nova", "Città Nova", "Nova", "peninsula"),
    ("highmoor", "Highmoor", "Moor", "isles"),
    ("fjord-park", "Fjord Park", "Vik", "northland"),
)
"""The circuit of each round; its Grand Prix bears the same id."""


def write_people(connection: sqlite3.Connection, seasons: Sequence[int]) -> None:
    """Write drivers, teams, makers and places."""
    insert(
        connection,
        "country",
        [
            {"id": key, "alpha2_code": key[:2].upper(), "alpha3_code": key[:3].upper(), "name": name}
            for key, name in COUNTRIES
        ],
    )
    drivers: list[Row] = []
    for index, (key, name, code, country) in enumerate(DRIVERS):
        first, _, last = name.partition(" ")
        drivers.append(
            {
                "id": key,
                "name": name,
                "first_name": first,
                "last_name": last,
                "full_name": name,
                "abbreviation": code,
                "permanent_number": str(index + 2),
                "gender": "FEMALE" if index % 2 == 0 else "MALE",
                "date_of_birth": f"{1960 + index}-0{index % 9 + 1}-15",
                "place_of_birth": "Town",
                "country_of_birth_country_id": country,
                "nationality_country_id": country,
            }
        )
    insert(connection, "driver", drivers)
    insert(
        connection,
        "driver_family_relationship",
        [
            {
                "driver_id": "carla-ricci",
                "position_display_order": 1,
                "other_driver_id": "dario-ricci",
                "type": "SIBLING",
            },
            {
                "driver_id": "dario-ricci",
                "position_display_order": 1,
                "other_driver_id": "carla-ricci",
                "type": "SIBLING",
            },
        ],
    )
    insert(
        connection,
        "constructor",
        [{"id": key, "name": name, "full_name": f"{name} F1", "country_id": country} for key, name, country in TEAMS],
    )
    insert(
        connection,
        "constructor_chronology",
        [
            {
                "constructor_id": "falcon",
                "position_display_order": 1,
                "other_constructor_id": "falcon",
                "year_from": min(seasons),
            }
        ],
    )
    insert(
        connection,
        "chassis",
        [
            {"id": f"{key}-one", "constructor_id": key, "name": "One", "full_name": f"{name} One"}
            for key, name, _ in TEAMS
        ],
    )
    for table, rows in (("engine_manufacturer", ENGINES), ("tyre_manufacturer", (("gripco", "Gripco", "isles"),))):
        insert(connection, table, [{"id": key, "name": name, "country_id": country} for key, name, country in rows])
    insert(connection, "entrant", [{"id": f"{key}-entry", "name": f"{name} Team"} for key, name, _ in TEAMS])
    _write_places(connection)
    insert(connection, "season", [{"year": season} for season in seasons])


def _write_places(connection: sqlite3.Connection) -> None:
    circuits: list[Row] = []
    for index, (key, name, place, country) in enumerate(CIRCUITS):
        circuits.append(
            {
                "id": key,
                "name": name,
                "full_name": f"{name} Circuit",
                "previous_names": f"Old {name}",
                "type": "STREET" if index % 3 == 2 else "RACE",
                "direction": "CLOCKWISE",
                "place_name": place,
                "country_id": country,
                "latitude": 40.0 + index,
                "longitude": 2.0 * index,
                "length": 5.0 + index / 10,
                "turns": 12 + index,
            }
        )
    insert(connection, "circuit", circuits)
    insert(
        connection,
        "circuit_layout",
        [
            {
                "id": f"{row['id']}-1",
                "circuit_id": row["id"],
                "effective": 1,
                "length": row["length"],
                "turns": row["turns"],
            }
            for row in circuits
        ],
    )
    insert(
        connection,
        "grand_prix",
        [
            {
                "id": key,
                "name": name,
                "full_name": f"{name} Grand Prix",
                "short_name": f"{name} GP",
                "abbreviation": key[:3].upper(),
                "country_id": country,
            }
            for key, name, _, country in CIRCUITS
        ],
    )


def engine_of(team: str) -> str:
    """The engine manufacturer of a team."""
    return ENGINES[[key for key, _, _ in TEAMS].index(team) % len(ENGINES)][0]
