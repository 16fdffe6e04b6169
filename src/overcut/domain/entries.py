"""Who drives what in a season: numbers, codes, names, teams and colours as the timing feed has them.

Facts of the 2025 (line-up of the season's second half) and 2026 entry lists of the FIA Formula One World Championship.
"""

from __future__ import annotations

import msgspec


class Team(msgspec.Struct, frozen=True):
    """A team in one season: the feed's name and its colour, six hexadecimal digits without ``#``."""

    name: str
    colour: str


class Entry(msgspec.Struct, frozen=True):
    """A driver and his car in one season. ``number`` is text, the identity within a session."""

    number: str
    code: str
    first_name: str
    last_name: str
    team: Team

    @property
    def full_name(self) -> str:
        """``Lando NORRIS``, the feed's own form."""
        return f"{self.first_name} {self.last_name.upper()}"

    @property
    def broadcast_name(self) -> str:
        """``L NORRIS``."""
        return f"{self.first_name[0]} {self.last_name.upper()}"

    @property
    def reference(self) -> str:
        """``LANNOR01``: three letters of each name, as the feed builds it."""
        return f"{self.first_name[:3]}{self.last_name[:3]}01".upper()


def _team(name: str, colour: str, *drivers: tuple[str, str, str, str]) -> tuple[Entry, ...]:
    team = Team(name, colour)
    return tuple(Entry(number, code, first, last, team) for number, code, first, last in drivers)


_MCLAREN = ("McLaren", "F47600")
_FERRARI = ("Ferrari", "ED1131")
_RED_BULL = ("Red Bull Racing", "4781D7")
_MERCEDES = ("Mercedes", "00D7B6")
_ASTON_MARTIN = ("Aston Martin", "229971")
_ALPINE = ("Alpine", "00A1E8")
_HAAS = ("Haas F1 Team", "9C9FA2")
_RACING_BULLS = ("Racing Bulls", "6C98FF")
_WILLIAMS = ("Williams", "1868DB")

_LEC, _HAM = ("16", "LEC", "Charles", "Leclerc"), ("44", "HAM", "Lewis", "Hamilton")
_RUS, _ANT = ("63", "RUS", "George", "Russell"), ("12", "ANT", "Kimi", "Antonelli")
_ALO, _STR = ("14", "ALO", "Fernando", "Alonso"), ("18", "STR", "Lance", "Stroll")
_GAS, _COL = ("10", "GAS", "Pierre", "Gasly"), ("43", "COL", "Franco", "Colapinto")
_OCO, _BEA = ("31", "OCO", "Esteban", "Ocon"), ("87", "BEA", "Oliver", "Bearman")
_ALB, _SAI = ("23", "ALB", "Alexander", "Albon"), ("55", "SAI", "Carlos", "Sainz")
_HUL, _BOR = ("27", "HUL", "Nico", "Hulkenberg"), ("5", "BOR", "Gabriel", "Bortoleto")
_PIA, _LAW = ("81", "PIA", "Oscar", "Piastri"), ("30", "LAW", "Liam", "Lawson")
_HAD = ("6", "HAD", "Isack", "Hadjar")

ENTRIES: dict[int, tuple[Entry, ...]] = {
    2025: (
        *_team(*_MCLAREN, ("4", "NOR", "Lando", "Norris"), _PIA),
        *_team(*_FERRARI, _LEC, _HAM),
        *_team(*_RED_BULL, ("1", "VER", "Max", "Verstappen"), ("22", "TSU", "Yuki", "Tsunoda")),
        *_team(*_MERCEDES, _RUS, _ANT),
        *_team(*_ASTON_MARTIN, _ALO, _STR),
        *_team(*_ALPINE, _GAS, _COL),
        *_team(*_HAAS, _OCO, _BEA),
        *_team(*_RACING_BULLS, _HAD, _LAW),
        *_team(*_WILLIAMS, _ALB, _SAI),
        *_team("Kick Sauber", "01C00E", _HUL, _BOR),
    ),
    2026: (
        *_team(*_MCLAREN, ("1", "NOR", "Lando", "Norris"), _PIA),
        *_team(*_FERRARI, _LEC, _HAM),
        *_team(*_RED_BULL, ("3", "VER", "Max", "Verstappen"), _HAD),
        *_team(*_MERCEDES, _RUS, _ANT),
        *_team(*_ASTON_MARTIN, _ALO, _STR),
        *_team(*_ALPINE, _GAS, _COL),
        *_team(*_HAAS, _OCO, _BEA),
        *_team(*_RACING_BULLS, _LAW, ("41", "LIN", "Arvid", "Lindblad")),
        *_team(*_WILLIAMS, _ALB, _SAI),
        *_team("Audi", "F50537", _HUL, _BOR),
        *_team("Cadillac", "909090", ("11", "PER", "Sergio", "Perez"), ("77", "BOT", "Valtteri", "Bottas")),
    ),
}
"""Entries by season, two cars a team, teams in no particular order."""
