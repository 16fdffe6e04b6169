"""When cars were allowed to use DRS, overtake mode or straight mode, as race control told it.

Since 2026 the car data says nothing of either (channel 45 is null): these words are all there is, and they are of the
whole field, not of one car.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from overcut.domain.state import RaceControlMessage


class Aid(StrEnum):
    """What race control allows or forbids."""

    DRS = "drs"
    OVERTAKE = "overtake"
    STRAIGHT_MODE = "straight_mode"


class AidPeriod(msgspec.Struct, frozen=True):
    """A time with one word of race control on one aid.

    Attributes:
        state: ``enabled``, ``disabled``, ``normal grip`` or ``low grip``.
        zone: the zone that the word is about; None for the whole track.
        from_ms, to_ms: session time; ``to_ms`` None where nothing ended it.
    """

    aid: Aid
    state: str
    zone: int | None
    from_ms: int
    to_ms: int | None


# DRS ENABLED, DRS DISABLED IN ZONE 2, OVERTAKE ENABLED, STRAIGHT MODE - LOW GRIP; not "MAY NOW OVERTAKE" and the like
_SAID = re.compile(
    r"^(?:(DRS|OVERTAKE) (ENABLED|DISABLED)(?: IN ZONE (\d{1,2}))?"
    r"|(STRAIGHT MODE) - (NORMAL GRIP|LOW GRIP|DISABLED))\.?$"
)
_AIDS = {"DRS": Aid.DRS, "OVERTAKE": Aid.OVERTAKE, "STRAIGHT MODE": Aid.STRAIGHT_MODE}


def aid_periods(messages: Sequence[RaceControlMessage]) -> list[AidPeriod]:
    """What race control said of the aids, in order; nothing before its first word, for it was not told."""
    periods: list[AidPeriod] = []
    open_at: dict[tuple[Aid, int | None], int] = {}
    for message in sorted(messages, key=lambda message: message.t_ms):
        said = _SAID.match(message.text.strip().upper())
        if said is None:
            continue
        name, state = said.group(1) or said.group(4), said.group(2) or said.group(5)
        aid, zone = _AIDS[name], int(said.group(3)) if said.group(3) else None
        ended = [key for key in open_at if key[0] is aid and zone in (None, key[1])]
        same = open_at.get((aid, zone))
        if same is not None and periods[same].state == state.lower() and ended == [(aid, zone)]:
            continue  # said again
        for key in ended:  # a word on the whole track ends those on its zones
            at = open_at.pop(key)
            periods[at] = msgspec.structs.replace(periods[at], to_ms=message.t_ms)
        open_at[(aid, zone)] = len(periods)
        periods.append(AidPeriod(aid, state.lower(), zone, message.t_ms, None))
    return periods
