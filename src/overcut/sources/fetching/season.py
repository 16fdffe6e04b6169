"""Which sessions the archive has of a season, and when each was over."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

import msgspec

from overcut.domain.calendar import round_of_race_date
from overcut.domain.session import SessionKey, kind_of_session_name

_PATH = re.compile(r"^\d{4}/[^/\\]+/[^/\\]+/?$")
_OFFSET = re.compile(r"^(-?)(\d{1,2}):(\d{2})(?::\d{2})?$", re.ASCII)
_BOM = b"\xef\xbb\xbf"


class _Session(msgspec.Struct, frozen=True):
    path: str | None = msgspec.field(name="Path", default=None)
    name: str | None = msgspec.field(name="Name", default=None)
    end_date: str | None = msgspec.field(name="EndDate", default=None)
    gmt_offset: str | None = msgspec.field(name="GmtOffset", default=None)


class _Meeting(msgspec.Struct, frozen=True):
    sessions: list[_Session] = msgspec.field(name="Sessions", default_factory=list[_Session])
    name: str | None = msgspec.field(name="Name", default=None)


class _Season(msgspec.Struct, frozen=True):
    meetings: list[_Meeting] = msgspec.field(name="Meetings", default_factory=list[_Meeting])


class ArchivedSession(msgspec.Struct, frozen=True):
    """A session of the archive.

    Attributes:
        path: its folder below the archive's address: ``2025/2025-05-25_Monaco_Grand_Prix/2025-05-25_Race``.
        key: its name; ``rec-…`` for one that is no session of a Grand Prix (a test).
        meeting, name: in words.
        end_utc: when it was to be over; None where the archive does not say.
    """

    path: str
    key: SessionKey
    meeting: str
    name: str
    end_utc: datetime | None


def read_season(data: bytes) -> list[ArchivedSession]:
    """The sessions that a season's ``Index.json`` lists; those that were never held have no path and are left out.

    Raises:
        ValueError: it is no such index.
    """
    try:
        season = msgspec.json.decode(data.removeprefix(_BOM), type=_Season)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"no season's index: {error}") from error
    found: list[ArchivedSession] = []
    for meeting in season.meetings:
        for session in meeting.sessions:
            if session.path and is_session_path(session.path):
                path = session.path.rstrip("/")
                name = session.name or PurePosixPath(path).name
                found.append(ArchivedSession(path, key_of_path(path), meeting.name or "", name, _end(session)))
    return found


def is_session_path(path: str) -> bool:
    """Whether ``path`` is a session's folder below the archive's address, and nothing else."""
    return bool(_PATH.match(path)) and ".." not in path.split("/") and "." not in path.split("/")


def key_of_path(path: str) -> SessionKey:
    """``2025-08-R`` for ``2025/2025-05-25_Monaco_Grand_Prix/2025-05-25_Race``; ``rec-…`` for a test."""
    place = PurePosixPath(path)
    day, _, meeting = place.parent.name.partition("_")
    kind = kind_of_session_name(place.name.partition("_")[2])
    round_number = round_of_race_date(day) if re.match(r"^\d{4}-\d\d-\d\d$", day, re.ASCII) else None
    if kind is None or round_number is None:
        return SessionKey.recording(f"{meeting} {place.name}")
    return SessionKey.official(int(day[:4]), round_number, kind)


def _end(session: _Session) -> datetime | None:
    offset = _OFFSET.match(session.gmt_offset or "")
    try:
        local = datetime.fromisoformat(session.end_date or "")
    except ValueError:
        return None
    if offset is None or local.tzinfo is not None:
        return None
    east = timedelta(hours=int(offset.group(2)), minutes=int(offset.group(3)))
    return (local - (-east if offset.group(1) else east)).replace(tzinfo=UTC)
