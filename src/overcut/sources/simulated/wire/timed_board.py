"""TimingData of practice and qualifying: best laps, differences, parts, who is in danger and who is out."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from overcut.domain.durations import format_gap, format_lap_time
from overcut.domain.rules import SeasonRules
from overcut.domain.session import SessionKind
from overcut.sources.simulated.log import Crossing, LapMark, PitVisit, SessionLog
from overcut.sources.simulated.track import Track
from overcut.sources.simulated.wire.loops import (
    AFTER_PIT,
    FLAGGED,
    IN_PIT,
    LEAVING,
    OUT_LAP,
    RUNNING,
    Loops,
)
from overcut.sources.simulated.wire.measured import Measured, by_time
from overcut.sources.simulated.wire.patch import Json, Patch, indexed, ms
from overcut.sources.simulated.wire.placing import BoardResult, TimedLapRow, TopRow

_KNOCKED_OUT, _KNOCKED_OUT_IN_PIT = 1232, 208
_PERCENT_107 = 1.07


@dataclass(frozen=True)
class _Set:
    """A timed lap that counts."""

    value_ms: int
    t: float
    lap: int


class TimedBoard(Loops):
    """Builds the topic. Use ``build`` once."""

    def __init__(
        self, log: SessionLog, track: Track, cars: list[Measured], chance: random.Random, rules: SeasonRules
    ) -> None:
        super().__init__(log, track, cars, chance)
        self._rules = rules
        self._qualifying = log.kind is SessionKind.QUALIFYING
        self._part = 1
        self._sets: list[list[_Set]] = [[] for _ in cars]
        self._out: list[int] = []
        self._shown: list[TopRow | None] = [None, None, None]
        self._flags = [t for t, status in log.status if status == "Finished"]
        self._left: dict[int, float] = {}
        self._state = [IN_PIT + 1] * len(cars)

    def build(self) -> BoardResult:
        """All lines, event by event in the order of time."""
        self._first_lines()
        for t, _, act in self._events():
            act(t)
        self.traps(self.log.end_t)
        self.deltas.flush(self.result.lines)
        return self.result

    def _events(self) -> list[tuple[float, int, Callable[[float], None]]]:
        """(time, rank among equals, what happens then)."""
        events: list[tuple[float, int, Callable[[float], None]]] = []
        for i, crossing in by_time(self.cars):
            events.append((crossing.t, 1, partial(self._crosses, i, crossing)))
        for i, car in enumerate(self.cars):
            for visit in car.car.visits:
                if visit.counted:
                    events.append((visit.entry_t, 0, partial(self._enters, i)))
                if visit.exit_t is not None:
                    events.append((visit.exit_t, 0, partial(self._leaves, i, visit)))
            for mark in car.car.laps:
                if mark.deleted_t is not None:
                    events.append((mark.deleted_t, 2, partial(self._delete, i, mark)))
        events.extend((t, 3, partial(self._next_part, part)) for t, part in self.log.parts if part > 1)
        return sorted(events, key=lambda event: event[:2])

    # --- keyframes ---------------------------------------------------------------------------------------------------

    def _first_lines(self) -> None:
        rows: dict[str, Patch] = {}
        for line, index in enumerate(self.order, start=1):
            number = self.number(index)
            row: Patch = {
                "Line": line,
                "Position": str(line),
                "ShowPosition": False,
                "RacingNumber": number,
                "Retired": False,
                "InPit": True,
                "PitOut": False,
                "Stopped": False,
                "Status": IN_PIT,
            }
            rows[number] = {**self._own_fields(), **row}
        if not self._qualifying:
            self.result.lines.add(4818, {"Lines": {}, "Withheld": False})
            self.keyframes(rows, {"Withheld": False}, 7926)
            return
        self.result.lines.add(3797, {"NoEntries": [0, 0, 0], "SessionPart": 0, "Lines": {}, "Withheld": False})
        entries = indexed([*self._rules.qualifying_entries])
        head: Patch = {"NoEntries": entries, "SessionPart": 1, "CutOffTime": "", "CutOffPercentage": "107"}
        self.keyframes(rows, head, 25579)

    def _own_fields(self) -> Patch:
        if not self._qualifying:
            return {"TimeDiffToFastest": "", "TimeDiffToPositionAhead": ""}
        stats: list[Json] = [{"TimeDiffToFastest": "", "TimeDifftoPositionAhead": ""} for _ in range(3)]
        return {"KnockedOut": False, "Cutoff": True, "BestLapTimes": [{"Value": ""}, {}, {}], "Stats": stats}

    # --- laps --------------------------------------------------------------------------------------------------------

    def _crosses(self, index: int, at: Crossing, _: float) -> None:
        self.note(index, at)
        self.timed_segment(index, at)
        mark = self._starts[index].get(at.lap)
        if at.node - 1 in self.track.sector_last:
            out_lap = mark is not None and mark.out_lap and at.node - 1 == self.track.sector_last[0]
            self.sector(index, at, {"PitOut": False, "Status": AFTER_PIT} if out_lap else {})
            if out_lap:
                self._now_is(at.t, index, AFTER_PIT)
        if at.node == self.track.count and mark is not None:
            self._lap(index, mark, at)

    def _lap(self, index: int, mark: LapMark, at: Crossing) -> None:
        value_ms = ms(at.t) - ms(mark.start_t)
        text = format_lap_time(value_ms)
        row = TimedLapRow(at.t, index, mark.lap + 1, None)
        if at.in_pit:
            self.result.laps.append(row)
            slow: Patch = {"Value": text, "OverallFastest": False, "PersonalFastest": False}
            self.send(at.t, index, {"LastLapTime": slow}, 0.1)
            return
        patch: Patch = {"NumberOfLaps": mark.lap + 1}
        beaten = -1
        first_lap = mark.out_lap and mark.lap == 1
        if not mark.out_lap:
            verdict = self.bests.judge(index, "lap", value_ms)
            beaten = verdict.beaten
            row = TimedLapRow(at.t, index, mark.lap + 1, value_ms, verdict.personal, verdict.overall)
            flags: Patch = {"OverallFastest": verdict.overall, "PersonalFastest": verdict.personal}
            patch["LastLapTime"] = {"Value": text, **flags}
            self._sets[index].append(_Set(value_ms, at.t, mark.lap))
            if verdict.personal:
                patch.update(self._best_fields(index))
        elif not first_lap:
            patch["LastLapTime"] = {"Value": text, "OverallFastest": False, "PersonalFastest": False}
        self.result.laps.append(row)
        flagged = any(flag <= at.t < flag + 240.0 for flag in self._flags)
        patch["Status"] = FLAGGED if flagged else RUNNING
        self.send(at.t, index, patch, 0.09)
        if beaten >= 0:
            self.send(at.t, beaten, {"LastLapTime": {"OverallFastest": False}}, 0.2)
        self._state[index] = (FLAGGED if flagged else RUNNING) + 1
        if row.personal or index in self.order[:3]:
            self._rank(at.t)

    def _best(self, index: int) -> _Set | None:
        return min(self._sets[index], key=lambda s: (s.value_ms, s.t), default=None)

    def _best_fields(self, index: int) -> Patch:
        """Best lap of the session, and of the part in qualifying; empty when there is none (any more)."""
        best = self._best(index)
        text: Patch = {"Value": ""} if best is None else {"Value": format_lap_time(best.value_ms), "Lap": best.lap}
        fields: Patch = {"BestLapTime": dict(text), "ShowPosition": best is not None}
        if self._qualifying:
            fields["BestLapTimes"] = {str(self._part - 1): dict(text)}
        return fields

    def _delete(self, index: int, mark: LapMark, t: float) -> None:
        """A deleted time goes, and the best before it is shown again (trap 8)."""
        kept = [s for s in self._sets[index] if s.lap != mark.lap]
        if len(kept) == len(self._sets[index]):
            return
        was = self._best(index)
        self._sets[index] = kept
        left = {i: best.value_ms for i in range(len(self.cars)) if (best := self._best(i)) is not None}
        self.bests.withdraw("lap", left)
        if was is not None and was.lap == mark.lap:
            self.send(t, index, {**self._best_fields(index), "LastLapTime": {"PersonalFastest": False}}, 0.3)
            self._rank(t + 0.3)

    # --- order -------------------------------------------------------------------------------------------------------

    def _rank(self, t: float) -> None:
        """The order by best laps, then by who left the pits first; the differences, the drop zone, the top three."""
        racing = [i for i in self.order if i not in self._out]
        best = {i: self._best(i) for i in racing}

        def key(index: int) -> tuple[float, float]:
            mine = best[index]
            if mine is not None:
                return mine.value_ms, mine.t
            return float("inf"), self._left.get(index, float("inf"))

        ranked = sorted(racing, key=key)
        order = ranked + self._out
        moved = {self.number(i): k + 1 for k, i in enumerate(order) if self.order[k] != i}
        self.order = order
        if moved:
            self.moved(t, moved, delay_ms=95)
        fastest = best[ranked[0]]
        self._top(t, ranked, best, fastest)
        if fastest is None:
            return
        if self._qualifying and self._part == 1:
            self.deltas.queue(ms(t) + 140, {"CutOffTime": format_lap_time(int(fastest.value_ms * _PERCENT_107))})
        for place, index in enumerate(ranked):
            self._differences(t, place, index, ranked, best, fastest)

    def _differences(
        self, t: float, place: int, index: int, ranked: list[int], best: dict[int, _Set | None], fastest: _Set
    ) -> None:
        mine = best[index]
        ahead = best[ranked[place - 1]] if place else None
        to_fastest = "" if mine is None or not place else format_gap(mine.value_ms - fastest.value_ms)
        to_ahead = "" if mine is None or ahead is None else format_gap(mine.value_ms - ahead.value_ms)
        if not self._qualifying:
            self.send(t, index, {"TimeDiffToFastest": to_fastest, "TimeDiffToPositionAhead": to_ahead}, 0.14)
            return
        kept = self._rules.qualifying_entries[self._part] if self._part < 3 else len(ranked)
        stats: Patch = {"TimeDiffToFastest": to_fastest, "TimeDifftoPositionAhead": to_ahead}
        patch: Patch = {"Stats": {str(self._part - 1): stats}, "Cutoff": mine is None or place >= kept}
        self.send(t, index, patch, 0.14)

    def _top(self, t: float, ranked: list[int], best: dict[int, _Set | None], fastest: _Set | None) -> None:
        for place, index in enumerate(ranked[:3]):
            mine = best[index]
            ahead = best[ranked[place - 1]] if place else None
            row = TopRow(
                self.cars[index].car.entry,
                lap_time="" if mine is None else format_lap_time(mine.value_ms),
                state=self._state[index],
                ahead_ms=None if mine is None or ahead is None else mine.value_ms - ahead.value_ms,
                leader_ms=None if mine is None or fastest is None or not place else mine.value_ms - fastest.value_ms,
                overall=place == 0 and mine is not None,
                personal=mine is not None,
            )
            if row != self._shown[place]:
                self._shown[place] = row
                self.result.top.append((t, place, row))

    # --- pits and parts ----------------------------------------------------------------------------------------------

    def _now_is(self, t: float, index: int, status: int) -> None:
        """A car's state, which the top three show and which places cars without a time."""
        self._state[index] = status + 1
        if self._best(index) is None or index in self.order[:3]:
            self._rank(t)

    def _enters(self, index: int, t: float) -> None:
        count = sum(1 for v in self.cars[index].car.visits if v.counted and v.entry_t <= t)
        self.send(t, index, {"InPit": True, "Status": IN_PIT, "NumberOfPitStops": count}, 0.04)
        self._now_is(t, index, IN_PIT)

    def _leaves(self, index: int, visit: PitVisit, t: float) -> None:
        """At pit exit the lap count steps on (trap 5: the lap that ended in the garage counts)."""
        laps = sum(1 for mark in self.cars[index].car.laps if mark.start_t < t) + 1
        lap = next((m.lap for m in self.cars[index].car.laps if m.start_t == t), laps)
        patch: Patch = {"InPit": False, "PitOut": True, "Status": LEAVING, "NumberOfLaps": lap}
        if visit.counted:
            patch.update(self.wiped())
        self.send(t, index, patch, 0.04)
        self.send(t, index, {"Status": OUT_LAP}, 0.12)
        self._left.setdefault(index, t)
        self._now_is(t, index, OUT_LAP)

    def _next_part(self, part: int, t: float) -> None:
        """Times are wiped, the slowest are out (trap 9)."""
        keep = self._rules.qualifying_entries[part - 1]
        racing = [i for i in self.order if i not in self._out]
        gone = racing[keep:]
        self._out = gone + self._out
        self._part = part
        self.bests.forget()
        self._left.clear()
        self.deltas.queue(ms(t), {"SessionPart": part})
        for index in racing[:keep]:
            wiped = self.wiped()
            best: Patch = {"Value": "", "_deleted": ["Lap"]}
            fields: Patch = {"BestLapTimes": {str(part - 1): {"Value": ""}}, "BestLapTime": best}
            last: Patch = {"Value": "", "OverallFastest": False, "PersonalFastest": False}
            self.send(t, index, {**fields, **wiped, "LastLapTime": last})
            self.send(t, index, {"Status": IN_PIT, **self._dark()}, 0.17)
            self._sets[index] = []
        for index in gone:
            self.send(t, index, {"KnockedOut": True, "Status": _KNOCKED_OUT, "LastLapTime": {"Value": ""}})
            self.send(t, index, {"Status": _KNOCKED_OUT_IN_PIT, **self._dark()}, 0.17)

    def _dark(self) -> Patch:
        """All mini-sectors off."""
        sectors: Patch = {}
        for sector, parts in enumerate(self.track.circuit.segments):
            sectors[str(sector)] = {"Segments": indexed([{"Status": 0} for _ in range(parts)])}
        return {"Sectors": sectors}
