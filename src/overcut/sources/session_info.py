"""Which session a `SessionInfo` message speaks of: its name in the catalogue, and for its recording's file."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import cast

import msgspec

from overcut.domain.calendar import round_of_race_date
from overcut.domain.session import SessionKey, kind_of_session_name

TOPIC = "SessionInfo"
SIMULATED_PREFIX = "SIMULATED"
"""The official name of a generated meeting begins so; no real one does."""

_UNSAFE = re.compile(r"[^\w.-]+")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}", re.ASCII)
MAX_STEM = 120


class SessionIdentity(msgspec.Struct, frozen=True):
    """A session as the feed names it; text that the feed did not give is empty."""

    number: str
    path: str
    meeting: str
    official_name: str
    session: str
    start_date: str

    @property
    def simulated(self) -> bool:
        """Whether the session was generated."""
        return self.official_name.startswith(SIMULATED_PREFIX)

    @property
    def file_stem(self) -> str:
        """``2025-09-06_Italian_Grand_Prix_Qualifying``; ``sim_`` before a generated one."""
        dated = _DATE.match(self.start_date) or _DATE.match(PurePosixPath(self.path).name)
        parts = ["sim" if self.simulated else "", dated.group() if dated else "", self.meeting, self.session]
        stem = "_".join(_UNSAFE.sub("_", part).strip("_.") for part in parts if part)
        return stem[:MAX_STEM] or "session"

    @property
    def key(self) -> SessionKey:
        """``2025-16-Q`` where date and kind tell the round; else ``rec-`` and the file's name.

        A recording of a simulated session never takes the name of the real one.
        """
        meeting = _DATE.match(PurePosixPath(self.path).parent.name)
        kind = kind_of_session_name(self.session)
        round_number = round_of_race_date(meeting.group()) if meeting else None
        if self.simulated or meeting is None or kind is None or round_number is None:
            return SessionKey.recording(self.file_stem)
        return SessionKey.official(int(meeting.group()[:4]), round_number, kind)


def identity_of(payload: bytes) -> SessionIdentity | None:
    """The session that a `SessionInfo` payload names; None where it names none (a patch of its status alone)."""
    try:
        document: object = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    number, path, session = _text(document, "Key"), _text(document, "Path"), _text(document, "Name")
    if not session or not (number or path):
        return None
    meeting = cast(dict[str, object], document).get("Meeting")
    return SessionIdentity(
        number=number,
        path=path,
        meeting=_text(meeting, "Name"),
        official_name=_text(meeting, "OfficialName"),
        session=session,
        start_date=_text(document, "StartDate"),
    )


def same_session(one: SessionIdentity, other: SessionIdentity) -> bool:
    """Whether both name one session; a session that was only renamed or delayed keeps its number (wire.md, trap 15)."""
    if one.simulated != other.simulated:
        return False
    if one.number and other.number:
        return one.number == other.number
    return one.path == other.path


def _text(document: object, name: str) -> str:
    if not isinstance(document, dict):
        return ""
    value = cast(dict[str, object], document).get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
