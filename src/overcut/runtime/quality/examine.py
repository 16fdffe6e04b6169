"""How good is a session's data? One pass through the engine, then every check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from overcut.domain.frame import Frame, FrameSource
from overcut.domain.session import SessionKey
from overcut.domain.session_names import describe
from overcut.domain.state import Defect
from overcut.runtime.quality.around import check_drivers, check_race_control, check_weather
from overcut.runtime.quality.facts import Facts
from overcut.runtime.quality.feed import check_feed
from overcut.runtime.quality.report import Area, AreaVerdict, QualityFinding, QualityReport, Verdict, in_order, judge
from overcut.runtime.quality.telemetry import check_telemetry
from overcut.runtime.quality.timing import check_timing
from overcut.runtime.quality.tyres import check_tyres
from overcut.runtime.quality.watching import Watch
from overcut.runtime.quality.words import count_of
from overcut.runtime.replay import no_message
from overcut.sources.archive import ArchiveSource
from overcut.sources.source import Source
from overcut.timing.engine import Engine

_ABSENT = {f"{area.value}_absent": area for area in Area}


def examine(source: Source, extra: Sequence[QualityFinding] = ()) -> QualityReport:
    """The quality report of a session.

    Args:
        source: the session; it is read to its end.
        extra: findings from elsewhere (a comparison with another source), to be listed with ours.

    Raises:
        DataMissingError: the source has no frame.
    """
    facts = _play(source.frames(), source.key, source.kind, source.simulated, source)
    return report_of(facts, extra)


def examine_frames(
    frames: Iterable[Frame], key: SessionKey, kind: FrameSource, simulated: bool, defects: dict[str, Defect]
) -> QualityReport:
    """The report of frames that are in memory already. ``defects``: what could not become a frame."""
    engine, watch = Engine(key, kind, simulated), Watch()
    for frame in frames:
        watch.observe(frame, engine.advance(frame))
    engine.report(defects)
    watch.finish()
    return report_of(Facts(engine.state(), engine.laps(), watch, {}))


def report_of(facts: Facts, extra: Sequence[QualityFinding] = ()) -> QualityReport:
    """The judged report of a session that was played."""
    findings = [*extra]
    for check in (
        check_timing,
        check_tyres,
        check_telemetry,
        check_weather,
        check_race_control,
        check_drivers,
        check_feed,
    ):
        findings += check(facts)
    meeting = facts.state.meeting
    return QualityReport(
        session=facts.state.key,
        source=facts.state.source,
        simulated=facts.state.simulated,
        name=", ".join(part for part in (meeting.name, meeting.session) if part)
        or describe(SessionKey(facts.state.key)),
        start_ms=facts.watch.start_ms,
        end_ms=facts.watch.end_ms,
        frames=facts.watch.frames,
        areas=_verdicts(facts, findings),
        findings=in_order(findings),
    )


def _play(frames: Iterable[Frame], key: SessionKey, kind: FrameSource, simulated: bool, source: Source) -> Facts:
    engine, watch = Engine(key, kind, simulated), Watch()
    for frame in frames:
        watch.observe(frame, engine.advance(frame))
    if not watch.frames:
        raise no_message(source)
    engine.report(source.defects)
    watch.finish()
    misplaced = source.misplaced if isinstance(source, ArchiveSource) else {}
    return Facts(engine.state(), engine.laps(), watch, misplaced)


def _verdicts(facts: Facts, findings: list[QualityFinding]) -> tuple[AreaVerdict, ...]:
    """One verdict an area; timing that is absent leaves nothing to say of drivers and feed but what is there."""
    absent = {_ABSENT[found.code] for found in findings if found.code in _ABSENT and found.share >= 1.0}
    return tuple(judge(area, findings, absent=area in absent, text=_holdings(facts, area)) for area in Area)


def _holdings(facts: Facts, area: Area) -> str:
    """What there is of an area, in a few words."""
    state, watch = facts.state, facts.watch
    weather = watch.topics.get("WeatherData")
    cars = len({lap.number for lap in facts.laps})
    words = {
        Area.TIMING: f"{count_of(len(facts.laps), 'lap')} of {count_of(cars, 'car')}",
        Area.TYRES: f"{count_of(sum(len(car.stints) for car in state.cars.values()), 'set')} of tyres",
        Area.TELEMETRY: count_of(sum(len(messages) for messages in watch.telemetry.values()), "message"),
        Area.WEATHER: count_of(weather.messages if weather else 0, "reading"),
        Area.RACE_CONTROL: count_of(len(state.messages), "message"),
        Area.DRIVERS: count_of(sum(bool(car.code) for car in state.cars.values()), "driver"),
        Area.FEED: f"{count_of(watch.frames, 'message')} on {count_of(len(watch.topics), 'topic')}",
    }
    return words[area]


def worst(report: QualityReport) -> Verdict:
    """The worst verdict of a report's areas, those absent left aside."""
    verdicts = [found.verdict for found in report.areas if found.verdict is not Verdict.ABSENT]
    order = (Verdict.GOOD, Verdict.FAIR, Verdict.POOR)
    return max(verdicts, key=order.index, default=Verdict.ABSENT)
