"""How a hub may misbehave, and when."""

from __future__ import annotations

import msgspec

from overcut.kernel.errors import WrongUsageError


class Every(msgspec.Struct, frozen=True):
    """How often: every so many seconds, or every so many frames played. Neither: never."""

    seconds: float = 0.0
    frames: int = 0

    @classmethod
    def read(cls, text: str) -> Every:
        """``30s``, ``2.5s``, ``500f`` (frames), ``never``.

        Raises:
            WrongUsageError: it is none of these.
        """
        number, unit = text[:-1], text[-1:]
        try:
            if text == "never":
                return cls()
            if unit == "f" and int(number) > 0:
                return cls(frames=int(number))
            if unit == "s" and 0 < float(number) < 1e6:
                return cls(seconds=float(number))
        except ValueError:
            pass
        raise WrongUsageError(f"{text!r} says not how often", hint="write 30s for seconds, 500f for frames, or never")


class Faults(msgspec.Struct, frozen=True):
    """What goes wrong. The default is a hub that behaves.

    Attributes:
        drop: break every connection off, without a close.
        stall: fall silent on every connection, pings included, without closing it.
        close: say close (``close_error`` in it where given) and close; ``invite`` lets clients come back at once.
        batch: put up to so many messages into one WebSocket message. ``split``: cut WebSocket messages into ones of
            so many bytes (0: do not).
        repeat, lose, delay: the share of messages that is sent twice, never sent, sent late; ``delay_ms`` is how late
            at most, in the session's own time. ``seed`` decides which.
        repeat_last: after a subscription, send so many of the last messages again.
        token: the bearer token that is wanted; "any" wants some. Without it anyone may listen.
        refuse: turn everyone away, with this status (401 or 403).
        withhold: topics that anonymous clients are not given.
    """

    drop: Every = Every()
    stall: Every = Every()
    close: Every = Every()
    close_error: str = ""
    invite: bool = False
    batch: int = 1
    split: int = 0
    repeat: float = 0.0
    lose: float = 0.0
    delay: float = 0.0
    delay_ms: int = 10_000
    seed: int = 7
    repeat_last: int = 0
    token: str = ""
    refuse: int = 0
    withhold: tuple[str, ...] = ()
