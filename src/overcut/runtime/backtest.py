"""Where a backtest's data comes from: this user's lake, or a folder of timing and history of any date."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from overcut.kernel.errors import DataMissingError
from overcut.kernel.settings import Settings
from overcut.lake import Lake
from overcut.runtime.imports.history import import_f1db
from overcut.runtime.imports.timing import import_timing
from overcut.runtime.lake import lake_of
from overcut.strategy.backtest import BacktestPlan, BacktestReport, backtest
from overcut.strategy.fitting import fit
from overcut.strategy.parameters import ParameterSet

TIMING, HISTORY = "timing", "history"
"""Folders of a data directory: ``timing`` with ``laps.parquet`` beside its other tables, ``history`` with F1DB."""

_RELEASES = ("f1db-sqlite.zip", "f1db.db")


@contextmanager
def data_of(folder: Path | None, settings: Settings) -> Generator[Lake]:
    """A lake to read from: the user's own for None; a folder that is a lake; else one made of the folder's tables.

    What is made of tables lies in a temporary folder and is gone afterwards.

    Raises:
        DataMissingError: the folder holds neither a lake nor ``timing/laps.parquet`` with a history.
    """
    if folder is None:
        yield lake_of(settings)
        return
    if not folder.is_dir():
        raise DataMissingError(f"There is no folder {folder}", hint="--data names the folder of timing and history")
    if (folder / "manifests").is_dir():
        yield Lake(folder)
        return
    release = _release(folder / HISTORY)
    if not (folder / TIMING / "laps.parquet").is_file():
        raise DataMissingError(
            f"{folder} holds no timing/laps.parquet", hint="--data names a folder with timing/ and history/, or a lake"
        )
    with tempfile.TemporaryDirectory(prefix="overcut-backtest-") as made:
        lake = Lake(Path(made) / "lake")
        import_f1db(lake, release)
        import_timing(lake, folder / TIMING)
        yield lake


def _release(folder: Path) -> Path:
    for name in _RELEASES:
        if (folder / name).is_file():
            return folder / name
    raise DataMissingError(
        f"{folder} holds no F1DB release", why=f"neither {' nor '.join(_RELEASES)}", hint="--data names its parent"
    )


def strategy_backtest(
    folder: Path | None,
    plan: BacktestPlan,
    settings: Settings,
    told: Callable[[int, int, str], None] | None = None,
) -> BacktestReport:
    """Forecast every race of a period with parameters fitted on what was before it.

    Raises:
        OvercutError: as `data_of` and `backtest`.
    """
    with data_of(folder, settings) as lake:
        return backtest(lake, plan, fitted_before, told)


def fitted_before(lake: Lake, session_key: str) -> ParameterSet:
    """Parameters fitted on the sessions before this one."""
    return fit(lake, before=session_key)
