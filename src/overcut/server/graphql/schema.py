"""How the written tables become a GraphQL schema: a type for each table, links along the ids they share.

A row links to the one row that it names (a result to its driver), and to the many that name it (a driver to results):
wherever a table has all key columns of another. Nothing is written down twice: a new table is in the graph at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLFloat,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
)

from overcut.domain.tables import TABLES, Column, ColumnType, Table
from overcut.lake.rows import Comparison
from overcut.server.graphql.resolving import resolve_many, resolve_one, resolve_value

_SCALARS: Mapping[ColumnType, GraphQLScalarType] = {
    ColumnType.TEXT: GraphQLString,
    ColumnType.BOOL: GraphQLBoolean,
    ColumnType.INT16: GraphQLInt,
    ColumnType.INT32: GraphQLInt,
    ColumnType.INT64: GraphQLFloat,  # GraphQL's Int ends at 2^31
    ColumnType.FLOAT32: GraphQLFloat,
    ColumnType.FLOAT64: GraphQLFloat,
    ColumnType.DATE: GraphQLString,
    ColumnType.UTC_MS: GraphQLString,
}

ONE_ROW_NAMES: Mapping[str, str] = {
    "drivers": "driver",
    "constructors": "constructor",
    "engine_makers": "engine",
    "tyre_makers": "tyre",
    "countries": "country",
    "grands_prix": "grand_prix",
    "circuits": "circuit",
    "layouts": "layout",
    "sessions": "in_session",
    "races": "race",
}
"""How a row calls the one row of another table that it names."""

MOST_ROWS = 1_000
"""Rows of one list; a longer one is read in pages."""

_COMPARISON = GraphQLEnumType(
    "Comparison", {comparison.name: GraphQLEnumValue(comparison) for comparison in Comparison}
)
_FILTER = GraphQLInputObjectType(
    "Filter",
    {
        "column": GraphQLInputField(GraphQLNonNull(GraphQLString)),
        "is": GraphQLInputField(GraphQLNonNull(_COMPARISON)),
        "value": GraphQLInputField(GraphQLNonNull(GraphQLString)),
    },
    description="A column compared with a value, given as text",
)


def build_schema() -> GraphQLSchema:
    """The schema of all tables of `domain.tables`."""
    types: dict[str, GraphQLObjectType] = {}
    for table in TABLES.values():
        types[table.name] = GraphQLObjectType(_type_name(table), _fields_of(table, types), description=table.meaning)
    many = {table.name: _many(table, types[table.name], {}) for table in TABLES.values()}
    return GraphQLSchema(GraphQLObjectType("Query", many, description="The tables of the lake"))


def _type_name(table: Table) -> str:
    return "".join(word.capitalize() for word in table.name.split("_")) + "Row"


def _fields_of(table: Table, types: Mapping[str, GraphQLObjectType]) -> Callable[[], dict[str, GraphQLField]]:
    """A row's columns and links; called when all types exist, since links go round in circles."""

    def fields() -> dict[str, GraphQLField]:
        found = {column.name: _value(column) for column in table.columns}
        for name, other, columns in links_to_one(table):
            found[name] = GraphQLField(
                types[other.name], resolve=resolve_one(other, columns), description=other.meaning
            )
        for other, columns in links_to_many(table):
            found.setdefault(other.name, _many(other, types[other.name], columns))
        return found

    return fields


def _value(column: Column) -> GraphQLField:
    scalar = _SCALARS[column.type]
    kind = scalar if column.nullable else GraphQLNonNull(scalar)
    unit = f" ({column.unit})" if column.unit else ""
    return GraphQLField(kind, resolve=resolve_value(column), description=f"{column.meaning}{unit}")


def _many(table: Table, kind: GraphQLObjectType, columns: Mapping[str, str]) -> GraphQLField:
    """A list of rows, with the table's columns as arguments of equality; those of a link are given already."""
    arguments = {
        column.name: GraphQLArgument(_SCALARS[column.type], description=column.meaning)
        for column in table.columns
        if column.name not in columns
    }
    arguments |= {
        "where": GraphQLArgument(GraphQLList(GraphQLNonNull(_FILTER)), description="further filters, all to hold"),
        "order": GraphQLArgument(
            GraphQLList(GraphQLNonNull(GraphQLString)), description='columns; "-points" from the highest down'
        ),
        "limit": GraphQLArgument(GraphQLInt, default_value=100, description=f"rows, at most {MOST_ROWS}"),
        "offset": GraphQLArgument(GraphQLInt, default_value=0, description="rows to skip"),
    }
    listed = GraphQLNonNull(GraphQLList(GraphQLNonNull(kind)))
    return GraphQLField(listed, arguments, resolve=resolve_many(table, columns, MOST_ROWS), description=table.meaning)


def links_to_one(table: Table) -> list[tuple[str, Table, Mapping[str, str]]]:
    """The single rows that a row names: the link's name, their table, and its key columns by those of the row."""
    found: list[tuple[str, Table, Mapping[str, str]]] = []
    for name, link in ONE_ROW_NAMES.items():
        other = TABLES[name]
        if other is not table and set(other.key) <= set(table.names):
            found.append((link, other, {column: column for column in other.key}))
    return found


def links_to_many(table: Table) -> list[tuple[Table, Mapping[str, str]]]:
    """The tables whose rows name a row of this one by its whole key."""
    if table.name not in ONE_ROW_NAMES:
        return []
    own = {column: column for column in table.key}
    return [(other, own) for other in TABLES.values() if other is not table and set(own) <= set(other.names)]
