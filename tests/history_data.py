"""A championship that never was, in F1DB's SQLite layout: invented drivers, teams and circuits, real arithmetic.

Six teams of two race eight rounds a season. Points and standings follow the rules of the year (no season with dropped
scores is among the default ones); 2023 and later have a sprint in round 3; the last season is still running after
round 5. Everything is drawn from a seeded generator: the same call writes the same championship.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

from overcut.lake import Lake
from overcut.runtime.imports.history import import_f1db
from tests.f1db_layout import create_statements, insert
from tests.history_people import CIRCUITS, DRIVERS, TEAMS, Row, engine_of, write_people

SEASONS = (1995, 2005, 2019, 2023, 2024)
ROUNDS = 8
SPRINT_ROUND = 3
RUN_OF_LAST = 5
"""Rounds of the last season that have been raced."""
LAPS = 50
SPRINT_LAPS = 18

TENTHS_POINTS = {
    2010: (25, 18, 15, 12, 10, 8, 6, 4, 2, 1),
    2003: (10, 8, 6, 5, 4, 3, 2, 1),
    1991: (10, 6, 4, 3, 2, 1),
    1961: (9, 6, 4, 3, 2, 1),
}
SPRINT_POINTS = (8, 7, 6, 5, 4, 3, 2, 1)


def write_f1db(path: Path, seasons: Sequence[int] = SEASONS, seed: int = 7) -> None:
    """Write the championship to ``path`` as a SQLite file; an older file there is replaced."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        for statement in create_statements():
            connection.execute(statement)
        write_people(connection, seasons)
        random = Random(seed)  # noqa: S311 -- an invented championship
        for season in sorted(seasons):
            _Season(connection, season, random, running=season == max(seasons)).write()
        connection.commit()


def lake_with_history(folder: Path, seasons: Sequence[int] = SEASONS) -> Lake:
    """A lake in ``folder`` that holds the championship."""
    file = folder.with_name(folder.name + "-f1db.db")
    file.parent.mkdir(parents=True, exist_ok=True)
    write_f1db(file, seasons)
    lake = Lake(folder)
    import_f1db(lake, file)
    return lake


class _Season:
    """One season while it is written."""

    def __init__(self, connection: sqlite3.Connection, season: int, random: Random, *, running: bool) -> None:
        self.connection = connection
        self.season = season
        self.random = random
        self.raced = RUN_OF_LAST if running else ROUNDS
        self.points: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self.places: dict[str, list[int]] = {}
        order = list(range(len(DRIVERS)))
        random.shuffle(order)
        self.seats = {DRIVERS[driver][0]: TEAMS[seat // 2][0] for seat, driver in enumerate(order)}
        self.form = {driver: random.gauss(0, 0.6) for driver in self.seats}

    def write(self) -> None:
        self._write_seats()
        for round_number in range(1, ROUNDS + 1):
            self._write_race(round_number)
            if round_number <= self.raced:
                self._run(round_number)
        over = self.raced == ROUNDS
        for of, who in enumerate(("driver", "constructor")):
            rows = [{"year": self.season, **row} for row in self._table(of)]
            insert(self.connection, f"season_{who}_standing", rows)
        if over:
            decided = {"drivers": self._decided(0), "constructors": self._decided(1)}
            for who, round_number in decided.items():
                self.connection.execute(
                    f"UPDATE race SET {who}_championship_decider = 1 WHERE year = ? AND round = ?",  # noqa: S608
                    (self.season, round_number),
                )

    def _race_id(self, round_number: int) -> int:
        return (self.season - 1950) * 100 + round_number

    def _sprint(self, round_number: int) -> bool:
        return self.season >= 2023 and round_number == SPRINT_ROUND

    def _write_seats(self) -> None:
        rows: list[Row] = [
            {
                "year": self.season,
                "entrant_id": f"{team}-entry",
                "constructor_id": team,
                "engine_manufacturer_id": engine_of(team),
                "driver_id": driver,
                "rounds": f"1-{ROUNDS}",
                "rounds_text": f"1-{ROUNDS}",
                "test_driver": 0,
            }
            for driver, team in self.seats.items()
        ]
        insert(self.connection, "season_entrant_driver", rows)

    def _write_race(self, round_number: int) -> None:
        key, name, _, _ = CIRCUITS[round_number - 1]
        length = 5.0 + (round_number - 1) / 10
        row: Row = {
            "id": self._race_id(round_number),
            "year": self.season,
            "round": round_number,
            "date": f"{self.season}-{round_number + 2:02d}-{10 + round_number}",
            "time": "13:00" if self.season >= 2024 else None,
            "grand_prix_id": key,
            "official_name": f"{self.season} {name} Grand Prix",
            "qualifying_format": "KNOCKOUT" if self.season >= 2006 else "ONE_SESSION",
            "sprint_qualifying_format": "SPRINT_SHOOTOUT" if self._sprint(round_number) else None,
            "circuit_id": key,
            "circuit_layout_id": f"{key}-1",
            "circuit_type": "RACE",
            "direction": "CLOCKWISE",
            "course_length": length,
            "turns": 11 + round_number,
            "laps": LAPS,
            "distance": round(length * LAPS, 3),
        }
        if self._sprint(round_number):
            row |= {"sprint_race_laps": SPRINT_LAPS}
        insert(self.connection, "race", [row])

    def _run(self, round_number: int) -> None:
        grid = self._order(0.4)
        self._timed(round_number, "FREE_PRACTICE_1_RESULT", self._order(0.9), "practice")
        self._timed(round_number, "QUALIFYING_RESULT", grid, "qualifying")
        self._grid(round_number, "STARTING_GRID_POSITION", grid)
        if self._sprint(round_number):
            sprint_grid = self._order(0.4)
            self._timed(round_number, "SPRINT_QUALIFYING_RESULT", sprint_grid, "qualifying")
            self._grid(round_number, "SPRINT_STARTING_GRID_POSITION", sprint_grid)
            self._raced(round_number, "SPRINT_RACE_RESULT", sprint_grid)
        self._raced(round_number, "RACE_RESULT", grid)
        for of, who in enumerate(("driver", "constructor")):
            rows = [{"race_id": self._race_id(round_number), **row} for row in self._table(of)]
            insert(self.connection, f"race_{who}_standing", rows)

    def _order(self, spread: float) -> list[str]:
        """The drivers, fastest first, by form and luck."""
        return sorted(self.seats, key=lambda driver: self.form[driver] + self.random.gauss(0, spread))

    def _car(self, round_number: int, kind: str, place: int, driver: str, text: str | None = None) -> Row:
        number = next(index for index, known in enumerate(DRIVERS) if known[0] == driver) + 2
        team = self.seats[driver]
        return {
            "race_id": self._race_id(round_number),
            "type": kind,
            "position_display_order": place,
            "position_number": place if text is None else None,
            "position_text": text or str(place),
            "driver_number": str(number),
            "driver_id": driver,
            "constructor_id": team,
            "engine_manufacturer_id": engine_of(team),
            "tyre_manufacturer_id": "gripco",
        }

    def _timed(self, round_number: int, kind: str, order: Sequence[str], prefix: str) -> None:
        rows: list[Row] = []
        for place, driver in enumerate(order, start=1):
            row = self._car(round_number, kind, place, driver)
            time_ms, gap_ms = 90_000 + 137 * (place - 1), 137 * (place - 1) or None
            if prefix == "qualifying" and self.season >= 2006:
                parts = 3 if place <= 5 else 2 if place <= 9 else 1
                row |= {f"qualifying_q{part}_millis": time_ms + 300 * (parts - part) for part in range(1, parts + 1)}
            else:
                row |= {f"{prefix}_time_millis": time_ms, f"{prefix}_gap_millis": gap_ms}
            row[f"{prefix}_laps"] = 20 + place
            rows.append(row)
        insert(self.connection, "race_data", rows)

    def _grid(self, round_number: int, kind: str, grid: Sequence[str]) -> None:
        rows: list[Row] = []
        for place, driver in enumerate(grid, start=1):
            row = self._car(round_number, kind, place, driver)
            row["starting_grid_position_qualification_position_number"] = place
            rows.append(row)
        insert(self.connection, "race_data", rows)

    def _raced(self, round_number: int, kind: str, grid: Sequence[str]) -> None:
        order = self._order(0.5)
        stopped = [driver for driver in order if self.random.random() < 0.15]
        order = [driver for driver in order if driver not in stopped] + stopped
        race = kind == "RACE_RESULT"
        laps = LAPS if race else SPRINT_LAPS
        fastest = self.random.choice(order[:8])
        rows: list[Row] = []
        for place, driver in enumerate(order, start=1):
            out = driver in stopped
            row = self._car(round_number, kind, place, driver, "DNF" if out else None)
            from_grid = grid.index(driver) + 1
            points = 0 if out else self._points(place, race=race, fastest=driver == fastest)
            row |= {
                "race_laps": self.random.randrange(laps) if out else laps,
                "race_time_millis": None if out else laps * 92_000 + 4_321 * (place - 1),
                "race_gap_millis": None if out or place == 1 else 4_321 * (place - 1),
                "race_reason_retired": "Gearbox" if out else None,
                "race_points": points or None,
                "race_grid_position_number": from_grid,
                "race_grid_position_text": str(from_grid),
                "race_positions_gained": None if out else from_grid - place,
            }
            if race:
                row |= {
                    "race_shared_car": 0,
                    "race_pole_position": int(from_grid == 1),
                    "race_qualification_position_number": from_grid,
                    "race_pit_stops": 0 if out else 1,
                    "race_fastest_lap": int(driver == fastest),
                    "race_driver_of_the_day": int(self.season >= 2016 and place == 2),
                    "race_grand_slam": 0,
                }
            rows.append(row)
            self.points[0][driver] += points
            self.points[1][self.seats[driver]] += points
            if race:
                self.places.setdefault(driver, []).append(99 if out else place)
        insert(self.connection, "race_data", rows)
        if race:
            self._side_tables(round_number, order, stopped, fastest)

    def _side_tables(self, round_number: int, order: Sequence[str], stopped: Sequence[str], fastest: str) -> None:
        quick = [fastest, *(driver for driver in order if driver != fastest)]
        laps: list[Row] = []
        for place, driver in enumerate(quick, start=1):
            row = self._car(round_number, "FASTEST_LAP", place, driver)
            laps.append(row | {"fastest_lap_lap": 40, "fastest_lap_time_millis": 91_000 + 211 * (place - 1)})
        insert(self.connection, "race_data", laps)
        stops: list[Row] = []
        for place, driver in enumerate([driver for driver in order if driver not in stopped], start=1):
            row = self._car(round_number, "PIT_STOP", place, driver)
            stops.append(row | {"pit_stop_stop": 1, "pit_stop_lap": 20 + place, "pit_stop_time_millis": 22_000 + place})
        insert(self.connection, "race_data", stops)
        if self.season >= 2016:
            row = self._car(round_number, "DRIVER_OF_THE_DAY_RESULT", 1, order[1])
            insert(self.connection, "race_data", [row | {"driver_of_the_day_percentage": 31.5}])

    def _points(self, place: int, *, race: bool, fastest: bool) -> int:
        if not race:
            return SPRINT_POINTS[place - 1] if place <= len(SPRINT_POINTS) else 0
        scale = next(points for since, points in TENTHS_POINTS.items() if self.season >= since)
        extra = int(fastest and place <= 10 and 2019 <= self.season <= 2024)
        return (scale[place - 1] if place <= len(scale) else 0) + extra

    def _table(self, of: int) -> list[Row]:
        """The standings now: by points, then by the best results."""
        names = list(self.seats) if of == 0 else [team for team, _, _ in TEAMS]

        def results(name: str) -> list[int]:
            drivers = [name] if of == 0 else [driver for driver, team in self.seats.items() if team == name]
            return sorted(place for driver in drivers for place in self.places.get(driver, []))

        ranked = sorted(names, key=lambda name: (-self.points[of][name], results(name), name))
        rows: list[Row] = []
        for place, name in enumerate(ranked, start=1):
            row: Row = {
                "position_display_order": place,
                "position_number": place,
                "position_text": str(place),
                "points": self.points[of][name],
            }
            row |= (
                {"driver_id": name} if of == 0 else {"constructor_id": name, "engine_manufacturer_id": engine_of(name)}
            )
            rows.append(row)
        return rows

    def _decided(self, of: int) -> int:
        """The first round after which nobody could reach the leader's points any more."""
        who, table = (("driver_id", "race_driver_standing"), ("constructor_id", "race_constructor_standing"))[of]
        for round_number in range(1, ROUNDS + 1):
            rows = self.connection.execute(
                f"SELECT {who}, points FROM {table} WHERE race_id = ? ORDER BY position_display_order",  # noqa: S608
                (self._race_id(round_number),),
            ).fetchall()
            if rows[0][1] - rows[1][1] > self._still_to_win(round_number, of):
                return round_number
        return ROUNDS

    def _still_to_win(self, after: int, of: int) -> int:
        scale = next(points for since, points in TENTHS_POINTS.items() if self.season >= since)
        rounds = range(after + 1, ROUNDS + 1)
        race = sum(scale[: of + 1]) + int(2019 <= self.season <= 2024)
        sprints = sum(sum(SPRINT_POINTS[: of + 1]) for round_number in rounds if self._sprint(round_number))
        return race * len(rounds) + sprints
