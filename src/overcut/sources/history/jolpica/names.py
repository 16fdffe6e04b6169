"""Which F1DB ids the people, teams and places of Ergast's pages have, where nobody knows better: by rule."""

from __future__ import annotations

from typing import Protocol

from overcut.domain.grands_prix import plain
from overcut.sources.history.jolpica.pages import Circuit, Constructor, Driver

_CONSTRUCTORS = {
    "alfa": "alfa-romeo",
}
_CIRCUITS = {
    "albert_park": "melbourne",
    "americas": "austin",
    "BAK": "baku",
    "red_bull_ring": "spielberg",
    "rodriguez": "mexico-city",
    "ricard": "paul-ricard",
    "spa": "spa-francorchamps",
    "vegas": "las-vegas",
    "losail": "lusail",
    "villeneuve": "montreal",
    "yas_marina": "yas-marina",
}
_GRANDS_PRIX = {
    "australian": "australia", "austrian": "austria", "belgian": "belgium", "brazilian": "brazil",
    "british": "great-britain", "canadian": "canada", "chinese": "china", "dutch": "netherlands", "french": "france",
    "german": "germany", "hungarian": "hungary", "italian": "italy", "japanese": "japan", "malaysian": "malaysia",
    "mexican": "mexico", "mexico city": "mexico", "portuguese": "portugal", "russian": "russia",
    "saudi arabian": "saudi-arabia", "spanish": "spain", "styrian": "styria", "turkish": "turkey",
    "tuscan": "tuscany", "united states": "united-states", "sao paulo": "sao-paulo",
}  # fmt: skip


class Names(Protocol):
    """Gives F1DB ids."""

    def driver(self, driver: Driver) -> str:
        """Id of a driver."""
        ...

    def constructor(self, constructor: Constructor, season: int) -> str:
        """Id of a constructor in a season."""
        ...

    def circuit(self, circuit: Circuit) -> str:
        """Id of a circuit."""
        ...

    def grand_prix(self, name: str) -> str:
        """Id of a Grand Prix by its name: "British Grand Prix"."""
        ...


class RuleNames:
    """Ids as F1DB would very likely form them: names in lower case, joined by hyphens; known exceptions by table."""

    def driver(self, driver: Driver) -> str:
        """``max-verstappen``."""
        return hyphened(f"{driver.given} {driver.family}")

    def constructor(self, constructor: Constructor, season: int) -> str:
        """``red-bull``. ``season`` decides where a name was used by several."""
        if constructor.key == "sauber" and season in (2024, 2025):
            return "kick-sauber"
        if constructor.key == "rb" and season != 2024:
            return "racing-bulls"
        return _CONSTRUCTORS.get(constructor.key, hyphened(constructor.key))

    def circuit(self, circuit: Circuit) -> str:
        """``spa-francorchamps``."""
        return _CIRCUITS.get(circuit.key, hyphened(circuit.key))

    def grand_prix(self, name: str) -> str:
        """``great-britain``."""
        bare = plain(name).removesuffix(" grand prix")
        return _GRANDS_PRIX.get(bare, hyphened(bare))


def hyphened(text: str) -> str:
    """Plain words joined by hyphens."""
    return plain(text.replace("_", " ")).replace(" ", "-")
