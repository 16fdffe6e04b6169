"""How fast is a lap here: speed, time, pedals and gear along a circuit's outline, from the car's grip and power.

A quasi-steady-state lap: at each point the car is a point mass that uses no more grip than its tyres have. Speed is
first limited by the corner itself; then a forward pass limits it by what traction and power can add, and a backward pass
by what the brakes can take away, sharing grip between turning and speeding up by a friction ellipse. The method is that of
M. Brayshaw and M. Harrison, "A quasi steady state approach to race car lap simulation", Proc. IMechE D 219 (2005).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from overcut.domain.circuits.geometry import outline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from overcut.domain.circuits.circuit import Circuit

GRAVITY_MS2 = 9.81
_STEP_M = 3.0
_SMOOTH_M = 7.0  # a car's line is smoother than control points; a little over its wheelbase (3.6 m) either side
_GEARS = 8
_IDLE_TURN_RPM, _SHIFT_RPM = 9_500.0, 11_800.0


@dataclass(frozen=True)
class CarModel:
    """A car on a qualifying lap. Aerodynamic coefficients are areas (coefficient times frontal area, square metres).

    Attributes:
        mass_kg: car with driver. ``fuel_kg``: fuel on board.
        grip: peak friction of the slick tyre at ``load_n`` of total load, dimensionless; ``load_loss``: the share of it
            lost when the load doubles (tyres grip less per newton when pressed harder).
        braking, traction: shares of the tyre's grip that the brakes and the driven rear axle can use along the car.
        downforce_m2, drag_m2: C·A. ``air_kg_m3``: density of the air.
        power_w: at the wheels. ``deploy_fade_kmh``: between these speeds the electric share falls to
            ``faded_power`` of ``power_w``.
        top_kmh: speed in eighth gear at the rev limit.
    """

    mass_kg: float
    fuel_kg: float
    grip: float
    load_n: float
    load_loss: float
    braking: float
    traction: float
    downforce_m2: float
    drag_m2: float
    air_kg_m3: float
    power_w: float
    deploy_fade_kmh: tuple[float, float]
    faded_power: float
    top_kmh: float

    @property
    def total_kg(self) -> float:
        """Car, driver and fuel."""
        return self.mass_kg + self.fuel_kg

    def downforce_n(self, speed_ms: float) -> float:
        """Aerodynamic load at a speed, newtons."""
        return 0.5 * self.air_kg_m3 * self.downforce_m2 * speed_ms * speed_ms

    def drag_n(self, speed_ms: float) -> float:
        """Aerodynamic and rolling resistance at a speed, newtons; rolling is 1.5 % of the load."""
        air = 0.5 * self.air_kg_m3 * self.drag_m2 * speed_ms * speed_ms
        return air + 0.015 * (self.total_kg * GRAVITY_MS2 + self.downforce_n(speed_ms))

    def friction(self, speed_ms: float) -> float:
        """Peak friction under the load at a speed."""
        load = self.total_kg * GRAVITY_MS2 + self.downforce_n(speed_ms)
        return self.grip * (load / self.load_n) ** -self.load_loss

    def grip_ms2(self, speed_ms: float) -> float:
        """The acceleration that the tyres can give in any direction at a speed."""
        load = self.total_kg * GRAVITY_MS2 + self.downforce_n(speed_ms)
        return self.friction(speed_ms) * load / self.total_kg

    def drive_n(self, speed_ms: float) -> float:
        """The power unit's pull at the wheels at a speed, newtons, before traction limits it."""
        low, high = self.deploy_fade_kmh
        fade = min(max((speed_ms * 3.6 - low) / (high - low), 0.0), 1.0)
        power = self.power_w * (1.0 - fade * (1.0 - self.faded_power))
        return power / max(speed_ms, 5.0)
