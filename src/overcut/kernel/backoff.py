"""How long to wait before trying again: longer each time, and never all clients at once."""

from __future__ import annotations

from random import Random


class BackOff:
    """Exponential back-off with full jitter: each wait is drawn evenly from nothing to a bound that doubles.

    Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: full jitter spreads clients that
    broke together best.

    Args:
        first_s: the bound of the first wait.
        most_s: what the bound grows to.
        random: where the waits are drawn from; give a seeded one for the same waits every time.
    """

    def __init__(self, *, first_s: float = 1.0, most_s: float = 30.0, random: Random | None = None) -> None:
        self._first_s = first_s
        self._most_s = most_s
        self._random = random or Random()  # noqa: S311 - jitter, not a secret
        self.attempt = 0

    def next_s(self) -> float:
        """The next wait, in seconds."""
        bound = min(self._most_s, self._first_s * 2.0 ** min(self.attempt, 30))
        self.attempt += 1
        return self._random.uniform(0.0, bound)

    def reset(self) -> None:
        """It worked: begin with the first wait again."""
        self.attempt = 0
