"""What ``import overcut as oc`` gives of the lake as a whole: queries, and sessions put into it."""

from __future__ import annotations

import polars as pl

from overcut.kernel.errors import OvercutError
from overcut.kernel.settings import Settings, load_settings
from overcut.lake import Lake
from overcut.lake.sql.desk import SqlDesk
from overcut.runtime.lake import lake_of

_ROWS = 10_000_000
_TIME_S = 120.0
"""In a notebook nobody else waits."""


def lake(settings: Settings | None = None) -> Lake:
    """The lake in the home folder."""
    return lake_of(settings or load_settings())


def sql(query: str, *, settings: Settings | None = None) -> pl.DataFrame:
    """The rows of one SELECT over the lake's tables, in a process of its own.

    Raises:
        SqlRefusedError: it is no such statement. SqlLimitError: it took more than two minutes, or too much memory.
        SqlFailedError: DuckDB cannot answer it.
        OvercutError: it has more rows than fit.
    """
    with SqlDesk(lake(settings).folder, workers=1) as desk:
        answer = desk.ask(query, rows=_ROWS, time_s=_TIME_S)
    if answer.truncated:
        raise OvercutError(
            f"The answer has more than {_ROWS:,} rows", hint="choose fewer rows, or oc.open_lake().scan(table)"
        )
    return answer.rows


def add(session: object, *, settings: Settings | None = None) -> str:
    """Put a session into the lake; its key.

    Args:
        session: a name, as for `load`, or a session that FastF1 has loaded.
        settings: where the lake is.

    Raises:
        DataMissingError: it is nowhere, or holds nothing. WrongUsageError: it is neither.
    """
    from overcut.domain.tables import LakeSource  # noqa: PLC0415 -- a query needs none of these
    from overcut.runtime.imported_sessions import add_imported  # noqa: PLC0415
    from overcut.runtime.lake_imports import add_named  # noqa: PLC0415
    from overcut.sources.fastf1.loaded import read_loaded  # noqa: PLC0415

    settings = settings or load_settings()
    if isinstance(session, str):
        return add_named(lake_of(settings), session, settings).session
    loaded = read_loaded(session)
    return add_imported(lake_of(settings), loaded, LakeSource.FASTF1, origin="a loaded FastF1 session").session
