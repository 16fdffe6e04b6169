"""How a session is named: ``2025-06-S``, ``sim-2025-monza-7-R``, ``rec-<name>``."""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec


class SessionKind(StrEnum):
    """Session kinds by their short code (a sprint shoot-out counts as SQ)."""

    FP1 = "FP1"
    FP2 = "FP2"
    FP3 = "FP3"
    SPRINT_QUALIFYING = "SQ"
    SPRINT = "S"
    QUALIFYING = "Q"
    RACE = "R"


_KIND_BY_NAME: dict[str, SessionKind] = {
    "practice 1": SessionKind.FP1,
    "practice 2": SessionKind.FP2,
    "practice 3": SessionKind.FP3,
    "sprint qualifying": SessionKind.SPRINT_QUALIFYING,
    "sprint shootout": SessionKind.SPRINT_QUALIFYING,
    "sprint": SessionKind.SPRINT,
    "qualifying": SessionKind.QUALIFYING,
    "race": SessionKind.RACE,
}


def kind_of_session_name(name: str) -> SessionKind | None:
    """The kind of a feed's session name ("Sprint Shootout" is SQ); None when it is not one of a Grand Prix."""
    return _KIND_BY_NAME.get(name.strip().lower().replace("_", " "))


_SLUG = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Lower-case words joined by hyphens, fit for a session key: "São Paulo GP!" gives "s-o-paulo-gp"."""
    return _SLUG.sub("-", text.lower()).strip("-") or "unnamed"


class SessionKey(msgspec.Struct, frozen=True):
    """A session's name, as text. Build it with one of the class methods; ``str(key)`` is the text."""

    text: str

    @classmethod
    def official(cls, season: int, round_number: int, kind: SessionKind) -> SessionKey:
        """``2025-06-S``."""
        return cls(f"{season}-{round_number:02d}-{kind.value}")

    @classmethod
    def simulated(cls, season: int, circuit: str, seed: int, kind: SessionKind) -> SessionKey:
        """``sim-2025-monza-7-R``."""
        return cls(f"sim-{season}-{circuit}-{seed}-{kind.value}")

    @classmethod
    def recording(cls, name: str) -> SessionKey:
        """``rec-<name>`` for a recording without usable metadata."""
        return cls(f"rec-{slug(name)}")

    def __str__(self) -> str:
        return self.text


_PARTS = re.compile(r"^(?:sim-)?(?P<season>\d{4})-(?:(?P<round>\d{2})-)?.*?(?P<kind>FP[123]|SQ|S|Q|R)$")


def parts_of_key(text: str) -> tuple[int | None, int | None, str]:
    """Season, round and kind that a session's key tells; a recording's whole key stands for its kind."""
    match = _PARTS.match(text)
    if match is None:
        return None, None, text
    return int(match["season"]), int(match["round"]) if match["round"] else None, match["kind"]
