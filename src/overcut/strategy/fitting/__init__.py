"""The simulator's parameters, learned from the races of a lake."""

from __future__ import annotations

from overcut.lake import Lake
from overcut.strategy.fitting.events import fit_events
from overcut.strategy.fitting.pace import fit_pace
from overcut.strategy.fitting.reading import recorded
from overcut.strategy.parameters import ParameterSet, Provenance

__all__ = ["fit"]


def fit(lake: Lake, *, before: str | None = None) -> ParameterSet:
    """Fit everything from races and sprints since 2018.

    Args:
        lake: with their laps, stops, cautions, entries and results.
        before: key of a session, as ``2024-05-R``; only sessions run before it are read.

    Raises:
        WrongUsageError: ``before`` is no key of a session.
        DataMissingError: the lake holds no race to learn from.
    """
    read = recorded(lake, before=before)
    provenance = Provenance(
        how="hierarchical fit of races and sprints since 2018",
        until=read.races[-1].key,
        before=before or "",
        sessions=len(read.races),
        laps=read.laps.height,
        inputs=read.digest(),
    )
    return ParameterSet(provenance=provenance, pace=fit_pace(read).parameters, events=fit_events(lake, before=before))
