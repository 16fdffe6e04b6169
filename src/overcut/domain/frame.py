"""What is the unit of input: one message of one topic, as it was received."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class FrameSource(StrEnum):
    """Where a frame came from. It travels with the session so that the user can be told."""

    ARCHIVE = "archive"
    RECORDING = "recording"
    LIVE = "live"
    SIMULATED = "simulated"
    RECONSTRUCTED = "reconstructed"  # made from tables of laps and gaps; no feed was recorded


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One message of the feed, undecoded.

    Attributes:
        t_ms: milliseconds since the session's feed began (the archive's own offset).
        topic: the feed's topic name, for example ``TimingData`` or ``CarData.z``.
        payload: the message's bytes, UTF-8 JSON (a quoted base64 string for ``*.z`` topics).
        source: where it came from.
        utc_ms: milliseconds since the Unix epoch where the source knows them, else None.
    """

    t_ms: int
    topic: str
    payload: bytes
    source: FrameSource
    utc_ms: int | None = None


TOPIC_ORDER: tuple[str, ...] = (
    "SessionInfo",
    "ArchiveStatus",
    "Heartbeat",
    "SessionStatus",
    "SessionData",
    "TrackStatus",
    "ExtrapolatedClock",
    "LapCount",
    "DriverList",
    "TimingData",
    "TimingDataF1",
    "TimingAppData",
    "TimingStats",
    "TyreStintSeries",
    "CurrentTyres",
    "TopThree",
    "RaceControlMessages",
    "TlaRcm",
    "RcmSeries",
    "WeatherData",
    "WeatherDataSeries",
    "TeamRadio",
    "AudioStreams",
    "ContentStreams",
    "LapSeries",
    "PitLaneTimeCollection",
    "PitStop",
    "PitStopSeries",
    "DriverRaceInfo",
    "ChampionshipPrediction",
    "DriverScore",
    "OvertakeSeries",
    "CarData.z",
    "Position.z",
)
"""The fixed order of topics within one millisecond (ties in an archive are broken by it, then by line number)."""

_RANK = {topic: rank for rank, topic in enumerate(TOPIC_ORDER)}


def topic_rank(topic: str) -> tuple[int, str]:
    """Sort key of a topic within one millisecond: known topics first, then unknown ones by name."""
    return (_RANK.get(topic, len(TOPIC_ORDER)), topic)


def is_known_topic(topic: str) -> bool:
    """Whether the feed is known to send this topic."""
    return topic in _RANK
