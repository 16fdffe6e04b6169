"""Whether a text is one SELECT over the documented tables, by functions that only calculate; anything else is refused.

The text is parsed by DuckDB itself and every node of its syntax tree must be of a known kind: what is not known to be
harmless is refused, so that a construct of a newer DuckDB is refused until somebody has looked at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import duckdb
import msgspec

from overcut.lake.sql.limits import SqlRefusedError

MAX_SQL_CHARS = 50_000
"""Longer texts are no questions."""

_TABLES_HINT = "overcut sql --tables, or GET /api/v1/sql/tables, lists the tables and their columns"

NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
TABLE_REFERENCES = frozenset({
    "BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "PIVOT", "SHOW_REF",
})  # fmt: skip
EXPRESSIONS = frozenset({
    "COLUMN_REF", "CONSTANT", "FUNCTION", "COMPARISON", "CONJUNCTION", "OPERATOR", "CAST", "CASE", "STAR", "SUBQUERY",
    "WINDOW", "LAMBDA", "LAMBDA_REF", "BETWEEN", "COLLATE", "PARAMETER", "POSITIONAL_REFERENCE", "TYPE",
})  # fmt: skip
TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest"})

_HARMLESS = frozenset({
    "unnest", "grouping", "grouping_id", "today", "now", "current_date", "get_current_timestamp", "nullif",
    "split_part", "date_add", "days_in_month", "fdiv", "fmod", "geomean", "geometric_mean", "round_even",
    "roundbankers", "wavg", "weighted_avg", "json", "random",
})  # fmt: skip
"""Functions that are not constant, and macros, that were looked at one by one."""

_HARMFUL = frozenset({
    "current_setting", "getvariable", "json_serialize_sql", "json_deserialize_sql", "json_serialize_plan",
    "parse_duckdb_log_message", "variant_bytes_to_variant", "variant_to_parquet_variant", "create_sort_key",
    "vector_type", "finalize", "combine", "remap_struct", "make_type", "cast_to_type", "replace_type", "stats",
})  # fmt: skip
"""Constant by DuckDB's own word, but they tell of the machine, parse SQL, or take states that only it should make."""

_MACRO_FAMILIES = ("list_", "array_", "json_group_", "map_contains")
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


class Allowed(NamedTuple):
    """A statement that may run, without what stands around it, and the tables that it names (in lower case)."""

    statement: str
    tables: frozenset[str]


class Guard:
    """Judges statements.

    Args:
        tables: the names that may stand after FROM.
    """

    def __init__(self, tables: Iterable[str]) -> None:
        self._tables = frozenset(name.lower() for name in tables)
        self._parser = duckdb.connect(":memory:", config={"enable_external_access": "false"})
        self._functions = _allowed_functions(self._parser)
        views = self._parser.execute("SELECT view_name FROM duckdb_views() WHERE internal").fetchall()
        self._system = frozenset(str(name).lower() for (name,) in views)

    def check(self, sql: str) -> Allowed:
        """The one statement in ``sql``, if it may run.

        Raises:
            SqlRefusedError: it is no SELECT over the documented tables; it says what is in the way.
        """
        if len(sql) > MAX_SQL_CHARS:
            raise SqlRefusedError("The statement is too long", why=f"it has more than {MAX_SQL_CHARS} characters")
        statement = self._single(sql)
        tree = self._tree(statement)
        named = _common_names(tree)
        for name in named:
            if not _PLAIN_NAME.fullmatch(name) or self._is_system(name):
                raise SqlRefusedError(f"WITH may not name a query {name!r}", hint="use letters, digits and _")
        reachable = self._tables | {name.lower() for name in named}
        for node in _nodes(tree):
            self._check_node(node, reachable)
        tables = {str(node.get("table_name")).lower() for node in _nodes(tree) if node.get("type") == "BASE_TABLE"}
        return Allowed(statement, self._tables & tables)

    def _single(self, sql: str) -> str:
        try:
            found = duckdb.extract_statements(sql)
        except (duckdb.Error, UnicodeError) as error:
            raise SqlRefusedError("The statement is not understood", why=str(error).strip()[:500]) from error
        if len(found) != 1:
            raise SqlRefusedError(
                f"Exactly one statement is answered, not {len(found)}", hint="ask one after the other"
            )
        if found[0].type != duckdb.StatementType.SELECT:
            raise SqlRefusedError(
                f"Only SELECT is answered, not {found[0].type.name}",
                why="the lake is read-only here: nothing is written, attached, loaded, set or copied",
            )
        return found[0].query.rstrip().rstrip(";").rstrip()

    def _tree(self, statement: str) -> object:
        try:
            text = statement.replace("'", "''")  # a literal: with parameters DuckDB imports Pandas, for half a second
            told = self._parser.execute(f"SELECT json_serialize_sql('{text}')").fetchone()
            tree: object = msgspec.json.decode(str(told[0]) if told else "null")
        except (duckdb.Error, msgspec.DecodeError, RecursionError) as error:
            raise SqlRefusedError("The statement is not understood", why=str(error).strip()[:500]) from error
        if not isinstance(tree, dict) or tree.get("error"):  # pyright: ignore[reportUnknownMemberType]
            raise SqlRefusedError("Only SELECT is answered", why="PIVOT, EXPLAIN and the like are other statements")
        return tree  # pyright: ignore[reportUnknownVariableType]

    def _check_node(self, node: Mapping[str, object], reachable: frozenset[str]) -> None:
        kind, expression = node.get("type"), node.get("class")
        if expression is not None:
            if expression not in EXPRESSIONS:
                raise SqlRefusedError(f"Expressions of the kind {expression} are not answered")
        elif "select_list" in node or "cte_map" in node:
            if kind not in NODES:
                raise SqlRefusedError(f"Queries of the kind {kind} are not answered")
        elif "alias" in node and "sample" in node and kind not in TABLE_REFERENCES:
            raise SqlRefusedError(f"Tables of the kind {kind} are not answered")
        if kind == "BASE_TABLE":
            self._check_table(node, reachable)
        if kind == "TABLE_FUNCTION":
            self._check_table_function(node.get("function"))
        if kind == "SHOW_REF" and node.get("query") is None:
            raise SqlRefusedError("SHOW is not answered", hint=_TABLES_HINT)
        if expression in {"FUNCTION", "WINDOW"}:
            self._check_function(node)

    def _check_table(self, node: Mapping[str, object], reachable: frozenset[str]) -> None:
        name = str(node.get("table_name"))
        if node.get("schema_name") or node.get("catalog_name"):
            raise SqlRefusedError(f"Schemas and databases cannot be named: {name}", hint=_TABLES_HINT)
        if node.get("at_clause") is not None:
            raise SqlRefusedError("AT is not answered", hint="the lake shows its newest generation")
        if name.lower() not in reachable:
            raise SqlRefusedError(f"There is no table {name[:100]!r}", hint=_TABLES_HINT)

    def _check_table_function(self, function: object) -> None:
        name = str(function.get("function_name")) if isinstance(function, dict) else "?"  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        if name.lower() not in TABLE_FUNCTIONS:
            raise SqlRefusedError(
                f"The table function {name[:100]} is not answered",
                why="files, settings and the like cannot be read",
                hint=_TABLES_HINT,
            )

    def _check_function(self, node: Mapping[str, object]) -> None:
        name = str(node.get("function_name")).lower()
        if node.get("catalog") or node.get("schema") not in {"", None, "main"}:  # literals of maps say main
            raise SqlRefusedError(f"Functions cannot be named with a schema: {name[:100]}")
        if name not in self._functions and name not in TABLE_FUNCTIONS:
            raise SqlRefusedError(
                f"The function {name[:100]} is not answered",
                why="there is none, or it does more than calculate",
            )

    def _is_system(self, name: str) -> bool:
        lower = name.lower()
        return lower in self._system or lower.startswith(("duckdb_", "pg_", "sqlite_", "pragma_", "information_"))


def _allowed_functions(parser: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Functions without side effects that depend on nothing but what they are given."""
    rows = parser.execute(
        "SELECT DISTINCT lower(function_name), function_type FROM duckdb_functions() "
        "WHERE function_type = 'aggregate' OR function_type = 'macro' "
        "OR (function_type = 'scalar' AND stability = 'CONSISTENT')"
    ).fetchall()
    found = {str(name) for name, kind in rows if kind != "macro" or str(name).startswith(_MACRO_FAMILIES)}
    return frozenset({name for name in found if not name.startswith(("__internal", "st_"))} - _HARMFUL | _HARMLESS)


def _nodes(tree: object) -> Iterator[Mapping[str, object]]:
    """Every object of a tree, without recursion: a hostile text is as deep as it likes."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node  # pyright: ignore[reportUnknownVariableType]
            waiting.extend(node.values())  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(node, list):
            waiting.extend(node)  # pyright: ignore[reportUnknownArgumentType]


def _common_names(tree: object) -> list[str]:
    """The names that WITH gives to queries, anywhere in the statement."""
    found: list[str] = []
    for node in _nodes(tree):
        if "cte_name" in node:
            found.append(str(node["cte_name"]))
        if "key" in node and isinstance(node.get("value"), dict) and "query" in node["value"]:  # pyright: ignore[reportOperatorIssue]
            found.append(str(node["key"]))
    return found
