"""How fast is a lap here: speed, time, pedals and gear along a circuit's outline, from the car's grip and power.

A quasi-steady-state lap: at each point the car is a point mass that uses no more grip than its tyres have. Speed is
first limited by the corner itself; then a forward pass limits it by what traction and power can add, and a backward
pass by what the brakes can take away, sharing grip between turning and speeding up by a friction ellipse. The method
is that of D. Brayshaw and M. Harrison, "A quasi steady state approach to race car lap simulation in order to understand
the effects of racing line and centre of gravity location", Proc. IMechE D 219 (2005).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
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
        downforce_m2, drag_m2: C·A. air_kg_m3: density of the air.
        combustion_w, electric_w: power at the wheels. ``taper``: what share of the electric power there is at a speed
            (km/h), straight lines between the points, full below the first.
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
    spin: float
    combustion_w: float
    electric_w: float
    taper: tuple[tuple[float, float], ...]
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
        power = self.combustion_w + self.electric_w * _share(self.taper, speed_ms * 3.6)
        return power / max(speed_ms, 5.0)


def _share(taper: tuple[tuple[float, float], ...], kmh: float) -> float:
    """The share at a speed, between the points of a taper; the first share below them, the last above."""
    for (low, full), (high, less) in pairwise(taper):
        if kmh < high:
            return full - (full - less) * max(kmh - low, 0.0) / (high - low)
    return taper[-1][1]


CAR_2025 = CarModel(
    mass_kg=800.0,  # FIA Formula 1 Technical Regulations 2025, article 4.1: 800 kg with driver, without fuel
    fuel_kg=6.0,  # a qualifying run at about 1.7 kg a lap, and the one-litre sample
    grip=2.40,  # calibrated, with load_loss, on the reference pole laps; race slicks are published at 1.6 to 2.4
    load_n=GRAVITY_MS2 * 806.0,
    load_loss=0.20,
    braking=0.76,  # calibrated: with drag 5 to 6 g at 330 km/h, as brake makers publish for Monza and Baku
    traction=0.47,  # the rear axle carries 54 to 60 % of the load, less what keeps the wheels from spinning up
    downforce_m2=4.2,  # calibrated: twice the weight at 290 km/h
    drag_m2=1.32,  # from the power below and 335 to 350 km/h at the end of the longest straights
    air_kg_m3=1.19,  # replaced by the circuit's own, `air_density`
    spin=1.05,  # wheels, discs and crankshaft; the usual 4 to 6 % in the upper gears
    combustion_w=588e3,  # about 632 kW (850 hp), as makers say, less 7 % in the transmission
    electric_w=112e3,  # 120 kW (article 5.3.2 and its energy diagram), less 7 %
    taper=((315.0, 1.0), (350.0, 0.4)),  # the store runs empty at the end of the longest straights: "clipping"
    top_kmh=362.0,
)
CAR_2026 = replace(
    CAR_2025,
    mass_kg=768.0,  # FIA 2026 Technical Regulations: 768 kg with driver and nominal tyres
    load_n=GRAVITY_MS2 * 774.0,
    grip=2.37,  # narrower tyres: 25 mm less in front, 30 mm behind
    # FIA, presentation of the 2026 rules, 6 June 2024: downforce 30 % and drag 55 % less (the latter in straight mode);
    # the teams won part of the downforce back, and in corners the wings are up.
    downforce_m2=3.5,
    drag_m2=1.05,
    combustion_w=372e3,  # 400 kW, FIA's figure for the 2026 power unit, less 7 %
    electric_w=326e3,  # 350 kW, the same
    # The 2026 Technical Regulations allow min(350, 1800 - 5 v, 6900 - 20 v) kW at v km/h: full to 290, none from 345.
    taper=((290.0, 1.0), (340.0, 100.0 / 350.0), (345.0, 0.0)),
    top_kmh=355.0,
)

# With more wing a car's downforce grows faster than its drag, which also comes from wheels and body.
_DRAG_OF_WING = 0.45


def car_of(season: int) -> CarModel:
    """The car of a season's rules: 2026 and later, or 2025 (which stands for the ground-effect cars from 2022)."""
    return CAR_2026 if season >= 2026 else CAR_2025


@dataclass(frozen=True)
class LapProfile:
    """One flying lap, at an even step of at most 5 m; arrays share their length, the first entry is the line.

    Attributes:
        distance_m: from the line. ``x_m``, ``y_m``: the circuit's own drawing. ``curvature_1pm``: left is positive.
        speed_ms: at the point. ``time_s``: since the line; the lap ends at ``lap_time_s``.
        throttle_pct, brake_pct: 0 to 100. ``gear``: 1 to 8. ``rpm``: of the engine.
    """

    distance_m: NDArray[np.float64]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    curvature_1pm: NDArray[np.float64]
    speed_ms: NDArray[np.float64]
    time_s: NDArray[np.float64]
    throttle_pct: NDArray[np.float64]
    brake_pct: NDArray[np.float64]
    gear: NDArray[np.int64]
    rpm: NDArray[np.float64]
    lap_time_s: float
    length_m: float


@lru_cache(maxsize=64)
def lap_profile(circuit: Circuit, season: int) -> LapProfile:
    """The qualifying lap of a season's car at a circuit."""
    return profile_of(circuit, car_of(season))


def air_density(altitude_m: float, air_c: float) -> float:
    """Density (kg/m3) of dry air at a height and a temperature: the barometric formula, scale height 8,430 m."""
    return 101_325.0 * math.exp(-altitude_m / 8_430.0) / (287.05 * (air_c + 273.15))


def set_up(car: CarModel, circuit: Circuit) -> CarModel:
    """The car as it runs at a circuit: its wing, its air, and the grip of its asphalt."""
    return replace(
        car,
        grip=car.grip * circuit.grip,
        downforce_m2=car.downforce_m2 * circuit.downforce,
        drag_m2=car.drag_m2 * (1.0 + _DRAG_OF_WING * (circuit.downforce - 1.0)),
        air_kg_m3=air_density(circuit.altitude_m, circuit.air_c),
    )


def profile_of(circuit: Circuit, car: CarModel) -> LapProfile:
    """The lap of any car at a circuit, its tyres' grip scaled by the circuit's."""
    car = set_up(car, circuit)
    points = np.array(outline(circuit, _STEP_M))
    step = circuit.length_m / len(points)
    curvature = curvature_of(points, step)
    corner = corner_speed(np.abs(curvature), car)
    speed = _speeds(corner, np.abs(curvature), step, car)
    ahead = np.roll(speed, -1)
    seconds = 2.0 * step / (speed + ahead)
    elapsed = np.concatenate([[0.0], np.cumsum(seconds)])
    throttle, brake = _pedals(speed, (ahead**2 - speed**2) / (2.0 * step), car)
    gear, rpm = _gearbox(speed, car)
    return LapProfile(
        distance_m=np.arange(len(points), dtype=np.float64) * np.float64(step),
        x_m=points[:, 0].copy(),
        y_m=points[:, 1].copy(),
        curvature_1pm=curvature,
        speed_ms=speed,
        time_s=elapsed[:-1],
        throttle_pct=throttle,
        brake_pct=brake,
        gear=gear,
        rpm=rpm,
        lap_time_s=float(elapsed[-1]),
        length_m=circuit.length_m,
    )


def curvature_of(points: NDArray[np.float64], step_m: float) -> NDArray[np.float64]:
    """Signed curvature (1/m, left positive) of a closed line of evenly spaced points, smoothed as a car would drive it.

    The turn of the chord at each point over the step, convolved with a Gaussian (``_SMOOTH_M``) that keeps the total.
    """
    chord = np.roll(points, -1, axis=0) - points
    heading = np.arctan2(chord[:, 1], chord[:, 0])
    turn = np.angle(np.exp(1j * (heading - np.roll(heading, 1))))
    frequency = np.fft.rfftfreq(len(points), d=step_m)
    kernel = np.exp(-2.0 * (np.pi * frequency * _SMOOTH_M) ** 2)
    return np.fft.irfft(np.fft.rfft(turn / step_m) * kernel, n=len(points))


def corner_speed(curvature_1pm: NDArray[np.float64], car: CarModel) -> NDArray[np.float64]:
    """The highest speed (m/s) at which the tyres hold each curvature, at most the car's top speed; by bisection."""
    low = np.full_like(curvature_1pm, 1.0)
    high = np.full_like(curvature_1pm, car.top_kmh / 3.6)
    weight = car.total_kg * GRAVITY_MS2
    for _ in range(40):
        middle = (low + high) / 2.0
        load = weight + 0.5 * car.air_kg_m3 * car.downforce_m2 * middle**2
        holds = car.grip * (load / car.load_n) ** -car.load_loss * load / car.total_kg >= curvature_1pm * middle**2
        low, high = np.where(holds, middle, low), np.where(holds, high, middle)
    return low


def _speeds(
    corner: NDArray[np.float64], curvature: NDArray[np.float64], step: float, car: CarModel
) -> NDArray[np.float64]:
    """Corner speed cut down to what the car reaches (forwards) and can brake from (backwards), around the closed lap.

    Both passes start at the slowest corner, whose speed neither can lower, so one turn closes the lap.
    """
    count = len(corner)
    first = int(np.argmin(corner))
    limit = np.roll(corner, -first).tolist()
    bend = np.roll(curvature, -first).tolist()
    speed: list[float] = [*limit, limit[0]]
    bend.append(bend[0])
    for i in range(count):
        gained = speed[i] ** 2 + 2.0 * step * _speeding_up(speed[i], bend[i], car)
        speed[i + 1] = min(speed[i + 1], gained**0.5)
    for i in range(count, 0, -1):
        lost = speed[i] ** 2 + 2.0 * step * _slowing_down(speed[i], bend[i], car)
        speed[i - 1] = min(speed[i - 1], lost**0.5)
    return np.roll(np.array(speed[:-1]), first)


def _along(speed: float, bend: float, car: CarModel) -> float:
    """The grip left along the car (m/s2) when part of it turns the car: the friction ellipse."""
    grip = car.grip_ms2(speed)
    used = min(bend * speed * speed / grip, 1.0)
    return grip * (1.0 - used * used) ** 0.5


def _speeding_up(speed: float, bend: float, car: CarModel) -> float:
    """Acceleration (m/s2) on full throttle as traction allows; may be negative against drag."""
    pull = min(car.drive_n(speed), car.traction * _along(speed, bend, car) * car.total_kg)
    return (pull - car.drag_n(speed)) / (car.total_kg * car.spin)


def _slowing_down(speed: float, bend: float, car: CarModel) -> float:
    """Deceleration (m/s2, positive) with the brakes at the tyres' limit, drag included."""
    return car.braking * _along(speed, bend, car) + car.drag_n(speed) / car.total_kg


def _pedals(
    speed: NDArray[np.float64], along_ms2: NDArray[np.float64], car: CarModel
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Throttle and brake, percent, from the acceleration along the car: shares of full pull and of full braking."""
    throttle, brake = np.zeros_like(speed), np.zeros_like(speed)
    for i, (v, a) in enumerate(zip(speed.tolist(), along_ms2.tolist(), strict=True)):
        wheel = a * car.total_kg * (car.spin if a > 0.0 else 1.0) + car.drag_n(v)
        if wheel >= 0.0:
            throttle[i] = min(100.0, 100.0 * wheel / (0.985 * car.drive_n(v)))
        else:
            brake[i] = min(100.0, -100.0 * wheel / (car.braking * car.grip_ms2(v) * car.total_kg))
    return throttle, brake


def _gearbox(speed: NDArray[np.float64], car: CarModel) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Gear and rpm: eight gears whose top speeds grow evenly in ratio from about 100 km/h to ``top_kmh``.

    The lowest gear in which the engine stays under its shift speed; no clutch, no wheelspin.
    """
    tops = np.geomspace(100.0, car.top_kmh, _GEARS) / 3.6
    gear = np.minimum(np.searchsorted(tops, speed) + 1, _GEARS)
    rpm = np.clip(_SHIFT_RPM * speed / tops[gear - 1], _IDLE_TURN_RPM * 0.5, _SHIFT_RPM)
    return gear.astype(np.int64), rpm
