"""What the weather does: temperatures and wind that drift, and on some seeds rain that wets the track and goes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from overcut.domain.circuits.circuit import Circuit
from overcut.sources.simulated.chance import stream
from overcut.sources.simulated.log import WeatherReading


@dataclass(frozen=True)
class Shower:
    """Rain from ``start_t`` for ``length_s``, building to ``peak`` (wetness that it would reach, 0-1)."""

    start_t: float
    length_s: float
    peak: float


class Sky:
    """The weather of one session, known for every second from the start."""

    def __init__(self, circuit: Circuit, seed: int, label: str, end_t: float, rain_chance: float | None = None) -> None:
        self._chance = stream("weather", circuit.id, seed, label)
        self._circuit = circuit
        self._air_c = circuit.air_c + self._chance.gauss(0.0, 1.5)
        self._track_c = circuit.track_c + self._chance.gauss(0.0, 2.5)
        self._humidity = min(90.0, max(20.0, self._chance.gauss(52.0, 10.0)))
        self._pressure = 1008.0 + self._chance.gauss(0.0, 4.0)
        self._wind_deg = self._chance.uniform(0, 360)
        self.showers: list[Shower] = []
        if self._chance.random() < (circuit.rain_chance if rain_chance is None else rain_chance):
            start = self._chance.uniform(0.15, 0.75) * end_t
            self.showers.append(Shower(start, self._chance.uniform(700, 1800), self._chance.uniform(0.25, 0.55)))

    def raining(self, t: float) -> bool:
        """Whether it rains."""
        return any(s.start_t <= t < s.start_t + s.length_s for s in self.showers)

    def wetness(self, t: float) -> float:
        """Water on the track: it builds over five minutes of rain and dries over about fifteen; 0 dry, 1 soaked."""
        wet = 0.0
        for s in self.showers:
            if t <= s.start_t:
                continue
            built = s.peak * (1 - math.exp(-min(t - s.start_t, s.length_s) / 300.0))
            dried = max(0.0, t - s.start_t - s.length_s)
            wet = max(wet, built * math.exp(-dried / 500.0))
        return wet if wet > 0.005 else 0.0

    def readings(self, end_t: float) -> list[WeatherReading]:
        """One a minute."""
        out: list[WeatherReading] = []
        t = 58.03
        gust = 1.5 + abs(self._chance.gauss(0.0, 1.0))
        while t < end_t:
            wet = self.wetness(t)
            drift = math.sin(t / 5200.0 + self._wind_deg)
            self._wind_deg = (self._wind_deg + self._chance.gauss(0.0, 14.0)) % 360
            out.append(
                WeatherReading(
                    t=round(t, 3),
                    air_c=self._air_c + 0.5 * drift - 3.0 * wet + self._chance.gauss(0.0, 0.06),
                    track_c=self._track_c + 1.8 * drift - 16.0 * wet + self._chance.gauss(0.0, 0.15),
                    humidity_pct=round(min(99.0, self._humidity + 45.0 * wet - 2.0 * drift)),
                    pressure_hpa=self._pressure + 0.4 * math.sin(t / 3000.0),
                    wind_ms=max(0.0, gust + self._chance.gauss(0.0, 0.5)),
                    wind_deg=int(self._wind_deg),
                    rain=self.raining(t),
                )
            )
            t += 60.0 + self._chance.uniform(-0.01, 0.01)
        return out
