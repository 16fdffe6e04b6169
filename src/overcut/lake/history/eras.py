"""How drivers and constructors of different eras compare: by the share of races, with intervals, not by counts."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from overcut.kernel.errors import WrongUsageError
from overcut.lake.history.book import Book
from overcut.lake.history.career_answers import EraPeriod, EraRow, ErasAnswer
from overcut.lake.history.refs import constructor_ref, driver_ref
from overcut.lake.history.rows import Entry

Z_95 = 1.959963984540054
"""Of the standard normal distribution: 95 % lie within."""

METRICS: Mapping[str, tuple[str, Callable[[Entry], bool]]] = {
    "wins": ("races won", lambda entry: entry.won),
    "podiums": ("races finished in the first three", lambda entry: entry.on_podium),
    "poles": ("races with pole position", lambda entry: entry.pole),
    "front_rows": ("races begun from the front row", lambda entry: entry.grid is not None and entry.grid <= 2),
    "fastest_laps": ("races with the fastest lap", lambda entry: entry.fastest_lap),
    "top_fives": ("races finished in the first five", lambda entry: entry.position is not None and entry.position <= 5),
    "finishes": ("races in which they were classified", lambda entry: entry.position is not None),
    "hat_tricks": (
        "races with pole, win and fastest lap",
        lambda entry: entry.pole and entry.won and entry.fastest_lap,
    ),
}
"""What can be compared: in words, and the test of an entry. Points are not among them: their scale changed."""

PERIODS: tuple[tuple[int, int, str], ...] = (
    (1950, 1957, "Front engines"),
    (1958, 1965, "Rear engines, 1.5 litres"),
    (1966, 1976, "Three litres and wings"),
    (1977, 1982, "Ground effect and the first turbos"),
    (1983, 1988, "Flat floors and turbos"),
    (1989, 1993, "Naturally aspirated, electronic aids"),
    (1994, 1999, "Refuelling, aids banned"),
    (2000, 2005, "V10"),
    (2006, 2013, "V8"),
    (2014, 2021, "Hybrid"),
    (2022, 2025, "Ground effect again"),
    (2026, 9999, "Active wings"),
)
"""Periods of the technical rules, as commonly divided: seasons, both included, and a name."""

DEFINITION = (
    "Share of the races that one started. Low and high: 95 % Wilson score interval of that share; the ranking is by "
    "its lower end, so that a few good races do not outrank a long career. Of a constructor: races in which at least "
    "one of its cars did it, of those in which at least one started. Concentration: the sum of squared shares of all "
    "successes within a period: 1 when one had them all."
)


def wilson(successes: int, of: int, z: float = Z_95) -> tuple[float, float]:
    """The Wilson score interval of a share (E. B. Wilson, 1927, JASA 22:209).

    Raises:
        ValueError: ``of`` is not positive, or there are more successes than that.
    """
    if not 0 <= successes <= of or of == 0:
        raise ValueError(f"{successes} of {of} is no share")
    share = successes / of
    scale = 1 + z * z / of
    middle = (share + z * z / (2 * of)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    # At the ends the interval touches 0 or 1 exactly; rounding must not push it inside or out.
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == of else min(1.0, middle + half)
    return low, high


class _Tally(NamedTuple):
    """The races that one started, and those in which one did it: indexes, in order."""

    races: Sequence[int]
    successes: Sequence[int]

    def within(self, begin: int, end: int) -> _Tally:
        """Those from one race on, up to another (not included)."""
        return _Tally(_part(self.races, begin, end), _part(self.successes, begin, end))


def _part(races: Sequence[int], begin: int, end: int) -> Sequence[int]:
    return races[bisect_left(races, begin) : bisect_left(races, end)]


def eras(
    book: Book,
    metric: str,
    *,
    of_drivers: bool = True,
    first: int | None = None,
    last: int | None = None,
    least: int = 20,
    offset: int = 0,
    limit: int = 20,
) -> ErasAnswer:
    """Compare by share.

    Args:
        book: history.
        metric: one of `METRICS`.
        of_drivers: drivers; else constructors.
        first: first season; last: last one; both included.
        least: races that one must have started to be ranked.
        offset: rows to skip. limit: rows to answer with.

    Raises:
        WrongUsageError: no such metric, or no seasons between the years.
    """
    if metric not in METRICS:
        raise WrongUsageError(f"Eras cannot be compared by {metric}", hint=f"one of {', '.join(METRICS)}")
    low, high = first or book.seasons[0], last or book.latest_season
    if low > high:
        raise WrongUsageError(f"{low} to {high} holds no season", hint="give the earlier year first")
    words, _ = METRICS[metric]
    rows, periods = book.recall(
        ("eras", metric, of_drivers, low, high, least),
        lambda: _compared(book, metric, (low, high), of_drivers=of_drivers, least=least),
    )
    return ErasAnswer(
        metric=metric,
        of="drivers" if of_drivers else "constructors",
        from_year=low,
        to_year=high,
        least=least,
        total=len(rows),
        offset=offset,
        limit=limit,
        rows=rows[offset : offset + limit],
        periods=periods,
        metrics=list(METRICS),
        definition=f"{words[0].upper()}{words[1:]}. {DEFINITION}",
    )


def _compared(
    book: Book, metric: str, years: tuple[int, int], *, of_drivers: bool, least: int
) -> tuple[list[EraRow], list[EraPeriod]]:
    """The ranking, and each period, of these seasons (both included)."""
    tallies = _tallies(book, metric, of_drivers=of_drivers)
    low, high = years
    within = _within(book, tallies, low, high)
    rows = _ranked(book, within, of_drivers=of_drivers, least=least)
    periods = [
        _period(book, within, (max(begin, low), min(end, high)), name, of_drivers=of_drivers)
        for begin, end, name in PERIODS
    ]
    return rows, [period for period in periods if period is not None]


def _tallies(book: Book, metric: str, *, of_drivers: bool) -> Mapping[str, _Tally]:
    """Of each that did it at least once: all races, and those in which they did."""
    _, test = METRICS[metric]
    groups = book.by_driver if of_drivers else book.by_constructor

    def made() -> Mapping[str, _Tally]:
        found: dict[str, _Tally] = {}
        for key, entries in groups.items():
            started = [entry for entry in entries if entry.started]
            if successes := _once(entry.race for entry in started if test(entry)):
                found[key] = _Tally(_once(entry.race for entry in started), successes)
        return found

    return book.remember(("eras", metric, of_drivers), made)


def _once(races: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(races))


def _within(book: Book, tallies: Mapping[str, _Tally], first: int, last: int) -> Mapping[str, _Tally]:
    """What of it happened in these seasons; without those who did nothing then."""
    begin = bisect_left(book.races, first, key=lambda race: race.season)
    end = bisect_right(book.races, last, key=lambda race: race.season)
    parts = ((key, tally.within(begin, end)) for key, tally in tallies.items())
    return {key: part for key, part in parts if part.successes}


def _ranked(book: Book, tallies: Mapping[str, _Tally], *, of_drivers: bool, least: int) -> list[EraRow]:
    lines: list[tuple[float, str, _Tally]] = []
    for key, tally in tallies.items():
        if len(tally.races) >= least:
            lines.append((wilson(len(tally.successes), len(tally.races))[0], key, tally))
    lines.sort(key=lambda line: (-line[0], line[1]))
    rows: list[EraRow] = []
    for place, (low, key, tally) in enumerate(lines, start=1):
        rank = rows[-1].rank if rows and rows[-1].low == low else place
        rows.append(_row(book, rank, key, tally, of_drivers=of_drivers))
    return rows


def _row(book: Book, rank: int, key: str, tally: _Tally, *, of_drivers: bool) -> EraRow:
    low, high = wilson(len(tally.successes), len(tally.races))
    return EraRow(
        rank=rank,
        driver=driver_ref(book, key) if of_drivers else None,
        constructor=None if of_drivers else constructor_ref(book, key),
        first=book.races[tally.races[0]].season,
        last=book.races[tally.races[-1]].season,
        races=len(tally.races),
        successes=len(tally.successes),
        share=len(tally.successes) / len(tally.races),
        low=low,
        high=high,
    )


def _period(
    book: Book, tallies: Mapping[str, _Tally], years: tuple[int, int], name: str, *, of_drivers: bool
) -> EraPeriod | None:
    run = [race.season for race in book.run if years[0] <= race.season <= years[1]]
    if not run:
        return None
    within = _within(book, tallies, *years)
    counts = [len(tally.successes) for tally in within.values()]
    total = sum(counts)
    return EraPeriod(
        first=years[0],
        last=min(years[1], run[-1]),
        name=name,
        races=len(run),
        entrants=len(counts),
        leaders=_ranked(book, within, of_drivers=of_drivers, least=1)[:3],
        concentration=sum(count * count for count in counts) / (total * total) if total else 0.0,
    )
