"""Which sources fill the lake, and who is believed first where several tell of the same session or season."""

from __future__ import annotations

from enum import StrEnum


class LakeSource(StrEnum):
    """Where rows of the lake come from; in the order of belief, first to last."""

    FRAMES = "frames"
    """Frames read by our own engine: recorded, archived or simulated."""
    F1DB = "f1db"
    """The F1DB release (CC BY 4.0)."""
    TABLES = "tables"
    """Timing tables: a folder with laps.parquet, gap_stream.parquet …"""
    FASTF1 = "fastf1"
    """A FastF1 session or cache."""
    OPENF1 = "openf1"
    """OpenF1's REST interface."""
    JOLPICA = "jolpica"
    """Jolpica, or another server or dump in Ergast's shape."""
    OPEN_METEO = "open-meteo"
    """Weather forecasts by Open-Meteo."""
    OWN = "own"
    """The user's own files, by a mapping."""
    OVERCUT = "overcut"
    """Made by Overcut itself: forecasts, disagreements."""
