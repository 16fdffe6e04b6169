"""What happens between pit entry and pit exit: the stop, the queue under a red flag, the end of a car's race."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overcut.domain.rules import mandatory_stops
from overcut.domain.tyres import Compound
from overcut.sources.simulated.control import Mode
from overcut.sources.simulated.field import RaceCar
from overcut.sources.simulated.log import PitVisit, TyreStint
from overcut.sources.simulated.pit_lane import LaneTimes, from_queue, stop_seconds, through_lane
from overcut.sources.simulated.pit_wall import Outlook, call_in
from overcut.sources.simulated.strategy import compound_for
from overcut.sources.simulated.tyres import SLICKS, best_for_water

if TYPE_CHECKING:
    import random

    from overcut.sources.simulated.race import Race

_QUEUE_STEP_M = 9.0
_RELEASE_S = 1.6


class Pits:
    """The pit lane of one race."""

    def __init__(self, race: Race, chance: random.Random) -> None:
        self._race = race
        self._chance = chance
        self._box_free: dict[int, float] = {}
        self._queued = 0
        self._rule_stops = mandatory_stops(race.rules.season, race.track.circuit.id)

    def comes_in(self, car: RaceCar) -> bool:
        """Whether the car turns into the lane at the end of this lap."""
        race = self._race
        if car.finished or car.dying:
            return True
        if race.control.mode is Mode.RED:
            return car.lap >= race.control.red_lap[car.index]
        if race.control.to_grid:
            return False
        place = race.order.index(car.index)
        look = Outlook(
            laps_total=race.laps,
            neutral=race.control.mode in (Mode.SC, Mode.VSC),
            wetness=race.wetness(),
            wetness_soon=race.sky.wetness(race.now + 240.0),
            rule_stops=self._rule_stops,
            ahead=race.cars[race.order[place - 1]] if place else None,
            behind=race.cars[race.order[place + 1]] if place + 1 < len(race.order) else None,
            compounds_required=race.rules.compounds_required,
        )
        car.wants = call_in(car, race.track, look, self._chance)
        return car.wants is not None

    def enter(self, car: RaceCar, now: float, pace: float) -> None:
        """From the gate before pit entry into the lane; the whole way is timed at once."""
        race, track = self._race, self._race.track
        from_tau = track.tau[car.segment - 1] if car.segment else 0.0
        entry = round(now + (track.tau_at(track.circuit.pit_entry) - from_tau) * pace + car.hold_s, 3)
        car.hold_s = 0.0
        visit = PitVisit(entry, car.lap, counted=not car.finished)
        car.log.visits.append(visit)
        at = track.box_fraction(car.form.team, race.teams)
        if car.finished or car.dying:
            lane = through_lane(track, at, None)
        elif race.control.mode is Mode.RED:
            at = 1.0 + track.circuit.pit_exit - 0.012 - self._queued * _QUEUE_STEP_M / track.circuit.length_m
            self._queued += 1
            lane = through_lane(track, at, None)
            race.push(round(entry + lane.box_s, 3), lambda _: self._park(car))
        else:
            lane = through_lane(track, at, self._stand(car, entry, through_lane(track, at, None).box_s))
            self._box_free[car.form.team] = entry + lane.leave_s
        visit.stop_t, visit.leave_t = entry + lane.box_s, entry + lane.leave_s
        if car.dying:
            car.log.retired_t = round(visit.stop_t + 50.0, 3)
            race.push(visit.stop_t, lambda _: race.retire(car))
        car.at_fraction = at
        self._follow(car, entry, lane)

    def _stand(self, car: RaceCar, entry: float, drive_s: float) -> float:
        """How long the car stands: the crew, a wait behind the team-mate, a penalty served first."""
        wait = max(0.0, self._box_free.get(car.form.team, 0.0) + 1.5 - (entry + drive_s))
        owed = self._race.stewards.serve(car, entry)
        self._race.stewards.pit_stop(car, entry + drive_s)
        return stop_seconds(self._chance, car.form.stop_s) + wait + owed

    def _follow(self, car: RaceCar, entry: float, lane: LaneTimes) -> None:
        base = (car.lap - 1) * self._race.track.lap_s
        for seconds, fraction in lane.knots:
            car.knot(round(entry + seconds, 3), base + self._race.track.tau_at(fraction))
        car.in_lane = True
        car.script.extend((round(entry + seconds, 3), node, True) for seconds, node in lane.gates)
        if lane.exit_s is not None:
            self._race.push(round(entry + lane.exit_s, 3), lambda when: self._exit(car, when))
        self._race.send(car, entry)

    def _exit(self, car: RaceCar, now: float) -> None:
        if car.wants is not None:
            self.fit(car, car.wants, now)
            car.stops_done += 1
            car.last_stop_lap = car.log.visits[-1].lap
            car.wants = None
            car.damage_s = 0.0
        if self._race.control.mode is Mode.RED:
            car.at_fraction = 1.0 + self._race.track.circuit.pit_exit
            self._park(car)
            return
        car.in_lane = False
        car.log.visits[-1].exit_t = now
        self._race.rejoin(car, now)

    def _park(self, car: RaceCar) -> None:
        car.parked = True

    def fit(self, car: RaceCar, compound: Compound, t: float, age: int = 0) -> None:
        """A set of tyres."""
        if car.log.stints:
            car.stint += 1
        car.compound, car.age = compound, age
        if compound in SLICKS:
            car.used.add(compound)
        else:
            car.wet_used = True
        car.log.stints.append(TyreStint(t, compound, car.lap, age))

    def release_queue(self, now: float) -> None:
        """After a red flag the cars leave in the order of the race, on tyres of their choice."""
        race, track = self._race, self._race.track
        self._queued = 0
        waiting = [race.cars[i] for i in race.order if race.cars[i].parked]
        for place, car in enumerate(waiting):
            car.slot = place
            if race.rules.tyre_change_under_red:
                self._change(car, now)
            leave = round(now + 4.0 + _RELEASE_S * place, 3)
            car.parked = False
            car.damage_s = 0.0
            # Entry and place in the lane were timed on the lap of entry; gates since then have moved the lap on.
            past_line = car.at_fraction >= 1.0
            lane = from_queue(track, car.at_fraction)
            base = (car.lap - 1 - (1 if past_line else 0)) * track.lap_s
            for seconds, fraction in lane.knots:
                car.knot(round(leave + seconds, 3), base + track.tau_at(fraction))
            car.log.visits[-1].leave_t = leave
            car.script.extend((round(leave + seconds, 3), node, True) for seconds, node in lane.gates)
            race.push(round(leave + (lane.exit_s or 0.0), 3), lambda when, c=car: self._back_out(c, when))
            race.send(car, leave)

    def _back_out(self, car: RaceCar, now: float) -> None:
        car.in_lane = False
        car.log.visits[-1].exit_t = now
        self._race.rejoin(car, now)

    def _change(self, car: RaceCar, now: float) -> None:
        race = self._race
        left = race.laps - car.lap
        rain = best_for_water(race.wetness())
        must = not car.wet_used and len(car.used) < race.rules.compounds_required
        wear = race.track.circuit.tyre_wear
        chosen = rain or compound_for(left, car.used, lap_s=race.track.lap_s, wear=wear, must_differ=must)
        if chosen is not car.compound or car.age > 4:
            self.fit(car, chosen, now)
