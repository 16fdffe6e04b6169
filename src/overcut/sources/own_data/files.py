"""Which tables a mapping's files give: each read once, checked row by row, named by the session that it is about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from overcut.domain.session import parts_of_key
from overcut.domain.tables import TABLES, Table, Unit
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.kernel.frame_schema import conformed, frame_schema
from overcut.sources.own_data.channels import channel_rows
from overcut.sources.own_data.mapping import FileMapping, From, MappingFile, SessionMapping, read_mapping
from overcut.sources.own_data.rows import ROW, Problem, table_rows

SHOWN_PROBLEMS = 8


@dataclass(slots=True)
class OwnData:
    """What a mapping gives: rows by table, sound ones alone, and what is wrong with the rest."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])
    problems: list[Problem] = field(default_factory=list[Problem])
    files: list[str] = field(default_factory=list[str])

    def refuse_problems(self) -> None:
        """Raise where anything is wrong.

        Raises:
            WrongUsageError: with the first problems, and how many there are.
        """
        if not self.problems:
            return
        shown = "\n  ".join(str(problem) for problem in self.problems[:SHOWN_PROBLEMS])
        more = len(self.problems) - SHOWN_PROBLEMS
        raise WrongUsageError(
            f"{len(self.problems)} values cannot be taken; nothing was imported",
            why=shown + (f"\n  … and {more} more" if more > 0 else ""),
            hint="correct the file or the mapping; or --skip-bad-rows leaves these rows out, and says so",
        )


def read_own_data(path: Path) -> OwnData:
    """Every file of a mapping, read and checked.

    Raises:
        DataMissingError: the mapping, or a file that it names, is not there.
        WrongUsageError: the mapping says something that cannot be, or a file lacks a column that it names.
    """
    mapping = read_mapping(path)
    data = OwnData()
    parts: dict[str, list[pl.DataFrame]] = {}
    for file in mapping.file:
        table = TABLES[file.table]
        for found in _files(path.parent, file.path):
            data.files.append(found.name)
            rows, problems = _read(found, table, file, mapping.session)
            data.problems += problems
            parts.setdefault(file.table, []).append(rows)
    for name, frames in parts.items():
        whole = pl.concat(frames, how="diagonal_relaxed")
        data.tables[name] = _unique(TABLES[name], _derived(TABLES[name], whole), data)
    _add_sessions(mapping, data)
    return data


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    found = sorted(folder.glob(pattern)) if not Path(pattern).is_absolute() else [Path(pattern)]
    files = [file for file in found if file.is_file()]
    if not files:
        raise DataMissingError(f"There is no file {pattern} beside the mapping", why=f"looked in {folder}")
    yield from files


def _read(
    file: Path, table: Table, mapping: FileMapping, session: SessionMapping | None
) -> tuple[pl.DataFrame, list[Problem]]:
    if table.name == "documents":
        return _document(file, mapping, session), []
    read = _table_of(file, mapping)
    wanted = [origin for origin in (mapping.of(name) for name in mapping.columns) if origin is not None]
    wanted += [From(column=name) if isinstance(name, str) else name for name in mapping.channels.values()]
    lacking = [origin.column for origin in wanted if origin.column is not None and origin.column not in read.columns]
    lacking = [name for name in lacking if name != "*"]
    if lacking:
        raise WrongUsageError(
            f"{file.name} has no column {lacking[0]!r}", hint=f"it has {', '.join(map(repr, read.columns[1:12]))}"
        )
    constants = _constants(table, session)
    if table.name == "channels" and mapping.channels:
        return channel_rows(mapping, read, file.name, constants)
    rows, problems = table_rows(table, mapping, read, file.name, constants)
    return rows.drop(ROW), problems


def _constants(table: Table, session: SessionMapping | None) -> dict[str, object]:
    if session is None or table.unit is not Unit.SESSION:
        return {}
    season, number, kind = parts_of_key(session.key)
    return {"session_key": session.key, "season": season, "round": number, "session": kind, "event": session.event}


def _table_of(file: Path, mapping: FileMapping) -> pl.DataFrame:
    """A file with its row numbers; CSV as text, so that what is wrong with a value can be told."""
    try:
        if file.suffix.lower() == ".parquet":
            return pl.read_parquet(file).with_row_index(ROW, offset=1)
        if file.suffix.lower() in (".csv", ".tsv", ".txt"):
            separator = "\t" if file.suffix.lower() == ".tsv" else mapping.separator
            read = pl.read_csv(
                file,
                separator=separator,
                comment_prefix=mapping.comment,
                null_values=mapping.nulls,
                infer_schema=False,
            )
            return read.with_row_index(ROW, offset=2)  # the heading is line 1
    except (pl.exceptions.PolarsError, OSError) as error:
        raise OvercutError(f"{file.name} cannot be read", why=str(error)[:300]) from error
    raise WrongUsageError(f"{file.name} is of no kind that is read", hint="give a .csv, .tsv or .parquet file")


def _document(file: Path, mapping: FileMapping, session: SessionMapping | None) -> pl.DataFrame:
    """A text file as one document: its words are the body, its name the title unless one is given."""
    try:
        body = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OvercutError(f"{file.name} is no text", why=str(error)[:200], hint="save it as UTF-8 text") from error
    given = {name: origin.constant for name in mapping.columns if (origin := mapping.of(name)) is not None}
    row: dict[str, object] = {
        "document_id": hashlib.sha256(body.encode()).hexdigest(),
        "session_key": session.key if session else None,
        "kind": "note",
        "title": file.stem,
        "origin": file.name,
        **{name: value for name, value in given.items() if value is not None},
        "body": body,
    }
    if isinstance(row.get("published_utc"), str):
        row["published_utc"] = datetime.fromisoformat(str(row["published_utc"])).astimezone(UTC)
    return pl.DataFrame([row], schema={name: frame_schema(TABLES["documents"])[name] for name in row})


def _derived(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """What follows from the rest and was not mapped."""
    there, key = set(rows.columns), "session_key"
    if table.name == "race_control" and "message_number" not in there:
        rows = rows.with_columns(pl.int_range(1, pl.len() + 1).over(key).alias("message_number"))
    if table.name == "events" and "number" not in there:
        rows = rows.sort(key, "t_ms", maintain_order=True).with_columns(
            pl.int_range(1, pl.len() + 1).over(key).alias("number")
        )
    if table.name == "pit_stops" and "stop" not in there:
        rows = rows.with_columns(pl.int_range(1, pl.len() + 1).over(key, "driver_number").alias("stop"))
    if table.name == "telemetry" and "session_t_ms" not in there:
        rows = rows.with_columns((pl.col("t_s") * 1000).round().cast(pl.Int64).alias("session_t_ms"))
    if table.name == "sessions":
        defaults = [name for name in ("simulated", "reconstructed") if name not in there]
        rows = rows.with_columns(pl.lit(value=False).alias(name) for name in defaults)
    return rows


def _unique(table: Table, rows: pl.DataFrame, data: OwnData) -> pl.DataFrame:
    """One row a key: the last of several, each other one told."""
    again = rows.select(table.key).is_duplicated()
    if not again.any():
        return conformed(table, rows)
    kept = rows.unique(table.key, keep="last", maintain_order=True)
    first = rows.filter(again).row(0, named=True)
    named = ", ".join(f"{name} {first[name]}" for name in table.key if name != "session_key")
    data.problems.append(
        Problem(table.name, 0, ", ".join(table.key), named, f"stands {rows.height - kept.height} times too often")
    )
    return conformed(table, kept)


def _add_sessions(mapping: MappingFile, data: OwnData) -> None:
    """A row of table ``sessions`` for the mapping's session, where no file tells one."""
    session = mapping.session
    if session is None or "sessions" in data.tables:
        return
    season, number, kind = parts_of_key(session.key)
    try:
        start = datetime.fromisoformat(session.start) if session.start else None
    except ValueError as error:
        raise WrongUsageError("[session] start is no instant", hint="2025-07-27T13:00:00Z") from error
    if start is not None and start.tzinfo is None:
        start = start.replace(tzinfo=UTC)
    row = {
        "session_key": session.key,
        "season": season,
        "round": number,
        "session": kind,
        "event": session.event,
        "circuit_id": session.circuit_id,
        "start_utc": start,
        "date": start.date() if start else None,
        "simulated": session.simulated,
        "reconstructed": True,
    }
    frame = pl.DataFrame([row], schema={name: frame_schema(TABLES["sessions"])[name] for name in row})
    data.tables["sessions"] = conformed(TABLES["sessions"], frame)
