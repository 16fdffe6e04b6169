"""What could not be used, counted: no input is dropped without a trace."""

from __future__ import annotations

from overcut.domain.state import Defect

MAX_KINDS = 64
"""Distinct (topic, kind) pairs kept; what comes beyond is counted under one key, so memory stays bounded."""


def count_defect(defects: dict[str, Defect], *, kind: str, topic: str, t_ms: int, example: str) -> None:
    """Count one defect in ``defects``, keyed ``topic: kind``; the first example (cut to 120 characters) is kept."""
    key = f"{topic}: {kind}"
    if key not in defects and len(defects) >= MAX_KINDS:
        key, kind, topic = "other", "more kinds of defects than are listed", ""
    known = defects.get(key)
    if known is None:
        defects[key] = Defect(kind=kind, topic=topic, count=1, first_t_ms=t_ms, example=example[:120])
    else:
        known.count += 1


def merge_defects(into: dict[str, Defect], other: dict[str, Defect]) -> None:
    """Add ``other``'s counts to ``into``."""
    for key, defect in other.items():
        known = into.get(key)
        if known is None:
            into[key] = Defect(defect.kind, defect.topic, defect.count, defect.first_t_ms, defect.example)
        else:
            known.count += defect.count
