"""Where the cars' telemetry and places are missing, frozen or filled with zeros."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from overcut.runtime.quality.facts import Facts
from overcut.runtime.quality.report import Area, QualityFinding, Severity
from overcut.runtime.quality.words import at, by_number, capital, count_of, lasting
from overcut.timing.telemetry.columns import rows_of
from overcut.timing.telemetry.rows import CAR_DATA, POSITION, RPM, SPEED, Flags, Longs, Rows, X, Y

HOLE_MS = 3_000
"""Samples come about four times a second; so long without one is a hole."""

ENDS_EARLY_MS = 30_000

_WORDS = {CAR_DATA: "car data (speed, rpm, gear, pedals)", POSITION: "positions"}
_SHORT = {CAR_DATA: "Car data", POSITION: "Position data"}

Window = tuple[int, int]


def check_telemetry(facts: Facts) -> Iterator[QualityFinding]:
    """Car data and positions, each: absent, ended early, holes, zeros."""
    absent = [topic for topic in (CAR_DATA, POSITION) if not facts.watch.telemetry[topic]]
    if len(absent) == 2:
        text = "No telemetry was recorded: neither car data nor positions."
        yield QualityFinding("telemetry_absent", Area.TELEMETRY, Severity.MISSING, text, share=1.0)
        return
    for topic in absent:
        text = f"No {_WORDS[topic]} were recorded."
        yield QualityFinding("telemetry_absent", Area.TELEMETRY, Severity.MISSING, text, share=0.5)
    for topic in (CAR_DATA, POSITION):
        if facts.watch.telemetry[topic]:
            yield from _check(facts, topic, rows_of(topic, facts.watch.telemetry[topic]))


def _check(facts: Facts, topic: str, rows: Rows) -> Iterator[QualityFinding]:
    if not len(rows):
        return
    last = int(rows.t_ms.max())
    runs = _laps_of_cars(facts)
    running_end = max((end for windows in runs.values() for _, end in windows), default=0)
    if running_end - last > ENDS_EARLY_MS:
        lost = sum(max(0, end - max(begin, last)) for windows in runs.values() for begin, end in windows)
        total = sum(end - begin for windows in runs.values() for begin, end in windows)
        text = f"{_SHORT[topic]} of all cars stops at {at(last)} and never returns."
        yield QualityFinding(
            "telemetry_ends_early",
            Area.TELEMETRY,
            Severity.MISSING,
            text,
            1,
            None,
            lost / max(1, total),
            last,
            running_end,
            by_number(set(runs)),
        )
    yield from _holes(facts, topic, rows, runs, min(last, running_end))


def _holes(facts: Facts, topic: str, rows: Rows, runs: dict[str, list[Window]], until: int) -> Iterator[QualityFinding]:
    """Holes, and stretches of zeros, of each car while it was on a lap; those of all cars at once are told once."""
    holes: dict[str, list[Window]] = {}
    zeros: dict[str, list[Window]] = {}
    unheard: list[str] = []
    ran = 0
    for number, windows in runs.items():
        mine = rows.of_car(int(number))
        if not len(mine):
            unheard.append(number)
            continue
        dead = _dead(topic, mine)
        for begin, end in windows:
            if begin >= until:
                continue
            ran += min(end, until) - begin
            holes.setdefault(number, []).extend(_gaps(mine.t_ms, begin, min(end, until)))
            zeros.setdefault(number, []).extend(_stretches(mine.t_ms, dead, begin, min(end, until)))
    if unheard:
        text = f"{capital(facts.cars(unheard))} sent no {_WORDS[topic]}."
        yield QualityFinding(
            "telemetry_of_car_absent",
            Area.TELEMETRY,
            Severity.MISSING,
            text,
            len(unheard),
            len(runs),
            len(unheard) / len(runs),
            cars=by_number(unheard),
        )
    for code, found, what in (
        ("telemetry_hole", holes, "has holes"),
        ("telemetry_zeros", zeros, "is filled with zeros, read as holes,"),
    ):
        yield from _told(facts, topic, code, found, what, ran)


def _told(
    facts: Facts, topic: str, code: str, found: dict[str, list[Window]], what: str, ran: int
) -> Iterator[QualityFinding]:
    cars = by_number({number for number, windows in found.items() if windows})
    if not cars:
        return
    windows = [window for number in cars for window in found[number]]
    lost = sum(end - begin for begin, end in windows)
    longest = max(windows, key=lambda window: window[1] - window[0])
    text = (
        f"{_SHORT[topic]} of {facts.cars(cars)} {what} on track: {count_of(len(windows), 'time')},"
        f" {lasting(lost)} in all, at most {lasting(longest[1] - longest[0])} (at {at(longest[0])})."
    )
    yield QualityFinding(
        code,
        Area.TELEMETRY,
        Severity.MISSING,
        text,
        len(windows),
        None,
        lost / max(1, ran),
        min(begin for begin, _ in windows),
        max(end for _, end in windows),
        cars,
    )


def _laps_of_cars(facts: Facts) -> dict[str, list[Window]]:
    """When each car was surely on track: its timed laps that neither began nor ended in the pits."""
    runs: dict[str, list[Window]] = {}
    for lap in facts.laps:
        if lap.lap_ms is not None and not lap.pit_in and not lap.pit_out and "5" not in lap.track_status:
            runs.setdefault(lap.number, []).append((lap.end_t_ms - lap.lap_ms, lap.end_t_ms))
    return runs


def _dead(topic: str, rows: Rows) -> Flags:
    """Samples that say nothing: no revolutions and no speed, or the middle of nowhere."""
    first, second = (RPM, SPEED) if topic == CAR_DATA else (X, Y)
    return (rows.fields[first] == 0) & (rows.fields[second] == 0)


def _gaps(t_ms: Longs, begin: int, end: int) -> list[Window]:
    inside = t_ms[np.searchsorted(t_ms, begin) : np.searchsorted(t_ms, end, side="right")]
    edges = np.concatenate(([begin], inside, [end]))
    wide = np.flatnonzero(np.diff(edges) > HOLE_MS)
    return [(int(edges[at_]), int(edges[at_ + 1])) for at_ in wide]


def _stretches(t_ms: Longs, dead: Flags, begin: int, end: int) -> list[Window]:
    """Runs of dead samples of some length."""
    low, high = int(np.searchsorted(t_ms, begin)), int(np.searchsorted(t_ms, end, side="right"))
    flags, stamps = dead[low:high], t_ms[low:high]
    if not flags.any():
        return []
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    spans = [(int(stamps[first]), int(stamps[last - 1])) for first, last in runs]
    return [(since, to) for since, to in spans if to - since > HOLE_MS]
