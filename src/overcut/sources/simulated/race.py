"""How a race unfolds: cars go from gate to gate in the order of time, each with its pace, its tyres and its traffic."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from overcut.domain.rules import SeasonRules, mandatory_stops
from overcut.sources.simulated.chance import stream
from overcut.sources.simulated.classification import classify
from overcut.sources.simulated.control import SC_HEADWAY_S, Control, Mode
from overcut.sources.simulated.field import RaceCar
from overcut.sources.simulated.form import Form
from overcut.sources.simulated.incidents import Fate, Twist, draw_fates
from overcut.sources.simulated.launch import formation_pace, launch
from overcut.sources.simulated.log import CarLog, LapMark, SessionLog
from overcut.sources.simulated.pits import Pits
from overcut.sources.simulated.stewards import Stewards
from overcut.sources.simulated.strategy import choose_plan
from overcut.sources.simulated.track import Track
from overcut.sources.simulated.traffic import Gates, Passing
from overcut.sources.simulated.tyres import best_for_water, tyre_cost_s
from overcut.sources.simulated.weather import Sky

RACE_MARGIN = 0.017
"""A race lap on low fuel and new softs is this much slower than in qualifying: engine modes, care, a worn track."""

FUEL_S_PER_KG = 0.03
"""Lap time per kilogram of fuel on a lap of 90 s (public fits of 2022-2024 races: 0.031 s/kg)."""

IN_LAP = 1.38
FORMATION = 1.75
LIMP = 1.30


class Race:
    """One race, from the grid to parc fermé. ``run`` may be called once.

    Attributes:
        cars: by index, which is the order of the grid. ``order``: indices in the order of the race.
        now: seconds of the feed at which the last call happened.
    """

    def __init__(
        self,
        track: Track,
        rules: SeasonRules,
        grid: list[Form],
        seed: int,
        log: SessionLog,
        sky: Sky,
        laps: int | None = None,
    ) -> None:
        self.track = track
        self.rules = rules
        self.log = log
        self.sky = sky
        self.laps = laps or track.circuit.race_laps
        self.now = 0.0
        labels = (rules.season, track.circuit.id, seed)
        self._chance = stream("race", *labels)
        self.gates = Gates(track, stream("traffic", *labels))
        self._heap: list[tuple[float, int, Callable[[float], None]]] = []
        self._pushed = 0
        self.teams = 1 + max(form.team for form in grid)
        self.order = list(range(len(grid)))
        self._grid: list[RaceCar] = []
        self._leader_t: list[float] = []
        self.cars: list[RaceCar] = []
        self.control = Control(self, stream("control", *labels))
        self.stewards = Stewards(self, stream("stewards", *labels))
        self.pits = Pits(self, stream("pits", *labels))
        self.cars.extend(self._enter(i, form) for i, form in enumerate(grid))
        self._fates: dict[int, list[Twist]] = draw_fates(self.cars, track, self.laps, stream("fates", *labels))
        log.cars = [car.log for car in self.cars]
        log.laps_total = self.laps

    def _enter(self, index: int, form: Form) -> RaceCar:
        plan = choose_plan(
            self._chance,
            laps=self.laps,
            lap_s=self.track.lap_s,
            wear=self.track.circuit.tyre_wear,
            pit_s=self.track.circuit.pit_loss_s,
            stops_at_least=max(1, mandatory_stops(self.rules.season, self.track.circuit.id)),
            grid=index + 1,
        )
        log = CarLog(form.entry, form.team, grid=index + 1)
        car = RaceCar(index, form, log, plan, plan.compounds[0], index + 1, slot=index)
        rain = best_for_water(self.sky.wetness(self.log.start_t))
        age = 0 if self._chance.random() < 0.7 else self._chance.randint(1, 4)
        self.pits.fit(car, rain or plan.compounds[0], 0.0, age=0 if rain else age)
        return car

    @property
    def leader(self) -> RaceCar:
        """The first car of the order."""
        return self.cars[self.order[0]]

    def push(self, t: float, call: Callable[[float], None]) -> None:
        """Let ``call`` happen at ``t``; calls at equal times happen in the order in which they were pushed."""
        self._pushed += 1
        heapq.heappush(self._heap, (t, self._pushed, call))

    def run(self) -> SessionLog:
        """Play the race to its end."""
        self._before()
        self._start(self.log.start_t, self.cars)
        while self._heap:
            self.now, _, call = heapq.heappop(self._heap)
            call(self.now)
        self._close()
        return self.log

    def local_time(self, t: float) -> datetime:
        """Time of day at the circuit."""
        return self.log.zero + timedelta(seconds=t, hours=self.track.circuit.utc_offset_h)

    def release_queue(self, now: float) -> None:
        """The pit exit opens after a red flag."""
        self.pits.release_queue(now)

    def wetness(self) -> float:
        """Water on the track now."""
        return self.sky.wetness(self.now)

    # --- starts ------------------------------------------------------------------------------------------------------

    def _before(self) -> None:
        """Messages of the grid, and one slow lap in grid order back to the boxes."""
        track, say = self.track, self.control.say
        risk = 0 if not self.sky.showers else self._chance.choice((40, 60, 80))
        say(120.0, "Other", f"RISK OF RAIN FOR F1 RACE IS {risk}%")
        begin = self.log.start_t - 45.0 - FORMATION * track.lap_s - formation_pace(len(self.cars))
        self.control.disable_help(begin - 30.0)
        say(self.log.start_t + 0.5, "Flag", "GREEN LIGHT - PIT EXIT OPEN", flag="GREEN", scope="Track")
        for car in self.cars:
            box = track.grid_tau(car.index)
            leave = round(begin + formation_pace(car.index), 3)
            car.knot(0.0, box - track.lap_s)
            car.knot(leave, box - track.lap_s)
            car.knot(leave + 4.0, box - track.lap_s + 1.2)
            # A box may lie before the lap's last gate.
            passed = [tau for tau in track.tau if tau - track.lap_s < box - 0.3]
            for node, tau in enumerate(passed, start=1):
                t = round(leave + 3.0 + FORMATION * (tau - box), 3)
                car.knot(t, tau - track.lap_s)
                car.cross(t, 0, node, False)
            last = car.log.knots[-1]
            car.knot(round(last[0] + FORMATION * (box - last[1]) + 6.0, 3), box)

    def _start(self, lights_t: float, grid: list[RaceCar]) -> None:
        """Cars in grid order get away as the lights go out."""
        for slot, car in enumerate(sorted(grid, key=lambda c: c.slot)):
            reaction = max(0.18, car.form.start_s + self._chance.gauss(0.0, 0.035))
            quality = 1.0 + self._chance.gauss(0.0, 0.025) + (0.12 if self._chance.random() < 0.02 else 0.0)
            away = launch(self.track, slot, reaction, quality)
            restart = car.progress > 0
            offset = (car.lap if restart else car.lap - 1) * self.track.lap_s
            for dt, tau in away.knots:
                car.knot(round(lights_t + dt, 3), offset + tau)
            if restart:
                car.script.extend((round(lights_t + dt, 3), node, False) for dt, node in away.behind)
            else:
                car.log.laps.append(LapMark(car.lap, lights_t, car.lap - 1))
                car.factor = self._pace(car)
            car.script.extend((round(lights_t + dt, 3), node, False) for dt, node in away.gates)
            car.start_lap = car.lap + (1 if restart else 0)
            self.send(car, lights_t)

    def _to_box(self, car: RaceCar, now: float) -> None:
        """Behind the safety car to the grid of a standing restart; when all stand there the lights follow."""
        self._grid.append(car)
        box = car.lap * self.track.lap_s + self.track.grid_tau(car.slot)
        from_tau = (car.lap - 1) * self.track.lap_s + self.track.tau[car.segment - 1]
        arrive = round(now + (box - from_tau) * 1.6 + 5.0, 3)
        car.knot(arrive, box)
        if len(self._grid) == sum(1 for c in self.cars if c.running and not c.finished):
            self.push(arrive + self._chance.uniform(24.0, 34.0), self._lights)

    def _lights(self, now: float) -> None:
        grid, self._grid = self._grid, []
        lights = round(now, 3)
        self.gates.clear()
        self.control.restart_lights(lights)
        self._start(lights, grid)

    # --- from gate to gate -------------------------------------------------------------------------------------------

    def send(self, car: RaceCar, now: float) -> None:
        """Send the car to its next gate."""
        if car.script:
            self.push(car.script[0][0], lambda when: self._scripted(car, when))
            return
        if not car.running or car.in_lane or self._struck(car, now):
            return
        if self.control.to_grid and self.track.lap_s + self.track.grid_tau(car.slot) <= self.track.tau[car.segment]:
            self._to_box(car, now)
        elif car.segment == self.track.pit_entry_segment and self.pits.comes_in(car):
            self.pits.enter(car, now, self._segment_pace(car))
        else:
            self._drive(car, now, self.track.base_s[car.segment])

    def rejoin(self, car: RaceCar, now: float) -> None:
        """Back onto the track from the pit lane."""
        car.factor = self._pace(car)
        car.ahead, car.gap_s = -1, 99.0
        car.hold_s += 0.6
        rest = self.track.tau[car.segment] - self.track.tau_at(self.track.circuit.pit_exit)
        self._drive(car, now, rest)

    def _drive(self, car: RaceCar, now: float, base_s: float) -> None:
        """Through the rest of a mini-sector of reference time ``base_s``."""
        arrival = now + base_s * self._segment_pace(car) + car.hold_s
        car.hold_s = 0.0
        if car.finished:
            arrival = round(arrival, 3)
        else:
            arrival = self.gates.enter(car, self.cars, now, arrival, self._passing, self._failed)
        self.push(arrival, lambda when: self._gate(car, when))

    def _scripted(self, car: RaceCar, now: float) -> None:
        _, node, in_lane = car.script.popleft()
        car.segment = node - 1
        if not in_lane:
            self.gates.place(car, now, now - 1.0)
        self._gate(car, now, in_lane=in_lane, drawn=True)

    def _gate(self, car: RaceCar, now: float, *, in_lane: bool = False, drawn: bool = False) -> None:
        """The car completes a mini-sector; ``drawn``: its trajectory there is already known."""
        node = car.segment + 1
        car.cross(now, car.lap, node, in_lane)
        if not drawn:
            car.knot(now, (car.lap - 1) * self.track.lap_s + self.track.tau[car.segment])
        if not in_lane:
            self._detect(car)
        if not car.finished:
            car.progress += 1
            car.progress_t = now
            self._reorder(car)
            if car.unlapping:
                self.control.rejoin_queue(car)
        if node == self.track.count:
            self._line(car, now)
        else:
            car.segment += 1
        if car.index == self.order[0] and not car.finished:
            self.control.leader_gate(car, now)
        self.send(car, now)

    def _reorder(self, car: RaceCar) -> None:
        order, cars = self.order, self.cars
        i = order.index(car.index)
        while i > 0 and cars[order[i - 1]].progress < car.progress and not cars[order[i - 1]].finished:
            order[i], order[i - 1] = order[i - 1], order[i]
            i -= 1

    def _detect(self, car: RaceCar) -> None:
        """The gap at a detection point decides whether the next zone may be used."""
        for zone, segment in enumerate(self.track.detection_segment):
            if segment == car.segment:
                near = car.gap_s <= self.rules.help_gap_s and not car.finished
                car.help_zone = zone if near and self.control.help_on else -1
                if car.help_zone >= 0 and self.rules.drs:
                    car.log.help.append((car.lap, zone))

    def _line(self, car: RaceCar, now: float) -> None:
        """A lap is done."""
        leads = self.order[0] == car.index and not car.finished
        if car.log.laps and not car.finished:
            lap_ms = round((now - car.log.laps[-1].start_t) * 1000)
            self.stewards.lap_done(car, car.lap, lap_ms, now)
        if leads and car.lap >= self.laps and self.log.flag_t == 0.0:
            self.log.flag_t = now
            self.control.say(now, "Flag", "CHEQUERED FLAG", flag="CHEQUERED", scope="Track")
        if self.log.flag_t and not car.finished:
            car.finished = True
            car.log.flag_t = now
        car.lap += 1
        car.segment = 0
        car.age += 1
        car.stuck_laps = car.stuck_laps + 1 if car.gap_s < 1.5 else 0
        car.factor = self._pace(car)
        car.log.laps.append(LapMark(car.lap, now, car.lap - 1))
        if leads and not car.finished:
            self._leader_t.append(now)
            self.control.leader_line(car, now)

    # --- pace and traffic --------------------------------------------------------------------------------------------

    def _pace(self, car: RaceCar) -> float:
        """This lap's pace as a multiple of the profile."""
        lap_s = self.track.lap_s
        fuel_kg = self.rules.race_fuel_kg * max(0.0, 1.0 - (car.lap - 1) / self.laps)
        wear = self.track.circuit.tyre_wear * car.form.wear
        tyres = tyre_cost_s(car.compound, car.age, lap_s=lap_s, wear=wear, wetness=self.wetness())
        car.pace_noise = 0.5 * car.pace_noise + self._chance.gauss(0.0, car.form.noise)
        lost = fuel_kg * FUEL_S_PER_KG * lap_s / 90.0 + tyres + car.damage_s
        return 1.0 + RACE_MARGIN + car.form.race + car.pace_noise + lost / lap_s

    def _segment_pace(self, car: RaceCar) -> float:
        """The pace through one mini-sector: the lap's, the flags', the air of the car ahead, the zone."""
        if car.finished:
            return IN_LAP
        jitter = 1.0 + self._chance.gauss(0.0, 0.0025)
        imposed = self.control.pace(car)
        if imposed is not None:
            return max(imposed, car.factor) * jitter
        pace = (LIMP if car.dying else car.factor) * jitter + self.control.yellow_cost(car.segment, self.now)
        if car.ahead >= 0 and car.gap_s < 2.0:
            pace += 0.0045 * self.track.corner_weight[car.segment] * (1.0 - car.gap_s / 2.0)
        zone = self.track.zone_of[car.segment]
        if zone >= 0 and car.help_zone == zone:
            pace *= 0.976
        elif zone >= 0 and car.gap_s < 0.9:
            pace *= 0.993
        return pace

    def _passing(self, car: RaceCar, other: RaceCar) -> Passing:
        allowed = self.control.may_pass(car, other, self.now)
        if other.finished or other.dying or not other.running:
            return Passing(True, True, 0.2)
        spread = 0.12 * self._chance.random()
        if self.control.mode is not Mode.GREEN:
            headway = 0.15 if car.unlapping else SC_HEADWAY_S if self.control.mode is Mode.SC else 0.4
            return Passing(allowed, True, headway + spread)
        first = car.lap == car.start_lap and car.segment <= self.track.sector_last[1]
        if first:
            return Passing(allowed, False, 0.20 + 0.012 * car.segment + spread, first_lap=True)
        if car.progress - other.progress > self.track.count // 2:
            self.stewards.blue_flag(other, self.now)
        zone = self.track.zone_of[car.segment]
        helped = zone >= 0 and car.help_zone == zone
        return Passing(allowed, helped, (0.28 if zone >= 0 else 0.5) + spread)

    def _failed(self, car: RaceCar, other: RaceCar) -> None:
        """An attempt was held off."""
        car.hold_s += 0.15 * self._chance.random()
        if self.control.mode is Mode.GREEN:
            self.stewards.attempt_failed(car, other, self.now)

    # --- ends --------------------------------------------------------------------------------------------------------

    def _struck(self, car: RaceCar, now: float) -> bool:
        """Whether the car's fate meets it in this mini-sector, and ends its race there."""
        fates = self._fates[car.index]
        if not fates or car.finished or self.control.mode is Mode.RED or self.control.to_grid:
            return False
        twist = fates[0]
        if (car.lap, car.segment) < (twist.lap, twist.segment):
            return False
        fates.pop(0)
        if self.control.mode is Mode.SC and twist.fate is Fate.CRASH:
            return False
        self.control.incident(car, twist.fate, now)
        if twist.fate is Fate.MISTAKE:
            car.hold_s += self._chance.uniform(2.0, 9.0)
            return False
        if twist.fate is Fate.LIMP:
            car.dying = True
            return False
        self._halt(car, now, sudden=twist.fate is Fate.CRASH)
        return True

    def _halt(self, car: RaceCar, now: float, *, sudden: bool) -> None:
        """The car comes to rest within the mini-sector."""
        base = self.track.base_s[car.segment]
        tau = (car.lap - 1) * self.track.lap_s + (self.track.tau[car.segment - 1] if car.segment else 0.0)
        rolling = base * (0.35 if sudden else 0.7)
        car.knot(round(now + rolling * (1.1 if sudden else 2.2), 3), tau + 0.8 * rolling)
        rest = round(now + rolling * (1.1 if sudden else 2.2) + (2.5 if sudden else 6.0), 3)
        car.knot(rest, tau + rolling)
        car.log.stopped_t = rest
        car.log.stopped_side = self._chance.choice((-1, 1))
        car.log.retired_t = round(rest + self._chance.uniform(40, 120), 3)
        self.retire(car)

    def retire(self, car: RaceCar) -> None:
        """The car takes no further part."""
        car.running = False
        if self._grid and self.control.to_grid and len(self._grid) == sum(1 for c in self.cars if c.running):
            self.push(self.now + 30.0, self._lights)

    def _close(self) -> None:
        """The result, and the session's last minutes."""
        self.log.order = classify(self.cars, self.order)
        last = max((car.log.flag_t or 0.0) for car in self.cars)
        self.log.finalised_t = round(last + 150.0, 3)
        self.log.end_t = self.log.finalised_t + 60.0
        kept = sorted((m for m in self.log.messages if m.t < self.log.finalised_t), key=lambda m: m.t)
        self.log.messages = [replace(m, lap=1 + bisect_right(self._leader_t, m.t)) for m in kept]
