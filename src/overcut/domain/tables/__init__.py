"""Which tables there are, and what each column of them means: the one place where that is written down."""

from __future__ import annotations

from collections.abc import Mapping

from overcut.domain.tables.column import Column, ColumnType, Table, Unit
from overcut.domain.tables.history_tables import HISTORY_TABLES
from overcut.domain.tables.reference_tables import REFERENCE_TABLES
from overcut.domain.tables.session_tables import SESSION_TABLES
from overcut.domain.tables.sources import LakeSource

TABLES: Mapping[str, Table] = {table.name: table for table in (*SESSION_TABLES, *HISTORY_TABLES, *REFERENCE_TABLES)}
"""Every table by its name."""

__all__ = ["TABLES", "Column", "ColumnType", "LakeSource", "Table", "Unit"]
