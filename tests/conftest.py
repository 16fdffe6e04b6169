"""Where the real recordings are: `OVERCUT_SHARED`, or `shared` beside the project; else tests skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from overcut.lake import Lake
from overcut.runtime.imports.history import import_f1db
from tests.history_data import lake_with_history

# How long an example takes says more about what else the machine does than about the code.
settings.register_profile("overcut", parent=settings.default, deadline=None)
settings.load_profile("overcut")

PROJECT = Path(__file__).resolve().parents[1]


def _shared() -> Path | None:
    named = os.environ.get("OVERCUT_SHARED")
    folder = Path(named) if named else PROJECT.parent / "shared"
    return folder if (folder / "data").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = _shared()
    if folder is None:
        pytest.skip("real recordings are absent (set OVERCUT_SHARED to their folder)")
    return folder


@pytest.fixture(scope="session")
def baku_2018(shared: Path) -> Path:
    """The 2018 Azerbaijan Grand Prix race, as served by the archive."""
    return shared / "data/livetiming/static/2018/2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race"


@pytest.fixture(scope="session")
def mexico_2025_q(shared: Path) -> Path:
    """The 2025 Mexico City qualifying, with car and position data."""
    return shared / "data/livetiming/static/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying"


@pytest.fixture(scope="session")
def small_history(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake with the invented championship of `tests.history_data`; nobody writes to it."""
    return lake_with_history(tmp_path_factory.mktemp("small-history") / "lake")


@pytest.fixture(scope="session")
def shared_history(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake with the whole of F1DB; nobody writes to it."""
    lake = Lake(tmp_path_factory.mktemp("shared-history") / "lake")
    import_f1db(lake, shared / "data/history/f1db-sqlite.zip")
    return lake
