"""What the stewards and the marshals' post write down: track limits, blue flags, collisions, penalties."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from overcut.domain.durations import format_lap_time
from overcut.sources.simulated.field import RaceCar
from overcut.sources.simulated.incidents import turn_near

if TYPE_CHECKING:
    from overcut.sources.simulated.race import Race

TRACK_LIMITS_RATE = 0.0065
CONTACT_RATE = 0.010
SPEEDING_RATE = 0.004
UNSAFE_RELEASE_RATE = 0.004
"""Per car and lap; per failed attempt to pass; per stop."""


class Stewards:
    """The stewards of one race."""

    def __init__(self, race: Race, chance: random.Random) -> None:
        self._race = race
        self._chance = chance
        self._blue_t: dict[int, float] = {}
        self._served: dict[int, str] = {}

    def lap_done(self, car: RaceCar, lap: int, lap_ms: int, now: float) -> None:
        """Was it driven within the track?"""
        raced = lap >= 2 and lap_ms < 1150 * self._race.track.lap_s
        if not raced or self._chance.random() >= TRACK_LIMITS_RATE:
            return
        car.track_limits += 1
        turn = self._chance.choice(self._race.track.circuit.corners).number
        when = self._race.local_time(now - self._chance.uniform(5, 60))
        said = now + self._chance.uniform(20, 120)
        mark = next((m for m in reversed(car.log.laps) if m.lap == lap), None)
        if mark is not None:
            mark.deleted_t = said
        say = self._race.control.say
        where = f"TRACK LIMITS AT TURN {turn} LAP {lap} {when:%H:%M:%S}"
        say(said, "Other", f"{car.tag} TIME {format_lap_time(lap_ms)} DELETED - {where}")
        if car.track_limits == 3:
            text = f"BLACK AND WHITE FLAG FOR {car.tag} - TRACK LIMITS"
            say(said + 30.0, "Flag", text, flag="BLACK AND WHITE", scope="Driver", number=car.number)
        elif car.track_limits == 4:
            say(said + 30.0, "Other", f"INCIDENT INVOLVING {car.tag} NOTED - MULTIPLE TRACK LIMITS")
            self._penalty(car, 5, "MULTIPLE TRACK LIMITS", said + 150.0)

    def blue_flag(self, car: RaceCar, now: float) -> None:
        """A lapped car is shown the blue flag; not every wave is written down."""
        if now - self._blue_t.get(car.index, -999.0) < 25.0 or self._chance.random() > 0.6:
            return
        self._blue_t[car.index] = now
        text = f"WAVED BLUE FLAG FOR {car.tag} TIMED AT {self._race.local_time(now):%H:%M:%S}"
        self._race.control.say(now + 1.0, "Flag", text, flag="BLUE", scope="Driver", number=car.number)

    def attempt_failed(self, car: RaceCar, other: RaceCar, now: float) -> None:
        """Now and then two cars touch: time lost, sometimes a wing, sometimes a penalty."""
        if self._chance.random() >= CONTACT_RATE:
            return
        car.hold_s += self._chance.uniform(0.3, 2.0)
        other.hold_s += self._chance.uniform(0.2, 3.0)
        hurt = self._chance.random()
        if hurt < 0.12:
            car.damage_s = self._chance.uniform(0.3, 4.0)
        elif hurt < 0.20:
            other.damage_s = self._chance.uniform(0.3, 4.0)
        turn = turn_near(self._race.track, car.segment)
        cars = f"TURN {turn} INCIDENT INVOLVING CARS {car.short} AND {other.short}"
        reason = self._chance.choice(("CAUSING A COLLISION", "FORCING ANOTHER DRIVER OFF THE TRACK"))
        say = self._race.control.say
        noted = now + self._chance.uniform(30, 110)
        say(noted, "Other", f"{cars} NOTED - {reason}")
        if self._chance.random() < 0.55:
            later = noted + self._chance.uniform(90, 300)
            say(later, "Other", f"FIA STEWARDS: {cars} REVIEWED NO FURTHER INVESTIGATION - {reason}")
            return
        say(noted + 45.0, "Other", f"FIA STEWARDS: {cars} UNDER INVESTIGATION - {reason}")
        self._penalty(car, 10 if self._chance.random() < 0.4 else 5, reason, noted + self._chance.uniform(150, 420))

    def pit_stop(self, car: RaceCar, now: float) -> None:
        """Speeding in the lane, or an unsafe release."""
        draw = self._chance.random()
        if draw >= SPEEDING_RATE + UNSAFE_RELEASE_RATE:
            return
        reason = "SPEEDING IN THE PIT LANE" if draw < SPEEDING_RATE else "UNSAFE RELEASE"
        self._race.control.say(now + 20.0, "Other", f"INCIDENT INVOLVING {car.tag} NOTED - {reason}")
        self._race.control.say(
            now + 80.0, "Other", f"FIA STEWARDS: INCIDENT INVOLVING {car.tag} UNDER INVESTIGATION - {reason}"
        )
        self._penalty(car, 5, reason, now + 200.0)

    def _penalty(self, car: RaceCar, seconds: int, reason: str, at: float) -> None:
        """Seconds to be served at the next stop, or added after the flag. A decision after the flag is still made."""

        def decide(now: float) -> None:
            if not car.running and not car.finished:
                return
            self._served[car.index] = f"{seconds} SECOND TIME PENALTY FOR {car.tag} - {reason}"
            self._race.control.say(now, "Other", f"FIA STEWARDS: {self._served[car.index]}")
            car.owes_s += seconds

        self._race.push(at, decide)

    def serve(self, car: RaceCar, now: float) -> float:
        """The seconds that a car must stand before its crew may work on it."""
        owed, car.owes_s = car.owes_s, 0.0
        if owed:
            self._race.control.say(now + 40.0, "Other", f"FIA STEWARDS: PENALTY SERVED - {self._served[car.index]}")
        return owed
