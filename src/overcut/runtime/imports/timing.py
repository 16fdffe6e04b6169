"""How a folder of timing tables enters the lake, its cars and races named as the history names them."""

from __future__ import annotations

from pathlib import Path

from overcut.lake import Lake
from overcut.runtime.imports.identity import Identities
from overcut.runtime.imports.importing import Imported, Told, import_tables, untold
from overcut.sources.timing_tables import TimingFolder


def import_timing(lake: Lake, folder: Path, told: Told = untold) -> Imported:
    """Bring a folder with ``laps.parquet``, and any of the tables beside it, into the lake.

    Drivers, constructors, circuits and rounds get F1DB's ids where the lake holds the history; import that first.

    Raises:
        DataMissingError: the folder holds no timing tables.
        OvercutError: a file is unreadable, or the lake cannot be written; the lake is as it was.
    """
    identities = Identities(lake)
    source = TimingFolder(folder, identities.rounds)
    named = ((table, identities.named(table, frame)) for table, frame in source.tables())
    notes = [f"{name} is missing: its table stays as it was" for name in source.missing]
    if not identities.rounds:
        notes.append("the lake holds no F1DB: drivers and circuits bear no ids; import F1DB and then this again")
    return import_tables(lake, source.source, source.origin, named, told, notes=notes)
