"""Tables of two simulated sessions, each made once."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from overcut.domain.laps import Lap
from overcut.domain.session import SessionKey, SessionKind
from overcut.sources.simulated.wire.folder import write_session
from tests.sources.simulated.conftest import race_of, session_of
from tests.sources.tables.writing import Tables, tables_of, write_tables


class Written(NamedTuple):
    """A folder of tables of one session, the tables, and the laps as the session itself gave them."""

    folder: Path
    key: SessionKey
    tables: Tables
    laps: tuple[Lap, ...]


@pytest.fixture(scope="session")
def race_tables(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Six laps of Monza."""
    return _written(tmp_path_factory.mktemp("race"), SessionKind.RACE)


@pytest.fixture(scope="session")
def qualifying_tables(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A qualifying at Monza."""
    return _written(tmp_path_factory.mktemp("qualifying"), SessionKind.QUALIFYING)


def _written(out: Path, kind: SessionKind) -> Written:
    played = race_of("monza", 3, 2025, 6) if kind is SessionKind.RACE else session_of("monza", 3, kind)
    folder = write_session(played.log, played.track, played.seed, out / "feed", telemetry=False)
    tables, laps = tables_of(folder, kind.value)
    return Written(write_tables(out / "tables", tables), SessionKey.official(2025, 16, kind), tables, laps)
