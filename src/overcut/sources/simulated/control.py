"""Who flies which flag, when: yellow flags, virtual safety car, safety car, red flag, and back to green.

Procedures follow articles 55 (safety car), 56 (virtual safety car), 57 and 58 (suspending and resuming a race) of the
FIA 2025 Formula One Sporting Regulations.
"""

from __future__ import annotations

import random
from enum import Enum
from typing import TYPE_CHECKING

from overcut.sources.simulated.field import RaceCar
from overcut.sources.simulated.incidents import Fate, marshal_sector, turn_near
from overcut.sources.simulated.log import Message

if TYPE_CHECKING:
    from overcut.sources.simulated.race import Race

VSC_PACE = 1.38
SC_PACE = 1.50
CATCH_PACE = 1.21
UNLAP_PACE = 1.10
RED_PACE = 1.55
SC_HEADWAY_S = 0.85
_SLIPPERY = 0.06  # wetness


class Mode(Enum):
    """What governs the race."""

    GREEN = "green"
    VSC = "vsc"
    SC = "safety car"
    RED = "red"


class Control:
    """Race control of one race."""

    def __init__(self, race: Race, chance: random.Random) -> None:
        self._race = race
        self._chance = chance
        self.mode = Mode.GREEN
        self.yellow: dict[int, float] = {}
        self.help_from_lap = race.rules.help_after_laps + 1
        self.help_on = False
        self.to_grid = False
        self._double: set[int] = set()
        self._clear_t = 0.0
        self._sc_laps = 0
        self._picked_up_at = 0
        self._in_this_lap = False
        self._lapped_waved = False
        self._sc_planned = 4
        self._flag = "1"
        self._low_grip = False
        self.cars_out = 0
        self.red_lap: dict[int, int] = {}

    # --- what cars and traffic ask -----------------------------------------------------------------------------------

    def pace(self, car: RaceCar) -> float | None:
        """The pace that the flags impose, as a multiple of the profile; None when the car may race."""
        if self.mode is not Mode.SC:
            return {Mode.GREEN: None, Mode.VSC: VSC_PACE, Mode.RED: RED_PACE}[self.mode]
        if car.unlapping:
            return UNLAP_PACE
        return CATCH_PACE if car.index != self._race.leader.index else self._leader_pace(car)

    def _leader_pace(self, car: RaceCar) -> float:
        """Behind the safety car; on its last lap the leader drops back from it, then goes."""
        if self._in_this_lap:
            part = car.segment / self._race.track.count
            return SC_PACE if part < 0.7 else 1.35 if part < 0.9 else 1.02
        return SC_PACE if self.to_grid or car.progress >= self._picked_up_at else CATCH_PACE

    def yellow_here(self, segment: int, now: float) -> bool:
        """Whether a yellow flag is waved in a mini-sector."""
        return self.yellow.get(segment, 0.0) > now

    def yellow_cost(self, segment: int, now: float) -> float:
        """Share of a mini-sector lost to a yellow flag there."""
        if not self.yellow_here(segment, now):
            return 0.0
        return 0.10 if segment in self._double else 0.03

    def may_pass(self, car: RaceCar, other: RaceCar, now: float) -> bool:
        """Whether passing is allowed there and then."""
        if self.mode is Mode.GREEN:
            return not self.yellow_here(car.segment, now)
        return car.unlapping and not other.unlapping

    # --- what the race tells -----------------------------------------------------------------------------------------

    def leader_line(self, car: RaceCar, now: float) -> None:
        """The leader began lap ``car.lap``."""
        self._watch_grip(now)
        if self.mode is Mode.SC and not self.to_grid:
            self._sc_laps += 1
            if self._in_this_lap:
                self._go_green(now)
                self.help_from_lap = car.lap + self._race.rules.help_after_laps
        elif self.mode is Mode.GREEN and not self.help_on and car.lap >= self.help_from_lap:
            self.enable_help(now + 8.0)

    def _watch_grip(self, now: float) -> None:
        """Water on the track: no help to pass, until it has dried."""
        wetness = self._race.wetness()
        if wetness > _SLIPPERY and not self._low_grip:
            self._low_grip = True
            self.say(now, "Other", "LOW GRIP CONDITIONS")
            self.disable_help(now)
        elif wetness < _SLIPPERY / 3 and self._low_grip:
            self._low_grip = False
            self.say(now, "Other", "NORMAL GRIP CONDITIONS")

    def leader_gate(self, car: RaceCar, now: float) -> None:
        """The leader passed a mini-sector: a chance to call the safety car in, or to wave lapped cars by."""
        if self.mode is not Mode.SC or self._in_this_lap or self.to_grid:
            return
        count = self._race.track.count
        if self._sc_laps >= 2 and not self._lapped_waved and now > self._clear_t - 60.0:
            self._wave_lapped(now)
        ready = now > self._clear_t and self._sc_laps >= self._sc_planned and self._bunched()
        if (ready or self._sc_laps >= 9) and car.segment == int(0.4 * count):
            self._in_this_lap = True
            self.say(now, "SafetyCar", "SAFETY CAR IN THIS LAP", status="IN THIS LAP", mode="SAFETY CAR")

    def enable_help(self, now: float) -> None:
        """Drag reduction, or the overtake mode of 2026."""
        if self._low_grip or self.mode is not Mode.GREEN:
            return
        self.help_on = True
        if self._race.rules.drs:
            self.say(now, "Drs", "DRS ENABLED", status="ENABLED")
        else:
            self.say(now, "Other", "OVERTAKE ENABLED")

    def disable_help(self, now: float) -> None:
        """Neither may be used."""
        if self.help_on or now < self._race.log.start_t:
            if self._race.rules.drs:
                self.say(now, "Drs", "DRS DISABLED", status="DISABLED")
            else:
                self.say(now, "Other", "OVERTAKE DISABLED")
        self.help_on = False

    def say(
        self,
        t: float,
        category: str,
        text: str,
        *,
        flag: str | None = None,
        scope: str | None = None,
        sector: int | None = None,
        number: str | None = None,
        status: str | None = None,
        mode: str | None = None,
    ) -> None:
        """Issue a message; the race stamps it with the leader's lap at the end."""
        message = Message(round(t, 3), category, text, flag, scope, sector, number, status, mode)
        self._race.log.messages.append(message)

    # --- incidents ---------------------------------------------------------------------------------------------------

    def incident(self, car: RaceCar, fate: Fate, now: float) -> None:
        """Respond to what happened to a car in its mini-sector."""
        if fate is Fate.LIMP:
            return
        segment = car.segment
        double = fate is not Fate.MISTAKE
        length = self._chance.uniform(8, 20) if fate is Fate.MISTAKE else self._chance.uniform(45, 110)
        self.wave_yellow(segment, now + self._chance.uniform(1.5, 4.0), length, double=double)
        turn = turn_near(self._race.track, segment)
        if fate is Fate.MISTAKE:
            if self._chance.random() < 0.5:
                text = f"{car.tag} OFF TRACK AND CONTINUED AT TURN {turn}"
                self.say(now + 12.0, "CarEvent", text, number=car.number)
            if self._chance.random() < 0.12:  # it left debris behind
                self._race.push(now + self._chance.uniform(20.0, 60.0), lambda t: self._decide(fate, t))
            return
        self.cars_out += 1
        self.say(now + 18.0, "CarEvent", f"{car.tag} STOPPED AT TURN {turn}", number=car.number)
        self._race.push(now + self._chance.uniform(12.0, 40.0), lambda t: self._decide(fate, t))

    def _decide(self, fate: Fate, now: float) -> None:
        """Is a yellow flag enough?"""
        if self.mode is Mode.RED or self._race.log.flag_t:
            return
        if fate is Fate.MISTAKE:
            if self.mode is Mode.GREEN:
                self._vsc(now)
            return
        draw = self._chance.random()
        crash = fate is Fate.CRASH
        late = self._race.leader.lap > 0.85 * self._race.laps
        if crash and draw < 0.17 and not late:
            self._red(now)
        elif draw < (0.66 if crash else 0.32):
            self._safety_car(now)
        elif draw < (0.88 if crash else 0.85) and self.mode is Mode.GREEN:
            self._vsc(now)

    def wave_yellow(self, segment: int, now: float, length_s: float, *, double: bool) -> None:
        """Yellow in a mini-sector and the one before it, for a while."""
        if self.mode is Mode.RED:
            return
        until = now + length_s
        sector = marshal_sector(self._race.track, segment)
        for where in (segment, max(0, segment - 1)):
            self.yellow[where] = max(until, self.yellow.get(where, 0.0))
        if double:
            self._double.add(segment)
        word = "DOUBLE YELLOW" if double else "YELLOW"
        self.say(now, "Flag", f"{word} IN TRACK SECTOR {sector}", flag=word, scope="Sector", sector=sector)
        if self.mode is Mode.GREEN:
            self._fly(now, "2")
        self._race.push(until, lambda t: self._clear_sector(segment, sector, t))

    def _clear_sector(self, segment: int, sector: int, now: float) -> None:
        self._double.discard(segment)
        if self.yellow.get(segment, 0.0) > now + 0.01:
            return
        self.say(now, "Flag", f"CLEAR IN TRACK SECTOR {sector}", flag="CLEAR", scope="Sector", sector=sector)
        if self.mode is Mode.GREEN and not any(until > now for until in self.yellow.values()):
            self._fly(now, "1")

    def _fly(self, now: float, digit: str) -> None:
        if digit != self._flag:
            self._flag = digit
            self._race.log.track_status.append((round(now, 3), digit))

    # --- virtual safety car and safety car ---------------------------------------------------------------------------

    def _vsc(self, now: float) -> None:
        self.mode = Mode.VSC
        self.disable_help(now)
        self.say(now, "SafetyCar", "VIRTUAL SAFETY CAR DEPLOYED", status="DEPLOYED", mode="VIRTUAL SAFETY CAR")
        self._fly(now, "6")
        self._race.push(now + self._chance.uniform(70, 200), self._vsc_ending)

    def _vsc_ending(self, now: float) -> None:
        if self.mode is not Mode.VSC:
            return
        self.say(now, "SafetyCar", "VIRTUAL SAFETY CAR ENDING", status="ENDING", mode="VIRTUAL SAFETY CAR")
        self._fly(now, "7")
        self._race.push(now + self._chance.uniform(10, 15), self._vsc_over)

    def _vsc_over(self, now: float) -> None:
        if self.mode is Mode.VSC:
            self._go_green(now)
            self.help_from_lap = self._race.leader.lap

    def _safety_car(self, now: float) -> None:
        if self.mode is Mode.SC:
            self._clear_t = max(self._clear_t, now + 120.0)
            return
        self.mode = Mode.SC
        self._sc_laps = 0
        self._in_this_lap = self._lapped_waved = False
        self._sc_planned = self._chance.choice((2, 3, 3, 4))
        self._clear_t = now + self._chance.uniform(200, 420)
        self._picked_up_at = self._race.leader.progress + int(self._race.track.count * self._chance.uniform(0.2, 0.9))
        self.disable_help(now)
        self.say(now, "SafetyCar", "SAFETY CAR DEPLOYED", status="DEPLOYED", mode="SAFETY CAR")
        self._fly(now, "4")
        self._race.log.neutral.append(now)

    def _bunched(self) -> bool:
        """Whether the queue has formed: every car on the leader's lap is close to someone."""
        leader = self._race.leader
        for car in self._race.cars:
            if not car.running or car.finished or car.in_lane or car.index == leader.index:
                continue
            if leader.progress - car.progress < self._race.track.count and car.gap_s > 3.5:
                return False
        return True

    def _wave_lapped(self, now: float) -> None:
        """Lapped cars may pass the safety car and join the queue at its end (article 55.14)."""
        self._lapped_waved = True
        race = self._race
        lapped = [
            car
            for car in race.cars
            if car.running and not car.in_lane and race.leader.progress - car.progress > race.track.count
        ]
        if not lapped or not race.rules.lapped_cars_may_overtake:
            return
        for car in lapped:
            car.unlapping = True
        names = ", ".join(car.number for car in lapped)
        word = "CARS" if len(lapped) > 1 else "CAR"
        self.say(now, "Other", f"LAPPED {word} MAY NOW OVERTAKE THE SAFETY CAR: {names}")

    def rejoin_queue(self, car: RaceCar) -> None:
        """An unlapping car that has gained its lap and caught the queue is one of it."""
        ahead = self._race.cars[car.ahead] if car.ahead >= 0 else None
        caught = ahead is not None and not ahead.unlapping and car.gap_s < 2.0
        if caught and self._race.leader.progress - car.progress < self._race.track.count:
            car.unlapping = False

    def _go_green(self, now: float) -> None:
        self.mode = Mode.GREEN
        self._in_this_lap = False
        self.to_grid = False
        for car in self._race.cars:
            car.unlapping = False
        self.say(now, "Flag", "TRACK CLEAR", flag="CLEAR", scope="Track")
        self._fly(now, "2" if any(until > now for until in self.yellow.values()) else "1")

    # --- red flag ----------------------------------------------------------------------------------------------------

    def _red(self, now: float) -> None:
        self.mode = Mode.RED
        self.yellow.clear()
        self.disable_help(now)
        self.say(now, "Flag", "RED FLAG", flag="RED", scope="Track")
        self._fly(now, "5")
        log = self._race.log
        log.status.append((round(now, 3), "Aborted"))
        log.clock.append((round(now, 3), int(7200 - (now - log.start_t)), False))
        self._red_t = now
        self._call_in()
        wait = self._chance.uniform(780, 1500)
        self._race.push(now + wait - 600.0, self._announce)
        self._race.push(now + wait, self._resume)

    def _call_in(self) -> None:
        """On which lap each car comes in: the leader at once, and nobody on his lap loses one by having been before
        the line when he was already past it. A car that is in its box already stays, and may lose one."""
        leader, track = self._race.leader, self._race.track
        lap = leader.lap + (leader.segment >= track.pit_entry_segment)
        if leader.in_lane:
            lap = leader.log.visits[-1].lap
        for car in self._race.cars:
            self.red_lap[car.index] = lap - (leader.progress - car.progress) // track.count

    def _announce(self, now: float) -> None:
        at = self._race.local_time(now + 600.0)
        self.say(now, "Other", f"SESSION WILL RESUME AT {at:%H:%M}")

    def _resume(self, now: float) -> None:
        """Behind the safety car out of the pit lane for a lap, and onto the grid."""
        race = self._race
        if any(car.running and not car.parked for car in race.cars):
            race.push(now + 20.0, self._resume)
            return
        self.mode = Mode.SC
        self.to_grid = True
        self._sc_laps = 0
        race.log.status.append((round(now, 3), "Started"))
        race.log.clock.append((round(now, 3), int(7200 - (self._red_t - race.log.start_t)), True))
        self.say(now, "Flag", "GREEN LIGHT - PIT EXIT OPEN", flag="GREEN", scope="Track")
        self.say(now + 20.0, "Other", "STANDING START")
        self._fly(now, "4")
        race.release_queue(now)

    def restart_lights(self, now: float) -> None:
        """The lights of a standing restart go out."""
        self._go_green(now)
        self.help_from_lap = self._race.leader.lap + 1 + self._race.rules.help_after_laps
