"""How long does FastF1 take for a session that lies in a local archive folder?

Its own code runs unchanged; only its one door to the network is replaced, by reads from the folder (what is not there
is answered 404, as the archive does). Nothing is cached. Timed are

- ``parser``: the functions of ``fastf1._api`` that ``Session.load`` calls for laps (`PARSERS`), each from the bytes of
  its stream to its tables;
- ``load``: the whole ``Session.load(telemetry=False, weather=False)``, which joins them into laps with stints.
"""

# pyright: basic, reportMissingTypeStubs=false, reportAttributeAccessIssue=false

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import fastf1
import fastf1._api as api
import pandas as pd
from fastf1.core import Session
from fastf1.events import Event
from fastf1.req import Cache

PARSERS = (
    "_extended_timing_data",
    "timing_app_data",
    "track_status_data",
    "session_status_data",
    "race_control_messages",
    "driver_info",
    "lap_count",
    "session_info",
)
_PATH = "/static/local/"
_SESSIONS = ("Practice 1", "Practice 2", "Practice 3", "Qualifying", "Race")


class _Answer:
    """As much of an HTTP answer as FastF1 looks at."""

    def __init__(self, content: bytes | None) -> None:
        self.content = content or b""
        self.status_code = 404 if content is None else 200
        self.ok = content is not None
        self.text = self.content.decode("utf-8-sig")

    def json(self) -> object:
        """The content, decoded."""
        return json.loads(self.text)

    def raise_for_status(self) -> None:
        """What is not there is an error."""
        if not self.ok:
            raise OSError("not in the folder")


def offline(folder: Path) -> None:
    """From now on FastF1 reads ``folder`` in place of the network, keeps nothing and says nothing."""

    def get(urls: str | tuple[str, ...], *_: object, **__: object) -> _Answer:
        url = urls if isinstance(urls, str) else urls[0]
        file = folder / url.rsplit("/", 1)[1]
        return _Answer(file.read_bytes() if file.is_file() else None)

    Cache.set_disabled()
    fastf1.set_log_level(logging.CRITICAL)
    setattr(Cache, "requests_get", get)  # noqa: B010 -- a class method in FastF1


def parser_s() -> float:
    """CPU seconds of `PARSERS`, once."""
    began = time.process_time()
    for name in PARSERS:
        cast(Callable[[str], object], getattr(api, name))(_PATH)
    return time.process_time() - began


def load_s() -> tuple[float, int]:
    """CPU seconds of ``Session.load`` of the 2018 Azerbaijan race, once, and how many laps it found."""
    day = pd.Timestamp("2018-04-29 16:10")
    event = Event(
        {
            "RoundNumber": 4,
            "Country": "Azerbaijan",
            "Location": "Baku",
            "EventName": "Azerbaijan Grand Prix",
            "EventDate": day.normalize(),
            "EventFormat": "conventional",
            **{f"Session{number}": name for number, name in enumerate(_SESSIONS, start=1)},
            **{f"Session{number}Date": day for number in range(1, 6)},
            **{f"Session{number}DateUtc": day for number in range(1, 6)},
            "F1ApiSupport": True,
        },
        year=2018,
    )
    session = Session(event, "Race", f1_api_support=True)
    began = time.process_time()
    session.load(telemetry=False, weather=False, messages=True)
    return time.process_time() - began, len(session.laps)
