"""What a mapping file says: which file is which table, which of its columns are ours, in which units."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import msgspec

from overcut.domain.tables import TABLES, Column, ColumnType, Table, Unit
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.sources.own_data.units import choices_of


class From(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a column's values come from.

    Attributes:
        column: name of the file's column. ``constant``: the same value in every row, instead.
        unit: the unit that the file has it in; the column's own where it is not named.
        words: what the file writes, and what it means: ``{ S = "SOFT" }``; others stay as they are.
        true, false: what stands for yes and no in a column of these.
    """

    column: str | None = None
    constant: str | int | float | bool | None = None
    unit: str | None = None
    words: dict[str, str] = {}
    true: list[str | int | float | bool] = []
    false: list[str | int | float | bool] = []


class FileMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file, or several of one form.

    Attributes:
        path: relative to the mapping file; ``*`` for several. ``.csv``, ``.tsv`` or ``.parquet``; for documents any
            text.
        table: which table of the lake it fills.
        columns: ours by theirs: ``lap = "Lap no"``, or a table with ``column``, ``unit`` …
        channels: of table ``channels``: which columns are channels, by what they shall be called; ``"*"`` for all
            others that are numbers.
        separator, comment, nulls: how a CSV file is written.
    """

    path: str
    table: str
    columns: dict[str, str | From] = {}
    channels: dict[str, str | From] = {}
    separator: str = ","
    comment: str | None = None
    nulls: list[str] = msgspec.field(default_factory=lambda: ["", "NA", "NaN", "null", "None", "-"])

    def of(self, name: str) -> From | None:
        """Where one of our columns comes from; None where it is not mapped."""
        found = self.columns.get(name)
        return From(column=found) if isinstance(found, str) else found


class SessionMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The session that all files of the mapping are about: its key, and what table ``sessions`` says of it."""

    key: str
    event: str | None = None
    circuit_id: str | None = None
    start: str | None = None
    simulated: bool = False


class MappingFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole mapping file."""

    file: list[FileMapping]
    session: SessionMapping | None = None


def read_mapping(path: Path) -> MappingFile:
    """The mapping in a TOML file, checked: tables, columns and units exist, and what must be there is mapped.

    Raises:
        DataMissingError: there is no such file.
        WrongUsageError: it is not TOML, or says something that cannot be.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        hint = "docs/how-to/bring-your-own-data.md has one to start from"
        raise DataMissingError(f"No mapping at {path}", why=error.strerror or "", hint=hint) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUsageError(f"{path.name} is not TOML", why=str(error)) from error
    try:
        mapping = msgspec.convert(told, MappingFile)
    except msgspec.ValidationError as error:
        raise WrongUsageError(f"{path.name} is no mapping", why=str(error), hint=_HINT) from error
    for file in mapping.file:
        _check(file, mapping.session, path.name)
    return mapping


_HINT = "each [[file]] has path, table and [file.columns]; see docs/how-to/bring-your-own-data.md"


def _check(file: FileMapping, session: SessionMapping | None, where: str) -> None:
    table = TABLES.get(file.table)
    if table is None:
        raise WrongUsageError(f"{where}: there is no table {file.table!r}", hint=_near(file.table, TABLES))
    columns = {column.name: column for column in table.columns}
    for name, origin in file.columns.items():
        if name not in columns:
            raise WrongUsageError(f"{where}: {file.table} has no column {name!r}", hint=_near(name, columns))
        _check_unit(columns[name], From(column=origin) if isinstance(origin, str) else origin, where)
    if file.channels and file.table != "channels":
        raise WrongUsageError(f"{where}: only table channels has channels, not {file.table}")
    if file.table != "documents":
        _check_needed(file, table, session, where)


def _check_unit(column: Column, origin: From, where: str) -> None:
    if (origin.column is None) == (origin.constant is None):
        raise WrongUsageError(f"{where}: {column.name} needs either column or constant")
    choices = choices_of(column)
    if origin.unit is not None and origin.unit not in choices:
        hint = f"choose from {', '.join(choices)}" if choices else "leave the unit out"
        raise WrongUsageError(f"{where}: {column.name} cannot be in {origin.unit!r}", hint=hint)
    if (origin.true or origin.false) and column.type is not ColumnType.BOOL:
        raise WrongUsageError(f"{where}: {column.name} is no column of yes and no")


def _check_needed(file: FileMapping, table: Table, session: SessionMapping | None, where: str) -> None:
    given = set(file.columns)
    if session is not None and table.unit is Unit.SESSION:
        given.add("session_key")
    if file.table == "channels":
        given |= {"channel", "value", "unit"} if file.channels else set()
    lacking = [column.name for column in table.columns if not column.nullable and column.name not in given]
    derived = _DERIVED.get(file.table, frozenset())
    lacking = [name for name in lacking if name not in derived]
    if lacking:
        hint = "map them in [file.columns]" + ("; session_key by [session] key = …" if "session_key" in lacking else "")
        raise WrongUsageError(f"{where}: {file.table} needs {', '.join(lacking)}", hint=hint)


_DERIVED: Mapping[str, frozenset[str]] = {
    "race_control": frozenset({"message_number"}),
    "events": frozenset({"number"}),
    "pit_stops": frozenset({"stop"}),
    "sessions": frozenset({"simulated", "reconstructed"}),
    "telemetry": frozenset({"session_t_ms"}),
}
"""Columns that are worked out where they are not mapped."""


def _near(name: str, known: Mapping[str, object]) -> str:
    close = get_close_matches(name, known, n=3)
    return f"did you mean {', '.join(close)}?" if close else f"there are {', '.join(known)}"
