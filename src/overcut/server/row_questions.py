"""How rows are asked for in an address: ``?season=2024&position<=3&order=-points&limit=50``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

import msgspec

from overcut.kernel.errors import WrongUsageError
from overcut.lake.rows import Comparison, Filter, RowQuery
from overcut.server.row_answers import RowFormat

MAX_QUERY_BYTES = 8_192
_TERM = re.compile(r"^([A-Za-z_][A-Za-z0-9_]*)(>=|<=|!=|>|<|=)(.*)$", re.DOTALL)
_PAGE = frozenset({"limit", "offset", "order", "columns", "format"})


class Question(msgspec.Struct, frozen=True):
    """What an address asks for: rows, and their form (None: not said)."""

    rows: RowQuery
    form: RowFormat | None


def terms(query: bytes) -> Iterator[Filter]:
    """The comparisons of a query string, in order.

    ``name>=value`` has its ``=`` inside, so the usual parser would take ``name>`` for a name; a value of ``>=5`` after
    a plain ``=`` (as some clients write) is understood too.

    Raises:
        WrongUsageError: it is too long, no text, or a term is no comparison.
    """
    if len(query) > MAX_QUERY_BYTES:
        raise WrongUsageError("The query is too long", hint=f"at most {MAX_QUERY_BYTES} bytes")
    for piece in query.split(b"&"):
        if not piece:
            continue
        try:
            text = unquote_plus(piece.decode("ascii"), errors="strict")
        except UnicodeDecodeError as error:
            raise WrongUsageError("The query is no UTF-8 text", why=str(error)) from error
        found = _TERM.match(text)
        if found is None:
            raise WrongUsageError(
                f"{text[:60]!r} is no filter", hint="write column=value, or one of != < <= > >= in place of ="
            )
        name, sign, value = found.groups()
        yield _unfolded(name, sign, value)


def _unfolded(name: str, sign: str, value: str) -> Filter:
    if sign == "=":
        for comparison in (Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.ABOVE, Comparison.BELOW):
            if value.startswith(comparison.value):
                return Filter(name, comparison, value.removeprefix(comparison.value))
    return Filter(name, Comparison(sign), value)


def question(query: bytes, *, most: int, usual: int) -> Question:
    """What the query of a table's address asks for.

    Args:
        query: the address's query string.
        most, usual: rows at most, and when no limit is given.

    Raises:
        WrongUsageError: it cannot be understood; says what would be.
    """
    filters: list[Filter] = []
    page: dict[str, str] = {}
    for term in terms(query):
        if term.column not in _PAGE:
            filters.append(term)
        elif term.comparison is not Comparison.EQUAL or term.column in page:
            raise WrongUsageError(f"{term.column} is given once, as {term.column}=…")
        else:
            page[term.column] = term.value
    rows = RowQuery(
        filters=filters,
        columns=_words(page.get("columns", "")),
        order=_words(page.get("order", "")),
        limit=_number("limit", page.get("limit"), usual, most),
        offset=_number("offset", page.get("offset"), 0, 1_000_000_000),
    )
    return Question(rows, _form(page.get("format")))


def _form(text: str | None) -> RowFormat | None:
    if text is None:
        return None
    if text not in set(RowFormat):
        raise WrongUsageError(f"There is no format {text[:40]!r}", hint=f"one of {', '.join(RowFormat)}")
    return RowFormat(text)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _number(name: str, text: str | None, usual: int, most: int) -> int:
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and int(text) <= most):
        raise WrongUsageError(f"{name} is no whole number from 0 to {most}: {text[:40]!r}")
    return int(text)
