"""Which flag flew when, from race control's words alone: OpenF1 has no track status of its own."""

from __future__ import annotations

from datetime import datetime

import polars as pl

_CLEAR = ("GREEN", "CLEAR")


def track_changes(told: pl.DataFrame, zero: datetime) -> pl.DataFrame:
    """Changes of the whole track's flag: ``t_ms``, ``status`` (the feed's digit) and its word.

    What a message means: the safety car "DEPLOYED" is 4 until the track is clear or red, the virtual one 6, "ENDING"
    7; a yellow flag for the whole track 2, a red one 5, green or clear 1.
    """
    rows: list[tuple[int, str, str]] = []
    digit = "1"
    for row in told.filter(pl.col("date").is_not_null()).sort("date", maintain_order=True).iter_rows(named=True):
        now = _digit(str(row["category"]), str(row["flag"]), str(row["scope"]), str(row["message"]).upper())
        held = now == "2" and digit in ("4", "5", "6", "7")  # a yellow within a neutralisation ends none
        if now and now != digit and not held:
            rows.append((round((row["date"] - zero).total_seconds() * 1000), now, _WORDS[now]))
            digit = now
    schema = {"t_ms": pl.Int64(), "status": pl.String(), "message": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row")


_WORDS = {"1": "AllClear", "2": "Yellow", "4": "SCDeployed", "5": "Red", "6": "VSCDeployed", "7": "VSCEnding"}


def _digit(category: str, flag: str, scope: str, message: str) -> str:
    if category == "SafetyCar":
        if "VIRTUAL" in message or "VSC" in message:
            return "6" if "DEPLOYED" in message else "7" if "ENDING" in message else ""
        return "4" if "DEPLOYED" in message else ""
    if category == "Flag" and scope == "Track":
        if flag in _CLEAR:
            return "1"
        return {"RED": "5", "YELLOW": "2", "DOUBLE YELLOW": "2"}.get(flag, "")
    return ""
