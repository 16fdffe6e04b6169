"""When a circuit's Grand Prix is held: race days of 2025 and 2026 as first published, Sundays but for Saturday night races."""

from __future__ import annotations

from datetime import date, timedelta

_RACE_DAYS: dict[int, dict[str, tuple[int, int]]] = {
    2025: {
        "melbourne": (3, 16),
        "shanghai": (3, 23),
        "suzuka": (4, 6),
        "bahrain": (4, 13),
        "jeddah": (4, 20),
        "miami": (5, 4),
        "imola": (5, 18),
        "monaco": (5, 25),
        "catalunya": (6, 1),
        "montreal": (6, 15),
        "spielberg": (6, 29),
        "silverstone": (7, 6),
        "spa-francorchamps": (7, 27),
        "hungaroring": (8, 3),
        "zandvoort": (8, 31),
        "monza": (9, 7),
        "baku": (9, 21),
        "marina-bay": (10, 5),
        "austin": (10, 19),
        "mexico-city": (10, 26),
        "interlagos": (11, 9),
        "las-vegas": (11, 22),
        "lusail": (11, 30),
        "yas-marina": (12, 7),
    },
    2026: {
        "melbourne": (3, 8),
        "shanghai": (3, 15),
        "suzuka": (3, 29),
        "bahrain": (4, 12),
        "jeddah": (4, 19),
        "miami": (5, 3),
        "montreal": (5, 24),
        "monaco": (6, 7),
        "catalunya": (6, 14),
        "spielberg": (6, 28),
        "silverstone": (7, 5),
        "spa-francorchamps": (7, 19),
        "hungaroring": (7, 26),
        "zandvoort": (8, 23),
        "monza": (9, 6),
        "madring": (9, 13),
        "baku": (9, 26),
        "marina-bay": (10, 11),
        "austin": (10, 25),
        "mexico-city": (11, 1),
        "interlagos": (11, 8),
        "las-vegas": (11, 21),
        "lusail": (11, 29),
        "yas-marina": (12, 6),
    },
}


def race_day(season: int, circuit_id: str) -> date:
    """The day of the race; a circuit that is not on that season's calendar gets the season's first Sunday of October."""
    known = _RACE_DAYS.get(season, {}).get(circuit_id)
    if known is not None:
        return date(season, *known)
    first = date(season, 10, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7)


def round_number(season: int, circuit_id: str) -> int:
    """The round in the season's calendar as first published; 0 where the circuit is not on it."""
    days = _RACE_DAYS.get(season, {})
    return sorted(days, key=lambda circuit: days[circuit]).index(circuit_id) + 1 if circuit_id in days else 0
