"""Rows for tests of the lake: small, invented, of every kind of unit."""

from __future__ import annotations

import polars as pl

MONACO, SPA = "2024-08-R", "2024-14-R"


def laps(*keys: str, laps_each: int = 3, lap_time_s: float = 80.0) -> pl.DataFrame:
    """Laps of two cars in each session."""
    return pl.DataFrame(
        [
            {"session_key": key, "driver_number": number, "lap": lap, "lap_time_s": lap_time_s + lap / 10}
            for key in keys
            for number in ("4", "16")
            for lap in range(1, laps_each + 1)
        ]
    )


def races(*seasons: int, circuit: str = "monza", rounds: int = 2) -> pl.DataFrame:
    """Races of some seasons."""
    return pl.DataFrame(
        [
            {
                "season": season,
                "round": number,
                "date": f"{season}-0{number}-01",
                "grand_prix_id": "italy",
                "circuit_id": circuit,
                "sprint": False,
                "drivers_decider": False,
                "constructors_decider": False,
            }
            for season in seasons
            for number in range(1, rounds + 1)
        ]
    ).with_columns(pl.col("date").str.to_date())


def documents(*names: str, body: str = "words") -> pl.DataFrame:
    """Documents: a table that is known as a whole."""
    return pl.DataFrame([{"document_id": name, "kind": "note", "body": body} for name in names])
