"""Where two sources of the same session disagree, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from overcut.domain.durations import format_lap_time
from overcut.domain.frame import FrameSource
from overcut.domain.laps import Lap
from overcut.domain.session_names import official_parts
from overcut.domain.tyres import Compound
from overcut.kernel.errors import OvercutError
from overcut.kernel.settings import Settings
from overcut.runtime.finding import places_of
from overcut.runtime.quality.facts import RACES
from overcut.runtime.quality.report import Area, QualityFinding, Severity
from overcut.runtime.quality.words import by_number, count_of
from overcut.runtime.replay import replay
from overcut.sources.source import Source

TOLERANCE_MS = 1
_NAMES = {FrameSource.RECONSTRUCTED: "the tables", FrameSource.ARCHIVE: "the archive"}


class Cell(NamedTuple):
    """One kind of value: how it is called, where it belongs."""

    name: str
    code: str
    area: Area


_TIMES = (
    (Cell("lap time", "sources_disagree_lap_time", Area.TIMING), "lap_ms"),
    (Cell("sector 1", "sources_disagree_sector", Area.TIMING), "s1_ms"),
    (Cell("sector 2", "sources_disagree_sector", Area.TIMING), "s2_ms"),
    (Cell("sector 3", "sources_disagree_sector", Area.TIMING), "s3_ms"),
)
_POSITION = Cell("position at the line", "sources_disagree_position", Area.TIMING)
_COMPOUND = Cell("compound", "sources_disagree_compound", Area.TYRES)
_AGE = Cell("tyre age", "sources_disagree_tyre_age", Area.TYRES)


def compare_sources(source: Source, settings: Settings) -> tuple[QualityFinding, ...]:
    """How the laps of ``source`` differ from those of the first other kind of source of the same session; often none.

    Simulated sessions have no other source.
    """
    if source.simulated:
        return ()
    for place in places_of(source.key, settings, search=False):
        if place.reconstructed == (source.kind is FrameSource.RECONSTRUCTED) or not place.whole():
            continue
        try:
            other = place.open()
            ours, theirs = replay(source).laps(), replay(other).laps()
            doubtful = source.kind is FrameSource.RECONSTRUCTED
            parts = official_parts(source.key)
            raced = parts is not None and parts[2] in RACES
            return tuple(
                compare_laps(ours, theirs, _NAMES.get(other.kind, other.kind.value), doubtful=doubtful, raced=raced)
            )
        except OvercutError:
            continue  # the other source is not whole: nothing to compare with
    return ()


def compare_laps(
    ours: Sequence[Lap], theirs: Sequence[Lap], name: str, *, doubtful: bool, raced: bool
) -> Iterator[QualityFinding]:
    """Findings on every kind of value in which two lists of laps differ, where both have one.

    Args:
        name: what the other source is called. ``raced``: positions at the line mean something.
        doubtful: whether a difference puts ours in doubt. The feed's own recording is not in doubt because tables that
            somebody derived from it differ.
    """
    severity, share = (Severity.DOUBTFUL, 1.0) if doubtful else (Severity.INFO, 0.0)
    known = {(lap.number, lap.lap): lap for lap in theirs}
    pairs = [(lap, known[lap.number, lap.lap]) for lap in ours if (lap.number, lap.lap) in known]
    if not pairs:
        return
    for cell, field in _TIMES:
        both = [(a, b) for a, b in pairs if _ms(a, field) is not None and _ms(b, field) is not None]
        differ = [(a, b) for a, b in both if abs((_ms(a, field) or 0) - (_ms(b, field) or 0)) > TOLERANCE_MS]
        example = ""
        if differ:
            a, b = differ[0]
            example = f"{format_lap_time(_ms(a, field) or 0)} here, {format_lap_time(_ms(b, field) or 0)} there"
        yield from _told(cell, differ, len(both), name, example, severity, share)
    places = [(a, b) for a, b in pairs if raced and a.position is not None and b.position is not None]
    yield from _told(
        _POSITION, [(a, b) for a, b in places if a.position != b.position], len(places), name, "", severity, share
    )
    shod = [(a, b) for a, b in pairs if Compound.UNKNOWN not in (a.compound, b.compound)]
    yield from _told(
        _COMPOUND, [(a, b) for a, b in shod if a.compound is not b.compound], len(shod), name, "", severity, share
    )
    aged = [(a, b) for a, b in pairs if a.age_laps is not None and b.age_laps is not None]
    yield from _told(_AGE, [(a, b) for a, b in aged if a.age_laps != b.age_laps], len(aged), name, "", severity, share)
    yield from _unmatched(ours, theirs, name, severity)


def _told(
    cell: Cell,
    differ: Sequence[tuple[Lap, Lap]],
    both: int,
    name: str,
    example: str,
    severity: Severity,
    share: float,
) -> Iterator[QualityFinding]:
    if not differ:
        return
    first = differ[0][0]
    where = f"first on lap {first.lap} of car {first.number}" + (f": {example}" if example else "")
    differs = "differs" if len(differ) == 1 else "differ"
    text = f"{cell.name.capitalize()}: {count_of(len(differ), 'lap')} of {both:,} {differs} from {name} ({where})."
    yield QualityFinding(
        cell.code,
        cell.area,
        severity,
        text,
        len(differ),
        both,
        share * len(differ) / both,
        min(a.end_t_ms for a, _ in differ),
        max(a.end_t_ms for a, _ in differ),
        by_number({a.number for a, _ in differ}),
    )


def _unmatched(ours: Sequence[Lap], theirs: Sequence[Lap], name: str, severity: Severity) -> Iterator[QualityFinding]:
    here, there = {(lap.number, lap.lap) for lap in ours}, {(lap.number, lap.lap) for lap in theirs}
    for code, only, words in (
        ("laps_only_here", here - there, f"are not in {name}"),
        ("laps_only_there", there - here, f"are in {name} alone"),
    ):
        if only:
            text = f"{count_of(len(only), 'lap')} {words if len(only) > 1 else words.replace('are', 'is', 1)}."
            lacking = code == "laps_only_there" and severity is Severity.DOUBTFUL
            share = len(only) / len(here | there) if lacking else 0.0
            yield QualityFinding(
                code,
                Area.TIMING,
                severity if lacking else Severity.INFO,
                text,
                len(only),
                None,
                share,
                cars=by_number({car for car, _ in only}),
            )


def _ms(lap: Lap, field: str) -> int | None:
    value = getattr(lap, field)
    return value if isinstance(value, int) else None
