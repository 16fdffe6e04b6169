"""Which features tell of the race as a whole: distance, flags, weather."""

from __future__ import annotations

from overcut.lake.features.entities import SESSION_LAP, Either, shared
from overcut.lake.features.facts import WeatherFact
from overcut.lake.features.moment import SessionMoment

FLAGS = ("track_status.t_ms", "track_status.status")
LAP = ("laps.lap",)
SO_FAR = "the session so far"
TREND_MS = 600_000
"""Weather is compared with ten minutes ago."""


def _weather(moment: Either) -> WeatherFact | None:
    readings = moment.session.weather
    return readings[-1] if readings else None


@shared(window="none", reads=LAP, unit="laps", of="int16", low=0, high=200)
def laps_remaining(moment: Either) -> int | None:
    """Laps to go by the announced distance; null where that is not known."""
    laps = moment.session.context.laps
    return None if laps is None else max(0, laps - moment.lap.lap)


@shared(window="none", reads=LAP, low=0, high=1)
def race_share(moment: Either) -> float | None:
    """Share of the announced distance that is done."""
    laps = moment.session.context.laps
    return None if laps is None else min(1.0, moment.lap.lap / laps)


@shared(window="none", reads=("sessions.session",), of="bool")
def is_sprint(moment: Either) -> bool:
    """The race is a sprint."""
    return moment.session.context.kind == "S"


@shared(window="now", reads=FLAGS, of="text", choices=("1", "2", "3", "4", "5", "6", "7"))
def track_status_now(moment: Either) -> str | None:
    """The feed's digit of the flag now: 1 clear, 2 yellow, 4 safety car, 5 red, 6 virtual safety car, 7 it ends."""
    return moment.session.track.digit or None


@shared(window="now", reads=FLAGS, of="bool")
def neutralised_now(moment: Either) -> bool:
    """A safety car, a virtual one or a red flag is out."""
    return moment.session.track.neutralised


@shared(window=SO_FAR, reads=FLAGS, of="int16", low=0, high=100)
def safety_cars_so_far(moment: Either) -> int:
    """Safety cars and virtual safety cars so far."""
    return moment.session.track.safety_cars + moment.session.track.virtual_safety_cars


@shared(window=SO_FAR, reads=FLAGS, of="int16", low=0, high=100)
def red_flags_so_far(moment: Either) -> int:
    """Red flags so far."""
    return moment.session.track.reds


@SESSION_LAP.feature(window=SO_FAR, reads=FLAGS, of="int16", low=0, high=1000)
def yellows_so_far(moment: SessionMoment) -> int:
    """Yellow flags so far, counted as the whole track's status turned yellow."""
    return moment.session.track.yellows


@shared(window=SO_FAR, reads=(*FLAGS, "laps.lap"), unit="laps", of="int16", low=0, high=200)
def laps_since_green(moment: Either) -> int | None:
    """Laps of the leader since the last neutralisation ended; null where there was none, or one is out."""
    track = moment.session.track
    if track.green_lap is None or track.neutralised:
        return None
    return moment.session.leader_lap - track.green_lap


@shared(window="the lap just completed", reads=("laps.track_status",), of="bool")
def flagged_lap(moment: Either) -> bool | None:
    """Another status than clear was seen during the lap just completed; null where none was told."""
    return moment.lap.status != "1" if moment.lap.status else None


@shared(window="now", reads=("weather.air_temp_c",), unit="°C", low=-20, high=60)
def air_c(moment: Either) -> float | None:
    """Air temperature by the latest reading."""
    told = _weather(moment)
    return None if told is None else told.air_c


@shared(window="now", reads=("weather.track_temp_c",), unit="°C", low=-20, high=90)
def track_c(moment: Either) -> float | None:
    """Temperature of the track by the latest reading."""
    told = _weather(moment)
    return None if told is None else told.track_c


@shared(window="10 minutes", reads=("weather.t_ms", "weather.track_temp_c"), unit="°C", low=-60, high=60)
def track_c_change(moment: Either) -> float | None:
    """Change of the track's temperature since the latest reading that is at least ten minutes old."""
    told = _weather(moment)
    if told is None or told.track_c is None:
        return None
    for reading in reversed(moment.session.weather):
        if reading.known_ms <= told.known_ms - TREND_MS:
            return None if reading.track_c is None else told.track_c - reading.track_c
    return None


@shared(window="now", reads=("weather.humidity_pct",), unit="%", low=0, high=100)
def humidity_pct(moment: Either) -> float | None:
    """Relative humidity by the latest reading."""
    told = _weather(moment)
    return None if told is None else told.humidity_pct


@shared(window="now", reads=("weather.wind_speed_ms",), unit="m/s", low=0, high=60)
def wind_ms(moment: Either) -> float | None:
    """Wind by the latest reading."""
    told = _weather(moment)
    return None if told is None else told.wind_ms


@shared(window="now", reads=("weather.rainfall",), of="bool")
def raining(moment: Either) -> bool | None:
    """Rain falls by the latest reading."""
    told = _weather(moment)
    return None if told is None else told.rain


@shared(window="30 minutes", reads=("weather.t_ms", "weather.rainfall"), low=0, high=1)
def rain_share(moment: Either) -> float | None:
    """Share of the readings of the last half hour that told of rain."""
    told = [reading.rain for reading in moment.session.weather if reading.rain is not None]
    return sum(told) / len(told) if told else None
