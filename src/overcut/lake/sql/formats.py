"""In which forms an answer can be kept: JSON, JSON lines, CSV, Parquet, Arrow."""

from __future__ import annotations

from enum import StrEnum

from overcut.kernel.errors import WrongUsageError


class RowsFormat(StrEnum):
    """A form of rows; the ending of its files."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"


def format_of(ending: str) -> RowsFormat:
    """The form that a file's ending names.

    Raises:
        WrongUsageError: none.
    """
    try:
        return RowsFormat(ending.removeprefix(".").lower())
    except ValueError as error:
        raise WrongUsageError(
            f"Rows cannot be written as {ending or 'a file without an ending'}",
            hint=f"endings: {', '.join('.' + form.value for form in RowsFormat)}",
        ) from error
