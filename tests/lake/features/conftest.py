"""A simulated race and qualifying in a lake, beside an invented championship; nobody writes to it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from overcut.domain.session import SessionKind
from overcut.lake import Lake
from overcut.runtime.lake_sessions import add_session
from overcut.sources.opening import open_source
from overcut.sources.simulated.wire.folder import write_session
from overcut.sources.source import Source
from tests.history_data import lake_with_history
from tests.sources.simulated.conftest import race_of, session_of

LAPS = 14


class Simulated(NamedTuple):
    """A lake with simulated sessions, and their sources."""

    lake: Lake
    race: Source
    qualifying: Source

    @property
    def race_key(self) -> str:
        return str(self.race.key)


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    folder = tmp_path_factory.mktemp("features")
    lake = lake_with_history(folder / "lake")
    sources: list[Source] = []
    for played in (race_of("baku", 5, 2025, LAPS), session_of("monza", 3, SessionKind.QUALIFYING)):
        written: Path = write_session(played.log, played.track, played.seed, folder / played.circuit, telemetry=False)
        source = open_source(written)
        add_session(lake, source, telemetry=False)
        sources.append(source)
    return Simulated(lake, *sources)
