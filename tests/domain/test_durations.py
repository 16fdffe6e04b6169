"""Times as the feed writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.domain.durations import format_gap, format_lap_time, format_offset, parse_duration_ms, parse_utc_ms


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1:23.456", 83_456),
        ("26.410", 26_410),
        ("20:17.717", 1_217_717),
        ("00:18:00", 1_080_000),
        ("01:02:03.4", 3_723_400),
        ("74.693", 74_693),
        ("1.2345", 1_234),
        ("", None),
        ("LAP 12", None),
        ("-1.000", None),
        ("1:2:3:4", None),
        ("9" * 30, None),
    ],
)
def test_durations_of_the_feed_are_read(text: str, ms: int | None) -> None:
    assert parse_duration_ms(text) == ms


@given(st.integers(min_value=0, max_value=3_599_999))
def test_a_written_lap_time_reads_back(ms: int) -> None:
    assert parse_duration_ms(format_lap_time(ms)) == ms
    assert format_gap(ms) == "+" + format_lap_time(ms)


@given(st.integers(min_value=0, max_value=99 * 3_600_000))
def test_offsets_have_twelve_characters_and_read_back(t_ms: int) -> None:
    text = format_offset(t_ms)
    assert len(text) == 12
    assert parse_duration_ms(text) == t_ms


_FIRST, _LAST = datetime(1970, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 -- hypothesis wants naive bounds


@given(st.datetimes(_FIRST, _LAST), st.integers(1, 6), st.booleans())
def test_utc_stamps_agree_with_the_calendar(moment: datetime, digits: int, zulu: bool) -> None:
    text = moment.strftime("%Y-%m-%dT%H:%M:%S") + f".{moment.microsecond:06d}"[: digits + 1] + ("Z" if zulu else "")
    kept = int(f"{moment.microsecond:06d}"[:digits].ljust(3, "0")[:3])
    seconds = (moment.replace(microsecond=0, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    assert parse_utc_ms(text) == int(seconds) * 1000 + kept


@pytest.mark.parametrize("text", ["", "2025-13-01T00:00:00", "2025-01-01", "yesterday", "2025-01-01T25:00:00Z"])
def test_a_malformed_stamp_is_none(text: str) -> None:
    assert parse_utc_ms(text) is None
