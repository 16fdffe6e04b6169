"""What the session itself does: which one it is, its status, flag, clock, lap count and drivers."""

from __future__ import annotations

from typing import cast

from overcut.domain.circuits import circuit_of_feed
from overcut.domain.durations import parse_utc_ms
from overcut.domain.events import SessionStatusChanged, TrackStatusChanged
from overcut.domain.flags import TRACK_STATUS_BY_DIGIT, SessionStatus, TrackStatus
from overcut.domain.state import CarState, LapCounter, SessionClock
from overcut.timing import laps
from overcut.timing.memory import Memory
from overcut.timing.timing_data import names_a_car
from overcut.timing.values import (
    JsonObject,
    PatchError,
    as_bool,
    as_duration_ms,
    as_int,
    as_object,
    as_text,
    entries,
    indexed,
    is_list,
)

RENAMED_CARS = 3
"""A message that renames this many cars at once lists another series' drivers; one car may be corrected."""

CLOCK_LATE_MS = 2_000
"""A session clock older than this was read some time ago: a snapshot repeats it with its own stamp."""

SIMULATED_PREFIX = "SIMULATED"
"""The official name of a generated meeting begins so; no real one does."""


def apply_info(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`SessionInfo`: the meeting in words, and its circuit."""
    message = as_object(doc)
    _note_session(memory, t_ms, message, topic)
    known = memory.state.meeting
    meeting = as_object(message.get("Meeting") or {})
    country, circuit = as_object(meeting.get("Country") or {}), as_object(meeting.get("Circuit") or {})
    known.name = as_text(meeting.get("Name")) or known.name
    known.official_name = as_text(meeting.get("OfficialName")) or known.official_name
    known.location = as_text(meeting.get("Location")) or known.location
    known.country = as_text(country.get("Name")) or known.country
    known.circuit = as_text(circuit.get("ShortName")) or known.circuit
    known.circuit_key = as_int(circuit.get("Key")) or known.circuit_key
    known.session = as_text(message.get("Name")) or known.session
    known.session_type = as_text(message.get("Type")) or known.session_type
    known.start_date = as_text(message.get("StartDate")) or known.start_date
    known.gmt_offset = as_text(message.get("GmtOffset")) or known.gmt_offset
    if known.official_name.startswith(SIMULATED_PREFIX):  # even where the label beside the streams was lost
        memory.state.simulated = True
    drawn = circuit_of_feed(known.circuit, known.circuit_key)
    memory.circuit_id = drawn.id if drawn else None
    status = as_text(message.get("SessionStatus"))  # since 2024, and late by minutes
    if status and not {"SessionStatus", "SessionData"}.intersection(memory.own_topics):
        _set_status(memory, t_ms, status)


def _note_session(memory: Memory, t_ms: int, message: JsonObject, topic: str) -> None:
    """Begin anew when the feed turns to another session (wire.md, trap 15).

    Until a session begins the one before is served, and a client that waits is told of the change by nothing but
    `SessionInfo`: another `Key`. A session that is renamed or moved keeps its key; where there is none the path counts.
    """
    key = as_int(message.get("Key"))
    name = str(key) if key is not None and key > 0 else as_text(message.get("Path"))
    if not name:
        return
    was, memory.feed_session = memory.feed_session, name
    if was and was != name and was.isdecimal() == name.isdecimal():
        status = memory.state.status
        memory.begin_another_session()
        memory.defect("another session began", topic, t_ms, f"session {was} before, session {name} now")
        if status is not SessionStatus.UNKNOWN:
            n = memory.number_of_next_event()
            memory.emit(SessionStatusChanged(n=n, t_ms=t_ms, was=status, now=SessionStatus.UNKNOWN))


def apply_status(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`SessionStatus`: the session started, was stopped, finished or ended."""
    text = as_text(as_object(doc).get("Status"))
    if text:
        _saw(memory, topic)
        _set_status(memory, t_ms, text)


def apply_track(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`TrackStatus`: the flag."""
    digit = as_text(as_object(doc).get("Status"))
    if digit:
        _saw(memory, topic)
        _set_track(memory, t_ms, digit, topic)


def apply_data(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`SessionData`: which qualifying part runs; also the status and the flag where their own topics are absent."""
    message = as_object(doc)
    for _, element in indexed(message.get("Series") or {}):
        part = as_int(as_object(element).get("QualifyingPart"))
        if part is not None:
            memory.state.part = part
    for entry in _news_of_series(memory, message.get("StatusSeries") or {}):
        status, track = as_text(entry.get("SessionStatus")), as_text(entry.get("TrackStatus"))
        if status and "SessionStatus" not in memory.own_topics:
            _saw(memory, topic)
            _set_status(memory, t_ms, status)
        if track and "TrackStatus" not in memory.own_topics:
            _set_track(memory, t_ms, _DIGIT_BY_NAME.get(track, track), topic)


def _news_of_series(memory: Memory, series: object) -> list[JsonObject]:
    """Entries of the status series not yet seen; of a whole list, the latest status and flag only.

    A list holds the history, which a late joiner must not live through as if it were now.
    """
    new = [(index, as_object(element)) for index, element in indexed(series) if index >= memory.status_entries]
    memory.status_entries = max((index + 1 for index, _ in new), default=memory.status_entries)
    entries_now = [entry for _, entry in new]
    if not is_list(series):
        return entries_now
    latest = {name: entry for entry in entries_now for name in ("SessionStatus", "TrackStatus") if entry.get(name)}
    return list(latest.values())


_DIGIT_BY_NAME = {
    "AllClear": "1",
    "Yellow": "2",
    "SCDeployed": "4",
    "Red": "5",
    "VSCDeployed": "6",
    "VSCEnding": "7",
}
"""`SessionData` and `TrackStatus.Message` name the flag by these words."""


def _saw(memory: Memory, topic: str) -> None:
    if topic not in memory.own_topics:
        memory.own_topics.append(topic)


def _set_status(memory: Memory, t_ms: int, text: str) -> None:
    """The session's status; a start after a red flag (wire.md, trap 7) is no start of the race, and no lap begins."""
    try:
        now = SessionStatus(text.lower())
    except ValueError:
        raise PatchError(f"no session status is called {text[:40]!r}") from None
    was, memory.state.status = memory.state.status, now
    if was is not now:
        memory.finished_t_ms = t_ms if now is SessionStatus.FINISHED else memory.finished_t_ms
        if now is SessionStatus.STARTED and was is not SessionStatus.ABORTED and memory.is_race:
            laps.race_begun(memory, t_ms)
        memory.emit(SessionStatusChanged(n=memory.number_of_next_event(), t_ms=t_ms, was=was, now=now))


def _set_track(memory: Memory, t_ms: int, digit: str, topic: str) -> None:
    now = TRACK_STATUS_BY_DIGIT.get(digit, TrackStatus.UNKNOWN)
    if now is TrackStatus.UNKNOWN:
        memory.defect("a track status nobody knows", topic, t_ms, digit)
    else:
        laps.track_digit_changed(memory, digit)
    was, memory.state.track = memory.state.track, now
    if was is not now:
        memory.emit(TrackStatusChanged(n=memory.number_of_next_event(), t_ms=t_ms, was=was, now=now))


def apply_clock(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`ExtrapolatedClock`: time left, and whether it runs."""
    message, known = as_object(doc), memory.state.clock
    _note_utc(memory, t_ms, message)
    running = known.running if known else False
    if "Extrapolating" in message:
        running = as_bool(message["Extrapolating"])
    if "Remaining" in message:
        remaining = as_duration_ms(message["Remaining"]) or 0
    elif known is not None:
        remaining = known.remaining_ms - (t_ms - known.at_t_ms if known.running else 0)
    else:
        return
    memory.state.clock = SessionClock(
        remaining_ms=max(0, remaining), at_t_ms=_when(memory, t_ms, message), running=running
    )


def _when(memory: Memory, t_ms: int, message: JsonObject) -> int:
    """When a message was true: now, or in a snapshot some time ago."""
    utc_ms = parse_utc_ms(as_text(message.get("Utc")))
    if utc_ms is None or memory.utc_zero_ms is None:
        return t_ms
    return memory.happened_at(utc_ms, t_ms, CLOCK_LATE_MS)


def apply_heartbeat(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`Heartbeat`: the feed's own time."""
    _note_utc(memory, t_ms, as_object(doc))


def _note_utc(memory: Memory, t_ms: int, message: JsonObject) -> None:
    utc_ms = parse_utc_ms(as_text(message.get("Utc")))
    if utc_ms is not None:
        memory.note_utc(utc_ms, t_ms)


def apply_lap_count(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`LapCount`: the leader's lap and the race distance."""
    message = as_object(doc)
    counter = memory.state.lap or LapCounter()
    current, total = as_int(message.get("CurrentLap")), as_int(message.get("TotalLaps"))
    counter.current = counter.current if current is None else current
    counter.total = counter.total if total is None else total
    memory.state.lap = counter


def apply_drivers(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`DriverList`: who drives which car.

    After the session the feed may turn to the drivers of a support series: names are frozen then (wire.md, trap 10).
    """
    named = any(car.code for car in memory.state.cars.values())
    over = memory.state.status in (SessionStatus.FINALISED, SessionStatus.ENDS)
    memory.names_frozen |= named and (over or _renamed(memory, as_object(doc)) >= RENAMED_CARS)
    for number, value in entries(doc):
        if not names_a_car(memory, number):
            memory.defect("a driver without a number", topic, t_ms, number)
            continue
        if memory.names_frozen and (number not in memory.state.cars or memory.state.cars[number].code):
            continue
        try:
            _name_driver(memory.car(number), as_object(value))
        except PatchError as error:
            memory.defect("an unreadable driver", topic, t_ms, f"car {number}: {error}")


def _renamed(memory: Memory, listed: JsonObject) -> int:
    """How many cars that have a driver are given another one."""
    count = 0
    for number, patch in listed.items():
        known = memory.state.cars.get(number)
        code = cast(JsonObject, patch).get("Tla") if isinstance(patch, dict) else None
        count += bool(code and known and known.code and known.code != code)
    return count


def _name_driver(car: CarState, patch: JsonObject) -> None:
    car.code = as_text(patch.get("Tla")) or car.code
    first, last = as_text(patch.get("FirstName")), as_text(patch.get("LastName"))
    car.name = f"{first} {last}".strip() if first and last else as_text(patch.get("FullName")) or car.name
    car.team = as_text(patch.get("TeamName")) or car.team
    colour = as_text(patch.get("TeamColour"))
    if len(colour) == 6 and all(digit in "0123456789abcdefABCDEF" for digit in colour):
        car.colour = f"#{colour.upper()}"
    line = as_int(patch.get("Line"))
    if line is not None and car.position is None:  # TimingData, where there is any, tells both
        car.line = line
