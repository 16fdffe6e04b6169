"""Whether rows may enter a table of the lake: schema, missing values, keys, ranges, words, order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from overcut.domain.tables import Table, Unit
from overcut.domain.tables.finding import Action, Finding
from overcut.kernel.frame_schema import frame_schema
from overcut.lake.validation.judging import Mark, judge
from overcut.lake.validation.order import backwards, disagreeing
from overcut.lake.validation.wrong_rows import WrongRowsError

WHOLE = "whole"
PROBLEM = "problem"
"""Column of quarantined rows: what is wrong, in words."""


class Checked(NamedTuple):
    """What came of validation.

    Attributes:
        frame: the rows that may enter, in the table's schema and the order in which they came.
        quarantined: every row that was refused or changed, as it came: the table's columns as text, and ``problem``.
        findings: what is wrong, counted by place, kind and column.
    """

    frame: pl.DataFrame
    quarantined: pl.DataFrame
    findings: tuple[Finding, ...]


def checked(table: Table, frame: pl.DataFrame) -> Checked:
    """Validate rows that are to enter ``table``.

    Values that cannot be true become null (the row as it came is in quarantine), rows without what they need, and all
    but the last of the rows of one key, are refused; what is doubtful is kept. All of it is counted.

    Raises:
        WrongRowsError: a needed column is missing, or there is one that the table does not have.
    """
    _check_columns(table, frame)
    given = _completed(table, frame)
    judged = [judge(table, column, given.get_column(column.name)) for column in table.columns]
    typed = pl.DataFrame([found.values for found in judged])
    marks = [mark for found in judged for mark in found.marks]
    marks += _repeated(table, typed, _refused(marks, typed.height))
    refused = _refused(marks, typed.height)
    if refused is not None:
        kept = ~refused
        clean = typed.filter(kept)
        later = [*backwards(table.name, clean), *disagreeing(table.name, clean)]
        findings = [*_findings(table, given, marks), *_findings(table, clean, later)]
    else:
        clean = typed
        later = [*backwards(table.name, clean), *disagreeing(table.name, clean)]
        findings = _findings(table, given, [*marks, *later])
    return Checked(clean, _quarantined(given, marks), tuple(findings))


def _check_columns(table: Table, frame: pl.DataFrame) -> None:
    unknown = [name for name in frame.columns if name not in table.names]
    missing = [column.name for column in table.columns if not column.nullable and column.name not in frame.columns]
    if not unknown and not missing:
        return
    said = [f"unknown: {', '.join(unknown)}"] if unknown else []
    said += [f"missing: {', '.join(missing)}"] if missing else []
    raise WrongRowsError(
        f"Rows do not have the columns of {table.name}",
        why="; ".join(said),
        hint=f"its columns are {', '.join(table.names)}",
    )


def _completed(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    schema = frame_schema(table)
    absent = [pl.lit(None, dtype=schema[name]).alias(name) for name in table.names if name not in frame.columns]
    return frame.with_columns(absent).select(table.names)


def _refused(marks: Sequence[Mark], height: int) -> pl.Series | None:
    """The rows that do not enter; None where all do."""
    refused: pl.Series | None = None
    for mark in marks:
        if mark.action is Action.QUARANTINED or mark.kind == "repeated_row":
            refused = mark.rows if refused is None else refused | mark.rows
    return refused


def _repeated(table: Table, typed: pl.DataFrame, refused: pl.Series | None) -> list[Mark]:
    """Rows whose key occurs again further down: the last row of a key is the newest word, and stays.

    A row that is the same in every value adds nothing: it is counted as repeated, and nothing is lost with it.
    """
    keys = typed.select(table.key)
    if refused is not None:
        keys = keys.filter(~refused)
    if not keys.is_duplicated().any():
        return []
    indexed = typed.with_row_index("row")
    if refused is not None:
        indexed = indexed.filter(~refused)
    again = indexed.filter(indexed.select(table.key).is_duplicated())
    last = again.unique(table.key, keep="last", maintain_order=True)
    gone = again.join(last.select("row"), on="row", how="anti")
    same = gone.join(last.drop("row"), on=list(table.names), how="semi", nulls_equal=True)
    other = gone.join(same.select("row"), on="row", how="anti")
    marks: list[Mark] = []
    for kind, action, rows in (
        ("repeated_row", Action.REPAIRED, same),
        ("duplicate_key", Action.QUARANTINED, other),
    ):
        if rows.height:
            mask = pl.Series([False]).new_from_index(0, typed.height).scatter(rows["row"], values=True)
            marks.append(Mark(kind, "", mask, action))
    return marks


def _findings(table: Table, given: pl.DataFrame, marks: Sequence[Mark]) -> list[Finding]:
    unit = None if table.unit is Unit.WHOLE else str(table.unit)
    found: list[Finding] = []
    for mark in marks:
        rows = given.filter(mark.rows)
        place = pl.lit(WHOLE) if unit is None else pl.col(unit).cast(pl.String).fill_null("unknown")
        grouped = rows.with_columns(place.alias("place*")).group_by("place*", maintain_order=True)
        shown = list(dict.fromkeys((*table.key, *([mark.column] if mark.column else []))))
        for (name,), group in grouped:
            example = ", ".join(
                f"{column} {value}" for column, value in zip(shown, group.select(shown).row(0), strict=True)
            )
            found.append(Finding(str(name), mark.kind, mark.column, group.height, mark.action, example[:300]))
    return found


def _quarantined(given: pl.DataFrame, marks: Sequence[Mark]) -> pl.DataFrame:
    """The rows that were refused or changed, as they came; not exact repetitions: nothing is lost with them."""
    problem = pl.lit("")
    hit: pl.Series | None = None
    for mark in marks:
        if mark.kind == "repeated_row":
            continue
        words = f"{mark.kind} {mark.column}".strip() + f" ({mark.action.value}); "
        problem = problem + pl.when(mark.rows).then(pl.lit(words)).otherwise(pl.lit(""))
        hit = mark.rows if hit is None else hit | mark.rows
    if hit is None:
        return pl.DataFrame(schema={**dict.fromkeys(given.columns, pl.String), PROBLEM: pl.String})
    told = given.with_columns(problem.str.strip_chars_end("; ").alias(PROBLEM)).filter(hit)
    return told.select(pl.all().cast(pl.String, strict=False))
