"""What the raw frames say where our lap table and the reference differ: one piece of evidence for each disagreement.

Nothing here uses the engine: frames are read from the archive's files and looked at one by one, so that a verdict does
not rest on the code that it judges.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

import polars as pl

AT_THE_LINE_S = 1.0
"""A gap to the leader told within this time of a lap count is the one at the line, where it is the last before it or
the first after it."""


class Frame(NamedTuple):
    """One car's patch in one line of a stream."""

    t_s: float
    stamp: str
    topic: str
    patch: dict[str, object]


class Evidence(NamedTuple):
    """Who is right, and by which frame: topic, the archive's stamp, the value in it and what follows from it."""

    verdict: str  # "ours", "reference" or "neither"
    topic: str
    stamp: str
    value: str


UNDECIDED = Evidence("undecided", "", "", "no frame decides it")


def read_cars(folder: Path) -> dict[str, list[Frame]]:
    """Every car's patches of `TimingData` and `TimingAppData`, in order of their stamps."""
    cars: dict[str, list[Frame]] = {}
    for topic in ("TimingData", "TimingAppData"):
        for stamp, message in _lines(folder / f"{topic}.jsonStream"):
            lines = message.get("Lines")
            if isinstance(lines, dict):
                for number, patch in cast(dict[str, object], lines).items():
                    if isinstance(patch, dict):
                        frame = Frame(_seconds(stamp), stamp, topic, cast(dict[str, object], patch))
                        cars.setdefault(number, []).append(frame)
    for frames in cars.values():
        frames.sort(key=lambda frame: frame.t_s)
    return cars


def _lines(file: Path) -> Iterator[tuple[str, dict[str, object]]]:
    if not file.is_file():
        return
    for line in file.read_text(encoding="utf-8-sig").splitlines():
        if line.strip():
            yield line[:12], json.loads(line[12:])


def _seconds(stamp: str) -> float:
    hours, minutes, seconds = stamp.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


class Judge:
    """Decides disagreements of one session.

    Args:
        folder: the archive's folder of the session.
        ours, reference: both lap tables of it.
    """

    def __init__(self, folder: Path, ours: pl.DataFrame, reference: pl.DataFrame) -> None:
        self._cars = read_cars(folder)
        self._ours, self._reference = _by_lap(ours), _by_lap(reference)

    def decide(self, number: str, lap: int, column: str) -> Evidence:
        """Who is right on one value."""
        match column:
            case "position":
                return self._position(number, lap)
            case "tyre_life":
                return self._age(number, lap)
            case "fresh_tyre":
                return self._stint_value(number, lap, "New", {"true": "True", "false": "False"})
            case "compound":
                return self._stint_value(number, lap, "Compound", {})
            case "s1_s" | "s2_s" | "s3_s":
                return self._sector(number, lap, column)
            case _:
                return UNDECIDED

    def _position(self, number: str, lap: int) -> Evidence:
        """Gaps to the leader, told exactly as each car crosses the line: count the cars ahead of this one."""
        own = self._gap(number, lap)
        others = {other: self._gap(other, lap) for other, at in self._ours if at == lap and other != number}
        if own is None:
            return UNDECIDED
        ahead = sum(gap is not None and gap[0] < own[0] for gap in others.values())
        unknown = [other for other, gap in others.items() if gap is None]
        ahead += sum(self._board_says_ahead(other, lap) for other in unknown)
        ours, reference = self._ours[number, lap]["position"], self._reference[number, lap]["position"]
        position = ahead + 1
        verdict = "ours" if position == ours else "reference" if position == reference else "neither"
        return Evidence(verdict, "TimingData", own[1].stamp, f"{own[2]}: {ahead} cars crossed the line before")

    def _board_says_ahead(self, other: str, lap: int) -> bool:
        """The leader has no gap to himself; a car without one at the line is ahead if our table ranks it first."""
        return self._ours[other, lap]["position"] == 1

    def _gap(self, number: str, lap: int) -> tuple[float, Frame, str] | None:
        """Seconds behind the leader at the end of ``lap``, the frame and its words; from the lap before where it was
        not told: gap then, plus own lap time, minus the leader's.
        """
        counted = next((frame for frame in self._cars[number] if frame.patch.get("NumberOfLaps") == lap), None)
        if counted is None:
            return None
        near = [
            frame
            for frame in self._cars[number]
            if abs(frame.t_s - counted.t_s) <= AT_THE_LINE_S and _gap_s(frame.patch.get("GapToLeader")) is not None
        ]
        if near:
            frame = min(near, key=lambda frame: abs(frame.t_s - counted.t_s))
            return cast(float, _gap_s(frame.patch["GapToLeader"])), frame, f"GapToLeader {frame.patch['GapToLeader']}"
        return self._gap_by_lap_times(number, lap)

    def _gap_by_lap_times(self, number: str, lap: int) -> tuple[float, Frame, str] | None:
        leader = next((car for (car, at), row in self._ours.items() if at == lap and row["position"] == 1), None)
        before = self._gap(number, lap - 1) if lap > 2 else None
        if leader is None or before is None or leader == number:
            return None
        own_s, lead_s = (self._ours[car, lap]["lap_time_s"] for car in (number, leader))
        if not isinstance(own_s, float) or not isinstance(lead_s, float):
            return None
        told = f"{before[2]} a lap before, lap times {own_s:.3f} and the leader's {lead_s:.3f}"
        return before[0] + own_s - lead_s, before[1], told

    def _age(self, number: str, lap: int) -> Evidence:
        """The feed's own count of laps on the set, told at a later moment of the same stint."""
        row = self._ours[number, lap]
        index, completed = str(int(cast(int, row["stint"])) - 1), 0
        start_s = cast(float, row["lap_end_s"])
        best: tuple[int, Frame] | None = None
        for frame in self._cars[number]:
            count = frame.patch.get("NumberOfLaps")
            if isinstance(count, int):
                completed = count
            told = _stint(frame.patch, index).get("TotalLaps")
            same_set = (number, completed) in self._ours and self._ours[number, completed]["stint"] == row["stint"]
            if told is not None and frame.t_s >= start_s and same_set:
                age = int(str(told)) - (completed - lap)
                if best is None or age > best[0]:  # a count may come late, never early
                    best = age, frame
        if best is None:
            return UNDECIDED
        verdict = _verdict(best[0], row["tyre_life"], self._reference[number, lap]["tyre_life"])
        total = _stint(best[1].patch, index)["TotalLaps"]
        return Evidence(
            verdict, best[1].topic, best[1].stamp, f"stint {int(index) + 1} TotalLaps {total}: {best[0]} at lap {lap}"
        )

    def _stint_value(self, number: str, lap: int, name: str, spelling: dict[str, str]) -> Evidence:
        row = self._ours[number, lap]
        index = str(int(cast(int, row["stint"])) - 1)
        told = [frame for frame in self._cars[number] if name in _stint(frame.patch, index)]
        if not told:
            return UNDECIDED
        value = str(_stint(told[-1].patch, index)[name])
        column = "compound" if name == "Compound" else "fresh_tyre"
        shown = spelling.get(value, value)
        verdict = _verdict(shown, str(row[column]), str(self._reference[number, lap][column]))
        return Evidence(verdict, told[-1].topic, told[-1].stamp, f"stint {int(index) + 1} {name} {value}")

    def _sector(self, number: str, lap: int, column: str) -> Evidence:
        row = self._ours[number, lap]
        index = str(int(column[1]) - 1)
        end_s = cast(float, row["lap_end_s"])
        start_s = cast(float | None, row["lap_start_s"]) or end_s - 200
        told = [
            (frame, value)
            for frame in self._cars[number]
            if start_s < frame.t_s <= end_s + 10 and (value := _sector_value(frame.patch, index))
        ]
        if not told:
            return UNDECIDED
        frame, value = told[0] if index == "0" else told[-1]
        verdict = _verdict(float(value), row[column], self._reference[number, lap][column])
        return Evidence(verdict, frame.topic, frame.stamp, f"sector {int(index) + 1} {value}")


def _by_lap(table: pl.DataFrame) -> dict[tuple[str, int], dict[str, object]]:
    return {(str(row["driver_number"]), int(row["lap"])): row for row in table.iter_rows(named=True)}


def _verdict(truth: object, ours: object, reference: object) -> str:
    return "ours" if truth == ours else "reference" if truth == reference else "neither"


def _gap_s(text: object) -> float | None:
    if not isinstance(text, str) or not text.startswith("+") or "L" in text:
        return None
    minutes, _, seconds = text[1:].rpartition(":")
    return (int(minutes) * 60 if minutes else 0) + float(seconds)


def _stint(patch: dict[str, object], index: str) -> dict[str, object]:
    stints = patch.get("Stints")
    if isinstance(stints, list):
        listed = cast(list[object], stints)
        found = listed[int(index)] if int(index) < len(listed) else None
    else:
        found = cast(dict[str, object], stints).get(index) if isinstance(stints, dict) else None
    return cast(dict[str, object], found) if isinstance(found, dict) else {}


def _sector_value(patch: dict[str, object], index: str) -> str:
    sectors = patch.get("Sectors")
    sector = cast(dict[str, object], sectors).get(index) if isinstance(sectors, dict) else None
    return str(cast(dict[str, object], sector).get("Value") or "") if isinstance(sector, dict) else ""
