"""Where this user's lake is."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from overcut.kernel.settings import Settings

if TYPE_CHECKING:
    from overcut.lake import Lake

LAKE_FOLDER = "lake"
"""Within the home folder."""


def lake_folder(settings: Settings) -> Path:
    """Where it is; who only needs that does not load what reads it."""
    return settings.home / LAKE_FOLDER


def lake_of(settings: Settings) -> Lake:
    """The lake in the home folder; the same object each time, so that what it has read is shared."""
    import structlog  # noqa: PLC0415 -- see `lake_folder`

    from overcut.kernel.logs import configure_logs  # noqa: PLC0415

    if not structlog.is_configured():  # what the lake has to say goes to standard error, as all logs
        configure_logs("WARNING" if settings.log_level == "INFO" else settings.log_level, as_json=settings.log_json)
    return _lake(lake_folder(settings))


@lru_cache(maxsize=16)
def _lake(folder: Path) -> Lake:
    from overcut.lake import Lake  # noqa: PLC0415 -- see `lake_folder`

    return Lake(folder)
