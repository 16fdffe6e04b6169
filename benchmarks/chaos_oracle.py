"""Which cells of a session must be right when frames were lost: those whose own frames arrived.

A clean run notes, frame by frame, which cells of the state each frame changed and which laps it completed. After a run
over a damaged feed every cell is compared whose frames arrived:

- a cell of the state: the last frame that changed it in the clean run;
- a cell of a lap: the frames that told it, and those at the lap's two ends.

Some cells follow from others; they are compared when all that they follow from arrived (`JOINT`, `_lap_frames`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import msgspec

from overcut.domain.events import LapCompleted
from overcut.domain.frame import Frame
from overcut.domain.laps import Lap, LapTimeSource
from overcut.domain.session import SessionKey
from overcut.domain.state import SessionState
from overcut.timing.engine import Engine
from overcut.timing.rewind import Rewinding

KEY = SessionKey("rec-chaos")
LATE_MS = 10_000
"""How long after a lap's end its values may come (wire.md, trap 2)."""

JOINT = ("status", "previous_ms", "overall_best", "first_lap", "start_age_laps", "anchor", "defects", "utc_ms", "t_ms")
"""Cells of the state that several frames make together (a car's status, the fastest lap, a stint's first lap)."""

Json = dict[str, object]
Cells = dict[str, object]


class Verdict(NamedTuple):
    """What differs though its frames arrived; how many cells were compared, and how many there are."""

    wrong: list[str]
    compared: int
    cells: int


def cells_of(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every leaf of a document, by its path."""
    if isinstance(value, dict):
        for key, member in cast(dict[object, object], value).items():
            yield from cells_of(member, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, member in enumerate(cast(list[object], value)):
            yield from cells_of(member, f"{path}.{index}")
    else:
        yield path, value


class StateCells:
    """The leaves of a state; what has not changed since the last one is not taken apart again."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[bytes, Cells]] = {}

    def of(self, state: SessionState) -> Cells:
        """All leaves of ``state``."""
        cars, state.cars = state.cars, {}
        parts: dict[str, object] = {f"cars.{number}": car for number, car in cars.items()}
        parts |= {name: getattr(state, name) for name in state.__struct_fields__}
        known, self._parts = self._parts, {}
        whole: Cells = {}
        for name, part in parts.items():
            encoded = msgspec.msgpack.encode(part)
            before = known.get(name)
            if before is None or before[0] != encoded:
                before = (encoded, dict(cells_of(msgspec.to_builtins(part, str_keys=True), name)))
            self._parts[name] = before
            whole |= before[1]
        return whole


class Clean:
    """The undamaged run, and where each of its cells comes from.

    Args:
        frames: the feed in order. Telemetry is left out: it has tests of its own.
    """

    def __init__(self, frames: Sequence[Frame]) -> None:
        self.frames = [frame for frame in frames if not frame.topic.endswith(".z")]
        self.state: Cells = {}
        self.changed_by: dict[str, int] = {}
        self.completed_by: dict[tuple[str, int], int] = {}
        self.told: dict[str, list[tuple[int, Json]]] = defaultdict(list)
        engine, cells = Engine(KEY, self.frames[0].source), StateCells()
        for index, frame in enumerate(self.frames):
            for event in engine.advance(frame):
                if isinstance(event, LapCompleted):
                    self.completed_by[event.lap.number, event.lap.lap] = index
            self._note_cells(cells.of(engine.state()), index)
            self._note_lines(frame, index)
        self.laps = {(lap.number, lap.lap): lap for lap in engine.laps()}
        self._all = frozenset(range(len(self.frames)))
        self._by_topic: dict[str, frozenset[int]] = {}
        self._part_frames = frozenset(i for i, frame in enumerate(self.frames) if b"SessionPart" in frame.payload)
        self._needed: dict[tuple[str, int], tuple[frozenset[int] | None, dict[str, frozenset[int]]]] = {}

    def _note_cells(self, now: Cells, index: int) -> None:
        for path, _ in now.items() ^ self.state.items():
            self.changed_by[path] = index
        self.state = now

    def _note_lines(self, frame: Frame, index: int) -> None:
        if frame.topic not in ("TimingData", "TimingAppData"):
            return
        lines = cast(dict[str, Json], json.loads(frame.payload).get("Lines") or {})
        for number, line in lines.items():
            if not number.startswith("_"):
                self.told[number].append((index, line))

    def judge(self, run: Rewinding, arrived: set[int]) -> Verdict:
        """Compare ``run``, which was given the frames with these indexes (and perhaps snapshots)."""
        wrong, compared, cells = self._judge_state(StateCells().of(run.state()), arrived)
        laps = {(lap.number, lap.lap): lap for lap in run.laps()}
        whole = len(arrived) == len(self.frames)
        for name, lap in self.laps.items():
            ends, needed = self._frames_of(lap)
            cells += len(needed)
            if ends is None or not arrived.issuperset(ends):
                continue
            got = laps.get(name)
            if got is None:
                wrong.append(f"car {lap.number} lap {lap.lap} is missing")
                continue
            for field, frames in needed.items():
                if not (whole if frames is self._all else arrived.issuperset(frames)):
                    continue
                compared += 1
                if getattr(got, field) != getattr(lap, field):
                    told = f"{getattr(lap, field)!r} became {getattr(got, field)!r}"
                    wrong.append(f"car {lap.number} lap {lap.lap} {field}: {told}")
        return Verdict(wrong, compared, cells)

    def _frames_of(self, lap: Lap) -> tuple[frozenset[int] | None, dict[str, frozenset[int]]]:
        """The frames at a lap's two ends, and those of each of its cells; worked out once."""
        name = (lap.number, lap.lap)
        if name not in self._needed:
            ends = self._ends(lap)
            fields = lap.__struct_fields__
            needed = {field: self._all if ends is None else self._lap_frames(lap, field, ends) for field in fields}
            self._needed[name] = (None if ends is None else frozenset(ends), needed)
        return self._needed[name]

    def _judge_state(self, got: Cells, arrived: set[int]) -> tuple[list[str], int, int]:
        whole = len(arrived) == len(self.frames)
        wrong: list[str] = []
        compared = 0
        for path, value in self.state.items():
            joint = any(part in JOINT for part in path.split("."))
            if (joint and not whole) or self.changed_by[path] not in arrived:
                continue
            compared += 1
            if path not in got or got[path] != value:
                wrong.append(f"state {path}: {value!r} became {got.get(path, 'absent')!r}")
        return wrong, compared, len(self.state)

    # --- where a lap's cells come from ---

    def _ends(self, lap: Lap) -> tuple[int, ...] | None:
        """The frames that told of the lap's two ends; None where the beginning was not told.

        A lap from the pits begins with what told of the way out; in a race the first lap begins with the start.
        """
        end = self.completed_by[lap.number, lap.lap]
        begin = self.completed_by.get((lap.number, lap.lap - 1))
        if begin is None and lap.lap > 1:
            return None
        names = ("InPit", "PitOut", "NumberOfLaps")
        out = [
            index
            for index, line in self.told[lap.number]
            if (begin or 0) < index < end and any(name in line for name in names)
        ]
        start = [] if begin is not None else sorted(self._of_topic("SessionStatus"))
        return (*start, *([] if begin is None else [begin]), *out, end)

    def _lines_of(self, lap: Lap, ends: tuple[int, ...], laps_before: int = 0) -> list[tuple[int, Json]]:
        """The car's lines from the lap's beginning until no value of it can come any more."""
        first = self.completed_by.get((lap.number, lap.lap - 1 - laps_before), -1)
        last_ms = self.frames[ends[-1]].t_ms + LATE_MS
        after = self.completed_by.get((lap.number, lap.lap + 1), len(self.frames))
        return [
            (index, line)
            for index, line in self.told[lap.number]
            if first <= index <= after and (index <= ends[-1] or self.frames[index].t_ms <= last_ms or lap.pit_in)
        ]

    def _lap_frames(self, lap: Lap, field: str, ends: tuple[int, ...]) -> frozenset[int]:  # noqa: PLR0911 -- a table
        """The frames that make this cell of a lap; all of them where it follows from the whole field of cars."""
        match field:
            case "number" | "lap":
                return frozenset(ends)
            case "s1_ms" | "s2_ms" | "s3_ms":
                return self._told_in(lap, ends, "Sectors", str(int(field[1]) - 1))
            case "speed_i2" | "speed_fl" | "speed_st":
                return self._told_in(lap, ends, "Speeds", field[-2:].upper())
            case "lap_ms" | "lap_time_source" if lap.lap_time_source is LapTimeSource.FEED:
                return self._with(self._lines_of(lap, ends), "LastLapTime")
            case "personal_best" if lap.lap_time_source is LapTimeSource.FEED:  # told when it changes
                return self._with(self.told[lap.number], "LastLapTime")
            case "part":
                return self._part_frames
            case "track_status":
                return self._of_topic("TrackStatus") | self._of_topic("SessionStatus") | self._pit_frames(lap.number)
            case "pit_in" | "pit_out" | "pit_in_t_ms" | "pit_out_t_ms":
                return self._pit_frames(lap.number) | self._of_topic("SessionStatus")
            case "compound" | "age_laps" | "fresh" | "stint":
                counts = self._with(self.told[lap.number], "NumberOfLaps", "Stints")
                return counts | self._pit_frames(lap.number) | self._of_topic("SessionStatus")
            case "deleted" | "deleted_reason":
                return self._of_topic("RaceControlMessages") | self._with(self._lines_of(lap, ends), "LastLapTime")
            case _:  # its crossing, its rank, its accuracy
                return self._all

    def _told_in(self, lap: Lap, ends: tuple[int, ...], group: str, member: str) -> frozenset[int]:
        """Lines with this value; where it was never sent for this lap (trap 3), all of the lap's and the one before."""
        found: set[int] = set()
        told = False
        for index, line in self._lines_of(lap, ends):
            values = line.get(group)
            element = cast(Json, values).get(member) if isinstance(values, dict) else None
            if isinstance(element, dict) and "Value" in element:
                found.add(index)
                told = told or bool(cast(Json, element)["Value"])
        return frozenset(found if told else (index for index, _ in self._lines_of(lap, ends, laps_before=1)))

    def _pit_frames(self, number: str) -> frozenset[int]:
        return self._with(self.told[number], "InPit", "PitOut", "NumberOfPitStops", "Sectors")

    @staticmethod
    def _with(lines: list[tuple[int, Json]], *names: str) -> frozenset[int]:
        """Those of the lines that have one of these fields."""
        return frozenset(index for index, line in lines if any(name in line for name in names))

    def _of_topic(self, topic: str) -> frozenset[int]:
        if topic not in self._by_topic:
            self._by_topic[topic] = frozenset(i for i, frame in enumerate(self.frames) if frame.topic == topic)
        return self._by_topic[topic]
