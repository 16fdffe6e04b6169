"""What a data-quality report is made of. Schema version 1; its JSON form is the wire format of the API."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from overcut.domain.frame import FrameSource

QUALITY_SCHEMA = 1


class Severity(StrEnum):
    """What became of something that was not as it should be, the worst first."""

    MISSING = "missing"  # it was never there, or could not be used
    DOUBTFUL = "doubtful"  # it is there and kept, but may be wrong
    REPAIRED = "repaired"  # it was wrong or absent, and we know the right value
    INFO = "info"  # worth knowing; nothing is wrong


class Area(StrEnum):
    """Which part of the session it concerns."""

    TIMING = "timing"
    TYRES = "tyres"
    TELEMETRY = "telemetry"
    WEATHER = "weather"
    RACE_CONTROL = "race_control"
    DRIVERS = "drivers"
    FEED = "feed"  # the recording as a whole


class Verdict(StrEnum):
    """How far an area can be relied on."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    ABSENT = "absent"


FAIR_FROM, POOR_FROM = 0.01, 0.10
"""Shares of an area's data that must be missing or doubtful for it to be no longer good, and to be poor."""


class QualityFinding(msgspec.Struct, frozen=True):
    """One thing that was not as it should be.

    Attributes:
        code: which kind of thing, stable: ``lap_time_missing``. ``text``: the same in words.
        count: how often. ``of``: of how many, where that can be said.
        share: how much of its area's data it touches, 0 to 1.
        first_t_ms, last_t_ms: when, milliseconds since the feed began.
        cars: racing numbers, in order. ``laps``: lap numbers, where it concerns one car.
    """

    code: str
    area: Area
    severity: Severity
    text: str
    count: int = 1
    of: int | None = None
    share: float = 0.0
    first_t_ms: int | None = None
    last_t_ms: int | None = None
    cars: tuple[str, ...] = ()
    laps: tuple[int, ...] = ()


class AreaVerdict(msgspec.Struct, frozen=True):
    """One area at a glance: the verdict, what there is of it, and its findings by severity."""

    area: Area
    verdict: Verdict
    text: str
    findings: dict[Severity, int]


class QualityReport(msgspec.Struct, frozen=True):
    """A session's data, judged. ``findings``: the important first."""

    session: str
    source: FrameSource
    simulated: bool
    name: str
    start_ms: int
    end_ms: int
    frames: int
    areas: tuple[AreaVerdict, ...]
    findings: tuple[QualityFinding, ...]
    schema: int = QUALITY_SCHEMA

    def verdict(self, area: Area) -> Verdict:
        """The verdict on one area."""
        return next(found.verdict for found in self.areas if found.area is area)


_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def in_order(findings: list[QualityFinding]) -> tuple[QualityFinding, ...]:
    """The findings, those first that touch the most; information last."""
    return tuple(
        sorted(
            findings,
            key=lambda found: (
                found.severity is Severity.INFO,
                -round(found.share, 2),
                _RANK[found.severity],
                list(Area).index(found.area),
                found.code,
                found.first_t_ms or 0,
            ),
        )
    )


def judge(area: Area, findings: list[QualityFinding], *, absent: bool, text: str) -> AreaVerdict:
    """The verdict on one area, by the worst of what is missing or doubtful in it."""
    mine = [found for found in findings if found.area is area]
    worst = max((found.share for found in mine if found.severity in (Severity.MISSING, Severity.DOUBTFUL)), default=0.0)
    verdict = Verdict.POOR if worst >= POOR_FROM else Verdict.FAIR if worst >= FAIR_FROM else Verdict.GOOD
    counts = {severity: sum(found.severity is severity for found in mine) for severity in Severity}
    found_of = {severity: count for severity, count in counts.items() if count}
    return AreaVerdict(area, Verdict.ABSENT if absent else verdict, text, found_of)
