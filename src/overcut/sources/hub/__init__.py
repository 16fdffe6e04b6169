"""A hub of our own: it speaks the live feed's protocol, plays any session, and breaks in every way that a hub can."""

from overcut.sources.hub.faults import Every, Faults
from overcut.sources.hub.hub import Hub

__all__ = ["Every", "Faults", "Hub"]
