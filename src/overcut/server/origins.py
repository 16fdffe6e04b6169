"""Who may open a stream or change a playback from a browser: pages of our own origin and configured ones.

Browsers send cookies-less WebSocket and form requests from any page to any address, also to a server on the reader's
own machine. The ``Origin`` header tells where the page came from; the ``Host`` header is checked too while the server
listens on loopback only, or a hostile name that resolves to 127.0.0.1 (DNS rebinding) would count as our own origin.
"""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Origins:
    """The rule.

    Args:
        allowed: origins besides our own, ``https://board.example.org``.
        hosts: names under which we may be reached; None for any. Hosts of ``allowed`` count too.
    """

    def __init__(self, allowed: tuple[str, ...] = (), hosts: frozenset[str] | None = None) -> None:
        self._allowed = frozenset(origin.rstrip("/").lower() for origin in allowed)
        named = {urlsplit(origin).hostname or "" for origin in self._allowed}
        self._hosts = None if hosts is None else hosts | named

    @classmethod
    def of_listener(cls, host: str, allowed: tuple[str, ...] = ()) -> Origins:
        """The rule for a server that listens on ``host``."""
        return cls(allowed, LOOPBACK if host in LOOPBACK else None)

    def host_allowed(self, host: str | None) -> bool:
        """Whether a ``Host`` header names us."""
        return self._hosts is None or (host is not None and _hostname(host) in self._hosts)

    def origin_allowed(self, origin: str | None, host: str | None) -> bool:
        """Whether a page of ``origin`` may act on us. No origin: not a browser's page."""
        if origin is None:
            return True
        if origin.lower() in self._allowed:
            return True
        try:
            parts = urlsplit(origin.lower())
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and host is not None and parts.netloc == host.lower()


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
