"""What a viewer may ask of a playback."""

from __future__ import annotations

import msgspec


class Play(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="play", tag_field="action"):
    """Let time run (from the start again at the end of a recording)."""


class Pause(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="pause", tag_field="action"):
    """Stop time."""


class Seek(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="seek", tag_field="action"):
    """Jump to a moment, milliseconds since the session's feed began."""

    t_ms: int


class Speed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="speed", tag_field="action"):
    """Run at 0.25 to 60 times real time; 0 as fast as possible."""

    speed: float


class Delay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="delay", tag_field="action"):
    """Show everything this much later, 0 to 120,000 ms: in step with a broadcast that comes later than the feed."""

    delay_ms: int


class GoLive(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="go_live", tag_field="action"):
    """Return to the present of a live session, less the delay."""


PlaybackCommand = Play | Pause | Seek | Speed | Delay | GoLive
