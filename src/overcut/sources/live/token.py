"""What a token of the feed is, when it ends, and where it is found: the environment first, then what login kept."""

from __future__ import annotations

import base64
import binascii
import re
import time
from typing import cast
from urllib.parse import unquote

import msgspec

from overcut.domain.durations import format_lap_time
from overcut.kernel.errors import WrongUsageError

SOON_MS = 12 * 3600 * 1000
"""A token with less left than this may end during a race day: that is said at the start."""

MAX_LENGTH = 16_384
_PART = re.compile(r"^[A-Za-z0-9_-]+$", re.ASCII)
_HOW = "paste the subscriptionToken, or the whole login-session cookie, of formula1.com where you are signed in"


class Token(msgspec.Struct, frozen=True):
    """A token and what it says of itself. Its text is never shown: not by ``repr``, not by a log.

    Attributes:
        text: the token. ``expires_utc_ms``: when it ends; None where it does not say.
        origin: where it was found, in words.
    """

    text: str
    expires_utc_ms: int | None
    origin: str = ""

    def __repr__(self) -> str:
        return f"Token(…, expires_utc_ms={self.expires_utc_ms}, origin={self.origin!r})"

    def left_ms(self, now_utc_ms: int) -> int | None:
        """How long it lasts; negative when it is over, None where it does not say."""
        return None if self.expires_utc_ms is None else self.expires_utc_ms - now_utc_ms


def now_utc_ms() -> int:
    """This machine's time."""
    return time.time_ns() // 1_000_000


def read_token(text: str, origin: str = "") -> Token:
    """The token in ``text``: a JWT itself, or a ``login-session`` cookie (URL-encoded JSON) that holds one.

    Its signature is not checked here: that is for the host that it is sent to.

    Raises:
        WrongUsageError: there is none in it. The text is not repeated in the error.
    """
    found = _in_cookie(text.strip()) if not _is_jwt_shaped(text.strip()) else text.strip()
    if found is None or not _is_jwt_shaped(found):
        raise WrongUsageError("This is no token of the feed", why="it has not the shape of one (a JWT)", hint=_HOW)
    header, claims = (_part(part) for part in found.split(".")[:2])
    if header is None or claims is None or not isinstance(header.get("alg"), str):
        raise WrongUsageError("This is no token of the feed", why="its parts cannot be read", hint=_HOW)
    expires = claims.get("exp")
    seconds = expires if isinstance(expires, int | float) and 0 < expires < 1e11 else None
    return Token(found, None if seconds is None else int(seconds * 1000), origin)


def time_left(token: Token, now_ms: int) -> str:
    """``ends in 3 days 4 hours``, ``ended 2 hours ago``, ``does not say when it ends``."""
    left = token.left_ms(now_ms)
    if left is None:
        return "does not say when it ends"
    return f"ends in {_span(left)}" if left > 0 else f"ended {_span(-left)} ago"


def _span(ms: int) -> str:
    days, rest = divmod(ms, 86_400_000)
    hours, rest = divmod(rest, 3_600_000)
    if days:
        return f"{days} day{'s' * (days != 1)} {hours} hour{'s' * (hours != 1)}"
    if hours:
        return f"{hours} hour{'s' * (hours != 1)} {rest // 60_000} min"
    return f"{rest // 60_000} min" if rest >= 60_000 else f"{format_lap_time(rest).split('.', maxsplit=1)[0]} s"


def _is_jwt_shaped(text: str) -> bool:
    parts = text.split(".")
    return len(text) <= MAX_LENGTH and len(parts) == 3 and all(_PART.match(part) for part in parts)


def _in_cookie(text: str) -> str | None:
    """The ``subscriptionToken`` of a ``login-session`` cookie, with or without its name, encoded or not."""
    value = unquote(text.removeprefix("login-session=").rstrip(";"))
    try:
        document: object = msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    for name in ("data", "subscriptionToken"):
        if not isinstance(document, dict):
            return None
        known = cast(dict[str, object], document)
        document = known.get(name, known if name == "data" else None)
    return document if isinstance(document, str) else None


def _part(text: str) -> dict[str, object] | None:
    try:
        document: object = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, msgspec.DecodeError, RecursionError):
        return None
    return cast(dict[str, object], document) if isinstance(document, dict) else None
