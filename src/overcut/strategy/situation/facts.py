"""What is known of a session beside its laps: who takes part, from where, over how many laps, what the feed told."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import polars as pl

from overcut.domain.tyres import Compound


class Entrant(msgspec.Struct, frozen=True):
    """One car as it is known before the start.

    Attributes:
        driver_number: racing number, as text. ``driver``: three-letter code. ``team``: its name or F1DB id.
        grid: place on the grid, 1-based, without holes; those who start from the pit lane come last.
        pit_lane_start: it starts from the pit lane.
        driver_id: F1DB id of the driver; empty where unknown.
        qualifying: best lap over the fastest of its part of qualifying, less 1; None where it set none.
        start: tyre for the start; None where not known yet.
    """

    driver_number: str
    driver: str
    team: str
    grid: int
    pit_lane_start: bool = False
    driver_id: str = ""
    qualifying: float | None = None
    start: Compound | None = None


@dataclass(frozen=True)
class SessionFacts:
    """What is known of a race or sprint beside its laps.

    The three tables may hold the whole session: `situation` reads of them only what was there at its moment. Their
    clock is that of the lap table: since the session's feed began.

    Attributes:
        session_key: for people. ``season``: year; 0 where unknown. ``circuit_id``: by F1DB id; empty where unknown.
        laps: race distance as announced.
        entrants: every car that is to start.
        sprint: a sprint. ``start_ms``: when the lights went out, on the feed's clock; None where unknown.
        weather: t_ms, rainfall.
        track_status: t_ms, status (the feed's digit).
        messages: t_ms, message, driver_number of race control.
    """

    session_key: str
    season: int
    circuit_id: str
    laps: int
    entrants: tuple[Entrant, ...]
    sprint: bool = False
    start_ms: int | None = None
    weather: pl.DataFrame | None = None
    track_status: pl.DataFrame | None = None
    messages: pl.DataFrame | None = None
