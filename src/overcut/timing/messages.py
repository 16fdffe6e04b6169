"""What is said and measured beside the track: race control, trackside weather, team radio."""

from __future__ import annotations

import msgspec

from overcut.domain.durations import parse_utc_ms
from overcut.domain.events import RaceControlIssued, WeatherChanged
from overcut.domain.state import RaceControlMessage, RadioClip, Weather
from overcut.timing.memory import Memory
from overcut.timing.values import JsonObject, as_float, as_int, as_object, as_text, indexed


def apply_race_control(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`RaceControlMessages`: a list first, then single messages by index."""
    messages = as_object(doc).get("Messages")
    if messages is None:
        return
    for index, element in indexed(messages):
        patch, known = as_object(element), memory.state.messages.get(index)
        message = _message(patch, known or RaceControlMessage(t_ms=t_ms, text=""))
        if message == known:
            continue
        memory.state.messages[index] = message
        if memory.utc_zero_ms is None:  # to the second only; a heartbeat or the clock says it better
            utc_ms = parse_utc_ms(message.utc)
            memory.utc_zero_ms = None if utc_ms is None else utc_ms - t_ms
        memory.emit(RaceControlIssued(n=memory.number_of_next_event(), t_ms=t_ms, message=message))


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
    patch, known = as_object(doc), memory.state.weather or Weather()
    now = msgspec.structs.replace(
        known,
        air_c=_reading(patch, "AirTemp", known.air_c),
        track_c=_reading(patch, "TrackTemp", known.track_c),
        humidity_pct=_reading(patch, "Humidity", known.humidity_pct),
        pressure_hpa=_reading(patch, "Pressure", known.pressure_hpa),
        wind_ms=_reading(patch, "WindSpeed", known.wind_ms),
        wind_deg=_reading(patch, "WindDirection", known.wind_deg),
        rain=(as_float(patch["Rainfall"]) or 0) > 0 if "Rainfall" in patch else known.rain,
    )
    if now != memory.state.weather:
        memory.state.weather = now
        memory.emit(WeatherChanged(n=memory.number_of_next_event(), t_ms=t_ms, weather=now))


def _reading(patch: JsonObject, name: str, known: float | None) -> float | None:
    return as_float(patch[name]) if name in patch else known


def apply_radio(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`TeamRadio`: which recordings exist."""
    captures = as_object(doc).get("Captures")
    if captures is None:
        return
    for index, element in indexed(captures):
        patch = as_object(element)
        memory.state.radio[index] = RadioClip(
            t_ms=t_ms,
            number=as_text(patch.get("RacingNumber")),
            path=as_text(patch.get("Path")),
            utc=as_text(patch.get("Utc")),
        )
