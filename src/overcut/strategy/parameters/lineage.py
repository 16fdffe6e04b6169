"""Which teams are the same team under another name?

Facts of public record: entries whose car and people went on under a new constructor's name since 2018.
"""

from __future__ import annotations

_BECAME: dict[str, str] = {
    "force-india": "racing-point",
    "racing-point": "aston-martin",
    "toro-rosso": "alphatauri",
    "alphatauri": "rb",
    "rb": "racing-bulls",
    "renault": "alpine",
    "sauber": "alfa-romeo",
    "alfa-romeo": "kick-sauber",
    "kick-sauber": "audi",
}


def line_of(team: str) -> str:
    """The last name of a team's line (F1DB constructor ids); the team itself where it never changed."""
    seen = {team}
    while team in _BECAME and _BECAME[team] not in seen:
        team = _BECAME[team]
        seen.add(team)
    return team
