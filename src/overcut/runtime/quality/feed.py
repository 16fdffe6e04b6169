"""The recording itself: topics that are absent or end early, damaged lines, stamps and clocks."""

from __future__ import annotations

from collections.abc import Iterator

from overcut.domain.flags import SessionStatus
from overcut.domain.state import Defect
from overcut.runtime.quality.facts import Facts
from overcut.runtime.quality.report import Area, QualityFinding, Severity
from overcut.runtime.quality.words import at, count_of, lasting

_AREA_OF_TOPIC: dict[str, Area] = {
    "TimingData": Area.TIMING,
    "TimingDataF1": Area.TIMING,
    "laps": Area.TIMING,
    "gap_stream": Area.TIMING,
    "TimingAppData": Area.TYRES,
    "CarData.z": Area.TELEMETRY,
    "Position.z": Area.TELEMETRY,
    "WeatherData": Area.WEATHER,
    "weather": Area.WEATHER,
    "RaceControlMessages": Area.RACE_CONTROL,
    "race_control": Area.RACE_CONTROL,
    "session_zero": Area.RACE_CONTROL,
    "DriverList": Area.DRIVERS,
    "drivers": Area.DRIVERS,
}

_HELPFUL: dict[str, str] = {
    "SessionStatus": "when the session started and ended is unknown",
    "TrackStatus": "flags, safety cars and red flags are unknown, and laps under them pass as accurate",
    "SessionInfo": "which session this is, is known by its folder only",
}
"""Topics without which a session plays, but not as well."""

_ENDS_EARLY_MS = 60_000

LONGEST_LAP_MS = 150_000
"""A longer lap was no flying one (wire.md, trap 16)."""

_NO_ROWS = ("the table is missing", "no row of this session")
_TOLD_ELSEWHERE = ("race_control", "weather", "drivers", "session_zero", "track_status", "session_status")
"""Tables whose absence their area tells in its own words."""

_HARMLESS = ("a topic nobody knows", "a field nobody knows")


def check_feed(facts: Facts) -> Iterator[QualityFinding]:
    """Everything about the recording as a whole."""
    for topic, effect in _HELPFUL.items():
        if not facts.watch.seen(topic):
            yield QualityFinding(
                "topic_absent", Area.FEED, Severity.MISSING, f"{topic} was not recorded: {effect}.", share=0.05
            )
    if facts.is_race and not facts.watch.seen("LapCount"):
        text = "LapCount was not recorded: the race distance is unknown."
        yield QualityFinding("topic_absent", Area.FEED, Severity.MISSING, text, share=0.01)
    if facts.laps and facts.state.status is SessionStatus.INACTIVE:
        text = (
            "SessionStatus never says that the session started, though"
            f" {count_of(len(facts.laps), 'lap')} were completed: its end is unknown."
        )
        yield QualityFinding("session_status_stopped", Area.FEED, Severity.MISSING, text, share=0.05)
    for defect in facts.state.defects.values():
        if not (defect.topic in _TOLD_ELSEWHERE and defect.kind in _NO_ROWS):
            yield _defect(facts, defect)
    for topic, count in sorted(facts.misplaced.items()):
        text = f"{count_of(count, 'line')} of {topic} stood after later ones; they were put in order of their stamps."
        yield QualityFinding("lines_out_of_order", Area.FEED, Severity.REPAIRED, text, count)
    yield from _timing_silences(facts)
    yield from _jumps(facts)


def _defect(facts: Facts, defect: Defect) -> QualityFinding:
    area = _AREA_OF_TOPIC.get(defect.topic, Area.FEED)
    if facts.reconstructed and not facts.watch.seen(defect.topic):
        return _of_tables(defect, area)
    seen = facts.watch.topics.get(defect.topic)
    messages = seen.messages if seen else facts.watch.frames
    share = min(1.0, defect.count / max(1, messages))
    if defect.kind in _HARMLESS:
        text = (
            f"{defect.topic} holds {defect.kind} ({defect.example}, {count_of(defect.count, 'time')}); it is not used."
        )
        return QualityFinding("unknown_input", area, Severity.INFO, text, defect.count, None, 0.0, defect.first_t_ms)
    text = (
        f"{defect.topic or 'Input'}: {defect.kind}, {count_of(defect.count, 'time')}, first at"
        f" {at(defect.first_t_ms)} ({defect.example})."
    )
    return QualityFinding(
        "input_damaged", area, Severity.MISSING, text, defect.count, messages, share, defect.first_t_ms
    )


def _of_tables(defect: Defect, area: Area) -> QualityFinding:
    """What a reconstruction lacks: tables and columns."""
    counted = f" ({count_of(defect.count, 'row')})" if defect.count > 1 else ""
    detail = f": {defect.example}" if "uncertain" in defect.kind else ""
    text = f"Table {defect.topic}: {defect.kind}{counted}{detail}."
    severity = Severity.DOUBTFUL if "uncertain" in defect.kind else Severity.MISSING
    absent = defect.kind in _NO_ROWS
    share = (0.02 if severity is Severity.DOUBTFUL else 0.05 if absent else 0.0) if area is not Area.FEED else 0.0
    if defect.topic == "session_zero" or "inserted" in defect.kind:
        severity, share = Severity.INFO, 0.0
    return QualityFinding("table_incomplete", area, severity, text, defect.count, None, share)


def _timing_silences(facts: Facts) -> Iterator[QualityFinding]:
    """Minutes without a word on the cars while they run; the feed sends several messages a second."""
    seen = facts.watch.topics.get("TimingData")
    if seen is None or facts.reconstructed:
        return
    running_windows = facts.watch.running if facts.is_race else _on_laps(facts)
    length = max(1, sum(end - begin for begin, end in facts.watch.running))
    for begin, end in seen.silences:
        running = max((min(end, to) - max(begin, since) for since, to in running_windows), default=0)
        if running > _ENDS_EARLY_MS:
            text = f"No timing from {at(begin)} to {at(end)} ({lasting(running)} of running are lost)."
            yield QualityFinding(
                "timing_hole", Area.TIMING, Severity.MISSING, text, 1, None, running / length, begin, end
            )
    lost = sum(max(0, to - max(since, seen.last_t_ms)) for since, to in facts.watch.running)
    if lost > _ENDS_EARLY_MS:
        text = f"Timing stops at {at(seen.last_t_ms)} and never returns; {lasting(lost)} of running are lost."
        yield QualityFinding(
            "timing_ends_early", Area.TIMING, Severity.MISSING, text, 1, None, lost / length, seen.last_t_ms
        )


def _on_laps(facts: Facts) -> list[tuple[int, int]]:
    """When a car was on a flying lap: between the runs of a timed session nothing happens, and nothing is sent."""
    laps = (lap for lap in facts.laps if not lap.pit_in and not lap.pit_out)
    flying = ((lap.end_t_ms, lap.lap_ms) for lap in laps if lap.lap_ms is not None and lap.lap_ms <= LONGEST_LAP_MS)
    return [(end - lap_ms, end) for end, lap_ms in flying]


def _jumps(facts: Facts) -> Iterator[QualityFinding]:
    for t_ms, jump_ms in facts.watch.jumps[:3]:
        way = "forward" if jump_ms > 0 else "back"
        text = f"The feed's clock jumped {way} by {lasting(abs(jump_ms))} at {at(t_ms)} against the stamps."
        yield QualityFinding("clock_jumped", Area.FEED, Severity.DOUBTFUL, text, first_t_ms=t_ms, last_t_ms=t_ms)
    if len(facts.watch.jumps) > 3:
        text = f"The feed's clock jumped {len(facts.watch.jumps) - 3} times more."
        yield QualityFinding("clock_jumped", Area.FEED, Severity.DOUBTFUL, text, len(facts.watch.jumps) - 3)
