"""How the live client is doing: a frozen picture for boards, logs and status lines."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec


class LiveState(StrEnum):
    """What the client is at."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting"  # for its next attempt
    REFUSED = "refused"
    ENDED = "ended"


class LiveStatus(msgspec.Struct, frozen=True):
    """The client now.

    Attributes:
        state: what it is at. ``why``: in words, when that needs a reason.
        attempt: attempts since the last frame. ``next_try_s``: seconds until the next one, when waiting.
        reconnects: connections lost and made again so far.
        token_expires_utc_ms: when the token that is used ends; None without one.
        last_frame_utc_ms: stamp of the newest frame. ``last_heard_s``: seconds since anything came from the hub.
        frames: frames recorded by this client. ``topics``: how many frames of each topic.
        absent: topics asked for of which this connection's snapshot held nothing.
        recording: the file being written; None before the first frame. ``recording_bytes``: its size.
        unrecorded: frames not on disk although received (a full disk); 0 is the rule.
        defects: messages that could not become frames; they are in the recording all the same.
        session_over: whether the session has ended.
    """

    state: LiveState
    why: str = ""
    attempt: int = 0
    next_try_s: float | None = None
    reconnects: int = 0
    token_expires_utc_ms: int | None = None
    last_frame_utc_ms: int | None = None
    last_heard_s: float | None = None
    frames: int = 0
    topics: dict[str, int] = {}
    absent: tuple[str, ...] = ()
    recording: Path | None = None
    recording_bytes: int = 0
    unrecorded: int = 0
    defects: int = 0
    session_over: bool = False
