"""Overcut: open Formula 1 race intelligence.

>>> import overcut as oc
>>> race = oc.load("2018 azerbaijan R")  # words, a key, a path
>>> race.laps, race.stints, race.weather  # Polars frames
>>> race.telemetry("VET", "fastest")
>>> race.fastf1().laps.pick_fastest()
>>> oc.sql("SELECT driver, min(lap_time_s) FROM laps GROUP BY driver")

Importing this costs next to nothing; what a call needs is imported by the call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from overcut.kernel.version import __version__

if TYPE_CHECKING:
    import polars as pl

    from overcut.kernel.settings import Settings
    from overcut.lake import Lake
    from overcut.runtime.notebook import Session
    from overcut.runtime.notebook_history import History

__all__ = ["__version__", "add", "history", "load", "open_lake", "sql"]


def load(session: str, *, settings: Settings | None = None, refresh: bool = False) -> Session:
    """A session by its words, key or path: see `overcut.runtime.notebook.load`.

    Args:
        session: ``2018 azerbaijan R``, ``2018-04-R``, ``sim-2025-monza-7-R``, a folder, a recording, an archive URL.
        settings: where things are; those of the environment by default.
        refresh: read the session's frames anew, whatever the lake has.

    Raises:
        DataMissingError: it is nowhere. WrongUsageError: it is no session's name.
    """
    from overcut.runtime.notebook import load as load_session  # noqa: PLC0415 -- importing overcut stays light

    return load_session(session, settings=settings, refresh=refresh)


def add(session: object, *, settings: Settings | None = None) -> str:
    """Put a session into the lake: one that a name means, or a FastF1 session that was loaded. Its key.

    Raises:
        DataMissingError: it is nowhere, or holds nothing. WrongUsageError: it is neither a name nor a FastF1 session.
    """
    from overcut.runtime.notebook_lake import add as add_session  # noqa: PLC0415

    return add_session(session, settings=settings)


def sql(query: str, *, settings: Settings | None = None) -> pl.DataFrame:
    """The answer to a query over the lake's tables; it cannot change anything.

    Raises:
        OvercutError: it is no query, or takes too long or too much memory.
    """
    from overcut.runtime.notebook_lake import sql as query_lake  # noqa: PLC0415

    return query_lake(query, settings=settings)


def open_lake(settings: Settings | None = None) -> Lake:
    """The lake itself: ``open_lake().read("laps", units=["2018-04-R"])``."""
    from overcut.runtime.notebook_lake import lake  # noqa: PLC0415

    return lake(settings)


def history(settings: Settings | None = None) -> History:
    """Formula 1 since 1950, as far as the lake has it: results, standings, records, people, places."""
    from overcut.runtime.notebook_history import history as open_history  # noqa: PLC0415

    return open_history(settings)
