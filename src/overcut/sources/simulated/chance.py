"""Where a simulation's chance comes from: one stream of random numbers per purpose, all from the one seed.

Separate streams keep a change in one part of a weekend from moving every other part.
"""

from __future__ import annotations

import hashlib
import math
import random


def stream(*labels: object) -> random.Random:
    """A generator of its own for these labels (seed, circuit, purpose ...); equal labels give equal numbers."""
    text = "/".join(str(label) for label in labels)
    return random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big"))  # noqa: S311


def logistic(z: float) -> float:
    """1 / (1 + e^-z), safe for large ``|z|``."""
    if z < 0:
        e = math.exp(max(z, -60.0))
        return e / (1.0 + e)
    return 1.0 / (1.0 + math.exp(-min(z, 60.0)))
