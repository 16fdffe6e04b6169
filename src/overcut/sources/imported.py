"""What an importer hands over of one session: tables of the lake, and car telemetry as it was sent."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from overcut.domain.state import Defect

CAR_SCHEMA: dict[str, pl.DataType] = {
    "driver_number": pl.String(),
    "t_ms": pl.Int64(),
    "rpm": pl.Int32(),
    "speed_kmh": pl.Int32(),
    "gear": pl.Int32(),
    "throttle_pct": pl.Int32(),
    "brake_pct": pl.Int32(),
    "drs": pl.Int32(),
}
"""Car channels: session time in ms; null where not sent."""

PLACE_SCHEMA: dict[str, pl.DataType] = {
    "driver_number": pl.String(),
    "t_ms": pl.Int64(),
    "x_dm": pl.Int32(),
    "y_dm": pl.Int32(),
    "z_dm": pl.Int32(),
    "on_track": pl.Boolean(),
}
"""Places in the feed's own coordinates, tenths of a metre."""


@dataclass(slots=True)
class ImportedSession:
    """One session as somebody else tells it.

    Attributes:
        key: its key, as ours would be: ``2024-05-R``.
        tables: rows by the lake's table names, each with that table's columns (others of its columns may lack). Stints,
            pit stops and neutralisations that are not told are worked out from the rest.
        car, places: telemetry as it was sent (`CAR_SCHEMA`, `PLACE_SCHEMA`); empty where there is none.
        defects: what could not be used.
    """

    key: str
    tables: dict[str, pl.DataFrame]
    car: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CAR_SCHEMA))
    places: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PLACE_SCHEMA))
    defects: dict[str, Defect] = field(default_factory=dict[str, Defect])
