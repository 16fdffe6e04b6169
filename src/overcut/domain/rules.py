"""What a season's rules are, as far as a session's course depends on them, each with its source regulation.

Sources: *FIA 2025 Formula One Sporting Regulations* ("SR 2025") and *FIA 2026 Formula 1 Regulations, Section B:
Sporting* ("B 2026").
"""

from __future__ import annotations

import msgspec

from overcut.domain.tyres import Compound


class SeasonRules(msgspec.Struct, frozen=True):
    """One season's rules.

    Attributes:
        season: the year. ``cars``: how many start (SR 2025 and B 2026: two a team; ten teams, eleven from 2026).
        drs: whether the drag reduction system exists (SR 2025 article 22; gone in 2026).
        overtake_mode: whether race control enables an electrical overtake mode instead (B 2026).
        help_gap_s: gap at detection within which a follower may use either (SR 2025 article 22: one second).
        help_after_laps: laps after a start or restart before it is enabled (SR 2025 article 22: one).
        dry_compounds: compounds brought to an event, soft to hard (SR 2025 article 30).
        compounds_required: different dry compounds to be used in a race unless a wet one was (SR 2025 article 30.5 m).
        tyre_change_under_red: whether tyres may be changed while a race is suspended (SR 2025 article 57).
        standing_restart: whether a suspended race resumes from the grid (SR 2025 article 58), in the dry.
        lapped_cars_may_overtake: whether lapped cars are waved past the safety car (SR 2025 article 55.14).
        qualifying_minutes: lengths of Q1, Q2, Q3 (SR 2025 article 39; B 2026 lengthens Q3).
        qualifying_entries: cars taking part in Q1, Q2, Q3 (the same articles).
        points: for the first ten (SR 2025 article 6); the point for the fastest lap ended with 2024.
        race_fuel_kg: fuel at the start of a race. No regulation since the 110 kg limit is seldom used up; 100 kg is the
            figure teams quote for 2025, about 70 kg for 2026 with its larger electrical share.
    """

    season: int
    cars: int
    drs: bool
    overtake_mode: bool
    qualifying_minutes: tuple[int, int, int]
    qualifying_entries: tuple[int, int, int]
    race_fuel_kg: float
    help_gap_s: float = 1.0
    help_after_laps: int = 1
    dry_compounds: tuple[Compound, ...] = (Compound.SOFT, Compound.MEDIUM, Compound.HARD)
    compounds_required: int = 2
    tyre_change_under_red: bool = True
    standing_restart: bool = True
    lapped_cars_may_overtake: bool = True
    points: tuple[int, ...] = (25, 18, 15, 12, 10, 8, 6, 4, 2, 1)


RULES: dict[int, SeasonRules] = {
    2025: SeasonRules(
        season=2025,
        cars=20,
        drs=True,
        overtake_mode=False,
        qualifying_minutes=(18, 15, 12),
        qualifying_entries=(20, 15, 10),
        race_fuel_kg=100.0,
    ),
    2026: SeasonRules(
        season=2026,
        cars=22,
        drs=False,
        overtake_mode=True,
        qualifying_minutes=(18, 15, 13),
        qualifying_entries=(22, 16, 10),
        race_fuel_kg=70.0,
    ),
}
"""Rules by season."""


def mandatory_stops(season: int, circuit_id: str) -> int:
    """Pit stops that a race demands beyond the compound rule: two at Monaco in 2025 (SR 2025 article 30.5), else 0."""
    return 2 if season == 2025 and circuit_id == "monaco" else 0
