"""How a value in one unit becomes one in another: fixed factors, no expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from overcut.domain.tables import Column, ColumnType


class Scale(NamedTuple):
    """``value * factor + offset`` gives the column's own unit."""

    factor: float = 1.0
    offset: float = 0.0


UNITS: Mapping[str, Mapping[str, Scale]] = {
    "s": {"s": Scale(), "ms": Scale(1e-3), "us": Scale(1e-6), "ns": Scale(1e-9), "min": Scale(60.0), "h": Scale(3.6e3)},
    "ms": {"ms": Scale(), "s": Scale(1e3), "us": Scale(1e-3), "ns": Scale(1e-6), "min": Scale(6e4), "h": Scale(3.6e6)},
    "km/h": {"km/h": Scale(), "m/s": Scale(3.6), "mph": Scale(1.609344), "kn": Scale(1.852)},
    "m/s": {"m/s": Scale(), "km/h": Scale(1 / 3.6), "mph": Scale(0.44704), "kn": Scale(1.852 / 3.6)},
    "m": {
        "m": Scale(), "km": Scale(1e3), "dm": Scale(0.1), "cm": Scale(0.01), "mm": Scale(1e-3), "ft": Scale(0.3048),
        "in": Scale(0.0254), "mi": Scale(1609.344),
    },
    "km": {"km": Scale(), "m": Scale(1e-3), "mi": Scale(1.609344)},
    "°C": {
        "°C": Scale(), "C": Scale(), "K": Scale(1.0, -273.15),
        "°F": Scale(5 / 9, -160 / 9), "F": Scale(5 / 9, -160 / 9),
    },
    "mbar": {
        "mbar": Scale(), "hPa": Scale(), "Pa": Scale(0.01), "kPa": Scale(10.0), "bar": Scale(1e3),
        "psi": Scale(68.94757293168), "inHg": Scale(33.863886666667),
    },
    "%": {"%": Scale(), "ratio": Scale(100.0)},
    "°": {"°": Scale(), "deg": Scale(), "rad": Scale(57.29577951308232)},
    "1/min": {"1/min": Scale(), "rpm": Scale(), "1/s": Scale(60.0), "Hz": Scale(60.0)},
    "mm": {"mm": Scale(), "cm": Scale(10.0), "m": Scale(1e3), "in": Scale(25.4)},
}  # fmt: skip
"""By the column's unit, the units that a file may have instead. Factors: SI (BIPM), and the international foot, mile,
knot and pound-force."""

LAP_TIME = "lap time"
"""Not a unit but a way of writing: ``1:23.456``, ``58.2``, ``1:02:03.4``."""

INSTANTS = ("iso", "unix s", "unix ms")
"""How an instant may be written: ISO 8601 (UTC where it has no zone), seconds or milliseconds since 1970."""


def choices_of(column: Column) -> tuple[str, ...]:
    """The units that a file may have for a column; none where only its own will do."""
    if column.type is ColumnType.UTC_MS:
        return INSTANTS
    known = tuple(UNITS.get(column.unit, {}))
    return (*known, LAP_TIME) if column.unit in ("s", "ms") else known


def converted(values: pl.Expr, column: Column, unit: str | None) -> pl.Expr:
    """Values of a file in the column's own unit; null where a value cannot be read so."""
    if column.type is ColumnType.UTC_MS:
        return _instant(values, unit or "iso")
    if unit == LAP_TIME:
        return _lap_time_s(values) * (1000.0 if column.unit == "ms" else 1.0)
    number = values.cast(pl.Float64, strict=False)
    if unit is None or unit == column.unit:
        return number
    scale = UNITS[column.unit][unit]
    return (number * scale.factor + scale.offset).round(9)  # 29900 ms are 29.9 s, not 29.900000000000002


def _instant(values: pl.Expr, unit: str) -> pl.Expr:
    if unit == "iso":
        text = values.cast(pl.String).str.strip_chars()
        zoned = text.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$")
        utc = pl.when(zoned).then(text).otherwise(text + "Z")
        return utc.str.replace(" ", "T", literal=True).str.to_datetime(
            time_unit="ms", time_zone="UTC", format="%+", strict=False
        )
    factor = 1000.0 if unit == "unix s" else 1.0
    ms = (values.cast(pl.Float64, strict=False) * factor).round().cast(pl.Int64, strict=False)
    return ms.cast(pl.Datetime("ms")).dt.replace_time_zone("UTC")


def _lap_time_s(values: pl.Expr) -> pl.Expr:
    text = values.cast(pl.String).str.strip_chars()
    parts = text.str.extract_groups(r"^(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d{1,5}(?:\.\d+)?)$")

    def part(name: str) -> pl.Expr:
        return parts.struct.field(name).cast(pl.Float64, strict=False)

    return part("1").fill_null(0.0) * 3600 + part("2").fill_null(0.0) * 60 + part("3")
