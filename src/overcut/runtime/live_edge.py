"""What time it is in a live session right now, from when its frames arrive."""

from __future__ import annotations

from collections import deque

from overcut.runtime.clock import Clock

WINDOW_S = 30.0
"""The present is told by the promptest frame of this long; what was quicker before (a sender's clock that ran ahead
for a moment) is forgotten."""

AFTER_MS = 60_000
"""How far the present runs on behind the last word of a session that is over: until the next one begins may be a night,
and a replay bar of twenty hours shows nothing of a race."""


class Edge:
    """The present of a live session: the newest stamp, and the time that has passed since.

    Frames take a while to reach us, some longer than others. The promptest of the last `WINDOW_S` seconds says how far
    session time is ahead of our clock, so that no frame that has arrived lies in the future.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._leads: deque[tuple[float, float]] = deque()
        self._fixed_ms: int | None = None
        self._told_ms: int | None = None
        self._newest_ms = 0
        self._over = False

    def arrived(self, t_ms: int) -> None:
        """A frame stamped ``t_ms`` is here."""
        self._newest_ms = max(self._newest_ms, t_ms)
        now_s = self._clock.now_s()
        lead = t_ms - now_s * 1000
        leads = self._leads
        while leads and leads[-1][1] <= lead:
            leads.pop()
        leads.append((now_s, lead))
        while len(leads) > 1 and leads[0][0] < now_s - WINDOW_S:
            leads.popleft()

    def fix(self, t_ms: int) -> None:
        """The session is over: its present stays at ``t_ms``."""
        self._fixed_ms = t_ms

    def over(self, over: bool) -> None:
        """Whether the session has ended, as far as it says so; late words may still come."""
        self._over = over

    def now_ms(self) -> int:
        """The present, as it is shown; 0 before the first frame. It never goes back."""
        if self._fixed_ms is not None:
            return self._fixed_ms
        if not self._leads:
            return 0
        now_ms = self.by_clock_ms()
        if self._over:
            now_ms = min(now_ms, self._newest_ms + AFTER_MS)
        if self._told_ms is None or now_ms > self._told_ms:
            self._told_ms = now_ms
        return self._told_ms

    def by_clock_ms(self) -> int:
        """How far the session's time has come by our clock; 0 before the first frame."""
        return int(self._clock.now_s() * 1000 + self._leads[0][1] + 0.5) if self._leads else 0
