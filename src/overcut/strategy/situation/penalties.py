"""Which time penalties has each car still to serve at the moment, by race control's messages so far?"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from overcut.strategy.situation.facts import SessionFacts
from overcut.strategy.situation.moment import Moment

_GIVEN = re.compile(r"(?P<seconds>\d+) SECOND TIME PENALTY FOR CAR (?P<car>\d+)")
_THROUGH = re.compile(r"DRIVE[ -]THROUGH PENALTY FOR CAR (?P<car>\d+)")
_GO = re.compile(r"(?P<seconds>\d+) SECOND STOP ?(?:/|AND|-)? ?GO PENALTY FOR CAR (?P<car>\d+)")

DRIVE_THROUGH_S = 20.0
"""About what a drive-through costs: a stop without standing still (FIA Sporting Regulations give it as 20 s where it
can no longer be served)."""


def pending_penalties(facts: SessionFacts, now: Moment) -> dict[str, float]:
    """Seconds still to serve, by driver number; cars without any are absent.

    A penalty counts as served when race control says so, or when the car has stopped since it was given: it must be
    served at the next stop (FIA Sporting Regulations, article 54.3).
    """
    if facts.messages is None:
        return {}
    past = facts.messages.filter(pl.col("t_ms") <= now.t_s * 1000.0).sort("t_ms", maintain_order=True)
    stops = _last_stops(now)
    pending: dict[str, float] = {}
    for t_ms, message in past.select("t_ms", "message").iter_rows():
        found = _read(str(message))
        if found is None:
            continue
        car, seconds, served = found
        if served:
            pending[car] = max(0.0, pending.get(car, 0.0) - seconds)
        elif stops.get(car, -1.0) * 1000.0 < t_ms:
            pending[car] = pending.get(car, 0.0) + seconds
    return {car: seconds for car, seconds in pending.items() if seconds > 0.0}


def _last_stops(now: Moment) -> Mapping[str, float]:
    stopped = now.laps.filter(pl.col("pit_in").fill_null(value=False))
    ends = stopped.group_by("driver_number").agg(pl.col("lap_end_s").max())
    return dict(ends.iter_rows())


def _read(message: str) -> tuple[str, float, bool] | None:
    text = message.upper()
    served = "SERVED" in text
    for pattern in (_GO, _GIVEN):
        match = pattern.search(text)
        if match is not None:
            extra = DRIVE_THROUGH_S if pattern is _GO else 0.0
            return match["car"], float(match["seconds"]) + extra, served
    match = _THROUGH.search(text)
    return None if match is None else (match["car"], DRIVE_THROUGH_S, served)
