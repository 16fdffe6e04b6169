"""How the feed writes times and gaps, and how we write them back. Everything inside is integer milliseconds."""

from __future__ import annotations

import re

_DURATION = re.compile(r"^(?:(?:(\d+):)?(\d{1,2}):)?(\d+)(?:\.(\d{1,7}))?$")


def parse_duration_ms(text: str) -> int | None:
    """Milliseconds of ``1:23.456``, ``26.410``, ``1:02:03.4`` or ``18:00``; None for empty or malformed text.

    Digits beyond the third decimal are cut, as the feed's own displays do.
    """
    match = _DURATION.match(text)
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    ms = int((fraction or "0").ljust(3, "0")[:3])
    return ((int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds)) * 1000 + ms


def format_lap_time(ms: int) -> str:
    """``1:23.456`` for 83456; ``26.410`` for 26410 (no minutes below one)."""
    minutes, rest = divmod(ms, 60_000)
    seconds, milli = divmod(rest, 1000)
    return f"{minutes}:{seconds:02d}.{milli:03d}" if minutes else f"{seconds}.{milli:03d}"


def format_gap(ms: int) -> str:
    """``+12.345`` or ``+1:09.473`` as the feed writes gaps."""
    return f"+{format_lap_time(ms)}"


def format_offset(t_ms: int) -> str:
    """``HH:MM:SS.mmm``, the archive's 12-character line stamp."""
    hours, rest = divmod(t_ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    seconds, milli = divmod(rest, 1000)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}.{milli:03d}"
