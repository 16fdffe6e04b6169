"""The written schemas: nothing is named twice, keys exist, every column says what it is."""

from __future__ import annotations

import pytest

from overcut.domain.tables import TABLES, Table, Unit
from overcut.domain.tables.column import ColumnType
from overcut.kernel.frame_schema import POLARS_TYPES, frame_schema


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_a_table_says_what_each_column_and_each_row_is(table: Table) -> None:
    assert table.meaning
    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)
    assert set(table.order) <= set(table.names)
    assert all(column.meaning for column in table.columns)
    assert list(frame_schema(table)) == list(table.names)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_what_is_replaced_as_one_can_be_told_from_each_row(table: Table) -> None:
    if table.unit is not Unit.WHOLE:
        column = next(column for column in table.columns if column.name == table.unit.value)
        assert not column.nullable
        assert table.unit.value in table.key


def test_no_part_of_a_key_may_be_missing() -> None:
    for table in TABLES.values():
        nullable = [column.name for column in table.columns if column.nullable and column.name in table.key]
        assert nullable == [], table.name


def test_each_kind_of_column_has_a_type_in_frames() -> None:
    assert set(POLARS_TYPES) == set(ColumnType)
