"""What the feed tells beside the race: championship, counts of overtakes, weather history, streams, its archive."""

from __future__ import annotations

from overcut.domain.durations import parse_utc_ms
from overcut.domain.extras import MediaStream, Overtakes, Prediction, WeatherAt
from overcut.domain.state import Weather
from overcut.timing.memory import Memory
from overcut.timing.messages import weather_of
from overcut.timing.timing_data import names_a_car
from overcut.timing.values import JsonObject, PatchError, as_float, as_int, as_object, as_text, entries, indexed

MAX_NAMED = 200
"""Teams and streams kept: over any number seen."""


def apply_archive_status(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`ArchiveStatus`: whether the archive of this session is complete."""
    memory.extras.archive_status = as_text(as_object(doc).get("Status"))


def apply_overtakes(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`OvertakeSeries`: counts by car and index, each with its stamp."""
    for number, series in entries(as_object(doc).get("Overtakes") or {}):
        if not names_a_car(memory, number):
            memory.defect("a line that is no car's", topic, t_ms, number)
            continue
        known = memory.extras.overtakes.setdefault(number, {})
        for index, element in indexed(series):
            entry = as_object(element)
            count = as_int(entry.get("count", entry.get("Count")))
            if count is not None:
                known[index] = Overtakes(_stamped(memory, entry, t_ms), count)


def _stamped(memory: Memory, entry: JsonObject, t_ms: int) -> int:
    utc_ms = parse_utc_ms(as_text(entry.get("Timestamp")))
    return t_ms if utc_ms is None else memory.happened_at(utc_ms, t_ms)


def apply_championship(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`ChampionshipPrediction`: both championships as they would stand if the race ended now."""
    message, extras = as_object(doc), memory.extras
    for number, patch in entries(message.get("Drivers") or {}):
        if names_a_car(memory, number):
            _predict(extras.drivers.setdefault(number, Prediction()), as_object(patch))
        else:
            memory.defect("a driver without a number", topic, t_ms, number)
    for team, patch in entries(message.get("Teams") or {}):
        if team not in extras.teams and len(extras.teams) >= MAX_NAMED:
            raise PatchError(f"more than {MAX_NAMED} teams")
        known = extras.teams.setdefault(team, Prediction(name=team))
        known.name = as_text(as_object(patch).get("TeamName")) or known.name
        _predict(known, as_object(patch))


def _predict(known: Prediction, patch: JsonObject) -> None:
    if "CurrentPosition" in patch:
        known.position = as_int(patch["CurrentPosition"])
    if "PredictedPosition" in patch:
        known.predicted_position = as_int(patch["PredictedPosition"])
    if "CurrentPoints" in patch:
        known.points = as_float(patch["CurrentPoints"])
    if "PredictedPoints" in patch:
        known.predicted_points = as_float(patch["PredictedPoints"])


def apply_audio(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`AudioStreams`: where the commentary can be heard."""
    _merge_streams(memory.extras.audio, doc)


def apply_content(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`ContentStreams`: commentary in words, pictures, sound."""
    _merge_streams(memory.extras.content, doc)


def _merge_streams(known: dict[int, MediaStream], doc: object) -> None:
    for index, element in indexed(as_object(doc).get("Streams") or {}):
        if index >= MAX_NAMED:
            raise PatchError(f"no session has {index + 1} streams")
        patch, stream = as_object(element), known.setdefault(index, MediaStream())
        stream.kind = as_text(patch.get("Type", stream.kind))
        stream.name = as_text(patch.get("Name", stream.name))
        stream.language = as_text(patch.get("Language", stream.language))
        stream.uri = as_text(patch.get("Uri", stream.uri))
        stream.path = as_text(patch.get("Path", stream.path))


def apply_weather_series(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`WeatherDataSeries`: the readings so far, which a late joiner gets whole."""
    for index, element in indexed(as_object(doc).get("Series") or {}):
        entry = as_object(element)
        utc = as_text(entry.get("Timestamp"))
        utc_ms = parse_utc_ms(utc)
        zero_ms = memory.utc_zero_ms
        when_ms = utc_ms - zero_ms if utc_ms is not None and zero_ms is not None else None
        weather = weather_of(as_object(entry.get("Weather") or {}), Weather())
        memory.extras.weather[index] = WeatherAt(when_ms, utc, weather)


def count_unread(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`DriverScore`, `RcmSeries`: named by the feed, their form neither published nor seen; counted, not guessed at."""
    unread = memory.extras.unread
    unread[topic] = unread.get(topic, 0) + 1
