"""Where on the lap things happen: mini-sectors with their reference times, zones, traps and the pit lane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from overcut.domain.circuits.circuit import Circuit
from overcut.sources.simulated.lap_model import LapProfile, lap_profile

Floats = npt.NDArray[np.float64]

MEDIAN_STATIONARY_S = 2.5
"""Usual time a car stands in its box; ``Circuit.pit_loss_s`` includes it."""

GRID_FIRST_M = 8.0
GRID_STEP_M = 8.0
"""Grid boxes: metres from the line to pole, and from one box to the next (FIA Appendix O asks for at least 8)."""


@dataclass(frozen=True)
class Track:
    """A circuit cut into mini-sectors.

    Attributes:
        ends: fraction of the lap at the end of each mini-sector; the last is 1.0.
        base_s: reference time of each mini-sector, seconds, from the lap profile.
        tau: reference time since the line at the end of each mini-sector.
        place: (sector, index within the sector) of each mini-sector.
        sector_last: index of the last mini-sector of each sector.
        zone_of: the overtaking zone that each mini-sector lies mostly in, or -1.
        pass_weight: how much of a lap's overtaking chance falls to each mini-sector (they sum to 1).
        corner_weight: how much the air of the car ahead costs in each mini-sector, relative to the lap's mean.
        pit_entry_segment, pit_exit_segment: the mini-sectors in which the lane leaves and joins.
        lane_s: time from pit entry to pit exit without the stop.
        distance_m, time_s: the profile closed at the line, for interpolation.
    """

    circuit: Circuit
    profile: LapProfile
    lap_s: float
    ends: tuple[float, ...]
    base_s: tuple[float, ...]
    tau: tuple[float, ...]
    place: tuple[tuple[int, int], ...]
    sector_last: tuple[int, int, int]
    zone_of: tuple[int, ...]
    detection_segment: tuple[int, ...]
    pass_weight: tuple[float, ...]
    corner_weight: tuple[float, ...]
    pit_entry_segment: int
    pit_exit_segment: int
    lane_s: float
    distance_m: Floats
    time_s: Floats

    @property
    def count(self) -> int:
        """Mini-sectors in a lap."""
        return len(self.ends)

    def tau_at(self, fraction: float) -> float:
        """Reference time at a fraction of the lap; whole laps before or after the line are added."""
        laps, part = divmod(fraction, 1.0)
        return laps * self.lap_s + float(np.interp(part * self.circuit.length_m, self.distance_m, self.time_s))

    def segment_at(self, fraction: float) -> int:
        """The mini-sector that holds a fraction of the lap."""
        return next(k for k, end in enumerate(self.ends) if fraction < end or end == 1.0)

    def box_fraction(self, team: int, teams: int) -> float:
        """Where a team's box is, as a fraction of the lap (over 1 when past the line): the middle half of the lane."""
        entry, out = self.circuit.pit_entry, 1.0 + self.circuit.pit_exit
        return entry + (out - entry) * (0.30 + 0.40 * (team + 0.5) / teams)

    def grid_tau(self, slot: int) -> float:
        """Reference time (negative) of a grid box, 0 is pole."""
        return self.tau_at(-(GRID_FIRST_M + GRID_STEP_M * slot) / self.circuit.length_m)


def _in_zone(start: float, end: float, fraction: float) -> bool:
    return start <= fraction <= end if start < end else fraction >= start or fraction <= end


def lay_out(circuit: Circuit, season: int) -> Track:
    """Cut a circuit into mini-sectors, evenly by distance within each sector, with times from the season's profile."""
    profile = lap_profile(circuit, season)
    distance = np.append(profile.distance_m, circuit.length_m)
    time = np.append(profile.time_s, profile.lap_time_s)
    borders = (0.0, *circuit.sector_ends, 1.0)
    ends: list[float] = []
    place: list[tuple[int, int]] = []
    for sector, parts in enumerate(circuit.segments):
        low, high = borders[sector], borders[sector + 1]
        ends.extend(low + (high - low) * (i + 1) / parts if i + 1 < parts else high for i in range(parts))
        place.extend((sector, i) for i in range(parts))
    tau = np.interp(np.array(ends) * circuit.length_m, distance, time)
    base = np.diff(tau, prepend=0.0)
    n1, n2, n3 = circuit.segments
    middles = [(low + high) / 2 for low, high in zip((0.0, *ends), ends, strict=False)]
    zone_of = [
        next((z for z, zone in enumerate(circuit.zones) if _in_zone(zone.start, zone.end, middle)), -1)
        for middle in middles
    ]
    half = Track(
        circuit=circuit,
        profile=profile,
        lap_s=float(profile.lap_time_s),
        ends=tuple(ends),
        base_s=tuple(float(b) for b in base),
        tau=tuple(float(t) for t in tau),
        place=tuple(place),
        sector_last=(n1 - 1, n1 + n2 - 1, n1 + n2 + n3 - 1),
        zone_of=tuple(zone_of),
        detection_segment=(),
        pass_weight=(),
        corner_weight=(),
        pit_entry_segment=0,
        pit_exit_segment=0,
        lane_s=0.0,
        distance_m=distance,
        time_s=time,
    )
    return _with_details(half)


def _with_details(track: Track) -> Track:
    """Add what follows from the cut: where cars pass, where dirty air hurts, and the pit lane's time."""
    circuit, count = track.circuit, track.count
    weight = [0.15 / count] * count
    for zone in circuit.zones:
        weight[track.segment_at(zone.end % 1.0)] += 0.85 / max(1, len(circuit.zones))
    total = sum(weight)
    corner = [0.3 if track.zone_of[k] >= 0 else 1.0 for k in range(count)]
    mean = sum(c * b for c, b in zip(corner, track.base_s, strict=True)) / track.lap_s
    through = track.tau_at(1.0 + circuit.pit_exit) - track.tau_at(circuit.pit_entry)
    fields = dict(track.__dict__)
    fields.update(
        detection_segment=tuple(track.segment_at(zone.detection % 1.0) for zone in circuit.zones),
        pass_weight=tuple(w / total for w in weight),
        corner_weight=tuple(c / mean for c in corner),
        pit_entry_segment=track.segment_at(circuit.pit_entry),
        pit_exit_segment=track.segment_at(circuit.pit_exit),
        lane_s=through + circuit.pit_loss_s - MEDIAN_STATIONARY_S,
    )
    return Track(**fields)
