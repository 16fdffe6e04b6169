"""Which laps and sectors are missing, repaired or doubtful."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from overcut.domain.durations import format_lap_time
from overcut.domain.laps import Inaccuracy, Lap, LapTimeSource
from overcut.runtime.quality.facts import Facts
from overcut.runtime.quality.report import Area, QualityFinding, Severity
from overcut.runtime.quality.words import at, by_number, count_of, lap_words, lasting, listed

LATE_MS = 10_000
"""Values of a lap follow within ten seconds of its end (wire.md, trap 2); later ones are worth knowing."""

_FEW = 3
"""So many laps are named one by one; more are summed up."""


def check_timing(facts: Facts) -> Iterator[QualityFinding]:
    """Everything about lap and sector times, and the lap counter."""
    if not facts.watch.seen("TimingData") and not facts.watch.seen("TimingDataF1"):
        yield QualityFinding(
            "timing_absent",
            Area.TIMING,
            Severity.MISSING,
            "No timing was recorded: no laps, positions or gaps.",
            share=1.0,
        )
        return
    timed = [lap for lap in facts.laps if _should_be_timed(facts, lap)]
    yield from _laps(
        facts,
        timed,
        "lap_time_missing",
        Severity.MISSING,
        _no_time,
        f"has no lap time: {_untold(facts)}",
        f"no lap time: {_untold(facts)}",
    )
    yield from _missing_sectors(facts, timed)
    yield from _laps(
        facts,
        timed,
        "lap_time_repeated",
        Severity.REPAIRED,
        _repeated,
        "was not sent a lap time; it equals the lap before, which the sectors confirm",
        "no lap time sent, as it equals the lap before: filled in, which the sectors confirm",
    )
    yield from _laps(
        facts,
        timed,
        "lap_time_summed",
        Severity.REPAIRED,
        _summed,
        "was not sent a lap time; its three sectors were added up",
        "no lap time sent: the three sectors were added up",
    )
    yield from _disagreeing(facts, timed)
    yield from _holes(facts)
    yield from _steps_back(facts)
    yield from _very_late(facts)
    yield from _deleted(facts)


def _should_be_timed(facts: Facts, lap: Lap) -> bool:
    """Whether the feed sends a time for such a lap: not for lap 1 of a race, nor for laps from or into the garage."""
    if facts.is_race:
        return lap.lap > 1
    return not lap.pit_out and not lap.pit_in


def _no_time(lap: Lap) -> bool:
    return lap.lap_ms is None


def _repeated(lap: Lap) -> bool:
    return lap.lap_time_source is LapTimeSource.REPEATED


def _summed(lap: Lap) -> bool:
    return lap.lap_time_source is LapTimeSource.SECTOR_SUM


def _laps(
    facts: Facts, among: list[Lap], code: str, severity: Severity, holds: Callable[[Lap], bool], one: str, many: str
) -> Iterator[QualityFinding]:
    """A finding about the laps for which something holds: each by itself while they are few."""
    found = [lap for lap in among if holds(lap)]
    share = len(found) / max(1, len(among))
    if len(found) <= _FEW:
        for lap in found:
            text = f"{_whose(facts, lap)} {one}."
            yield _finding(code, severity, text, [lap], 1, len(among), share / max(1, len(found)))
        return
    text = f"{count_of(len(found), 'lap')} of {len(among):,} with {many} ({_where(facts, found)})."
    yield _finding(code, severity, text, found, len(found), len(among), share)


def _missing_sectors(facts: Facts, timed: list[Lap]) -> Iterator[QualityFinding]:
    lacking = [lap for lap in timed if lap.lap_ms is not None and _lacking(lap)]
    if len(lacking) <= _FEW:
        for lap in lacking:
            absent = _lacking(lap)
            named = f"sector{'s' if len(absent) > 1 else ''} {listed([str(number) for number in absent])}"
            text = f"{_whose(facts, lap)} has no {named}: {_untold(facts, many=len(absent) > 1)}."
            yield _finding(
                "sector_missing",
                Severity.MISSING,
                text,
                [lap],
                len(_lacking(lap)),
                3 * len(timed),
                1 / (3 * len(timed)),
            )
        return
    count = sum(len(_lacking(lap)) for lap in lacking)
    text = (
        f"{count_of(count, 'sector time')} of {3 * len(timed):,} missing on {count_of(len(lacking), 'lap')} that"
        f" have a lap time ({_where(facts, lacking)})."
    )
    share = count / (3 * len(timed))
    yield _finding("sector_missing", Severity.MISSING, text, lacking, count, 3 * len(timed), share)


def _lacking(lap: Lap) -> list[int]:
    return [number for number, ms in enumerate((lap.s1_ms, lap.s2_ms, lap.s3_ms), start=1) if ms is None]


def _disagreeing(facts: Facts, timed: list[Lap]) -> Iterator[QualityFinding]:
    found = [lap for lap in timed if lap.accuracy_reason is Inaccuracy.SECTORS_DISAGREE]
    if len(found) <= _FEW:
        for lap in found:
            total = (lap.s1_ms or 0) + (lap.s2_ms or 0) + (lap.s3_ms or 0)
            text = (
                f"{_whose(facts, lap)} was {format_lap_time(lap.lap_ms or 0)}, but its sectors add up to"
                f" {format_lap_time(total)}."
            )
            yield _finding("sectors_disagree", Severity.DOUBTFUL, text, [lap], 1, len(timed), 1 / len(timed))
        return
    text = (
        f"{count_of(len(found), 'lap')} of {len(timed):,} whose sectors do not add up to the lap time"
        f" ({_where(facts, found)})."
    )
    yield _finding("sectors_disagree", Severity.DOUBTFUL, text, found, len(found), len(timed), len(found) / len(timed))


def _holes(facts: Facts) -> Iterator[QualityFinding]:
    """Laps of which nothing was told, between others of the same car; and those before the recording joined."""
    by_car: dict[str, set[int]] = {}
    for lap in facts.laps:
        by_car.setdefault(lap.number, set()).add(lap.lap)
    if not by_car:
        text = "No car completed a lap in this recording."
        yield QualityFinding("no_laps", Area.TIMING, Severity.MISSING, text, share=0.05)
        return
    joined = min(min(laps) for laps in by_car.values()) if facts.is_race else 1
    if joined > 1:
        text = f"The recording begins late: {lap_words(range(1, joined))} of all cars are not in it."
        share = (joined - 1) * len(by_car) / (len(facts.laps) + (joined - 1) * len(by_car))
        yield QualityFinding(
            "joined_late", Area.TIMING, Severity.MISSING, text, joined - 1, None, share, facts.watch.start_ms
        )
    for number in by_number(set(by_car)):
        laps = by_car[number]
        first = joined + 1 if joined > 1 else 1 if facts.is_race else min(laps)
        absent = tuple(lap for lap in range(first, max(laps)) if lap not in laps)
        if absent:
            skipped = "them" if len(absent) > 1 else "it"
            text = f"{_capital_cars(facts, number)} has no {lap_words(absent)}: the lap counter skipped {skipped}."
            yield QualityFinding(
                "laps_missing",
                Area.TIMING,
                Severity.MISSING,
                text,
                len(absent),
                max(laps),
                len(absent) / max(1, len(facts.laps)),
                cars=(number,),
                laps=absent,
            )


def _steps_back(facts: Facts) -> Iterator[QualityFinding]:
    for step in facts.watch.steps_back:
        text = (
            f"The lap counter of {facts.cars({step.number})} stepped back from {step.was} to {step.now}"
            f" at {at(step.t_ms)}; no lap was lost or counted twice."
        )
        yield QualityFinding(
            "lap_counter_stepped_back",
            Area.TIMING,
            Severity.REPAIRED,
            text,
            first_t_ms=step.t_ms,
            last_t_ms=step.t_ms,
            cars=(step.number,),
            laps=(step.now, step.was),
        )


def _very_late(facts: Facts) -> Iterator[QualityFinding]:
    late = {lap: delay for lap, delay in facts.watch.late_times.items() if delay > LATE_MS}
    if late:
        (number, lap), longest = max(late.items(), key=lambda item: item[1])
        text = (
            f"{count_of(len(late), 'lap')} got a time more than {LATE_MS // 1000} s after the end, at most"
            f" {lasting(longest)} ({facts.cars({number})}, lap {lap})."
        )
        cars = by_number({number for number, _ in late})
        yield QualityFinding("late_times", Area.TIMING, Severity.INFO, text, len(late), len(facts.laps), cars=cars)


def _deleted(facts: Facts) -> Iterator[QualityFinding]:
    deleted = [lap for lap in facts.laps if lap.deleted]
    if deleted:
        text = f"{count_of(len(deleted), 'lap time')} deleted by race control ({_where(facts, deleted)})."
        yield _finding("laps_deleted", Severity.INFO, text, deleted, len(deleted), len(facts.laps), 0.0)


def _untold(facts: Facts, *, many: bool = False) -> str:
    """Why a value is not there."""
    if facts.reconstructed:
        return f"the tables do not have {'them' if many else 'it'}"
    return f"the feed never sent {'them' if many else 'it'}"


def _capital_cars(facts: Facts, number: str) -> str:
    words = facts.cars({number})
    return words[:1].upper() + words[1:]


def _whose(facts: Facts, lap: Lap) -> str:
    """``Car 33 (VER)'s lap 24``."""
    return f"{_capital_cars(facts, lap.number)}'s lap {lap.lap}"


def _where(facts: Facts, laps: Iterable[Lap]) -> str:
    """The cars that several laps belong to, those with most first."""
    found: dict[str, int] = {}
    for lap in laps:
        found[lap.number] = found.get(lap.number, 0) + 1
    if len(found) == 1:
        [number] = found
        return f"{facts.cars({number})}, {lap_words([lap.lap for lap in laps])}"
    if len(found) > len(facts.state.cars) * 0.8:
        return "nearly all cars"
    most = sorted(found, key=lambda number: (-found[number], number.zfill(3)))
    return facts.cars(set(most[:6])) + (f" and {len(most) - 6} more" if len(most) > 6 else "")


def _finding(
    code: str, severity: Severity, text: str, laps: list[Lap], count: int, of: int, share: float
) -> QualityFinding:
    cars = by_number({lap.number for lap in laps})
    return QualityFinding(
        code,
        Area.TIMING,
        severity,
        text,
        count=count,
        of=of,
        share=share,
        first_t_ms=min(lap.end_t_ms for lap in laps),
        last_t_ms=max(lap.end_t_ms for lap in laps),
        cars=cars,
        laps=tuple(sorted(lap.lap for lap in laps)) if len(cars) == 1 else (),
    )
