"""Which races were the closest, the longest, the fastest; who won from furthest back, and who gained most places."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from overcut.lake.history.book import Book
from overcut.lake.history.moments import ordinal
from overcut.lake.history.records.lines import Line
from overcut.lake.history.records.scope import Scope, entries_of, races_of
from overcut.lake.history.rows import Entry

LAP_WEIGHT = 1e6
"""A margin of a whole lap outranks any in seconds."""


def margins(*, closest: bool) -> Callable[[Book, Scope], list[Line]]:
    """The winner's lead over the second, in seconds; whole laps where the second was lapped."""

    def make(book: Book, scope: Scope) -> list[Line]:
        lines: list[Line] = []
        for race in races_of(book, scope):
            entries = book.by_race[race.index]
            winner = next((entry for entry in entries if entry.won), None)
            second = next((entry for entry in entries if entry.position == 2), None)
            if winner is None or second is None:
                continue
            margin = _margin(winner, second)
            if margin is not None and not (closest and second.gap_laps):
                value, text = margin
                detail = f"ahead of {_name(book, second)}"
                lines.append(_line(winner, value, text, detail))
        return lines

    return make


def _margin(winner: Entry, second: Entry) -> tuple[float, str] | None:
    if second.gap_laps:
        return second.gap_laps * LAP_WEIGHT, f"{second.gap_laps} lap{'s' if second.gap_laps > 1 else ''}"
    if second.gap_ms is not None:
        return second.gap_ms / 1000, f"{second.gap_ms / 1000:.3f} s"
    if winner.time_ms is not None and second.time_ms is not None and second.time_ms >= winner.time_ms:
        return (second.time_ms - winner.time_ms) / 1000, f"{(second.time_ms - winner.time_ms) / 1000:.3f} s"
    return None


def _name(book: Book, entry: Entry) -> str:
    person = book.drivers.get(entry.driver_id)
    return entry.driver_id if person is None else person.name


def _line(entry: Entry, value: float, text: str = "", detail: str = "") -> Line:
    """A line about one driver's race."""
    return Line(
        value,
        text=text,
        detail=detail,
        race=entry.race,
        driver=entry.driver_id,
        constructor=entry.constructor_id,
    )


def from_the_back(places: int) -> Callable[[Book, Scope], list[Line]]:
    """Races finished in the first ``places``, by the place on the grid; the lowest is first."""

    def make(book: Book, scope: Scope) -> list[Line]:
        return [
            _line(entry, entry.grid, ordinal(entry.grid), f"finished {ordinal(entry.position)}")
            for entry in entries_of(book, scope)
            if entry.position is not None and entry.position <= places and entry.grid is not None
        ]

    return make


def places_gained(book: Book, scope: Scope) -> list[Line]:
    """Places won between grid and finish, of classified drivers who started from the grid."""
    return [
        _line(entry, entry.grid - entry.position, detail=f"{ordinal(entry.grid)} to {ordinal(entry.position)}")
        for entry in entries_of(book, scope)
        if entry.position is not None and entry.grid is not None and entry.grid > entry.position
    ]


def durations(book: Book, scope: Scope) -> list[Line]:
    """How long the winner drove."""
    return [
        _line(entry, entry.time_ms / 1000, clock(entry.time_ms)) for entry in _winners(book, scope) if entry.time_ms
    ]


def clock(ms: int) -> str:
    """4:04:39.537."""
    minutes, rest = divmod(ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest / 1000:06.3f}" if hours else f"{minutes}:{rest / 1000:06.3f}"


def speeds(book: Book, scope: Scope) -> list[Line]:
    """The winner's average speed over the race's distance."""
    lines: list[Line] = []
    for entry in _winners(book, scope):
        km = book.races[entry.race].distance_km
        if entry.time_ms and km:
            speed = km / (entry.time_ms / 3_600_000)
            lines.append(_line(entry, round(speed, 3), f"{speed:.3f} km/h"))
    return lines


def distances(book: Book, scope: Scope) -> list[Line]:
    """The race's distance."""
    return [
        Line(race.distance_km, text=f"{race.distance_km:.1f} km", detail=f"{race.laps} laps", race=race.index)
        for race in races_of(book, scope)
        if race.distance_km
    ]


def _winners(book: Book, scope: Scope) -> Sequence[Entry]:
    """One winner of each race: the one named first where two shared the car."""
    found: dict[int, Entry] = {}
    for entry in entries_of(book, scope):
        if entry.won:
            found.setdefault(entry.race, entry)
    return list(found.values())


def per_race(test: Callable[[Entry], bool], *, share: bool = False) -> Callable[[Book, Scope], list[Line]]:
    """How many cars of a race pass a test; ``share``: with the number of starters in words.

    A shared car is the one of the driver who is named first with it; the source marks the lines of the others.
    """

    def make(book: Book, scope: Scope) -> list[Line]:
        lines: list[Line] = []
        for race in races_of(book, scope):
            cars = [entry for entry in book.by_race[race.index] if not entry.shared_car]
            started = sum(entry.started for entry in cars)
            detail = f"of {started} starters" if share else ""
            lines.append(Line(sum(test(entry) for entry in cars), detail=detail, race=race.index))
        return lines

    return make
