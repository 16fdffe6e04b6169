"""How the history since 1950 enters the lake from a release of F1DB."""

from __future__ import annotations

from pathlib import Path

from overcut.lake import Lake
from overcut.runtime.imports.importing import Imported, Told, import_tables, untold
from overcut.sources.history.f1db import open_release


def import_f1db(lake: Lake, file: Path, told: Told = untold) -> Imported:
    """Bring a release of F1DB, ``f1db-sqlite.zip`` or ``f1db.db``, into the lake.

    Raises:
        DataMissingError: there is no such file.
        OvercutError: it is damaged, not F1DB, or the lake cannot be written; the lake is as it was.
    """
    with open_release(file) as release:
        return import_tables(lake, release.source, release.origin, release.tables(), told)
