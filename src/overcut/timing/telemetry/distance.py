"""How far a car had come at each instant of a lap: speed added up, then fitted to what is known of the lap."""

from __future__ import annotations

import msgspec
import numpy as np

from overcut.timing.telemetry.rows import Floats

LARGEST_ERROR = 0.08
"""A stretch that speed puts further off than this share of its length was not driven as assumed; it is not fitted."""


class Fit(msgspec.Struct, frozen=True):
    """How integrated distance was fitted to known points of the lap.

    Attributes:
        integrated_m: what the speeds add up to, from line to line.
        residual_m: that less the known length, before the fit; None where no length is known.
        sector_residuals_m: the same for each sector; empty where its ends are not known.
        fitted: whether the distances given are fitted ones.
    """

    integrated_m: float
    residual_m: float | None = None
    sector_residuals_m: tuple[float, ...] = ()
    fitted: bool = False


def integrate_m(t_ms: Floats, speed_kmh: Floats) -> Floats:
    """Metres since the first instant: the trapezoidal rule on speeds in km/h at increasing times in ms."""
    metres_per_ms = speed_kmh / 3.6 / 1000.0
    steps = (metres_per_ms[1:] + metres_per_ms[:-1]) / 2 * np.diff(t_ms)
    return np.concatenate(([0.0], np.cumsum(steps)))


def fit_m(
    t_ms: Floats, driven_m: Floats, length_m: float | None, ends_ms: tuple[float, ...], fractions: tuple[float, ...]
) -> tuple[Floats, Fit]:
    """Distances along the lap, fitted piece by piece: each sector ends where it is known to, and the lap at its length.

    Args:
        t_ms, driven_m: (instants,) as `integrate_m` gives them, from line to line.
        length_m: of the lap; None: nothing is fitted.
        ends_ms: when sectors 1 and 2 ended, on the clock of ``t_ms``; empty when not known.
        fractions: where they end, of the lap's length.
    """
    total = float(driven_m[-1])
    if length_m is None or total <= 0:
        return driven_m, Fit(integrated_m=total)
    usable = len(ends_ms) == len(fractions) and all(t_ms[0] < end < t_ms[-1] for end in ends_ms)
    inner = ends_ms if usable else ()
    known = np.array([0.0, *(share * length_m for share in fractions if inner), length_m])
    driven = np.array([0.0, *(float(np.interp(end, t_ms, driven_m)) for end in inner), total])
    off = np.diff(driven) - np.diff(known)
    sectors = tuple(off.tolist()) if inner else ()
    if np.any(np.diff(driven) <= 0) or np.any(np.abs(off) > LARGEST_ERROR * np.diff(known)):
        return driven_m, Fit(total, total - length_m, sectors)
    return np.interp(driven_m, driven, known), Fit(total, total - length_m, sectors, fitted=True)
