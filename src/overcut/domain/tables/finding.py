"""What was found wrong with rows on their way into the lake, and what became of them."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Action(StrEnum):
    """What was done about a defect."""

    REPAIRED = "repaired"
    """The value is now right, or null where only null is true; the row as it came is in quarantine."""
    KEPT = "kept"
    """Doubtful, but nothing better is known: the row is in the table as it came."""
    QUARANTINED = "quarantined"
    """The row is not in the table; it is kept in quarantine as it came."""


class Finding(msgspec.Struct, frozen=True):
    """One kind of defect in one place.

    Attributes:
        place: session key, season as text, or "whole".
        kind: what is wrong: missing_value, wrong_type, not_a_number, out_of_range, unknown_word, duplicate_key,
            repeated_row, not_monotonic, sectors_disagree, unknown_name, corrected.
        column: which value; "" for the row as a whole.
        rows: how many. ``example``: one of them, in words.
    """

    place: str
    kind: str
    column: str
    rows: int
    action: Action
    example: str
