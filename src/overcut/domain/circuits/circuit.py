"""What we know of a circuit: its outline as we drew it, its length, corners, sectors, traps and pit lane."""

from __future__ import annotations

import msgspec


class Corner(msgspec.Struct, frozen=True):
    """A numbered corner at ``at``, a fraction of the lap (0 is the start/finish line)."""

    number: int
    at: float
    name: str = ""
    letter: str = ""


class Zone(msgspec.Struct, frozen=True):
    """A straight on which the sport lets a car pass with help (DRS to 2025); fractions of the lap.

    ``detection`` is where the gap to the car ahead is measured, ``start`` and ``end`` bound the zone; a zone may run
    over the line (``end`` < ``start``).
    """

    detection: float
    start: float
    end: float


class Circuit(msgspec.Struct, frozen=True):
    """One circuit layout.

    Attributes:
        id: the F1DB id. ``name``, ``location``, ``country`` (``country_code``: three letters): as people say them.
        feed_name: the timing feed's short name (``SessionInfo.Meeting.Circuit.ShortName``); ``feed_key``: its key.
        length_m: official length of one lap. ``race_laps``: laps of a Grand Prix.
        control_points: our own drawing, metres, in the direction of travel; the first is the start/finish line. A
            closed centripetal Catmull-Rom spline runs through them, scaled so that its length is ``length_m``.
        corners: in order of travel. ``sector_ends``: where sectors 1 and 2 end, fractions of the lap.
        segments: mini-sectors per sector. ``marshal_sectors``: how many there are.
        traps: fractions of the lap of the I1, I2 and ST speed traps (FL is the line itself).
        pit_entry, pit_exit: where the lane leaves and joins the track, fractions of the lap.
        pit_limit_kmh: speed limit in the lane. ``pit_loss_s``: time lost by a stop at racing speed.
        zones: overtaking zones. ``overtaking``: how easily cars pass, 0 (Monaco) to 1 (the easiest).
        grip: the tyres' grip relative to the average circuit, 1.0. ``tyre_wear``: the same for wear.
        downforce: the wing that teams bring, relative to the average circuit, 1.0 (Monza 0.7, Monaco 1.2).
        altitude_m: above the sea; thin air takes downforce and drag away (Mexico City 2,230 m).
        utc_offset_h: local time. ``race_start_local``: usual local start, "15:00".
        air_c, track_c: usual temperatures on race day. ``rain_chance``: share of races touched by rain.
    """

    id: str
    name: str
    location: str
    country: str
    country_code: str
    feed_name: str
    feed_key: int
    grand_prix: str
    length_m: float
    race_laps: int
    control_points: tuple[tuple[float, float], ...]
    corners: tuple[Corner, ...]
    sector_ends: tuple[float, float]
    segments: tuple[int, int, int]
    marshal_sectors: int
    traps: tuple[float, float, float]
    pit_entry: float
    pit_exit: float
    zones: tuple[Zone, ...]
    pit_limit_kmh: int = 80
    pit_loss_s: float = 21.0
    overtaking: float = 0.5
    grip: float = 1.0
    downforce: float = 1.0
    altitude_m: float = 0.0
    tyre_wear: float = 1.0
    utc_offset_h: float = 0.0
    race_start_local: str = "15:00"
    air_c: float = 24.0
    track_c: float = 36.0
    rain_chance: float = 0.15
    clockwise: bool = True
