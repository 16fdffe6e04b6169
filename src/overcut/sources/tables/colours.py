"""Who is quickest so far: the sport's colours on sectors, speeds and laps, and best laps, as each value comes."""

from __future__ import annotations

from typing import cast

from overcut.domain.durations import format_lap_time, parse_duration_ms
from overcut.sources.tables.cars import CarMessage
from overcut.sources.tables.log import Patch


class Colours:
    """Adds the flags of personal and overall bests to messages that come in order of time."""

    def __init__(self) -> None:
        self._own: dict[tuple[str, str], int] = {}
        self._all: dict[str, tuple[int, str]] = {}
        self._laps: dict[str, list[tuple[int, int]]] = {}

    def paint(self, message: CarMessage) -> dict[str, Patch]:
        """The lines of the message as the feed has them: the car's own, and those of cars that lose a colour."""
        lines: dict[str, Patch] = {message.number: message.patch}
        for index, sector in cast(dict[str, Patch], message.patch.get("Sectors", {})).items():
            ms = parse_duration_ms(str(sector["Value"]))
            if ms is not None:
                self._mark(lines, message.number, ("Sectors", index), sector, ms)
        for trap, speed in cast(dict[str, Patch], message.patch.get("Speeds", {})).items():
            self._mark(lines, message.number, ("Speeds", trap), speed, -int(str(speed["Value"])))
        if message.lap_ms is not None:
            last = cast(Patch, message.patch["LastLapTime"])
            if message.counts:
                self._mark(lines, message.number, ("LastLapTime",), last, message.lap_ms)
                laps = self._laps.setdefault(message.number, [])
                laps.append((message.lap_ms, message.lap))
                if min(laps) == laps[-1]:
                    message.patch["BestLapTime"] = {"Value": format_lap_time(message.lap_ms), "Lap": message.lap}
            else:
                last["PersonalFastest"] = last["OverallFastest"] = False
        return lines

    def best(self, number: str) -> tuple[int, int] | None:
        """A car's best lap time and its number, as far as it stands."""
        return min(self._laps.get(number) or [], default=None)

    def delete(self, number: str, lap_ms: int) -> Patch | None:
        """A lap time was deleted: the best lap before it, resent, where it was the best; None where nothing changes."""
        laps = self._laps.get(number, [])
        best = self.best(number)
        kept = [lap for lap in laps if lap[0] != lap_ms]
        if len(kept) == len(laps):
            return None
        self._laps[number] = kept
        for key in ("LastLapTime",):
            self._own.pop((number, key), None)
            if kept:
                self._own[number, key] = min(kept)[0]
            if self._all.get(key, (0, ""))[1] == number:
                standing = [(best[0], other) for other in self._laps if (best := self.best(other)) is not None]
                self._all.pop(key)
                if standing:
                    self._all[key] = min(standing)
        now = self.best(number)
        if best == now:
            return None
        return {"BestLapTime": {"Value": format_lap_time(now[0]), "Lap": now[1]} if now else {"Value": ""}}

    def begin_part(self) -> None:
        """A part of qualifying begins: nobody has a time in it."""
        self._laps.clear()
        self._own.clear()
        self._all.clear()

    def _mark(self, lines: dict[str, Patch], number: str, path: tuple[str, ...], value: Patch, rank: int) -> None:
        key = "/".join(path)
        known, first = self._own.get((number, key)), self._all.get(key)
        own_best = known is None or rank < known
        overall = first is None or rank < first[0]
        value["PersonalFastest"], value["OverallFastest"] = own_best, overall
        if own_best:
            self._own[number, key] = rank
        if overall:
            self._all[key] = (rank, number)
            if first is not None and first[1] != number:
                _set(lines.setdefault(first[1], {}), path, {"OverallFastest": False})


def _set(line: Patch, path: tuple[str, ...], value: Patch) -> None:
    for name in path[:-1]:
        line = cast(Patch, line.setdefault(name, {}))
    line[path[-1]] = value
