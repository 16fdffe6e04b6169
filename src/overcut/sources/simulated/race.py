"""How a race unfolds: cars go from gate to gate in the order of time, each with its pace, its tyres and its traffic."""

from __future__ import annotations

import heapq
from collections.abc import Callable

from overcut.domain.rules import SeasonRules, mandatory_stops
from overcut.domain.tyres import Compound
from overcut.sources.simulated.chance import stream
from overcut.sources.simulated.field import RaceCar
from overcut.sources.simulated.form import Form
from overcut.sources.simulated.launch import formation_pace, launch
from overcut.sources.simulated.log import CarLog, LapMark, PitVisit, SessionLog, TyreStint
from overcut.sources.simulated.pit_lane import LaneTimes, stop_seconds, through_lane
from overcut.sources.simulated.pit_wall import Outlook, call_in
from overcut.sources.simulated.strategy import choose_plan
from overcut.sources.simulated.track import Track
from overcut.sources.simulated.traffic import Gates, Passing
from overcut.sources.simulated.tyres import SLICKS, tyre_cost_s

RACE_MARGIN = 0.017
"""A race lap on low fuel and new soft tyres is this much slower than a qualifying lap: engine modes, care, a worn track."""

FUEL_S_PER_KG = 0.03
"""Lap time per kilogram of fuel on a lap of 90 s (public fits of 2022-2024 races: 0.031 s/kg)."""

IN_LAP = 1.38
FORMATION = 1.75


class Race:
    """One race, from the grid to parc fermé. ``run`` may be called once."""

    def __init__(
        self, track: Track, rules: SeasonRules, grid: list[Form], seed: int, log: SessionLog, laps: int | None = None
    ) -> None:
        self.track = track
        self.rules = rules
        self.log = log
        self.laps = laps or track.circuit.race_laps
        self.now = 0.0
        self._chance = stream("race", rules.season, track.circuit.id, seed)
        self.gates = Gates(track, stream("traffic", rules.season, track.circuit.id, seed))
        self._heap: list[tuple[float, int, RaceCar | None, Callable[[float], None]]] = []
        self._pushed = 0
        self.cars = [self._enter(i, form) for i, form in enumerate(grid)]
        self.order = list(range(len(self.cars)))
        self._box_free: dict[int, float] = {}
        self.teams = 1 + max(form.team for form in grid)
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
        car = RaceCar(index, form, log, plan, plan.compounds[0], index + 1)
        self._fit(car, plan.compounds[0], 0.0, age=0 if self._chance.random() < 0.7 else self._chance.randint(1, 4))
        return car

    def push(self, t: float, call: Callable[[float], None], car: RaceCar | None = None) -> None:
        """Let ``call`` happen at ``t``; calls at equal times happen in the order in which they were pushed."""
        self._pushed += 1
        heapq.heappush(self._heap, (t, self._pushed, car, call))

    def run(self) -> SessionLog:
        """Play the race to its end."""
        self._formation()
        self.start(self.log.start_t)
        while self._heap:
            self.now, _, _, call = heapq.heappop(self._heap)
            call(self.now)
        self._close()
        return self.log

    # --- before the lights -------------------------------------------------------------------------------------------

    def _formation(self) -> None:
        """One slow lap in grid order, back to the boxes."""
        track = self.track
        begin = self.log.start_t - 45.0 - FORMATION * track.lap_s - formation_pace(len(self.cars))
        for car in self.cars:
            box = track.grid_tau(car.index)
            leave = round(begin + formation_pace(car.index), 3)
            car.knot(0.0, box - track.lap_s)
            car.knot(leave, box - track.lap_s)
            car.knot(leave + 4.0, box - track.lap_s + 1.2)
            for node, tau in enumerate(track.tau[:-1], start=1):
                t = round(leave + 3.0 + FORMATION * (tau - box), 3)
                car.knot(t, tau - track.lap_s)
                car.cross(t, 0, node, False)
            last = car.log.knots[-1]
            car.knot(round(last[0] + FORMATION * (box - last[1]) + 6.0, 3), box)

    def start(self, lights_t: float) -> None:
        """The grid gets away at ``lights_t``; each car is ``order``ed into its box already."""
        for slot, index in enumerate(self.order):
            car = self.cars[index]
            if not car.running:
                continue
            reaction = max(0.18, car.form.start_s + self._chance.gauss(0.0, 0.035))
            quality = 1.0 + self._chance.gauss(0.0, 0.025) + (0.12 if self._chance.random() < 0.02 else 0.0)
            away = launch(self.track, slot, reaction, quality)
            offset = (car.lap - 1) * self.track.lap_s
            for dt, tau in away.knots:
                car.knot(round(lights_t + dt, 3), offset + tau)
            car.script.extend((round(lights_t + dt, 3), node, False) for dt, node in away.gates)
            car.log.laps.append(LapMark(car.lap, lights_t))
            car.factor = self._pace(car)
            self._next(car, lights_t)

    # --- from gate to gate -------------------------------------------------------------------------------------------

    def _next(self, car: RaceCar, now: float) -> None:
        """Send the car to its next gate."""
        if car.script:
            t, _, _ = car.script[0]
            self.push(t, lambda when: self._scripted(car, when), car)
        elif car.running and not car.in_lane:
            if car.segment == self.track.pit_entry_segment and self._comes_in(car):
                self._enter_lane(car, now)
            else:
                self._drive(car, now, self.track.base_s[car.segment])

    def _drive(self, car: RaceCar, now: float, base_s: float) -> None:
        """Through the rest of a mini-sector of reference time ``base_s``."""
        arrival = now + base_s * self._segment_pace(car) + car.hold_s
        car.hold_s = 0.0
        if car.finished:
            arrival = round(arrival, 3)
        else:
            arrival = self.gates.enter(car, self.cars, now, arrival, self._passing, self._failed)
        self.push(arrival, lambda when: self._gate(car, when), car)

    def _scripted(self, car: RaceCar, now: float) -> None:
        _, _, in_lane = car.script.popleft()
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
        if node == self.track.count:
            self._line(car, now)
        else:
            car.segment += 1
        self._next(car, now)

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
                car.help_zone = zone if near and self._help_enabled() else -1
                if car.help_zone >= 0 and self.rules.drs:
                    car.log.help.append((car.lap, zone))

    def _line(self, car: RaceCar, now: float) -> None:
        """A lap is done."""
        if not car.finished and car.lap >= self.laps and self.order[0] == car.index and self.log.flag_t == 0.0:
            self.log.flag_t = now
        if self.log.flag_t and not car.finished:
            car.finished = True
            car.log.flag_t = now
        car.lap += 1
        car.segment = 0
        car.age += 1
        car.stuck_laps = car.stuck_laps + 1 if car.gap_s < 1.5 else 0
        car.factor = self._pace(car)
        car.log.laps.append(LapMark(car.lap, now))

    # --- pace --------------------------------------------------------------------------------------------------------

    def _pace(self, car: RaceCar) -> float:
        """This lap's pace as a multiple of the profile."""
        lap_s = self.track.lap_s
        fuel_kg = self.rules.race_fuel_kg * max(0.0, 1.0 - (car.lap - 1) / self.laps)
        tyres = tyre_cost_s(
            car.compound,
            car.age,
            lap_s=lap_s,
            wear=self.track.circuit.tyre_wear * car.form.wear,
            wetness=self._wetness(),
        )
        car.pace_noise = 0.5 * car.pace_noise + self._chance.gauss(0.0, car.form.noise)
        lost = fuel_kg * FUEL_S_PER_KG * lap_s / 90.0 + tyres + car.damage_s
        return 1.0 + RACE_MARGIN + car.form.race + car.pace_noise + lost / lap_s

    def _segment_pace(self, car: RaceCar) -> float:
        if car.finished:
            return IN_LAP
        pace = car.factor * (1.0 + self._chance.gauss(0.0, 0.0025))
        if car.ahead >= 0 and car.gap_s < 2.0:
            pace += 0.0045 * self.track.corner_weight[car.segment] * (1.0 - car.gap_s / 2.0)
        zone = self.track.zone_of[car.segment]
        if zone >= 0 and car.help_zone == zone:
            pace *= 0.976
        elif zone >= 0 and car.gap_s < 0.9:
            pace *= 0.993
        return pace

    def _wetness(self) -> float:
        return 0.0

    def _help_enabled(self) -> bool:
        return self.cars[self.order[0]].lap > self.rules.help_after_laps + 1

    def _passing(self, car: RaceCar, other: RaceCar) -> Passing:
        first = car.lap == 1 and car.segment <= self.track.sector_last[1]
        zone = self.track.zone_of[car.segment]
        helped = zone >= 0 and car.help_zone == zone
        headway = 0.16 if first else 0.28 if zone >= 0 else 0.5
        return Passing(not other.finished, helped, headway + 0.12 * self._chance.random(), first)

    def _failed(self, car: RaceCar, other: RaceCar) -> None:
        car.hold_s += 0.15 * self._chance.random()

    # --- the pits ----------------------------------------------------------------------------------------------------

    def _comes_in(self, car: RaceCar) -> bool:
        if car.finished:
            return True
        place = self.order.index(car.index)
        look = Outlook(
            laps_total=self.laps,
            neutral=False,
            wetness=self._wetness(),
            wetness_soon=self._wetness(),
            rule_stops=mandatory_stops(self.rules.season, self.track.circuit.id),
            ahead=self.cars[self.order[place - 1]] if place else None,
            behind=self.cars[self.order[place + 1]] if place + 1 < len(self.order) else None,
            compounds_required=self.rules.compounds_required,
        )
        car.wants = call_in(car, self.track, look, self._chance)
        return car.wants is not None

    def _enter_lane(self, car: RaceCar, now: float) -> None:
        """From the gate before pit entry through the lane; the whole way is timed at once."""
        track = self.track
        from_tau = track.tau[car.segment - 1] if car.segment else 0.0
        entry_tau = track.tau_at(track.circuit.pit_entry)
        entry = round(now + (entry_tau - from_tau) * (car.factor if not car.finished else IN_LAP) + car.hold_s, 3)
        car.hold_s = 0.0
        stand = None if car.finished else self._stand(car, entry)
        at = track.box_fraction(car.form.team, self.teams)
        lane = through_lane(track, at, stand)
        car.log.visits.append(PitVisit(entry, car.lap, None, entry + lane.box_s, entry + lane.leave_s))
        car.log.visits[-1].counted = not car.finished
        if car.wants is not None and stand is not None:
            self._box_free[car.form.team] = entry + lane.leave_s
        self.follow_lane(car, entry, lane)

    def follow_lane(self, car: RaceCar, entry: float, lane: LaneTimes) -> None:
        """Knots and gates of a way through the lane that begins at ``entry``."""
        base = (car.lap - 1) * self.track.lap_s
        for seconds, fraction in lane.knots:
            car.knot(round(entry + seconds, 3), base + self.track.tau_at(fraction))
        car.in_lane = True
        car.script.extend((round(entry + seconds, 3), node, True) for seconds, node in lane.gates)
        if lane.exit_s is not None:
            self.push(round(entry + lane.exit_s, 3), lambda when: self._exit_lane(car, when), car)
        self._next(car, entry)

    def _stand(self, car: RaceCar, entry: float) -> float:
        """How long the car stands: the crew, a wait behind the team-mate, a penalty."""
        at = self.track.box_fraction(car.form.team, self.teams)
        arrive = entry + through_lane(self.track, at, None).box_s
        wait = max(0.0, self._box_free.get(car.form.team, 0.0) + 1.5 - arrive)
        return stop_seconds(self._chance, car.form.stop_s) + wait

    def _exit_lane(self, car: RaceCar, now: float) -> None:
        car.in_lane = False
        visit = car.log.visits[-1]
        visit.exit_t = now
        if car.wants is not None:
            car.stops_done += 1
            car.last_stop_lap = visit.lap
            car.stint += 1
            self._fit(car, car.wants, now)
            car.wants = None
            car.damage_s = 0.0
        car.factor = self._pace(car)
        rest = self.track.tau[car.segment] - self.track.tau_at(self.track.circuit.pit_exit)
        car.hold_s += 0.6
        self._drive(car, now, rest)

    def _fit(self, car: RaceCar, compound: Compound, t: float, age: int = 0) -> None:
        car.compound, car.age = compound, age
        if compound in SLICKS:
            car.used.add(compound)
        else:
            car.wet_used = True
        car.log.stints.append(TyreStint(t, compound, car.lap, age))

    def _close(self) -> None:
        """Classification and the session's last seconds."""
        ranked = [self.cars[i] for i in self.order]
        self.log.order = [car.number for car in ranked]
        last = max((car.log.flag_t or 0.0) for car in self.cars)
        self.log.finalised_t = last + 120.0
        self.log.end_t = self.log.finalised_t + 60.0
