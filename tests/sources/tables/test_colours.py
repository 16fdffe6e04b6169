"""The sport's colours and best laps, as values come and are taken back."""

from __future__ import annotations

from overcut.domain.durations import format_lap_time
from overcut.sources.tables.cars import CarMessage
from overcut.sources.tables.colours import Colours
from overcut.sources.tables.log import Patch


def lap(number: str, ms: int, count: int, *, counts: bool = True) -> CarMessage:
    return CarMessage(0, number, {"LastLapTime": {"Value": format_lap_time(ms)}}, ms, count, counts)


def flags(line: Patch) -> tuple[object, object]:
    last = line["LastLapTime"]
    assert isinstance(last, dict)
    return last.get("PersonalFastest"), last.get("OverallFastest")  # pyright: ignore[reportUnknownMemberType]


def test_the_quickest_is_purple_and_whoever_was_loses_it() -> None:
    colours = Colours()
    first = colours.paint(lap("4", 90_000, 1))
    assert flags(first["4"]) == (True, True)
    second = colours.paint(lap("81", 89_000, 1))
    assert flags(second["81"]) == (True, True)
    assert second["4"] == {"LastLapTime": {"OverallFastest": False}}
    assert flags(colours.paint(lap("4", 89_500, 2))["4"]) == (True, False)
    assert flags(colours.paint(lap("4", 95_000, 3))["4"]) == (False, False)
    assert colours.best("4") == (89_500, 2)


def test_a_deleted_best_gives_the_one_before_back() -> None:
    colours = Colours()
    for message in (lap("4", 90_000, 1), lap("4", 88_000, 2), lap("81", 89_000, 1)):
        colours.paint(message)
    assert colours.delete("4", 88_000) == {"BestLapTime": {"Value": "1:30.000", "Lap": 1}}
    assert colours.delete("4", 88_000) is None
    assert flags(colours.paint(lap("81", 88_900, 2))["81"]) == (True, True)  # purple again: the faster one is gone
    assert colours.delete("4", 90_000) == {"BestLapTime": {"Value": ""}}
    assert colours.best("4") is None


def test_a_lap_that_never_counted_is_no_best() -> None:
    colours = Colours()
    assert flags(colours.paint(lap("4", 80_000, 1, counts=False))["4"]) == (False, False)
    assert colours.best("4") is None


def test_a_part_of_qualifying_begins_without_times() -> None:
    colours = Colours()
    colours.paint(lap("4", 90_000, 1))
    colours.begin_part()
    assert colours.best("4") is None
    assert flags(colours.paint(lap("4", 95_000, 2))["4"]) == (True, True)
