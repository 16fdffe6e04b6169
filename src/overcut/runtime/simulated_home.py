"""Where simulated sessions live in Overcut's home, so that the same one is not made twice."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from overcut.domain.session import SessionKey, SessionKind
from overcut.kernel.errors import OvercutError
from overcut.kernel.version import __version__
from overcut.sources.archive import SIMULATION_FILE, SimulationLabel
from overcut.sources.opening import find_sessions, open_source
from overcut.sources.simulated.weekend import simulate_weekend

FOLDER = "simulated"


def simulated_race(
    home: Path, *, season: int, circuit: str, seed: int, progress: Callable[[str], None] | None = None
) -> Path:
    """The folder of a simulated race: the one made earlier, or a new one.

    One that another version of Overcut made is made anew. A new one is made beside its place and moved there when
    whole, so that an interrupted run leaves nothing half made.

    Args:
        home: Overcut's home folder; made when missing.
        season, circuit, seed: which race; the circuit is an F1DB id.
        progress: told what is being done.

    Raises:
        WrongUsageError: the season or the circuit is not known.
        OvercutError: the folder cannot be written.
    """
    key = SessionKey.simulated(season, circuit, seed, SessionKind.RACE)
    place = home / FOLDER / str(key)
    if (found := _session_in(place, key)) is not None:
        return found
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=place.parent) as making:
            whole = Path(making) / "whole"
            simulate_weekend(season, circuit, seed, whole, [SessionKind.RACE], progress=progress)
            shutil.rmtree(place, ignore_errors=True)
            whole.rename(place)
    except OSError as error:
        raise OvercutError(
            f"The simulated race cannot be written to {place}",
            why=str(error),
            hint="set OVERCUT_HOME to a folder that you may write to",
        ) from error
    found = _session_in(place, key)
    if found is None:
        raise OvercutError(f"The simulated race in {place} is not {key}", hint="remove the folder and try again")
    return found


def _session_in(place: Path, key: SessionKey) -> Path | None:
    """The session ``key`` below ``place``, when this version of Overcut made it; an unreadable one does not count."""
    folders = find_sessions(place) if place.is_dir() else []
    for folder in folders:
        try:
            if open_source(folder).key == key and _made_by(folder) == f"overcut {__version__}":
                return folder
        except OvercutError:
            continue
    return None


def _made_by(folder: Path) -> str:
    return msgspec.json.decode((folder / SIMULATION_FILE).read_bytes(), type=SimulationLabel).generator
