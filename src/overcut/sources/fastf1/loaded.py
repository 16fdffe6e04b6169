"""What a session says that FastF1 has loaded: its frames taken over as they are, without importing FastF1 or pandas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from overcut.domain.grands_prix import race_of
from overcut.domain.session import SessionKey, kind_of_session_name
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.sources.fastf1.frames import frame_of_columns
from overcut.sources.fastf1.laps import laps_of
from overcut.sources.fastf1.parts import Parts, imported, utc
from overcut.sources.imported import ImportedSession


class Column(Protocol):
    """A pandas series, as far as it is needed."""

    def to_numpy(self) -> npt.NDArray[np.generic]:
        """Its values."""
        ...


class Table(Protocol):
    """A pandas frame, as far as it is needed."""

    @property
    def columns(self) -> Iterable[str]:
        """Names of its columns."""
        ...

    def __getitem__(self, name: str) -> Column: ...


def is_loaded(session: object) -> bool:
    """Whether something is, or quacks like, FastF1's `Session`."""
    return all(hasattr(type(session), name) for name in ("laps", "weather_data", "race_control_messages"))


def read_loaded(session: object) -> ImportedSession:
    """A loaded FastF1 session as tables of the lake.

    What was not loaded (telemetry, weather, messages) is left out.

    Raises:
        WrongUsageError: it is no FastF1 session.
        DataMissingError: it was not loaded, or has no lap.
    """
    if not is_loaded(session):
        raise WrongUsageError(
            f"A {type(session).__name__} is no session",
            hint="give a name (2018-04-R), or what fastf1.get_session(…) returned, after its load()",
        )
    laps = _frame(session, "laps")
    if laps.is_empty():
        raise DataMissingError("The FastF1 session has no laps", hint="call its load() first")
    parts = Parts(_key(session), zero=utc(_instant(_part(session, "t0_date"))))
    event, date = _part(session, "event"), _instant(_part(session, "date"))
    parts.event = str(_field(event, "EventName") or "")
    parts.start = utc(date)
    parts.laps = laps_of(laps)
    parts.weather = _frame(session, "weather_data")
    parts.messages = _frame(session, "race_control_messages")
    parts.track, parts.status = _frame(session, "track_status"), _frame(session, "session_status")
    parts.drivers = _frame(session, "results")
    parts.car, parts.places = _frames(session, "car_data"), _frames(session, "pos_data")
    return imported(parts)


def _part(session: object, name: str) -> object:
    """A part of the session; None where it was not loaded, which FastF1 says by an error of its own."""
    try:
        return getattr(session, name, None)
    except LookupError:
        return None
    except RuntimeError:
        return None
    except ValueError:
        return None


def _frame(session: object, name: str) -> pl.DataFrame:
    return _taken(_part(session, name))


def _frames(session: object, name: str) -> dict[str, pl.DataFrame]:
    found = _part(session, name)
    if not isinstance(found, Mapping):
        return {}
    return {str(number): _taken(rows) for number, rows in cast(Mapping[object, object], found).items()}


def _taken(table: object) -> pl.DataFrame:
    if table is None or not hasattr(table, "columns"):
        return pl.DataFrame()
    frame = cast(Table, table)
    return frame_of_columns({str(name): frame[name].to_numpy() for name in frame.columns})


def _key(session: object) -> str:
    """The official key where season, round and kind are told; else one of a recording's kind."""
    event = _part(session, "event")
    date, name = _instant(_part(session, "date")), _part(session, "name")
    told = str(_field(event, "RoundNumber"))  # an int, or numpy's
    number = int(told) if told.isdecimal() else 0
    kind = kind_of_session_name(str(name))
    season = date.year if date else None
    if season and kind and number > 0:
        known = race_of(season, number)
        if known is not None or season < 2018:
            return str(SessionKey.official(season, number, kind))
    return str(SessionKey.recording(f"fastf1 {season or ''} {_field(event, 'EventName') or ''} {name}"))


def _field(event: object, name: str) -> object:
    if event is None:
        return None
    try:
        return cast(Mapping[str, object], event)[name]
    except (KeyError, TypeError, IndexError):
        return None


def _instant(value: object) -> datetime | None:
    if not isinstance(value, datetime) or value != value:  # noqa: PLR0124 -- NaT alone differs from itself
        return None
    return datetime(value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)  # noqa: DTZ001
