"""TimingData of a race: order, gaps, intervals, laps, sectors, mini-sectors, traps, pits, as the loops report them."""

from __future__ import annotations

import random
from overcut.domain.durations import format_gap, format_lap_time
from overcut.sources.simulated.log import CarLog, Crossing, SessionLog
from overcut.sources.simulated.track import Track
from overcut.sources.simulated.wire.bests import Bests, Colour
from overcut.sources.simulated.wire.measured import Measured, by_time
from overcut.sources.simulated.wire.patch import Deltas, Json, Lines, Patch, indexed, ms
from overcut.sources.simulated.wire.placing import BoardResult, Placing, TimedLapRow, TopRow

RUNNING, IN_PIT, PIT_OUT, STOPPED, RETIRED, FLAGGED = 64, 80, 608, 68, 92, 1088
AFTER_PIT = 576


class RaceBoard:
    """Builds the topic. Use ``build`` once."""

    def __init__(self, log: SessionLog, track: Track, cars: list[Measured], chance: random.Random) -> None:
        self._log, self._track, self._cars, self._chance = log, track, cars, chance
        self._bests = Bests()
        self._order = sorted(range(len(cars)), key=lambda i: cars[i].car.grid)
        self._progress = [0] * len(cars)
        self._reached: list[dict[int, float]] = [{} for _ in cars]
        self._segment_holder: dict[int, tuple[int, int]] = {}
        self._lapped = [0] * len(cars)
        self._out_lap: dict[int, int] = {}
        self._previous_t = [log.start_t] * len(cars)
        self._interval = [99.0] * len(cars)
        self._deltas = Deltas({})
        self._result = BoardResult(Lines())
        self._leader_lap = 1

    def build(self) -> BoardResult:
        """All lines."""
        self._keyframes()
        for index, crossing in by_time(self._cars):
            if crossing.lap == 0:
                self._segment(index, crossing, Colour.YELLOW)
            elif self._cars[index].car.flag_t is not None and crossing.lap > self._last_lap(index):
                self._segment(index, crossing, Colour.PIT if crossing.in_pit else Colour.YELLOW)
            else:
                self._crossing(index, crossing)
        for car in self._cars:
            self._pits(car)
            self._traps(car)
            self._halts(car.car)
        self._final()
        self._deltas.flush(self._result.lines)
        return self._result

    def _last_lap(self, index: int) -> int:
        """The lap at whose end the car took the flag."""
        flag_t = self._cars[index].car.flag_t
        return next(c.lap for c in self._cars[index].car.crossings if c.t == flag_t and c.node == self._track.count)

    def _send(self, t: float, car: int, patch: Patch, delay_s: float = 0.0) -> None:
        self._deltas.queue(ms(t + delay_s), {"Lines": {self._cars[car].car.entry.number: patch}})

    # --- keyframes ---------------------------------------------------------------------------------------------------

    def _keyframes(self) -> None:
        """The first two lines, with lists; the state that later patches are compared with has them by index."""
        first: Patch = {}
        second: Patch = {}
        state: Patch = {}
        blank: Patch = {"Value": "", "Status": 0, "OverallFastest": False, "PersonalFastest": False}
        for line, index in enumerate(self._order, start=1):
            number = self._cars[index].car.entry.number
            row: Patch = {
                "GapToLeader": "LAP 1" if line == 1 else "",
                "IntervalToPositionAhead": {"Value": "LAP 1" if line == 1 else "", "Catching": False},
                "Line": line,
                "Position": str(line),
                "ShowPosition": True,
                "RacingNumber": number,
                "Retired": False,
                "InPit": False,
                "PitOut": False,
                "Stopped": False,
                "Status": RUNNING,
            }
            sectors: list[Json] = [{"Stopped": False, **blank} for _ in range(3)]
            speeds: Patch = {name: dict(blank) for name in ("I1", "I2", "FL", "ST")}
            times: Patch = {"BestLapTime": {"Value": ""}, "LastLapTime": dict(blank)}
            first[number] = {**row, "Sectors": sectors, "Speeds": speeds, **times}
            segments: list[list[Json]] = [[{"Status": 0} for _ in range(n)] for n in self._track.circuit.segments]
            second[number] = {"Sectors": {str(s): {"Segments": list[Json](parts)} for s, parts in enumerate(segments)}}
            state[number] = {
                **row,
                "IntervalToPositionAhead": {"Value": "LAP 1" if line == 1 else "", "Catching": False},
                "Sectors": {
                    str(s): {"Stopped": False, **blank, "Segments": indexed([{"Status": 0} for _ in parts])}
                    for s, parts in enumerate(segments)
                },
                "Speeds": {name: dict(blank) for name in ("I1", "I2", "FL", "ST")},
                "BestLapTime": {"Value": ""},
                "LastLapTime": dict(blank),
            }
        self._result.lines.add(5969, {"Lines": first, "Withheld": False})
        self._result.lines.add(10156, {"Lines": second})
        self._deltas = Deltas({"Lines": state, "Withheld": False})

    # --- one crossing ------------------------------------------------------------------------------------------------

    def _crossing(self, index: int, at: Crossing) -> None:
        track = self._track
        progress = (at.lap - 1) * track.count + at.node
        self._progress[index] = progress
        self._reached[index][progress] = at.t
        self._place(index, at.t)
        self._gaps(index, progress, at)
        self._timed_segment(index, at)
        segment = at.node - 1
        if segment in track.sector_last:
            self._sector(index, track.sector_last.index(segment), at)
        if at.node == track.count:
            self._lap(index, at)

    def _place(self, index: int, t: float) -> None:
        """The order by progress, and a patch for whoever moved."""
        order, progress = self._order, self._progress
        i = start = order.index(index)
        while i > 0 and progress[order[i - 1]] < progress[index] and not self._done(order[i - 1], t):
            order[i], order[i - 1] = order[i - 1], order[i]
            i -= 1
        if i == start:
            return
        moved = {self._cars[order[k]].car.entry.number: k + 1 for k in range(i, start + 1)}
        self._result.placings.append(Placing(t, moved))
        patch: Patch = {number: {"Line": line, "Position": str(line)} for number, line in moved.items()}
        self._deltas.queue(ms(t) + 15, {"Lines": patch})

    def _done(self, index: int, t: float) -> bool:
        flag_t = self._cars[index].car.flag_t
        return flag_t is not None and flag_t <= t

    def _gaps(self, index: int, progress: int, at: Crossing) -> None:
        """Gap to the leader and interval to the car ahead, at the same loop on the same lap (trap 12 once lapped)."""
        leader = self._order[0]
        place = self._order.index(index)
        delay = 0.02
        if index == leader:
            if at.node == self._track.count and at.lap >= self._leader_lap:
                self._leader_lap = at.lap + 1
                if at.lap < self._log.laps_total:
                    self._result.leader_laps.append(at.t)
            if self._leader_lap <= self._log.laps_total:
                text = f"LAP {self._leader_lap}"
                self._send(at.t, index, {"GapToLeader": text, "IntervalToPositionAhead": {"Value": text}}, delay)
            return
        patch: Patch = {}
        down = (self._progress[leader] - progress) // self._track.count
        if down >= 1:
            if down != self._lapped[index]:
                patch["GapToLeader"] = f"{down} L"
        elif progress in self._reached[leader]:
            patch["GapToLeader"] = format_gap(ms(at.t) - ms(self._reached[leader][progress]))
        self._lapped[index] = down
        ahead = self._order[place - 1]
        behind_laps = (self._progress[ahead] - progress) // self._track.count
        if behind_laps >= 1:
            patch["IntervalToPositionAhead"] = {"Value": f"{behind_laps} L"}
        elif progress in self._reached[ahead]:
            gap = at.t - self._reached[ahead][progress]
            value: Patch = {"Value": format_gap(ms(at.t) - ms(self._reached[ahead][progress]))}
            value["Catching"] = gap < 1.0 and gap < self._interval[index]
            self._interval[index] = gap
            patch["IntervalToPositionAhead"] = value
        if patch:
            self._send(at.t, index, patch, delay)

    def _timed_segment(self, index: int, at: Crossing) -> None:
        duration = at.t - self._previous_t[index]
        self._previous_t[index] = at.t
        if at.in_pit:
            self._segment(index, at, Colour.PIT)
            return
        verdict = self._bests.judge(index, at.node, duration)
        if verdict.beaten >= 0:
            self._unpurple(verdict.beaten, at)
        if verdict.overall:
            self._segment_holder[at.node] = (index, at.lap)
        self._segment(index, at, verdict.colour)

    def _unpurple(self, beaten: int, at: Crossing) -> None:
        """A mini-sector that was purple turns green when another car beats it, while it is still shown."""
        holder = self._segment_holder.get(at.node)
        if holder is not None and holder[0] == beaten:
            lap = self._progress[beaten] // self._track.count + 1
            if lap == holder[1] and self._progress[beaten] % self._track.count >= at.node:
                sector, position = self._track.place[at.node - 1]
                self._send(at.t, beaten, _segment_patch(sector, position, Colour.GREEN), 0.12)

    def _segment(self, index: int, at: Crossing, colour: Colour) -> None:
        sector, position = self._track.place[at.node - 1]
        patch = _segment_patch(sector, position, colour)
        if at.node == 1:
            patch = self._cleared(colour)
        self._send(at.t, index, patch, 0.03 + 0.11 * self._chance.random())

    def _cleared(self, colour: Colour) -> Patch:
        """The first mini-sector of a lap wipes the others."""
        sectors: Patch = {}
        for sector, parts in enumerate(self._track.circuit.segments):
            codes: list[Json] = [{"Status": 0} for _ in range(parts)]
            if sector == 0:
                codes[0] = {"Status": int(colour)}
            sectors[str(sector)] = {"Segments": indexed(codes)}
        return {"Sectors": sectors}

    # --- sectors and laps --------------------------------------------------------------------------------------------

    def _sector(self, index: int, sector: int, at: Crossing) -> None:
        """A sector's time; the first of a lap clears the other two. The first of lap 1 has no start to be timed from."""
        begin_node = self._track.sector_last[sector - 1] + 1 if sector else 0
        if at.lap == 1 and sector == 0:
            return
        begin = self._reached[index].get((at.lap - 1) * self._track.count + begin_node)
        if begin is None:
            return
        value_ms = ms(at.t) - ms(begin)
        verdict = self._bests.judge(index, f"S{sector}", value_ms)
        name = str(sector)
        text = _seconds(value_ms)
        sectors: Patch = {
            name: {"Value": text, "OverallFastest": verdict.overall, "PersonalFastest": verdict.personal}
        }
        patch: Patch = {"Sectors": sectors}
        if sector == 0:
            sectors["1"] = {"Value": "", "OverallFastest": False, "PersonalFastest": False}
            sectors["2"] = {"Value": "", "OverallFastest": False, "PersonalFastest": False}
            patch["Speeds"] = {"I2": {"Value": ""}, "FL": {"Value": ""}, "ST": {"Value": ""}}
            if self._out_lap.get(index) == at.lap:
                patch.update({"PitOut": False, "Status": AFTER_PIT})
        self._result.values.append((at.t, index, f"S{sector}", value_ms))
        self._send(at.t, index, patch, 0.08 + 0.10 * self._chance.random())
        if verdict.beaten >= 0:
            self._send(at.t, verdict.beaten, {"Sectors": {name: {"OverallFastest": False}}}, 0.15)
        previous: Patch = {"Sectors": {name: {"PreviousValue": text}}}
        self._send(at.t, index, previous, 0.5 + 4.0 * self._chance.random())

    def _lap(self, index: int, at: Crossing) -> None:
        begin = self._reached[index].get((at.lap - 1) * self._track.count)
        patch: Patch = {"NumberOfLaps": at.lap}
        flagged = self._cars[index].car.flag_t == at.t
        beaten = -1
        row = TimedLapRow(at.t, index, at.lap, None)
        if begin is not None and at.lap > 1:
            value_ms = ms(at.t) - ms(begin)
            text = format_lap_time(value_ms)
            verdict = self._bests.judge(index, "lap", value_ms)
            beaten = verdict.beaten
            row = TimedLapRow(at.t, index, at.lap, value_ms, verdict.personal, verdict.overall)
            if verdict.personal:
                patch["BestLapTime"] = {"Value": text, "Lap": at.lap}
            patch["LastLapTime"] = {
                "Value": text,
                "OverallFastest": verdict.overall,
                "PersonalFastest": verdict.personal,
            }
        self._result.laps.append(row)
        self._top(at.t, row)
        if flagged:
            patch["Status"] = FLAGGED
        elif not at.in_pit and self._out_lap.get(index) == at.lap:
            patch["Status"] = RUNNING
        self._send(at.t, index, patch, 0.09 + 0.09 * self._chance.random())
        if beaten >= 0:
            self._send(at.t, beaten, {"LastLapTime": {"OverallFastest": False}}, 0.2)
        for visit in self._cars[index].car.visits:
            if visit.lap == at.lap:
                self._out_lap[index] = at.lap + 1

    def _top(self, t: float, row: TimedLapRow) -> None:
        """The first three after a lap of one of them: their last lap and the differences."""
        if row.car not in self._order[:3]:
            return
        if not self._result.top:
            for place, car in enumerate(self._order[:3]):
                self._result.top.append((5.579, place, TopRow(self._cars[car].car.entry)))
        place = self._order.index(row.car)
        progress = row.lap * self._track.count
        leader_t = self._reached[self._order[0]].get(progress)
        ahead_t = self._reached[self._order[place - 1]].get(progress) if place else None
        shown = TopRow(
            self._cars[row.car].car.entry,
            lap_time="" if row.lap_ms is None else format_lap_time(row.lap_ms),
            ahead_ms=None if ahead_t is None else ms(t) - ms(ahead_t),
            leader_ms=None if leader_t is None or not place else ms(t) - ms(leader_t),
            overall=row.overall,
            personal=row.personal,
        )
        self._result.top.append((t, place, shown))

    # --- pits, traps, halts ------------------------------------------------------------------------------------------

    def _pits(self, car: Measured) -> None:
        index = self._cars.index(car)
        count = 0
        for visit in car.car.visits:
            if not visit.counted:
                continue
            count += 1
            patch: Patch = {"InPit": True, "Status": IN_PIT, "NumberOfPitStops": count}
            self._send(visit.entry_t, index, patch, 0.04)
            if visit.exit_t is None:
                continue
            wiped: Patch = {str(s): {"Value": "", "PersonalFastest": False, "OverallFastest": False} for s in range(3)}
            speeds: Patch = {name: {"Value": ""} for name in ("I1", "I2", "ST")}
            out: Patch = {"InPit": False, "PitOut": True, "Status": PIT_OUT, "Sectors": wiped, "Speeds": speeds}
            self._send(visit.exit_t, index, out, 0.04)

    def _traps(self, car: Measured) -> None:
        index = self._cars.index(car)
        speeds = Bests()
        for (lap, name), (t, kmh) in sorted(car.traps.items(), key=lambda item: item[1][0]):
            if lap < 1 or (car.car.flag_t is not None and t > car.car.flag_t):
                continue
            verdict = speeds.judge(index, name, -float(kmh))
            if verdict.personal:
                self._result.values.append((t, index, name, -kmh))
            patch: Patch = {"Speeds": {name: {"Value": str(kmh), "PersonalFastest": verdict.personal}}}
            self._send(t, index, patch, 0.2 + 0.3 * self._chance.random())

    def _halts(self, car: CarLog) -> None:
        number = car.entry.number
        if car.stopped_t is not None:
            sector = str(self._track.place[min(self._track.count - 1, self._last_segment(car))][0])
            halted: Patch = {"Stopped": True, "Status": STOPPED, "Sectors": {sector: {"Stopped": True}}}
            self._deltas.queue(ms(car.stopped_t), {"Lines": {number: halted}})
        if car.retired_t is not None:
            gone: Patch = {
                "Retired": True,
                "Stopped": True,
                "Status": RETIRED,
                "GapToLeader": "",
                "IntervalToPositionAhead": {"Value": ""},
            }
            self._deltas.queue(ms(car.retired_t), {"Lines": {number: gone}})

    def _last_segment(self, car: CarLog) -> int:
        return car.crossings[-1].node % self._track.count if car.crossings else 0

    def _final(self) -> None:
        """With the result: retired cars show how many laps they are down; penalties move cars."""
        t = self._log.finalised_t
        winner = max((c.lap for car in self._cars for c in car.car.crossings if c.t == car.car.flag_t), default=0)
        for car in self._cars:
            if car.car.flag_t is None:
                done = max((c.lap for c in car.car.crossings if c.node == self._track.count), default=0)
                text = f"{max(1, winner - done)}L"
                patch: Patch = {"GapToLeader": text, "IntervalToPositionAhead": {"Value": text}}
                self._deltas.queue(ms(t), {"Lines": {car.car.entry.number: patch}})
        numbers = [self._cars[i].car.entry.number for i in self._order]
        if numbers != self._log.order:
            moved = {n: k + 1 for k, n in enumerate(self._log.order) if numbers[k] != n}
            self._result.placings.append(Placing(t, moved))
            lines: Patch = {n: {"Line": k, "Position": str(k)} for n, k in moved.items()}
            self._deltas.queue(ms(t), {"Lines": lines})


def _segment_patch(sector: int, position: int, colour: Colour) -> Patch:
    return {"Sectors": {str(sector): {"Segments": {str(position): {"Status": int(colour)}}}}}


def _seconds(value_ms: int) -> str:
    """Sectors are written in seconds, also above a minute: ``91.124``."""
    return f"{value_ms // 1000}.{value_ms % 1000:03d}"
