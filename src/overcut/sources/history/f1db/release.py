"""What a release of F1DB holds, as tables: its SQLite file, zipped or not.

Source: F1DB (https://github.com/f1db/f1db), CC BY 4.0.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import polars as pl

from overcut.domain.tables import LakeSource, Table
from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.sources.history.f1db.championship import CHAMPIONSHIP_QUERIES, Query
from overcut.sources.history.f1db.people import REFERENCE_QUERIES
from overcut.sources.history.frames import frame_of

QUERIES: tuple[Query, ...] = (*REFERENCE_QUERIES, *CHAMPIONSHIP_QUERIES)

MOST_BYTES = 2**30
"""The database is 33 MB in 2025; one of a gigabyte is not F1DB."""

_MAGIC = b"SQLite format 3\0"
_CHUNK = 2**20
_HINT = "download f1db-sqlite.zip from https://github.com/f1db/f1db/releases, or name an address of it"


class F1dbRelease:
    """An open release. ``origin`` names it: its file and the first digits of its SHA-256."""

    source = LakeSource.F1DB

    def __init__(self, connection: sqlite3.Connection, file: Path, sha256: str) -> None:
        self._connection = connection
        self.file = file
        self.sha256 = sha256
        self.origin = f"{file.name} sha256:{sha256[:16]}"

    def __len__(self) -> int:
        return len(QUERIES)

    def tables(self) -> Iterator[tuple[Table, pl.DataFrame]]:
        """Each table with all its rows, people and places first.

        Raises:
            OvercutError: the database has another layout, or is damaged.
        """
        for query in QUERIES:
            try:
                rows = self._connection.execute(query.sql).fetchall()
            except sqlite3.Error as error:
                raise OvercutError(
                    f"{self.file} does not give the table {query.table.name}",
                    why=f"{error} (another layout of F1DB, or a damaged file)",
                    hint=_HINT,
                ) from error
            yield query.table, frame_of(query.table, rows)


@contextmanager
def open_release(file: Path) -> Generator[F1dbRelease]:
    """The release in ``file``: ``f1db-sqlite.zip``, or the ``f1db.db`` within it.

    Raises:
        DataMissingError: there is no such file.
        OvercutError: it is neither a SQLite database nor a zip with one in it, or it is damaged.
    """
    if not file.is_file():
        raise DataMissingError(f"there is no file {file}", hint=_HINT)
    try:
        with tempfile.TemporaryDirectory(prefix="overcut-f1db-") as folder:
            database = _unzipped(file, Path(folder)) if zipfile.is_zipfile(file) else file
            with database.open("rb") as stream:
                if stream.read(len(_MAGIC)) != _MAGIC:
                    raise OvercutError(f"{file} is no SQLite database", why="it does not begin like one", hint=_HINT)
            # Only read, and nothing that the file itself defines is run beyond plain SQL.
            address = f"file:{quote(str(database.resolve()))}?mode=ro&immutable=1"
            with closing(sqlite3.connect(address, uri=True)) as connection:
                connection.execute("PRAGMA trusted_schema = OFF")
                _check(connection, file)
                yield F1dbRelease(connection, file, _sha256(file))
    except OSError as error:
        raise OvercutError(f"{file} cannot be read", why=error.strerror or str(error)) from error


def _unzipped(file: Path, folder: Path) -> Path:
    """The one database in a zip, unpacked into ``folder`` under a name of our own."""
    try:
        with zipfile.ZipFile(file) as archive:
            inside = [info for info in archive.infolist() if info.filename.endswith((".db", ".sqlite"))]
            if len(inside) != 1:
                raise OvercutError(f"{file} holds {len(inside)} databases, not one", hint=_HINT)
            database = folder / "f1db.db"
            size = 0
            with archive.open(inside[0]) as packed, database.open("wb") as out:
                while chunk := packed.read(_CHUNK):
                    size += len(chunk)
                    if size > MOST_BYTES:
                        raise OvercutError(f"{file} unpacks to over {MOST_BYTES >> 30} GiB", hint=_HINT)
                    out.write(chunk)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise OvercutError(f"{file} is a damaged zip", why=str(error), hint="download it again") from error
    return database


def _check(connection: sqlite3.Connection, file: Path) -> None:
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise OvercutError(f"{file} is a damaged database", why=str(error), hint="download it again") from error
    if found != ("ok",):
        raise OvercutError(f"{file} is a damaged database", why=str(found), hint="download it again")


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
