"""Which moments of a career or a race are worth telling: firsts, round numbers, titles."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from overcut.lake.history.answers import DriverRef
from overcut.lake.history.book import Book
from overcut.lake.history.career_answers import Milestone
from overcut.lake.history.refs import constructor_ref, driver_ref, race_at
from overcut.lake.history.rows import Entry, RaceRow

_Test = Callable[[Entry], bool]

ACHIEVEMENTS: tuple[tuple[str, str, tuple[int, ...], _Test], ...] = (
    ("start", "start", (1, 50, 100, 150, 200, 250, 300, 350, 400), lambda entry: entry.started),
    ("points", "points finish", (1,), lambda entry: entry.points > 0),
    ("podium", "podium", (1, 10, 25, 50, 75, 100, 150, 200), lambda entry: entry.on_podium),
    ("pole", "pole position", (1, 10, 25, 50, 75, 100), lambda entry: entry.pole),
    ("fastest_lap", "fastest lap", (1, 25, 50), lambda entry: entry.fastest_lap),
    ("win", "win", (1, 10, 20, 30, 40, 50, 75, 100, 150, 200, 250), lambda entry: entry.won),
)
"""What is counted: its name, its word, at which counts it is told."""


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def milestones(book: Book, entries: Sequence[Entry], titles: Sequence[int]) -> list[Milestone]:
    """The milestones of a career, in order of time. ``entries``: its results, in order; ``titles``: years."""
    found: list[tuple[int, Milestone]] = []
    for name, word, counts, test in ACHIEVEMENTS:
        races = list(dict.fromkeys(entry.race for entry in entries if test(entry)))
        for count in counts:
            if count <= len(races):
                race = races[count - 1]
                kind = f"first_{name}" if count == 1 else f"{name}_{count}"
                text = f"first {word}" if count == 1 else f"{ordinal(count)} {word}"
                found.append((race, Milestone(kind, text, race_at(book, race))))
    for number, year in enumerate(titles, start=1):
        last = max((entry.race for entry in entries if entry.season == year), default=None)
        if last is not None:
            text = f"{ordinal(number)} championship" if number > 1 else "first championship"
            found.append((last, Milestone("title", f"{text} ({year})", race_at(book, last))))
    return [milestone for _, milestone in sorted(found, key=lambda item: item[0])]


def facts_of(book: Book, race: RaceRow) -> list[str]:
    """What a race was to those in it: first wins and poles, round counts, debuts that won, deep grids, shared cars."""
    facts: list[str] = []
    entries = book.by_race.get(race.index, ())
    for driver_id in dict.fromkeys(entry.driver_id for entry in entries):
        facts += _facts_of(book.by_driver[driver_id], race.index, driver_ref(book, driver_id))
    for constructor_id in dict.fromkeys(entry.constructor_id for entry in entries if entry.constructor_id):
        wins = list(dict.fromkeys(e.race for e in book.by_constructor[constructor_id] if e.won))
        if race.index in wins and (count := wins.index(race.index) + 1) and (count == 1 or count % 50 == 0):
            facts.append(
                f"{ordinal(count) if count > 1 else 'First'} win of {constructor_ref(book, constructor_id).name}"
            )
    for entry in entries:
        if entry.won and entry.grid is not None and entry.grid >= 10:
            facts.append(f"{driver_ref(book, entry.driver_id).name} won from {ordinal(entry.grid)} on the grid")
    return facts


def _facts_of(career: Sequence[Entry], race: int, driver: DriverRef) -> list[str]:
    facts: list[str] = []
    for _, word, counts, test in ACHIEVEMENTS:
        if not any(entry.race == race and test(entry) for entry in career):
            continue
        count = len({entry.race for entry in career if entry.race <= race and test(entry)})
        if count == 1 and word in {"win", "pole position", "podium"}:
            facts.append(f"First {word} of {driver.name}")
        elif count == 1 and word == "start":
            facts.append(f"First race of {driver.name}")
        elif count in counts and count > 1:
            facts.append(f"{ordinal(count)} {word} of {driver.name}")
    return facts
