"""Circuits: what we know of each, one file a circuit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from overcut.domain.circuits import baku, monza
from overcut.domain.circuits.circuit import Circuit

CIRCUITS: Mapping[str, Circuit] = MappingProxyType({c.id: c for c in (baku.CIRCUIT, monza.CIRCUIT)})


def circuit_of_feed(short_name: str, key: int | None) -> Circuit | None:
    """The circuit of a feed's short name or key; None when it is not drawn."""
    for circuit in CIRCUITS.values():
        if circuit.feed_key == key or circuit.feed_name.lower() == short_name.lower():
            return circuit
    return None
