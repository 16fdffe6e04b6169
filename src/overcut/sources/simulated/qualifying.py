"""How the grid is set: three parts, two runs each, the slowest out, and what the stewards strike out."""

from __future__ import annotations

from datetime import timedelta

from overcut.domain.durations import format_lap_time
from overcut.domain.rules import SeasonRules
from overcut.domain.tyres import Compound
from overcut.sources.simulated.chance import stream
from overcut.sources.simulated.form import Form
from overcut.sources.simulated.log import Message, SessionLog
from overcut.sources.simulated.timed import OUT_LAP, Drive, RunPlan, TimedCar, TimedSession
from overcut.sources.simulated.track import Track
from overcut.sources.simulated.tyres import best_for_water
from overcut.sources.simulated.weather import Sky

EVOLUTION = 0.007
"""Share of a lap by which the track gains from the first to the last minute."""

_BREAK_S = 420.0  # from one part's flag to the next part's start


class Qualifying:
    """One qualifying session."""

    def __init__(
        self, track: Track, rules: SeasonRules, forms: list[Form], seed: int, log: SessionLog, sky: Sky
    ) -> None:
        self._track, self._rules, self._log, self._sky = track, rules, log, sky
        self._chance = stream("qualifying", rules.season, track.circuit.id, seed)
        self._length = sum(rules.qualifying_minutes) * 60.0 + 2 * _BREAK_S
        self._timed = TimedSession(track, forms, log, self._chance, self._evolution, sky.wetness, drs=rules.drs)
        self.result: list[TimedCar] = []

    def _evolution(self, t: float) -> float:
        return EVOLUTION * max(0.0, 1.0 - (t - self._log.start_t) / self._length) ** 1.5

    def run(self) -> SessionLog:
        """Q1, Q2, Q3; ``result`` holds the cars in the order of the grid, ``log.order`` their numbers."""
        log = self._log
        log.parts.extend([(3.797, 0), (25.579, 1)])
        log.clock.extend([(3.11, 0, False), (4.11, self._rules.qualifying_minutes[0] * 60, False)])
        running = list(self._timed.cars)
        out: list[TimedCar] = []
        start = log.start_t
        for part, minutes in enumerate(self._rules.qualifying_minutes, start=1):
            ranked = self._part(part, running, start, minutes * 60.0)
            keep = self._rules.qualifying_entries[part] if part < 3 else 0
            running, gone = ranked[:keep], ranked[keep:]
            out = gone + out
            if part < 3:
                start = self._between(part, start + minutes * 60.0)
        self.result = out
        log.order = [car.form.entry.number for car in out]
        log.finalised_t = round(log.flag_t + 310.0, 3)
        log.end_t = log.finalised_t + 30.0
        self._deletions()
        return log

    def _part(self, part: int, cars: list[TimedCar], start: float, length: float) -> list[TimedCar]:
        log, flag = self._log, start + length
        log.status.append((round(start, 3), "Started"))
        log.clock.append((round(start + 1.0, 3), int(length) - 1, True))
        self._say(start + 0.3, "Flag", "GREEN LIGHT - PIT EXIT OPEN", flag="GREEN", scope="Track")
        self._timed.last_start_t = flag
        log.flag_t = flag if part == 3 else 0.0
        rain = best_for_water(self._sky.wetness(start + 60.0))
        for car in cars:
            for run in self._runs(part, start, flag, rain or Compound.SOFT):
                self._timed.plan(car, run)
        self._timed.play()
        log.status.append((round(flag, 3), "Finished"))
        log.clock.append((round(flag, 3), 0, False))
        self._say(flag, "Flag", "CHEQUERED FLAG", flag="CHEQUERED", scope="Track")
        log.flag_t = flag
        self._first_to_flag(cars, flag)
        best = {car.index: min((s for t, _, s in car.times if t > start), default=None) for car in cars}

        def key(car: TimedCar) -> tuple[float, float, int]:
            mine = best[car.index]
            reached = next((t for t, _, s in car.times if t > start and s == mine), 0.0)
            return (mine if mine is not None else float("inf"), reached, car.index)

        return sorted(cars, key=key)

    def _first_to_flag(self, cars: list[TimedCar], flag: float) -> None:
        crossed = [(m.start_t, car) for car in cars for m in car.log.laps if m.start_t >= flag and not m.out_lap]
        if crossed:
            t, car = min(crossed, key=lambda item: (item[0], item[1].index))
            entry = car.form.entry
            self._say(t + 0.5, "Other", f"FIRST CAR TO TAKE THE FLAG - CAR {entry.number} ({entry.code})")

    def _runs(self, part: int, start: float, flag: float, compound: Compound) -> list[RunPlan]:
        """A first run early, a last one timed so that the quick lap ends after everyone else's, if it can."""
        lap_s = self._track.lap_s
        chance = self._chance
        early = start + (chance.uniform(5, 240) if part < 3 else chance.uniform(60, 200))
        again = (Drive.PUSH, Drive.COOL, Drive.PUSH) if part == 1 and chance.random() < 0.5 else (Drive.PUSH,)
        late = flag - chance.uniform(8, 95) - (self._track.lane_s * 0.6 + lap_s * OUT_LAP)
        used = 0 if part == 3 or chance.random() < 0.7 else 2
        first = RunPlan(early, compound, again, age=used)
        return [first, RunPlan(max(late, early + 3.6 * lap_s), compound, (Drive.PUSH,))]

    def _between(self, part: int, flag: float) -> float:
        """The break: the next part is announced, then starts."""
        log = self._log
        start = flag + _BREAK_S
        log.parts.append((round(start - 120.5, 3), part + 1))
        log.clock.append((round(start - 120.0, 3), self._rules.qualifying_minutes[part] * 60, False))
        log.status.append((round(start - 114.8, 3), "Inactive"))
        return start

    def _deletions(self) -> None:
        for car in self._timed.cars:
            for mark, after in zip(car.log.laps, car.log.laps[1:], strict=False):
                if mark.deleted_t is not None:
                    self._deleted(car, mark.lap, after.start_t - mark.start_t, after.start_t, mark.deleted_t)
        self._log.messages.sort(key=lambda message: message.t)

    def _deleted(self, car: TimedCar, lap: int, seconds: float, end_t: float, said_t: float) -> None:
        turn = self._chance.choice(self._track.circuit.corners).number
        local = self._log.zero + timedelta(seconds=end_t - 20.0, hours=self._track.circuit.utc_offset_h)
        entry = car.form.entry
        text = f"CAR {entry.number} ({entry.code}) TIME {format_lap_time(round(seconds * 1000))} DELETED"
        self._say(said_t, "Other", f"{text} - TRACK LIMITS AT TURN {turn} LAP {lap + 1} {local:%H:%M:%S}")

    def _say(self, t: float, category: str, text: str, *, flag: str | None = None, scope: str | None = None) -> None:
        self._log.messages.append(Message(round(t, 3), category, text, flag, scope))
