"""When a session was neutralised: safety car, virtual safety car, red flag."""

from __future__ import annotations

from collections.abc import Sequence

_KIND = {"4": "SC", "5": "RED", "6": "VSC", "7": "VSC"}

Period = tuple[str, int, int | None, int | None, int | None]
"""Kind, start and end in session time, leader's lap at either."""


def neutralisations(
    track: Sequence[tuple[int, str, str, int | None]], statuses: Sequence[tuple[int, str]], end_ms: int
) -> list[Period]:
    """The periods, from the changes of the track's status.

    A yellow flag within one (a sector, told for the track) does not end it. A red flag lasts until the session's own
    status says that it was started again, where that came later than the clear track: cars stand meanwhile
    (2022 Japan: for ten minutes).

    Args:
        track: (t_ms, digit, word, leader's lap) of each change. ``statuses``: (t_ms, status) of the session.
        end_ms: the last frame's stamp.
    """
    found: list[Period] = []
    kind, begun, lap = "", 0, None
    for t_ms, digit, _, leader_lap in sorted(track, key=lambda change: change[0]):
        now = _KIND.get(digit, "" if digit == "1" else kind if kind in ("SC", "VSC") else "")
        if now == kind:
            continue
        if kind:
            found.append((kind, begun, t_ms, lap, leader_lap))
        kind, begun, lap = now, t_ms, leader_lap
    if kind:
        found.append((kind, begun, None, lap, None))
    return [_until_restart(period, statuses, end_ms) if period[0] == "RED" else period for period in found]


def _until_restart(period: Period, statuses: Sequence[tuple[int, str]], end_ms: int) -> Period:
    kind, begun, end, first_lap, last_lap = period
    aborted = [t_ms for t_ms, status in statuses if status == "Aborted" and begun - 60_000 <= t_ms <= (end or end_ms)]
    if not aborted or end is None:
        return period
    again = next((t_ms for t_ms, status in statuses if t_ms > aborted[-1] and status != "Aborted"), None)
    return (kind, begun, max(end, again) if again is not None else end, first_lap, last_lap)
