"""How many laps a race was to have, as announced before it: shortened races keep the announced number.

Source: F1DB (https://github.com/f1db/f1db, CC BY 4.0), scheduled laps of races and sprints since 2018.
"""

from __future__ import annotations

from overcut.domain.calendar import RACES

_RACE: dict[str, int] = {
    "austin": 56,
    "bahrain": 57,
    "baku": 51,
    "catalunya": 66,
    "hockenheimring": 67,
    "hungaroring": 70,
    "imola": 63,
    "interlagos": 71,
    "istanbul": 58,
    "jeddah": 50,
    "las-vegas": 50,
    "lusail": 57,
    "madring": 57,
    "marina-bay": 62,
    "melbourne": 58,
    "mexico-city": 71,
    "miami": 57,
    "monaco": 78,
    "montreal": 70,
    "monza": 53,
    "mugello": 59,
    "nurburgring": 60,
    "paul-ricard": 53,
    "portimao": 66,
    "sepang": 56,
    "shanghai": 56,
    "silverstone": 52,
    "sochi": 53,
    "spa-francorchamps": 44,
    "spielberg": 71,
    "suzuka": 53,
    "yas-marina": 58,
    "zandvoort": 72,
}

_OTHER_LAYOUT: dict[tuple[int, int], int] = {
    (2018, 15): 61,
    (2018, 21): 55,
    (2019, 15): 61,
    (2019, 21): 55,
    (2020, 16): 87,
    (2020, 17): 55,
    (2022, 17): 61,
}
"""Races on an earlier layout of their circuit, by season and round."""

_SPRINT: dict[str, int] = {
    "austin": 19,
    "baku": 17,
    "imola": 21,
    "interlagos": 24,
    "lusail": 19,
    "marina-bay": 21,
    "miami": 19,
    "montreal": 23,
    "monza": 18,
    "shanghai": 19,
    "silverstone": 17,
    "spa-francorchamps": 15,
    "spielberg": 24,
    "zandvoort": 24,
}


def announced_laps(season: int, round_number: int, *, sprint: bool = False) -> int | None:
    """Laps of a Grand Prix, or of its sprint, as announced; None where that is not known."""
    races = RACES.get(season, ())
    if not 1 <= round_number <= len(races):
        return None
    circuit = races[round_number - 1][1]
    if sprint:
        return _SPRINT.get(circuit)
    return _OTHER_LAYOUT.get((season, round_number), _RACE.get(circuit))
