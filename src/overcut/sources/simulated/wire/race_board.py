"""TimingData of a race: order, gaps and intervals on top of what the loops show."""

from __future__ import annotations

import random

from overcut.domain.durations import format_gap, format_lap_time
from overcut.sources.simulated.log import CarLog, Crossing, SessionLog
from overcut.sources.simulated.track import Track
from overcut.sources.simulated.wire.bests import Colour
from overcut.sources.simulated.wire.loops import (
    AFTER_PIT,
    FLAGGED,
    IN_PIT,
    OUT_LAP,
    RETIRED,
    RUNNING,
    STOPPED,
    Loops,
)
from overcut.sources.simulated.wire.measured import Measured, by_time
from overcut.sources.simulated.wire.patch import Patch, ms
from overcut.sources.simulated.wire.placing import BoardResult, TimedLapRow, TopRow


class RaceBoard(Loops):
    """Builds the topic. Use ``build`` once."""

    def __init__(self, log: SessionLog, track: Track, cars: list[Measured], chance: random.Random) -> None:
        super().__init__(log, track, cars, chance)
        self._progress = [0] * len(cars)
        self._reached: list[dict[int, float]] = [{} for _ in cars]
        self._lapped = [0] * len(cars)
        self._out_lap: dict[int, int] = {}
        self._interval = [99.0] * len(cars)
        self._leader_lap = 1
        self._last_lap = [self._flagged_lap(car) for car in cars]

    def _flagged_lap(self, car: Measured) -> int:
        """The lap at whose end the car took the flag; none: never."""
        laps = [c.lap for c in car.car.crossings if c.t == car.car.flag_t and c.node == self.track.count]
        return laps[0] if laps else 1 << 30

    def build(self) -> BoardResult:
        """All lines."""
        self._first_lines()
        for index, crossing in by_time(self.cars):
            if crossing.lap == 0:
                self.segment(index, crossing, Colour.YELLOW)
            elif crossing.lap > self._last_lap[index]:
                self.segment(index, crossing, Colour.PIT if crossing.in_pit else Colour.YELLOW)
            else:
                self._crossing(index, crossing)
        for index, car in enumerate(self.cars):
            self._pits(index, car.car)
            self._halts(car.car)
        self.traps(self.log.end_t)
        self._final()
        self.deltas.flush(self.result.lines)
        return self.result

    def _first_lines(self) -> None:
        rows: dict[str, Patch] = {}
        for line, index in enumerate(self.order, start=1):
            text = "LAP 1" if line == 1 else ""
            rows[self.number(index)] = {
                "GapToLeader": text,
                "IntervalToPositionAhead": {"Value": text, "Catching": False},
                "Line": line,
                "Position": str(line),
                "ShowPosition": True,
                "RacingNumber": self.number(index),
                "Retired": False,
                "InPit": False,
                "PitOut": False,
                "Stopped": False,
                "Status": RUNNING,
            }
        self.keyframes(rows, {"Withheld": False}, 5969)

    def lap_start(self, index: int, lap: int) -> float | None:
        """Lap 1 begins on the grid, where no loop is: its first sector and its time are not measured (trap 5)."""
        return super().lap_start(index, lap) if lap > 1 else None

    # --- one crossing ------------------------------------------------------------------------------------------------

    def _crossing(self, index: int, at: Crossing) -> None:
        self.note(index, at)
        progress = (at.lap - 1) * self.track.count + at.node
        self._progress[index] = progress
        self._reached[index][progress] = at.t
        self._place(index, at.t)
        self._gaps(index, progress, at)
        self.timed_segment(index, at)
        if at.node - 1 in self.track.sector_last:
            ends_out_lap = at.node - 1 == self.track.sector_last[0] and self._out_lap.get(index) == at.lap
            self.sector(index, at, {"PitOut": False, "Status": AFTER_PIT} if ends_out_lap else {})
        if at.node == self.track.count:
            self._lap(index, at)

    def _place(self, index: int, t: float) -> None:
        """The order by progress, and a patch for whoever moved."""
        order, progress = self.order, self._progress
        i = start = order.index(index)
        while i > 0 and progress[order[i - 1]] < progress[index] and not self._done(order[i - 1], t):
            order[i], order[i - 1] = order[i - 1], order[i]
            i -= 1
        if i != start:
            self.moved(t, {self.number(order[k]): k + 1 for k in range(i, start + 1)})

    def _done(self, index: int, t: float) -> bool:
        flag_t = self.cars[index].car.flag_t
        return flag_t is not None and flag_t <= t

    def _gaps(self, index: int, progress: int, at: Crossing) -> None:
        """Gap to the leader and interval to the car ahead, at the same loop on the same lap (trap 12 once lapped)."""
        leader = self.order[0]
        delay = 0.02
        if index == leader:
            self._leads(index, at, delay)
            return
        patch: Patch = {}
        down = (self._progress[leader] - progress) // self.track.count
        if down >= 1:
            if down != self._lapped[index]:
                patch["GapToLeader"] = f"{down} L"
        elif progress in self._reached[leader]:
            patch["GapToLeader"] = format_gap(ms(at.t) - ms(self._reached[leader][progress]))
        self._lapped[index] = down
        ahead = self.order[self.order.index(index) - 1]
        behind_laps = (self._progress[ahead] - progress) // self.track.count
        if behind_laps >= 1:
            patch["IntervalToPositionAhead"] = {"Value": f"{behind_laps} L"}
        elif progress in self._reached[ahead]:
            gap = at.t - self._reached[ahead][progress]
            text = format_gap(ms(at.t) - ms(self._reached[ahead][progress]))
            catching = gap < 1.0 and gap < self._interval[index]
            self._interval[index] = gap
            patch["IntervalToPositionAhead"] = {"Value": text, "Catching": catching}
        if patch:
            self.send(at.t, index, patch, delay)

    def _leads(self, index: int, at: Crossing, delay: float) -> None:
        if at.node == self.track.count and at.lap >= self._leader_lap:
            self._leader_lap = at.lap + 1
            if at.lap < self.log.laps_total:
                self.result.leader_laps.append(at.t)
        if self._leader_lap <= self.log.laps_total:
            text = f"LAP {self._leader_lap}"
            self.send(at.t, index, {"GapToLeader": text, "IntervalToPositionAhead": {"Value": text}}, delay)

    def _lap(self, index: int, at: Crossing) -> None:
        patch: Patch = {"NumberOfLaps": at.lap}
        begin = self.lap_start(index, at.lap)
        row = TimedLapRow(at.t, index, at.lap, None)
        beaten = -1
        if begin is not None:
            value_ms = ms(at.t) - ms(begin)
            text = format_lap_time(value_ms)
            verdict = self.bests.judge(index, "lap", value_ms)
            beaten = verdict.beaten
            row = TimedLapRow(at.t, index, at.lap, value_ms, verdict.personal, verdict.overall)
            if verdict.personal:
                patch["BestLapTime"] = {"Value": text, "Lap": at.lap}
            flags: Patch = {"OverallFastest": verdict.overall, "PersonalFastest": verdict.personal}
            patch["LastLapTime"] = {"Value": text, **flags}
        self.result.laps.append(row)
        self._top(at.t, row)
        if self.cars[index].car.flag_t == at.t:
            patch["Status"] = FLAGGED
        elif not at.in_pit and self._out_lap.get(index) == at.lap:
            patch["Status"] = RUNNING
        self.send(at.t, index, patch, 0.09 + 0.09 * self.chance.random())
        if beaten >= 0:
            self.send(at.t, beaten, {"LastLapTime": {"OverallFastest": False}}, 0.2)
        if any(visit.lap == at.lap for visit in self.cars[index].car.visits):
            self._out_lap[index] = at.lap + 1

    def _top(self, t: float, row: TimedLapRow) -> None:
        """The first three after a lap of one of them: their last lap and the differences."""
        if not self.result.top:
            grid = sorted(range(len(self.cars)), key=lambda i: self.cars[i].car.grid)
            for place, car in enumerate(grid[:3]):
                self.result.top.append((5.579, place, TopRow(self.cars[car].car.entry)))
        for place, car in enumerate(self.order[:3]):
            progress = row.lap * self.track.count
            mine = self._reached[car].get(progress)
            if row.car not in self.order[:3] or mine is None:
                continue
            leader_t = self._reached[self.order[0]].get(progress)
            ahead_t = self._reached[self.order[place - 1]].get(progress) if place else None
            shown = TopRow(
                self.cars[car].car.entry,
                lap_time=format_lap_time(row.lap_ms) if row.lap_ms is not None and car == row.car else None,
                ahead_ms=None if ahead_t is None else ms(mine) - ms(ahead_t),
                leader_ms=None if leader_t is None or not place else ms(mine) - ms(leader_t),
                overall=row.overall and car == row.car,
                personal=row.personal and car == row.car,
            )
            self.result.top.append((t, place, shown))

    # --- pits and halts ----------------------------------------------------------------------------------------------

    def _pits(self, index: int, car: CarLog) -> None:
        count = 0
        for visit in car.visits:
            if not visit.counted:
                continue
            count += 1
            self.send(visit.entry_t, index, {"InPit": True, "Status": IN_PIT, "NumberOfPitStops": count}, 0.04)
            if visit.exit_t is not None:
                out: Patch = {"InPit": False, "PitOut": True, "Status": OUT_LAP, **self.wiped()}
                self.send(visit.exit_t, index, out, 0.04)

    def _halts(self, car: CarLog) -> None:
        number = car.entry.number
        if car.stopped_t is not None:
            node = car.crossings[-1].node % self.track.count if car.crossings else 0
            sector = str(self.track.place[node][0])
            halted: Patch = {"Stopped": True, "Status": STOPPED, "Sectors": {sector: {"Stopped": True}}}
            self.deltas.queue(ms(car.stopped_t), {"Lines": {number: halted}})
        if car.retired_t is not None:
            gone: Patch = {"Retired": True, "Stopped": True, "Status": RETIRED}
            gone.update({"GapToLeader": "", "IntervalToPositionAhead": {"Value": ""}})
            self.deltas.queue(ms(car.retired_t), {"Lines": {number: gone}})

    def _final(self) -> None:
        """With the result: retired cars show how many laps they are down; penalties move cars."""
        t = self.log.finalised_t
        for car in self.cars:
            if car.car.flag_t is None:
                done = max((c.lap for c in car.car.crossings if c.node == self.track.count), default=0)
                text = f"{max(1, self.log.laps_total - done)}L"
                patch: Patch = {"GapToLeader": text, "IntervalToPositionAhead": {"Value": text}}
                self.deltas.queue(ms(t), {"Lines": {car.car.entry.number: patch}})
        numbers = [self.number(i) for i in self.order]
        moved = {n: k + 1 for k, n in enumerate(self.log.order) if numbers[k] != n}
        if moved:
            self.moved(t, moved)
