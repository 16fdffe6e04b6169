"""What a car carries through a simulated race: its progress, its tyres, its place in traffic and its plans."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from overcut.domain.tyres import Compound
from overcut.sources.simulated.form import Form
from overcut.sources.simulated.log import CarLog, Crossing
from overcut.sources.simulated.strategy import Plan


@dataclass(slots=True)
class RaceCar:
    """One car in the race.

    Attributes:
        lap, segment: lap in progress (1-based) and the mini-sector it is in or about to enter (0-based).
        progress: mini-sectors completed since lights out; ``progress_t``: when.
        factor: pace of this lap, as a multiple of the profile's time.
        ahead: the car just ahead on track at the last gate, ``gap_s`` behind it.
        hold_s: time to lose in the next mini-sector (an attempt that failed, being passed).
        help_zone: zone in which drag reduction may be opened, -1 none.
        script: gates whose times are already known (launch, pit lane), as (time, node, in the lane).
        wants: compound for which the car will enter the pits at the end of this lap.
        unlapping: the car has been waved past the safety car. ``parked``: it waits in the pit lane under a red
            flag, at ``at_fraction`` of the lap. ``dying``: it limps to the pits to retire.
        start_lap: lap of the last standing start. ``slot``: box on its grid, 0 is pole.
    """

    index: int
    form: Form
    log: CarLog
    plan: Plan
    compound: Compound
    grid: int
    age: int = 0
    stint: int = 0
    lap: int = 1
    segment: int = 0
    progress: int = 0
    progress_t: float = 0.0
    factor: float = 1.0
    pace_noise: float = 0.0
    ahead: int = -1
    gap_s: float = 99.0
    hold_s: float = 0.0
    help_zone: int = -1
    stuck_laps: int = 0
    script: deque[tuple[float, int, bool]] = field(default_factory=deque[tuple[float, int, bool]])
    wants: Compound | None = None
    used: set[Compound] = field(default_factory=set[Compound])
    wet_used: bool = False
    stops_done: int = 0
    last_stop_lap: int = 0
    damage_s: float = 0.0
    in_lane: bool = False
    parked: bool = False
    running: bool = True
    finished: bool = False
    unlapping: bool = False
    dying: bool = False
    at_fraction: float = 0.0
    start_lap: int = 1
    slot: int = 0
    owes_s: float = 0.0
    track_limits: int = 0

    @property
    def number(self) -> str:
        """Racing number."""
        return self.form.entry.number

    @property
    def tag(self) -> str:
        """``CAR 4 (NOR)`` as race control writes it."""
        return f"CAR {self.form.entry.number} ({self.form.entry.code})"

    @property
    def short(self) -> str:
        """``4 (NOR)``."""
        return f"{self.form.entry.number} ({self.form.entry.code})"

    def knot(self, t: float, tau: float) -> None:
        """Add a point of the trajectory."""
        self.log.knots.append((t, tau))

    def cross(self, t: float, lap: int, node: int, in_pit: bool) -> None:
        """Note a completed mini-sector."""
        self.log.crossings.append(Crossing(t, lap, node, in_pit))
