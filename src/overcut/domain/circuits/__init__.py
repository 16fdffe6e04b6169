"""Which circuits we know, and which one is meant by a feed's name or by what someone typed.

Each circuit is one file and our own drawing: its straights and corners (length, angle, radius), put one after another
and closed by least squares. They are drawings to recognise and to race on, not surveys: a point may be some tens of
metres from the real one. The lap begins at the timing line, which at some circuits is a few hundred metres from the
start line of the grid. Sector ends lie where a modelled pole lap has the sector times of real ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from overcut.domain.circuits import (
    austin,
    bahrain,
    baku,
    catalunya,
    hungaroring,
    imola,
    interlagos,
    melbourne,
    mexico_city,
    monaco,
    montreal,
    monza,
    shanghai,
    silverstone,
    spa_francorchamps,
    spielberg,
    suzuka,
    yas_marina,
    zandvoort,
)
from overcut.domain.circuits.circuit import Circuit, Corner, Zone

__all__ = ["CIRCUITS", "Circuit", "Corner", "UnknownCircuitError", "Zone", "circuit_of_feed", "find_circuit"]

CIRCUITS: Mapping[str, Circuit] = MappingProxyType(
    {
        module.CIRCUIT.id: module.CIRCUIT
        for module in (
            austin,
            bahrain,
            baku,
            catalunya,
            hungaroring,
            imola,
            interlagos,
            melbourne,
            mexico_city,
            monaco,
            montreal,
            monza,
            shanghai,
            silverstone,
            spa_francorchamps,
            spielberg,
            suzuka,
            yas_marina,
            zandvoort,
        )
    }
)
"""Every circuit by its F1DB id, in alphabetical order."""

# What people say besides the id, the name, the place, the feed's name and the Grand Prix of a circuit.
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "austin": ("cota", "circuit of the americas", "texas", "usa", "us gp"),
    "bahrain": ("sakhir", "bic"),
    "baku": ("azerbaijan",),
    "catalunya": ("barcelona", "montmelo", "spain"),
    "hungaroring": ("hungary", "budapest"),
    "imola": ("enzo e dino ferrari", "emilia romagna"),
    "interlagos": ("brazil", "brasil", "sao paulo", "jose carlos pace"),
    "jeddah": ("saudi", "saudi arabia"),
    "las-vegas": ("vegas",),
    "marina-bay": ("singapore",),
    "melbourne": ("albert park", "australia"),
    "mexico-city": ("mexico", "hermanos rodriguez"),
    "monaco": ("monte carlo", "monte-carlo"),
    "montreal": ("canada", "gilles villeneuve"),
    "monza": ("italy", "autodromo nazionale"),
    "shanghai": ("china",),
    "silverstone": ("britain", "great britain", "uk"),
    "spa-francorchamps": ("spa", "belgium", "francorchamps"),
    "spielberg": ("red bull ring", "austria"),
    "suzuka": ("japan",),
    "yas-marina": ("abu dhabi",),
    "zandvoort": ("netherlands", "holland", "dutch"),
}


class UnknownCircuitError(LookupError):
    """No circuit has that name. ``text``: what was asked for; ``near``: ids that look like it; ``choices``: all ids."""

    def __init__(self, text: str, near: tuple[str, ...], choices: tuple[str, ...]) -> None:
        guess = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"no circuit is called {text!r}.{guess} The circuits are: {', '.join(choices)}.")
        self.text = text
        self.near = near
        self.choices = choices


def circuit_of_feed(short_name: str, key: int | None) -> Circuit | None:
    """The circuit of the timing feed's ``Meeting.Circuit`` (its key decides, then its short name); None if not known.

    The name may also be anything that `find_circuit` takes exactly.
    """
    for circuit in CIRCUITS.values():
        if key is not None and circuit.feed_key == key:
            return circuit
    return _BY_NAME.get(_plain(short_name))


def find_circuit(text: str) -> Circuit:
    """The circuit that someone means: an id, a name, a place, a Grand Prix or a common alias, in any case and accents.

    A beginning that fits a single circuit is enough ("silver"). Raises `UnknownCircuitError` (a LookupError), which
    names near matches and all ids.
    """
    wanted = _plain(text)
    if wanted in _BY_NAME:
        return _BY_NAME[wanted]
    begun = {known.id: known for name, known in _BY_NAME.items() if len(wanted) >= 3 and name.startswith(wanted)}
    if len(begun) == 1:
        return next(iter(begun.values()))
    near = list(begun) or [_BY_NAME[name].id for name in get_close_matches(wanted, _BY_NAME, n=4, cutoff=0.6)]
    raise UnknownCircuitError(text, tuple(dict.fromkeys(near)), tuple(CIRCUITS))


def _plain(text: str) -> str:
    """Lower case, no accents, single spaces for hyphens and underscores: "São-Paulo " gives "sao paulo"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.lower().replace("-", " ").replace("_", " ").split())


def _by_name() -> dict[str, Circuit]:
    """Every accepted name; where two circuits share one (a country with several races), no name is kept for either."""
    names: dict[str, Circuit] = {}
    shared: set[str] = set()
    for circuit in CIRCUITS.values():
        prix = circuit.grand_prix
        own = {circuit.id, circuit.name, circuit.location, circuit.feed_name, prix, prix.removesuffix(" Grand Prix")}
        for name in {_plain(name) for name in (*own, *_ALIASES.get(circuit.id, ()))}:
            if names.setdefault(name, circuit) is not circuit:
                shared.add(name)
    return {name: circuit for name, circuit in names.items() if name not in shared}


_BY_NAME: Mapping[str, Circuit] = MappingProxyType(_by_name())
