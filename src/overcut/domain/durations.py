"""How the feed writes times and gaps, and how we write them back. Everything inside is integer milliseconds."""

from __future__ import annotations

import re

_DURATION = re.compile(r"^(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,6})(?:\.(\d{1,7}))?$", re.ASCII)


def parse_duration_ms(text: str) -> int | None:
    """Milliseconds of ``1:23.456``, ``26.410``, ``1:02:03.4`` or ``18:00``; None for empty or malformed text.

    Digits beyond the third decimal are cut, as the feed's own displays do.
    """
    if text[-4:-3] == "." and 5 <= len(text) <= 10:  # ``26.410``, as nearly all are: without the cost of the pattern
        digits = text.replace(".", "", 1)
        if digits.isdecimal() and digits.isascii():
            return int(digits)
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


_UTC = re.compile(r"^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)?$", re.ASCII)


def parse_utc_ms(text: str) -> int | None:
    """Milliseconds since the Unix epoch of a feed stamp; None for malformed text.

    The feed writes no decimals or one to seven, with and without the final ``Z`` (wire.md, trap 13); all are UTC.
    """
    match = _UTC.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second <= 60):
        return None
    return ((_days_since_epoch(year, month, day) * 24 + hour) * 3600 + minute * 60 + second) * 1000 + int(
        (match.group(7) or "0").ljust(3, "0")[:3]
    )


def _days_since_epoch(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 in the proleptic Gregorian calendar (years counted from March, leap day last)."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468
