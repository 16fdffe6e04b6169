"""How a session is followed as it happens: the client of the live feed, its token, its recordings."""

from overcut.sources.live.client import LiveClient, SessionChanged
from overcut.sources.live.status import LiveState, LiveStatus

__all__ = ["LiveClient", "LiveState", "LiveStatus", "SessionChanged"]
