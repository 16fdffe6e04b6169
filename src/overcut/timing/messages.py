"""What is said and measured beside the track: race control, trackside weather, team radio."""

from __future__ import annotations

import msgspec

from overcut.domain.durations import parse_utc_ms
from overcut.domain.events import RaceControlIssued, WeatherChanged
from overcut.domain.state import RaceControlMessage, RadioClip, Weather
from overcut.timing import laps
from overcut.timing.memory import Memory
from overcut.timing.values import JsonObject, as_float, as_int, as_object, as_text, indexed


def apply_race_control(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`RaceControlMessages`: a list first, then single messages by index."""
    messages = as_object(doc).get("Messages")
    if messages is None:
        return
    for index, element in indexed(messages):
        patch, known = as_object(element), memory.state.messages.get(index)
        message = _message(patch, known or RaceControlMessage(t_ms=_said_at(memory, patch, t_ms), text=""))
        if message == known:
            continue
        say(memory, index, message, t_ms)


def say(memory: Memory, index: int, message: RaceControlMessage, t_ms: int) -> None:
    """Race control said something, new or amended."""
    memory.state.messages[index] = message
    laps.race_control_said(memory, message.text, t_ms)
    memory.emit(RaceControlIssued(n=memory.number_of_next_event(), t_ms=t_ms, message=message))


def _said_at(memory: Memory, patch: JsonObject, t_ms: int) -> int:
    """When a new message was issued: now, unless a snapshot tells it later than that."""
    utc_ms = parse_utc_ms(as_text(patch.get("Utc")))
    if utc_ms is None:
        return t_ms
    memory.note_said_utc(utc_ms, t_ms)
    return memory.happened_at(utc_ms, t_ms)


def _message(patch: JsonObject, known: RaceControlMessage) -> RaceControlMessage:
    return RaceControlMessage(
        t_ms=known.t_ms,
        text=as_text(patch.get("Message", known.text)),
        utc=as_text(patch.get("Utc", known.utc)),
        category=as_text(patch.get("Category", known.category)),
        flag=as_text(patch.get("Flag", known.flag)),
        scope=as_text(patch.get("Scope", known.scope)),
        sector=as_int(patch.get("Sector", known.sector)),
        lap=as_int(patch.get("Lap", known.lap)),
        number=as_text(patch.get("RacingNumber", known.number)),
    )


def apply_weather(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`WeatherData`: whole readings once a minute; repeated ones (wire.md, trap 14) are no news."""
    now = weather_of(as_object(doc), memory.state.weather or Weather())
    if now != memory.state.weather:
        memory.state.weather = now
        memory.emit(WeatherChanged(n=memory.number_of_next_event(), t_ms=t_ms, weather=now))


def weather_of(patch: JsonObject, known: Weather) -> Weather:
    """``known`` with the readings of ``patch``."""
    return msgspec.structs.replace(
        known,
        air_c=_reading(patch, "AirTemp", known.air_c),
        track_c=_reading(patch, "TrackTemp", known.track_c),
        humidity_pct=_reading(patch, "Humidity", known.humidity_pct),
        pressure_hpa=_reading(patch, "Pressure", known.pressure_hpa),
        wind_ms=_reading(patch, "WindSpeed", known.wind_ms),
        wind_deg=_reading(patch, "WindDirection", known.wind_deg),
        rain=(as_float(patch["Rainfall"]) or 0) > 0 if "Rainfall" in patch else known.rain,
    )


def _reading(patch: JsonObject, name: str, known: float | None) -> float | None:
    return as_float(patch[name]) if name in patch else known


def apply_radio(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`TeamRadio`: which recordings exist."""
    captures = as_object(doc).get("Captures")
    if captures is None:
        return
    for index, element in indexed(captures):
        patch, known = as_object(element), memory.state.radio.get(index)
        memory.state.radio[index] = RadioClip(
            t_ms=known.t_ms if known else t_ms,
            number=as_text(patch.get("RacingNumber", known.number if known else "")),
            path=as_text(patch.get("Path", known.path if known else "")),
            utc=as_text(patch.get("Utc", known.utc if known else "")),
        )
