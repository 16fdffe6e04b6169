"""How exported Parquet files become a Delta table: the first entry of its log (protocol version 1, reader 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

import msgspec

from overcut.domain.tables import ColumnType, Table, Unit

_TYPES: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "string",
    ColumnType.BOOL: "boolean",
    ColumnType.INT16: "short",
    ColumnType.INT32: "integer",
    ColumnType.INT64: "long",
    ColumnType.FLOAT32: "float",
    ColumnType.FLOAT64: "double",
    ColumnType.DATE: "date",
    ColumnType.UTC_MS: "timestamp",
}


def write_delta_log(folder: Path, table: Table, files: Sequence[tuple[str, Path, int]], made: datetime) -> None:
    """Write ``_delta_log/00000000000000000000.json`` beside the files of a table.

    The form is that of the Delta transaction log protocol: one action a line.

    Args:
        folder: the table's folder.
        table: its schema.
        files: unit, path and rows of each file.
        made: when.
    """
    at_ms = int(made.timestamp() * 1000)
    partitioned = [] if table.unit is Unit.WHOLE else [str(table.unit)]
    actions: list[Mapping[str, object]] = [
        {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
        {
            "metaData": {
                "id": str(uuid5(NAMESPACE_URL, f"{folder.name} {at_ms}")),
                "name": table.name,
                "description": table.meaning,
                "format": {"provider": "parquet", "options": {}},
                "schemaString": msgspec.json.encode(_schema(table)).decode(),
                "partitionColumns": partitioned,
                "configuration": {},
                "createdTime": at_ms,
            }
        },
    ]
    for unit, path, rows in files:
        actions.append({
            "add": {
                "path": quote(path.relative_to(folder).as_posix(), safe="/=-_."),
                "partitionValues": {name: unit for name in partitioned},  # noqa: C420 -- one, or none
                "size": path.stat().st_size,
                "modificationTime": at_ms,
                "dataChange": True,
                "stats": msgspec.json.encode({"numRecords": rows}).decode(),
            }
        })  # fmt: skip
    log = folder / "_delta_log" / f"{0:020d}.json"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"".join(msgspec.json.encode(action) + b"\n" for action in actions))


def _schema(table: Table) -> Mapping[str, object]:
    fields = [
        {
            "name": column.name,
            "type": _TYPES[column.type],
            "nullable": column.nullable,
            "metadata": {"comment": f"{column.meaning} [{column.unit}]" if column.unit else column.meaning},
        }
        for column in table.columns
    ]
    return {"type": "struct", "fields": fields}
