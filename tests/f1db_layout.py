"""The layout of F1DB's SQLite release: its tables and their columns, as far as anything of them is read."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

Row = dict[str, object]

TABLES: dict[str, str] = {
    "continent": "id code name demonym",
    "country": "id alpha2_code alpha3_code ioc_code name demonym continent_id",
    "driver": (
        "id name first_name last_name full_name abbreviation permanent_number gender date_of_birth date_of_death "
        "place_of_birth country_of_birth_country_id nationality_country_id second_nationality_country_id "
        "best_championship_position total_race_starts total_race_wins total_points"
    ),
    "driver_family_relationship": "driver_id position_display_order other_driver_id type",
    "constructor": "id name full_name country_id best_championship_position total_race_wins total_points",
    "constructor_chronology": "constructor_id position_display_order other_constructor_id year_from year_to",
    "chassis": "id constructor_id name full_name",
    "engine_manufacturer": "id name country_id total_race_wins",
    "tyre_manufacturer": "id name country_id total_race_wins",
    "entrant": "id name",
    "circuit": (
        "id name full_name previous_names type direction place_name country_id latitude longitude length turns "
        "total_races_held"
    ),
    "circuit_layout": "id circuit_id effective length turns",
    "grand_prix": "id name full_name short_name abbreviation country_id total_races_held",
    "season": "year",
    "season_entrant_driver": (
        "year entrant_id constructor_id engine_manufacturer_id driver_id rounds rounds_text test_driver"
    ),
    "season_driver_standing": (
        "year position_display_order position_number position_text driver_id points championship_won"
    ),
    "season_constructor_standing": (
        "year position_display_order position_number position_text constructor_id engine_manufacturer_id points "
        "championship_won"
    ),
    "race": (
        "id year round date time grand_prix_id official_name qualifying_format sprint_qualifying_format circuit_id "
        "circuit_layout_id circuit_type direction course_length turns laps distance scheduled_laps "
        "scheduled_distance drivers_championship_decider constructors_championship_decider sprint_race_date "
        "sprint_race_time sprint_race_laps sprint_race_distance"
    ),
    "race_data": (
        "race_id type position_display_order position_number position_text driver_number driver_id constructor_id "
        "engine_manufacturer_id tyre_manufacturer_id practice_time_millis practice_gap_millis practice_laps "
        "qualifying_time_millis qualifying_q1_millis qualifying_q2_millis qualifying_q3_millis qualifying_gap_millis "
        "qualifying_laps starting_grid_position_qualification_position_number "
        "starting_grid_position_grid_penalty starting_grid_position_grid_penalty_positions "
        "starting_grid_position_time_millis race_shared_car race_laps race_time_millis race_time_penalty_millis "
        "race_gap_millis race_gap_laps race_reason_retired race_points race_pole_position "
        "race_qualification_position_number race_grid_position_number race_grid_position_text race_positions_gained "
        "race_pit_stops race_fastest_lap race_driver_of_the_day race_grand_slam fastest_lap_lap "
        "fastest_lap_time_millis fastest_lap_gap_millis pit_stop_stop pit_stop_lap pit_stop_time_millis "
        "driver_of_the_day_percentage"
    ),
    "race_driver_standing": (
        "race_id position_display_order position_number position_text driver_id points positions_gained "
        "championship_won"
    ),
    "race_constructor_standing": (
        "race_id position_display_order position_number position_text constructor_id engine_manufacturer_id points "
        "positions_gained championship_won"
    ),
}
"""Table to columns, joined by blanks. SQLite holds any value in any column, so no types are needed."""


def create_statements() -> list[str]:
    """``CREATE TABLE`` for each table."""
    return [f"CREATE TABLE {name} ({columns.replace(' ', ', ')})" for name, columns in TABLES.items()]


def insert(connection: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    """Write rows into a table; columns that a row lacks are null."""
    columns = TABLES[table].split()
    for row in rows:
        unknown = set(row) - set(columns)
        assert not unknown, (table, unknown)
    places = ", ".join("?" for _ in columns)
    connection.executemany(
        f"INSERT INTO {table} VALUES ({places})",  # noqa: S608 -- our own names
        [tuple(row.get(column) for column in columns) for row in rows],
    )
