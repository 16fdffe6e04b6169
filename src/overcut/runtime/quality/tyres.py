"""Which sets of tyres, and which ages, nobody told."""

from __future__ import annotations

from collections.abc import Iterator

from overcut.domain.tyres import Compound
from overcut.runtime.quality.facts import Facts
from overcut.runtime.quality.report import Area, QualityFinding, Severity
from overcut.runtime.quality.words import at, by_number, capital, count_of, lap_words, lasting

LATE_MS = 120_000
"""The feed names a set up to a minute or two after it was fitted."""

_UNKNOWN = (Compound.UNKNOWN, Compound.TEST_UNKNOWN)


def check_tyres(facts: Facts) -> Iterator[QualityFinding]:
    """Compounds and ages of the laps, and corrections of them."""
    if not facts.watch.seen("TimingAppData"):
        yield QualityFinding(
            "tyres_absent",
            Area.TYRES,
            Severity.MISSING,
            "No tyres were recorded: compounds and ages are unknown.",
            share=1.0,
        )
        return
    laps = facts.laps
    unknown = [lap for lap in laps if lap.compound in _UNKNOWN]
    ageless = [lap for lap in laps if lap.age_laps is None and lap.compound not in _UNKNOWN]
    for code, found, what in (
        ("compound_unknown", unknown, f"the compound is unknown: {_unnamed(facts)}"),
        ("tyre_age_unknown", ageless, "the age of the tyres is unknown"),
    ):
        if not found:
            continue
        cars = by_number({lap.number for lap in found})
        share = len(found) / len(laps)
        one = f", {lap_words([lap.lap for lap in found])}" if len(cars) == 1 else ""
        text = f"On {count_of(len(found), 'lap')} of {len(laps):,} {what} ({facts.cars(cars)}{one})."
        yield QualityFinding(
            code,
            Area.TYRES,
            Severity.MISSING,
            text,
            len(found),
            len(laps),
            share,
            min(lap.end_t_ms for lap in found),
            max(lap.end_t_ms for lap in found),
            cars,
        )
    yield from _ended(facts)
    yield from _corrected(facts)
    yield from _late(facts)


def _ended(facts: Facts) -> Iterator[QualityFinding]:
    """Laps after a stop that came when nothing was told of tyres any more: they keep the set told last."""
    last_t_ms = facts.watch.topics["TimingAppData"].last_t_ms
    refitted: dict[str, int] = {}
    for lap in facts.laps:
        if (lap.pit_out_t_ms or 0) > last_t_ms:
            refitted[lap.number] = min(lap.lap, refitted.get(lap.number, lap.lap))
    found = [lap for lap in facts.laps if lap.lap >= refitted.get(lap.number, lap.lap + 1)]
    if found and max(lap.end_t_ms for lap in facts.laps) > last_t_ms + LATE_MS:
        text = (
            f"Nothing is told of tyres after {at(last_t_ms)}: {count_of(len(found), 'lap')} driven after a later stop"
            f" keep the set told last, which may be wrong ({facts.cars(set(refitted))})."
        )
        yield QualityFinding(
            "tyres_end_early",
            Area.TYRES,
            Severity.DOUBTFUL,
            text,
            len(found),
            len(facts.laps),
            len(found) / len(facts.laps),
            last_t_ms,
            max(lap.end_t_ms for lap in found),
            by_number(set(refitted)),
        )


def _unnamed(facts: Facts) -> str:
    return "the tables do not name it" if facts.reconstructed else "the feed never named it"


def _late(facts: Facts) -> Iterator[QualityFinding]:
    late = {lap: delay for lap, delay in facts.watch.late_tyres.items() if delay > LATE_MS}
    if late:
        (number, lap), longest = max(late.items(), key=lambda item: item[1])
        text = (
            f"The compound of {count_of(len(late), 'lap')} came or changed more than {LATE_MS // 60_000} min after the"
            f" lap, at most {lasting(longest)} ({facts.cars({number})}, lap {lap})."
        )
        cars = by_number({number for number, _ in late})
        yield QualityFinding("late_tyres", Area.TYRES, Severity.INFO, text, len(late), len(facts.laps), cars=cars)


def _corrected(facts: Facts) -> Iterator[QualityFinding]:
    """Sets that the feed named twice, differently."""
    named: dict[tuple[str, int], list[Compound]] = {}
    for event in facts.watch.stints:
        found = named.setdefault((event.number, event.stint), [])
        if event.compound not in _UNKNOWN and (not found or found[-1] is not event.compound):
            found.append(event.compound)
    for (number, stint), compounds in sorted(named.items()):
        if len(compounds) > 1:
            chain = ", then ".join(compound.value for compound in compounds)
            text = capital(f"{facts.cars({number})}: set {stint} was first called {chain}; the last is kept.")
            yield QualityFinding("compound_corrected", Area.TYRES, Severity.REPAIRED, text, cars=(number,))
