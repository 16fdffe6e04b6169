"""What the rows of Ergast's pages are in the lake's tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import polars as pl

from overcut.domain.durations import parse_duration_ms
from overcut.domain.tables import TABLES, Table
from overcut.sources.history.frames import frame_of
from overcut.sources.history.jolpica.names import Names
from overcut.sources.history.jolpica.pages import Race, Result, Standing, Standings

Row = dict[str, object]

_UNPLACED = {"R": "DNF", "D": "DSQ", "E": "EX", "W": "DNS", "F": "DNQ", "N": "NC"}
"""Ergast's letters for cars that are not classified, and F1DB's."""

_PARTS_SINCE = 2006
"""Qualifying in three parts; before, what stands under Q1 is the only time."""


def tables(races: Sequence[Race], standings: Sequence[Standings], names: Names) -> Iterator[tuple[Table, pl.DataFrame]]:
    """Each table that there are rows for."""
    makers: tuple[tuple[str, Callable[[Race, Names], Iterator[Row]]], ...] = (
        ("races", _race),
        ("results", _results),
        ("sprints", _sprint),
        ("qualifying", _qualifying),
        ("fastest_laps", _fastest),
        ("history_pit_stops", _stops),
        ("laps", _laps),
    )
    for table, rows_of in makers:
        found = [row for race in races for row in rows_of(race, names)]
        if found:
            yield TABLES[table], _frame(TABLES[table], found)
    for table, of in (("driver_standings", "drivers"), ("constructor_standings", "constructors")):
        found = [row for one in standings for row in _standings(one, of, names)]
        if found:
            yield TABLES[table], _frame(TABLES[table], found)


def _frame(table: Table, rows: Sequence[Row]) -> pl.DataFrame:
    return frame_of(table, [[row.get(name) for name in table.names] for row in rows])


def _at(race: Race) -> Row:
    return {"season": int(race.season), "round": int(race.round)}


def _race(race: Race, names: Names) -> Iterator[Row]:
    laps = [int(result.laps) for result in race.results if result.laps.isdigit()]
    yield _at(race) | {
        "date": _local_day(race),
        "start_utc": f"{race.date} {race.time[:5]}" if race.time else None,
        "grand_prix_id": names.grand_prix(race.name),
        "circuit_id": names.circuit(race.circuit),
        "laps": max(laps, default=None),
        "sprint": race.sprint_session is not None or bool(race.sprint),
        "drivers_decider": False,
        "constructors_decider": False,
    }


def _local_day(race: Race) -> str:
    """The day of the race there: the page has that of UTC. Four minutes of time for each degree of longitude."""
    try:
        start = datetime.strptime(f"{race.date} {race.time[:5]}", "%Y-%m-%d %H:%M")  # noqa: DTZ007 -- a day is wanted
        return str((start + timedelta(minutes=4 * float(race.circuit.location.longitude))).date())
    except ValueError:
        return race.date


def _placed(race: Race, row: int, result: Result, names: Names) -> Row:
    text = _UNPLACED.get(result.text, result.text or result.position)
    return _at(race) | {
        "row": row,
        "position": int(text) if text.isdigit() else None,
        "position_text": text,
        "driver_number": result.number or None,
        "driver_id": names.driver(result.driver),
        "constructor_id": names.constructor(result.constructor, int(race.season)) if result.constructor.key else None,
    }


def _raced(race: Race, rows: Sequence[Result], names: Names) -> Iterator[Row]:
    winner_ms = _whole(rows[0].time.millis) if rows else None
    winner_laps = _whole(rows[0].laps) if rows else None
    for row, result in enumerate(rows, start=1):
        placed = _placed(race, row, result, names)
        time_ms, laps = _whole(result.time.millis), _whole(result.laps)
        grid = _whole(result.grid) or None
        position = placed["position"]
        classified = position is not None
        behind = winner_laps - laps if winner_laps is not None and laps is not None else None
        yield placed | {
            "laps": laps,
            "time_ms": time_ms,
            "gap_ms": time_ms - winner_ms if classified and row > 1 and time_ms and winner_ms else None,
            "gap_laps": behind if classified and behind else None,
            "reason_retired": None if classified else result.status or None,
            "points": _number(result.points),
            "grid": grid,
            "grid_text": str(grid) if grid else "PL" if result.grid == "0" and laps else None,
            "positions_gained": grid - int(str(position)) if classified and grid else None,
        }


def _results(race: Race, names: Names) -> Iterator[Row]:
    for result, row in zip(race.results, _raced(race, race.results, names), strict=True):
        yield row | {
            "shared_car": False,
            "pole": row["grid"] == 1,
            "fastest_lap": result.best is not None and result.best.rank == "1",
            "driver_of_the_day": False,
            "grand_slam": None,
        }


def _sprint(race: Race, names: Names) -> Iterator[Row]:
    yield from _raced(race, race.sprint, names)


def _qualifying(race: Race, names: Names) -> Iterator[Row]:
    parted = int(race.season) >= _PARTS_SINCE
    for row, result in enumerate(race.qualifying, start=1):
        q1, q2, q3 = (_ms(text) for text in (result.q1, result.q2, result.q3))
        times: Row = {"q1_ms": q1, "q2_ms": q2, "q3_ms": q3} if parted else {"time_ms": q1}
        yield _placed(race, row, result, names) | {"session": "Q"} | times


def _fastest(race: Race, names: Names) -> Iterator[Row]:
    known = [(int(one.best.rank), one, one.best) for one in race.results if one.best and one.best.rank.isdigit()]
    ranked = sorted((entry for entry in known if entry[0] > 0), key=lambda entry: entry[0])
    for row, (_, result, best) in enumerate(ranked, start=1):
        placed = _placed(race, row, result, names)
        time_ms = _ms(best.time.time)
        yield {name: value for name, value in placed.items() if name != "position_text"} | {
            "position": row,
            "lap": _whole(best.lap),
            "time_ms": time_ms,
        }


def _stops(race: Race, names: Names) -> Iterator[Row]:
    """Pit stops and laps name drivers by Ergast's id only: the race's results say who that is."""
    known = {result.driver.key: result for result in race.results}
    for row, stop in enumerate(race.stops, start=1):
        result = known.get(stop.driver)
        if result is None:
            yield _at(race) | {"row": row, "driver_id": None, "stop": _whole(stop.stop), "lap": _whole(stop.lap)}
            continue
        placed = _placed(race, row, result, names)
        yield {name: value for name, value in placed.items() if not name.startswith("position")} | {
            "stop": _whole(stop.stop),
            "lap": _whole(stop.lap),
            "time_ms": _ms(stop.duration),
        }


def _laps(race: Race, _names: Names) -> Iterator[Row]:
    known = {result.driver.key: result for result in race.results}
    for lap in race.laps:
        for timing in lap.timings:
            result = known.get(timing.driver)
            time_ms = _ms(timing.time)
            yield _at(race) | {
                "session_key": f"{race.season}-{int(race.round):02d}-R",
                "session": "R",
                "event": race.name,
                "driver": result.driver.code or None if result else None,
                "driver_number": result.number if result else timing.driver,
                "team": result.constructor.name if result else None,
                "lap": _whole(lap.number),
                "lap_time_s": time_ms / 1000 if isinstance(time_ms, int) else time_ms,
                "position": _whole(timing.position),
                "lap_time_source": "ergast",
            }


def _standings(one: Standings, of: str, names: Names) -> Iterator[Row]:
    """After the round, and as round 0 what is the season's table by now."""
    found: tuple[Standing, ...] = one.drivers if of == "drivers" else one.constructors
    for round_number in (int(one.round), 0):
        for row, standing in enumerate(found, start=1):
            text = _UNPLACED.get(standing.text, standing.text or standing.position)
            who: Row = {}
            if standing.driver is not None and of == "drivers":
                who = {"driver_id": names.driver(standing.driver)}
            elif standing.constructor is not None:
                who = {"constructor_id": names.constructor(standing.constructor, int(one.season))}
            yield {
                "season": int(one.season),
                "round": round_number,
                "row": row,
                "position": int(text) if text.isdigit() else None,
                "position_text": text,
                "points": _number(standing.points),
                "champion": False,
            } | who


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _ms(text: str) -> int | str | None:
    """Milliseconds; what is no duration stays as it is, so that validation sees and tells it."""
    if not text:
        return None
    found = parse_duration_ms(text)
    return text if found is None else found


def _number(text: str) -> float | str | None:
    try:
        return float(text) if text else None
    except ValueError:
        return text
