"""How rows of an older schema become rows of today's: one step for each version that a table has left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from overcut.domain.tables import Table
from overcut.kernel.errors import OvercutError

Step = Callable[[pl.DataFrame], pl.DataFrame]
"""Takes the rows of one version, gives those of the next; it must not depend on anything else."""


class NewerSchemaError(OvercutError):
    """A part was written with a newer schema than this Overcut knows."""


class NoMigrationError(OvercutError):
    """A step between two versions of a table is not known."""


MIGRATIONS: Mapping[tuple[str, int], Step] = {}
"""By table and the version that the step starts from. Every version below a table's own needs one (a test asks)."""


def migrated(frame: pl.DataFrame, table: Table, version: int, steps: Mapping[tuple[str, int], Step]) -> pl.DataFrame:
    """Rows of schema ``version`` as rows of the table's own version.

    Raises:
        NewerSchemaError: ``version`` is newer than the table's.
        NoMigrationError: a step is missing.
    """
    check_version(table, version)
    for number in range(version, table.version):
        step = steps.get((table.name, number))
        if step is None:
            raise NoMigrationError(
                f"Rows of {table.name} of version {number} cannot be read",
                why=f"there is no migration from version {number} to {number + 1}",
                hint="import the session or season again, or update Overcut",
            )
        frame = step(frame)
    return frame


def check_version(table: Table, version: int) -> None:
    """Refuse a newer schema.

    Raises:
        NewerSchemaError: ``version`` is newer than the table's.
    """
    if version > table.version:
        raise NewerSchemaError(
            f"The lake's table {table.name} was written by a newer Overcut",
            why=f"its schema is version {version}, this Overcut reads up to {table.version}",
            hint="update Overcut; nothing was changed",
        )
