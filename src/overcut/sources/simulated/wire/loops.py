"""What every timing screen shows of the loops: mini-sectors, sectors, traps. Races and timed sessions build on it."""

from __future__ import annotations

import random

from overcut.sources.simulated.log import Crossing, SessionLog
from overcut.sources.simulated.track import Track
from overcut.sources.simulated.wire.bests import Bests, Colour, Verdict
from overcut.sources.simulated.wire.measured import Measured
from overcut.sources.simulated.wire.patch import Deltas, Json, Lines, Patch, indexed, ms
from overcut.sources.simulated.wire.placing import BoardResult, Placing

RUNNING, IN_PIT, LEAVING, OUT_LAP, AFTER_PIT = 64, 80, 96, 608, 576
STOPPED, RETIRED, FLAGGED = 68, 92, 1088
"""A car's status bits, in the combinations in which the feed sends them."""


class Loops:
    """The topic TimingData as far as it is the same in all sessions."""

    def __init__(self, log: SessionLog, track: Track, cars: list[Measured], chance: random.Random) -> None:
        self.log, self.track, self.cars, self.chance = log, track, cars, chance
        self.bests = Bests()
        self.order = sorted(range(len(cars)), key=lambda i: cars[i].car.grid)
        self.deltas = Deltas({})
        self.result = BoardResult(Lines())
        self._starts = [{mark.lap: mark for mark in car.car.laps} for car in cars]
        self._nodes: list[dict[tuple[int, int], float]] = [{} for _ in cars]
        self._previous_t = [log.start_t] * len(cars)
        self._holder: dict[int, tuple[int, int]] = {}
        self._now_lap = [0] * len(cars)
        self._now_node = [0] * len(cars)

    def number(self, index: int) -> str:
        """Racing number."""
        return self.cars[index].car.entry.number

    def send(self, t: float, index: int, patch: Patch, delay_s: float = 0.0) -> None:
        """A patch to one car's line."""
        self.deltas.queue(ms(t + delay_s), {"Lines": {self.number(index): patch}})

    def moved(self, t: float, moved: dict[str, int], delay_ms: int = 15) -> None:
        """New lines for some cars, here and in the topics that repeat them."""
        self.result.placings.append(Placing(t, moved))
        patch: Patch = {number: {"Line": line, "Position": str(line)} for number, line in moved.items()}
        self.deltas.queue(ms(t) + delay_ms, {"Lines": patch})

    def keyframes(self, rows: dict[str, Patch], head: Patch, t_ms: int) -> None:
        """The first two lines, with lists; later patches are compared with the same values by index."""
        first: Patch = {}
        second: Patch = {}
        state: Patch = {}
        blank: Patch = {"Value": "", "Status": 0, "OverallFastest": False, "PersonalFastest": False}
        for number, row in rows.items():
            sectors: list[Json] = [{"Stopped": False, **blank} for _ in range(3)]
            tail: Patch = {
                "Speeds": {name: dict(blank) for name in ("I1", "I2", "FL", "ST")},
                "BestLapTime": {"Value": ""},
                "LastLapTime": dict(blank),
            }
            segments: list[list[Json]] = [[{"Status": 0} for _ in range(n)] for n in self.track.circuit.segments]
            first[number] = {**row, "Sectors": sectors, **tail}
            second[number] = {"Sectors": {str(s): {"Segments": list[Json](parts)} for s, parts in enumerate(segments)}}
            mine: Patch = {
                str(s): {"Stopped": False, **blank, "Segments": indexed([{"Status": 0} for _ in parts])}
                for s, parts in enumerate(segments)
            }
            again: Patch = {
                "Speeds": {name: dict(blank) for name in ("I1", "I2", "FL", "ST")},
                "BestLapTime": {"Value": ""},
                "LastLapTime": dict(blank),
            }
            state[number] = {**_by_index(row), "Sectors": mine, **again}
        self.result.lines.add(t_ms, {**head, "Lines": first})
        self.result.lines.add(t_ms + 4187, {"Lines": second})
        self.deltas = Deltas({**head, "Lines": state})

    # --- gates -------------------------------------------------------------------------------------------------------

    def note(self, index: int, at: Crossing) -> None:
        """Remember a crossing; call it before the others."""
        self._nodes[index][at.lap, at.node] = at.t
        self._now_lap[index], self._now_node[index] = at.lap, at.node

    def lap_start(self, index: int, lap: int) -> float | None:
        """When a lap began, where the loops know."""
        mark = self._starts[index].get(lap)
        return None if mark is None or mark.out_lap else mark.start_t

    def timed_segment(self, index: int, at: Crossing) -> None:
        """A mini-sector in its colour; one that was purple on another car turns green there."""
        duration = at.t - self._previous_t[index]
        self._previous_t[index] = at.t
        if at.in_pit:
            self.segment(index, at, Colour.PIT)
            return
        verdict = self.bests.judge(index, at.node, duration)
        if verdict.beaten >= 0:
            self._unpurple(verdict.beaten, at)
        if verdict.overall:
            self._holder[at.node] = (index, at.lap)
        self.segment(index, at, verdict.colour)

    def _unpurple(self, beaten: int, at: Crossing) -> None:
        """Only while the beaten car still shows it."""
        shown = self._holder.get(at.node) == (beaten, self._now_lap[beaten])
        if shown and self._now_node[beaten] >= at.node:
            sector, position = self.track.place[at.node - 1]
            self.send(at.t, beaten, segment_patch(sector, position, Colour.GREEN), 0.12)

    def segment(self, index: int, at: Crossing, colour: Colour) -> None:
        """Show a mini-sector; the first of a lap wipes the others."""
        sector, position = self.track.place[at.node - 1]
        patch = segment_patch(sector, position, colour)
        if at.node == 1:
            sectors: Patch = {}
            for s, parts in enumerate(self.track.circuit.segments):
                codes: list[Json] = [{"Status": 0} for _ in range(parts)]
                if s == 0:
                    codes[0] = {"Status": int(colour)}
                sectors[str(s)] = {"Segments": indexed(codes)}
            whole: Patch = {"Sectors": sectors}
            patch = whole
        self.send(at.t, index, patch, 0.03 + 0.11 * self.chance.random())

    def sector(self, index: int, at: Crossing, extra: Patch) -> None:
        """A sector's time; the first of a lap clears the other two. ``extra`` travels with it."""
        which = self.track.sector_last.index(at.node - 1)
        begin_node = self.track.sector_last[which - 1] + 1 if which else 0
        begin = self._nodes[index].get((at.lap, begin_node)) if which else self.lap_start(index, at.lap)
        patch: Patch = dict(extra)
        verdict = Verdict(False, False)
        name = str(which)
        text = ""
        if begin is not None:
            value_ms = ms(at.t) - ms(begin)
            verdict = self.bests.judge(index, f"S{which}", value_ms)
            text = f"{value_ms // 1000}.{value_ms % 1000:03d}"
            if not at.in_pit:
                self.result.values.append((at.t, index, f"S{which}", value_ms))
            sectors: Patch = {
                name: {"Value": text, "OverallFastest": verdict.overall, "PersonalFastest": verdict.personal}
            }
            patch["Sectors"] = sectors
            if which == 0:
                sectors["1"] = {"Value": "", "OverallFastest": False, "PersonalFastest": False}
                sectors["2"] = {"Value": "", "OverallFastest": False, "PersonalFastest": False}
                speeds: Patch = {key: {"Value": ""} for key in ("I2", "FL", "ST")}
                patch["Speeds"] = speeds
        if patch:
            self.send(at.t, index, patch, 0.08 + 0.10 * self.chance.random())
        if verdict.beaten >= 0:
            self.send(at.t, verdict.beaten, {"Sectors": {name: {"OverallFastest": False}}}, 0.15)
        if text:
            previous: Patch = {"Sectors": {name: {"PreviousValue": text}}}
            self.send(at.t, index, previous, 0.5 + 4.0 * self.chance.random())

    # --- traps and pits ----------------------------------------------------------------------------------------------

    def traps(self, until: float) -> None:
        """Speeds at the four traps, each as the car passes it."""
        events = [
            (t, index, name, kmh)
            for index, car in enumerate(self.cars)
            for (lap, name), (t, kmh) in car.traps.items()
            if lap >= 1 and t <= (car.car.flag_t or until)
        ]
        speeds = Bests()
        for t, index, name, kmh in sorted(events):
            verdict = speeds.judge(index, name, -float(kmh))
            if verdict.personal:
                self.result.values.append((t, index, name, -kmh))
            value: Patch = {"Value": str(kmh), "PersonalFastest": verdict.personal}
            if verdict.overall or verdict.beaten >= 0:
                value["OverallFastest"] = verdict.overall
            self.send(t, index, {"Speeds": {name: value}}, 0.2 + 0.3 * self.chance.random())
            if verdict.beaten >= 0:
                self.send(t, verdict.beaten, {"Speeds": {name: {"OverallFastest": False}}}, 0.55)

    @staticmethod
    def wiped() -> Patch:
        """What a car that leaves the pits loses from its line."""
        sectors: Patch = {str(s): {"Value": "", "OverallFastest": False, "PersonalFastest": False} for s in range(3)}
        return {"Sectors": sectors, "Speeds": {name: {"Value": ""} for name in ("I1", "I2", "ST")}}


def segment_patch(sector: int, position: int, colour: Colour) -> Patch:
    """One mini-sector's code."""
    return {"Sectors": {str(sector): {"Segments": {str(position): {"Status": int(colour)}}}}}


def _by_index(row: Patch) -> Patch:
    """A keyframe's row as later patches address it: lists become objects by index, and nothing is shared."""
    out: Patch = {}
    for key, value in row.items():
        if isinstance(value, list):
            out[key] = indexed([dict(item) if isinstance(item, dict) else item for item in value])
        else:
            out[key] = dict(value) if isinstance(value, dict) else value
    return out
