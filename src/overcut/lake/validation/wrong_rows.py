"""The error for rows that have other columns than their table."""

from __future__ import annotations

from overcut.kernel.errors import OvercutError


class WrongRowsError(OvercutError):
    """Rows that do not fit their table."""
