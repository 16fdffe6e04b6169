"""Where is each car at any instant: a smooth monotone curve of lap progress over time, sampled for telemetry.

Progress is kept as *reference time* (tau): seconds of the lap profile since the line of lap 1, so that a car that
laps exactly like the profile advances one second a second. The curve through the knots is a monotone cubic (F. N.
Fritsch, R. E. Carlson, "Monotone piecewise cubic interpolation", SIAM J. Numer. Anal. 17 (1980), with the harmonic-mean
slopes of Fritsch and Butland), so speed is continuous, never negative, and no car moves backwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Trajectory:
    """Knots (seconds, reference seconds) with the curve's slopes at them."""

    t: Floats
    tau: Floats
    slope: Floats

    @classmethod
    def through(cls, knots: list[tuple[float, float]]) -> Trajectory:
        """The curve through knots in time order; of knots closer than a millisecond the later one counts.

        Raises ValueError when progress falls with time.
        """
        points = np.array(knots, dtype=np.float64).reshape(-1, 2)
        keep = np.append(np.diff(points[:, 0]) > 1e-3, True)
        t, tau = points[keep, 0], points[keep, 1]
        if np.any(np.diff(points[:, 0]) < 0) or np.any(np.diff(tau) < -1e-6):
            raise ValueError("knots of a trajectory must rise in time and not fall in progress")
        tau = np.maximum.accumulate(tau)
        return cls(t, tau, _slopes(t, tau))

    def at(self, times: Floats) -> tuple[Floats, Floats]:
        """Reference time and its rate at each instant; the car stands before the first and after the last knot."""
        if len(self.t) < 2:
            return np.full(len(times), self.tau[0]), np.zeros(len(times))
        i = np.clip(np.searchsorted(self.t, times, side="right") - 1, 0, len(self.t) - 2)
        h = self.t[i + 1] - self.t[i]
        u = np.clip((times - self.t[i]) / h, 0.0, 1.0)
        y0, y1, m0, m1 = self.tau[i], self.tau[i + 1], self.slope[i] * h, self.slope[i + 1] * h
        tau = (
            ((2 * u - 3) * u * u + 1) * y0
            + ((u - 2) * u + 1) * u * m0
            + (3 - 2 * u) * u * u * y1
            + (u - 1) * u * u * m1
        )
        rate = ((6 * u - 6) * u * (y0 - y1) + ((3 * u - 4) * u + 1) * m0 + (3 * u - 2) * u * m1) / h
        standing = (times < self.t[0]) | (times > self.t[-1])
        return tau, np.where(standing, 0.0, np.maximum(rate, 0.0))

    def when(self, targets: Floats) -> Floats:
        """The first instant at which each progress is reached, by bisection; NaN beyond the ends."""
        low = np.full(len(targets), self.t[0])
        high = np.full(len(targets), self.t[-1])
        for _ in range(40):
            middle = (low + high) / 2
            reached = self.at(middle)[0] >= targets
            high = np.where(reached, middle, high)
            low = np.where(reached, low, middle)
        inside = (targets >= self.tau[0]) & (targets <= self.tau[-1])
        return np.where(inside, high, np.nan)


def _slopes(t: Floats, tau: Floats) -> Floats:
    """Slopes at the knots that keep the cubic monotone: weighted harmonic means, zero at plateaus."""
    if len(t) < 2:
        return np.zeros(len(t))
    h = np.diff(t)
    d = np.diff(tau) / h
    slope = np.empty(len(t))
    slope[0], slope[-1] = d[0], d[-1]
    if len(t) > 2:
        w1, w2 = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
        before, after = d[:-1], d[1:]
        flat = (before <= 1e-9) | (after <= 1e-9)
        safe_before, safe_after = np.where(flat, 1.0, before), np.where(flat, 1.0, after)
        slope[1:-1] = np.where(flat, 0.0, (w1 + w2) / (w1 / safe_before + w2 / safe_after))
    return slope
