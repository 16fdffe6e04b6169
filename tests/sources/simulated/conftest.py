"""Simulated sessions that several tests read: each is simulated once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pytest

from overcut.domain.circuits import CIRCUITS
from overcut.domain.session import SessionKind
from overcut.sources.simulated.form import weekend_form
from overcut.sources.simulated.log import SessionLog
from overcut.sources.simulated.track import Track, lay_out
from overcut.sources.simulated.weekend import simulate_race, simulate_session, starting_grid


@dataclass(frozen=True)
class Played:
    """A simulated session, its track, and for a race the grid's racing numbers."""

    track: Track
    log: SessionLog
    grid: tuple[str, ...]
    circuit: str
    seed: int
    season: int


@lru_cache(maxsize=32)
def track_of(circuit: str, season: int) -> Track:
    return lay_out(CIRCUITS[circuit], season)


@lru_cache(maxsize=128)
def race_of(circuit: str, seed: int, season: int = 2025, laps: int | None = None) -> Played:
    track = track_of(circuit, season)
    forms = weekend_form(season, circuit, seed)
    grid = starting_grid(track, season, seed, forms)
    log = simulate_race(track, season, seed, grid, laps)
    return Played(track, log, tuple(form.entry.number for form in grid), circuit, seed, season)


@lru_cache(maxsize=16)
def session_of(circuit: str, seed: int, kind: SessionKind, season: int = 2025) -> Played:
    track = track_of(circuit, season)
    log = simulate_session(track, season, seed, kind, weekend_form(season, circuit, seed))
    return Played(track, log, (), circuit, seed, season)


def many_races() -> list[Played]:
    """24 races: eight circuits of different character, three seeds each."""
    known = [c for c in SAMPLE if c in CIRCUITS]
    return [race_of(circuit, seed) for circuit in known for seed in range(1, 4)]


SAMPLE = ("monza", "baku", "silverstone", "catalunya", "hungaroring", "interlagos", "suzuka", "bahrain")


@pytest.fixture(scope="session")
def races() -> list[Played]:
    return many_races()


@pytest.fixture(scope="session")
def short_race() -> Played:
    """Six laps of Monza with everything that a race has at its start and end."""
    return race_of("monza", 3, 2025, 6)
