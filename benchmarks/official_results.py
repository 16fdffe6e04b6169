"""What the official results of races are, by F1DB, and whether they explain that two finishing orders differ."""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

ARCHIVE = Path("history/f1db-sqlite.zip")
"""Where F1DB lies beside the folder of tables: a release's SQLite file in a zip."""

NOT_HERE = "the gap stream's last order is not that over the line (no F1DB here to say why)"
AS_OFFICIAL = "ours is the official result, with the penalties that were announced by the flag"
BUT_AFTERWARDS = "ours is the official result but for cars that F1DB has as penalised or disqualified: after the flag"
TAKEN_BACK = "the table's is the official result: ours has a penalty that was taken back, or is wrong"

_QUERY = """
SELECT data.driver_number, data.position_text, data.race_time_penalty
FROM race_data AS data JOIN race ON race.id = data.race_id
WHERE race.year = ? AND race.round = ? AND data.type = ? ORDER BY data.position_display_order
"""


class Result(NamedTuple):
    """The cars in their official order, and those penalised or disqualified."""

    order: list[str]
    punished: frozenset[str]


class OfficialResults:
    """F1DB, read from its zip; nothing is known where that is not there."""

    def __init__(self, archive: Path) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._database: sqlite3.Connection | None = None
        if archive.is_file():
            with zipfile.ZipFile(archive) as inside:
                name = next(name for name in inside.namelist() if name.endswith(".db"))
                self._database = sqlite3.connect(inside.extract(name, self._folder.name))

    def of(self, season: int, round_number: int, *, sprint: bool) -> Result | None:
        """The result of a race or a sprint."""
        if self._database is None:
            return None
        kind = "SPRINT_RACE_RESULT" if sprint else "RACE_RESULT"
        rows: list[tuple[str, str, str | None]] = self._database.execute(
            _QUERY, (season, round_number, kind)
        ).fetchall()
        punished = frozenset(number for number, place, penalty in rows if penalty or place in ("DSQ", "EX"))
        return Result([number for number, _, _ in rows], punished) if rows else None


def cause_of_order(ours: Sequence[str], theirs: Sequence[str], official: Result | None) -> str:
    """Why our finishing order of some cars is not the table's; "?" where the official result does not explain it."""
    if official is None:
        return NOT_HERE
    place = {number: index for index, number in enumerate(official.order)}
    if any(number not in place for number in ours):
        return "?"
    turned = [pair for pair in combinations(ours, 2) if place[pair[0]] > place[pair[1]]]
    if not turned:
        return AS_OFFICIAL
    if list(theirs) == sorted(theirs, key=place.__getitem__):
        return TAKEN_BACK
    return BUT_AFTERWARDS if all(official.punished & {*pair} for pair in turned) else "?"
