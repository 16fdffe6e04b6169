"""Which tables hold people, teams, machines and places; and what the lake notes about its own data."""

from __future__ import annotations

from overcut.domain.tables.column import (
    Column,
    ColumnType,
    Table,
    Unit,
    count,
    day,
    flag,
    number,
    text,
    utc,
)


def _id(name: str, meaning: str) -> Column:
    return text(name, f"{meaning}, by F1DB id", nullable=False)


DRIVERS = Table(
    "drivers",
    "one driver",
    Unit.WHOLE,
    ("driver_id",),
    (
        _id("driver_id", "driver"),
        text("name", "as commonly called", nullable=False),
        text("first_name", "given name"),
        text("last_name", "family name"),
        text("full_name", "in full"),
        text("code", "three-letter code; not unique across the years"),
        text("permanent_number", "racing number of their own, since 2014"),
        day("born", "day of birth"),
        day("died", "day of death"),
        text("birthplace", "place of birth"),
        text("birth_country_id", "country of birth"),
        text("country_id", "nationality"),
        text("second_country_id", "second nationality"),
        text("gender", "as the source has it"),
    ),
    order=("driver_id",),
)

DRIVER_RELATIONS = Table(
    "driver_relations",
    "how two drivers are related",
    Unit.WHOLE,
    ("driver_id", "other_driver_id", "relation"),
    (
        _id("driver_id", "driver"),
        _id("other_driver_id", "the other"),
        text("relation", "what the other is to the driver: PARENT, CHILD, SIBLING …", nullable=False),
    ),
    order=("driver_id", "other_driver_id"),
)

CONSTRUCTORS = Table(
    "constructors",
    "one constructor",
    Unit.WHOLE,
    ("constructor_id",),
    (
        _id("constructor_id", "constructor"),
        text("name", "as commonly called", nullable=False),
        text("full_name", "in full"),
        text("country_id", "country of its licence"),
    ),
    order=("constructor_id",),
)

CONSTRUCTOR_CHRONOLOGY = Table(
    "constructor_chronology",
    "one name in the line of a team: who it was before and after",
    Unit.WHOLE,
    ("constructor_id", "place"),
    (
        _id("constructor_id", "constructor whose line it is"),
        count("place", "place in the line, 1-based", nullable=False),
        _id("other_constructor_id", "the name at that place"),
        count("year_from", "first season under that name", nullable=False, within=(1900, 2100)),
        count("year_to", "last season; null as long as it lasts", within=(1900, 2100)),
    ),
    order=("constructor_id", "place"),
)


def _maker(name: str, key: str, meaning: str) -> Table:
    return Table(
        name,
        f"one {meaning}",
        Unit.WHOLE,
        (key,),
        (_id(key, meaning), text("name", "as commonly called", nullable=False), text("country_id", "its country")),
        order=(key,),
    )


ENGINE_MAKERS = _maker("engine_makers", "engine_id", "engine manufacturer")
TYRE_MAKERS = _maker("tyre_makers", "tyre_id", "tyre manufacturer")

CHASSIS = Table(
    "chassis",
    "one type of car",
    Unit.WHOLE,
    ("chassis_id",),
    (
        _id("chassis_id", "chassis"),
        _id("constructor_id", "who built it"),
        text("name", "as commonly called", nullable=False),
        text("full_name", "in full"),
    ),
    order=("chassis_id",),
)

COUNTRIES = Table(
    "countries",
    "one country",
    Unit.WHOLE,
    ("country_id",),
    (
        _id("country_id", "country"),
        text("alpha2", "ISO 3166-1, two letters"),
        text("alpha3", "ISO 3166-1, three letters"),
        text("name", "in English", nullable=False),
        text("demonym", "of its people"),
        text("continent_id", "its continent"),
    ),
    order=("country_id",),
)

GRANDS_PRIX = Table(
    "grands_prix",
    "one Grand Prix, by its name through the years",
    Unit.WHOLE,
    ("grand_prix_id",),
    (
        _id("grand_prix_id", "Grand Prix"),
        text("name", "Monaco, Great Britain …", nullable=False),
        text("full_name", "Monaco Grand Prix"),
        text("code", "three letters"),
        text("country_id", "its country; null for a region"),
    ),
    order=("grand_prix_id",),
)

CIRCUITS = Table(
    "circuits",
    "one circuit",
    Unit.WHOLE,
    ("circuit_id",),
    (
        _id("circuit_id", "circuit"),
        text("name", "as commonly called", nullable=False),
        text("full_name", "in full"),
        text("previous_names", "earlier names, joined by '; '"),
        text("type", "RACE, ROAD or STREET"),
        text("direction", "CLOCKWISE or ANTI_CLOCKWISE"),
        text("place", "nearest town"),
        text("country_id", "its country"),
        number("latitude", "north positive", "°", within=(-90, 90)),
        number("longitude", "east positive", "°", within=(-180, 180)),
        number("length_km", "of the present layout", "km", within=(0.5, 30)),
        count("turns", "of the present layout", within=(0, 250)),
    ),
    order=("circuit_id",),
)

LAYOUTS = Table(
    "layouts",
    "one layout of a circuit",
    Unit.WHOLE,
    ("layout_id",),
    (
        _id("layout_id", "layout"),
        _id("circuit_id", "circuit"),
        flag("current", "the one in use"),
        number("length_km", "a lap", "km", within=(0.5, 30)),
        count("turns", "how many", within=(0, 250)),
    ),
    order=("circuit_id", "layout_id"),
)

WEATHER_FORECASTS = Table(
    "weather_forecasts",
    "a weather forecast for a circuit and an hour",
    Unit.WHOLE,
    ("circuit_id", "provider", "made_utc", "valid_utc"),
    (
        text("circuit_id", "circuit, by F1DB id", nullable=False),
        text("provider", "who made it", nullable=False),
        utc("made_utc", "when it was received", nullable=False),
        utc("valid_utc", "the hour that it is about", nullable=False),
        number("air_temp_c", "air at 2 m", "°C", within=(-30, 60)),
        number("rain_mm", "precipitation within the hour", "mm", within=(0, 500)),
        number("rain_probability_pct", "probability of precipitation", "%", within=(0, 100)),
        number("humidity_pct", "relative humidity", "%", within=(0, 100)),
        number("pressure_mbar", "air pressure at the surface", "mbar", within=(500, 1100)),
        number("cloud_pct", "cloud cover", "%", within=(0, 100)),
        number("wind_speed_ms", "wind at 10 m", "m/s", within=(0, 100)),
        number("wind_direction_deg", "where it comes from, clockwise from north", "°", within=(0, 360)),
    ),
    order=("circuit_id", "valid_utc", "made_utc"),
)

DOCUMENTS = Table(
    "documents",
    "a text about racing: an article, a stewards' decision, a transcript",
    Unit.WHOLE,
    ("document_id",),
    (
        text("document_id", "SHA-256 of the text", nullable=False),
        text("session_key", "the session that it is about; null for none"),
        text("kind", "article, decision, upgrade, transcript, note", nullable=False),
        text("title", "its title"),
        text("origin", "where it came from"),
        utc("published_utc", "when it was published"),
        text("language", "BCP 47"),
        text("body", "the words", nullable=False),
    ),
    order=("document_id",),
)

DEFECTS = Table(
    "defects",
    "something wrong with imported data, and what was done about it",
    Unit.WHOLE,
    ("source", "table_name", "place", "kind", "column_name"),
    (
        text("source", "from which source it came", nullable=False),
        text("table_name", "which table it was meant for", nullable=False),
        text("place", "session, season or file", nullable=False),
        text(
            "kind",
            "what is wrong: missing_value, out_of_range, duplicate_key, unknown_name, not_monotonic …",
            nullable=False,
        ),
        text("column_name", "which value; empty for the row as a whole", nullable=False),
        Column("rows", ColumnType.INT32, "", "how many rows", nullable=False),
        text("action", "repaired, kept or quarantined", nullable=False),
        text("example", "one of them, in words"),
    ),
    order=("source", "table_name", "place", "kind", "column_name"),
)

QUARANTINE = Table(
    "quarantine",
    "a row that validation refused or changed, as it came",
    Unit.WHOLE,
    ("source", "table_name", "place", "row"),
    (
        text("source", "from which source it came", nullable=False),
        text("table_name", "which table it was meant for", nullable=False),
        text("place", "session or season; whole for tables of people and places", nullable=False),
        Column("row", ColumnType.INT32, "", "number within the place, 1-based", nullable=False),
        text("problem", "what is wrong with it, and what was done", nullable=False),
        text("body", "the row as JSON, each value as text", nullable=False),
    ),
    order=("source", "table_name", "place", "row"),
)

DISAGREEMENTS = Table(
    "disagreements",
    "a value on which two sources differ",
    Unit.WHOLE,
    ("table_name", "place", "row_key", "column_name", "left_source", "right_source"),
    (
        text("table_name", "which table", nullable=False),
        text("place", "session or season", nullable=False),
        text("row_key", "which row, in words", nullable=False),
        text("column_name", "which value", nullable=False),
        text("left_source", "one source", nullable=False),
        text("left_value", "what it says"),
        text("right_source", "the other", nullable=False),
        text("right_value", "what it says"),
        text("who_is_right", "left, right, neither, or unknown", nullable=False),
        text("why", "the evidence"),
    ),
    order=("table_name", "place", "row_key", "column_name"),
)

REFERENCE_TABLES = (
    DRIVERS,
    DRIVER_RELATIONS,
    CONSTRUCTORS,
    CONSTRUCTOR_CHRONOLOGY,
    ENGINE_MAKERS,
    TYRE_MAKERS,
    CHASSIS,
    COUNTRIES,
    GRANDS_PRIX,
    CIRCUITS,
    LAYOUTS,
    WEATHER_FORECASTS,
    DOCUMENTS,
    DEFECTS,
    QUARANTINE,
    DISAGREEMENTS,
)
