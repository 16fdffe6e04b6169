"""Which colour a team has on the board in a season, for tables that do not say."""

from __future__ import annotations

from overcut.domain.entries import ENTRIES

_OLDER: dict[str, str] = {
    "alfa romeo": "900000",
    "alphatauri": "2B4562",
    "alpine": "0090FF",
    "aston martin": "006F62",
    "ferrari": "DC0000",
    "force india": "F596C8",
    "haas": "B6BABD",
    "mclaren": "FF8700",
    "mercedes": "00D2BE",
    "racing point": "F596C8",
    "rb": "6692FF",
    "red bull": "1E41FF",
    "renault": "FFF500",
    "sauber": "9B0000",
    "toro rosso": "469BFF",
    "williams": "0082FA",
}
"""To 2024: the liveries' main colours, by how the team's name begins or which word it holds."""


def colour_of(team: str, season: int) -> str:
    """Six hexadecimal digits; empty for a team that is not known."""
    name = team.lower()
    for entry in ENTRIES.get(season, ()):
        if entry.team.name.lower() == name:
            return entry.team.colour
    if season == 2024 and name == "kick sauber":
        return "52E252"
    known = [
        (len(word), colour) for word, colour in _OLDER.items() if name == word or name.startswith((word + " ", word))
    ]
    return max(known)[1] if known else ""
