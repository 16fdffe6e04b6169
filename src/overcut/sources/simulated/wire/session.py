"""What the session itself sends: information, status, data, flags, clock, laps, heartbeat, weather, race control."""

from __future__ import annotations

from datetime import datetime, timedelta

from overcut.domain.calendar import round_at
from overcut.domain.circuits.circuit import Circuit
from overcut.domain.session import SessionKind
from overcut.sources.simulated.log import Message, SessionLog
from overcut.sources.simulated.wire.patch import Json, Lines, Patch, ms
from overcut.sources.simulated.wire.telemetry import stamp

SESSION_NAMES: dict[SessionKind, tuple[str, str]] = {
    SessionKind.FP1: ("Practice", "Practice 1"),
    SessionKind.FP2: ("Practice", "Practice 2"),
    SessionKind.FP3: ("Practice", "Practice 3"),
    SessionKind.QUALIFYING: ("Qualifying", "Qualifying"),
    SessionKind.RACE: ("Race", "Race"),
}
"""The feed's (type, name) of each kind that a simulated weekend has."""

_TRACK_MESSAGES = {
    "1": "AllClear",
    "2": "Yellow",
    "4": "SCDeployed",
    "5": "Red",
    "6": "VSCDeployed",
    "7": "VSCEnding",
}


def session_info(log: SessionLog, circuit: Circuit, path: str) -> Lines:
    """The meeting and the session, again at the start and at the end with the status of then."""
    kind, name = SESSION_NAMES[log.kind]
    length = timedelta(hours=2) if log.kind is SessionKind.RACE else timedelta(hours=1)
    hours = int(circuit.utc_offset_h)
    minutes = round((abs(circuit.utc_offset_h) % 1) * 60)
    lines = Lines()
    for t, status in ((0.0, "Inactive"), (log.start_t, "Started"), (log.finalised_t, "Finalised")):
        meeting: Patch = {
            "Key": 90_000 + log.season % 100 * 100 + round_at(log.season, circuit.id),
            "Name": circuit.grand_prix,
            "OfficialName": f"SIMULATED {circuit.grand_prix.upper()} {log.season}",
            "Location": circuit.location,
            "Number": round_at(log.season, circuit.id),
            "Country": {"Key": circuit.feed_key, "Code": circuit.country_code, "Name": circuit.country},
            "Circuit": {"Key": circuit.feed_key, "ShortName": circuit.feed_name},
        }
        info: Patch = {
            "Meeting": meeting,
            "SessionStatus": status,
            "ArchiveStatus": {"Status": "Generating"},
            "Key": 90_000_000 + log.season * 1000 + round_at(log.season, circuit.id) * 10 + len(log.kind.value),
            "Type": kind,
            "Name": name,
            "StartDate": log.scheduled.strftime("%Y-%m-%dT%H:%M:%S"),
            "EndDate": (log.scheduled + length).strftime("%Y-%m-%dT%H:%M:%S"),
            "GmtOffset": f"{'-' if circuit.utc_offset_h < 0 else ''}{abs(hours):02d}:{minutes:02d}:00",
            "Path": path,
        }
        if kind == "Practice":
            info["Number"] = int(name[-1])
        lines.add(ms(t), info)
    return lines


def session_status(log: SessionLog) -> Lines:
    """Inactive, Started, (Aborted, Started), Finished, Finalised, Ends; with the field ``Started`` as since 2025."""
    lines = Lines()
    started = "Inactive"
    for t, status in log.status:
        if status in ("Started", "Aborted", "Finished"):
            started = "Finished" if status == "Finished" else "Started"
        lines.add(ms(t), {"Status": status, "Started": started})
    return lines


def session_data(log: SessionLog, leader_laps: list[float]) -> Lines:
    """The series of qualifying parts or race laps, and of flags and session statuses."""
    lines = Lines()
    lines.add(0, {"Series": [], "StatusSeries": [{"Utc": stamp(log.zero, 0.0), "TrackStatus": "AllClear"}]})
    series: list[tuple[float, str, Patch]] = []
    series.extend((t, "Series", {"QualifyingPart": part}) for t, part in log.parts)
    series.extend((t, "Series", {"Lap": lap}) for lap, t in enumerate(leader_laps, start=2))
    if leader_laps:
        series.append((3.8, "Series", {"Lap": 1}))
    series.extend(
        (t, "StatusSeries", {"TrackStatus": _TRACK_MESSAGES[digit]}) for t, digit in log.track_status if t > 0
    )
    series.extend((t, "StatusSeries", {"SessionStatus": status}) for t, status in log.status if t > 60)
    counts = {"Series": 0, "StatusSeries": 1}
    for t, name, value in sorted(series, key=lambda item: item[0]):
        entry: Patch = {"Utc": stamp(log.zero, t), **value}
        lines.add(ms(t), {name: {str(counts[name]): entry}})
        counts[name] += 1
    return lines


def track_status(log: SessionLog) -> Lines:
    """The flag, by digit."""
    lines = Lines()
    for t, digit in log.track_status:
        lines.add(ms(t), {"Status": digit, "Message": _TRACK_MESSAGES[digit]})
    return lines


def clock(log: SessionLog) -> Lines:
    """ExtrapolatedClock: sent when it starts, stops or is set."""
    lines = Lines()
    was: bool | None = None
    for t, remaining_s, running in log.clock:
        hours, rest = divmod(max(0, remaining_s), 3600)
        value: Patch = {"Utc": stamp(log.zero, t), "Remaining": f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"}
        if running is not was:
            value["Extrapolating"] = running
        was = running
        lines.add(ms(t), value)
    return lines


def lap_count(log: SessionLog, leader_laps: list[float]) -> Lines:
    """LapCount of a race: the leader's lap."""
    lines = Lines()
    if log.laps_total:
        lines.add(4125, {"CurrentLap": 1, "TotalLaps": log.laps_total})
        for lap, t in enumerate(leader_laps, start=2):
            lines.add(ms(t) + 40, {"CurrentLap": lap})
    return lines


def heartbeat(log: SessionLog) -> Lines:
    """One every fifteen seconds."""
    lines = Lines()
    t = 15.11
    while t < log.end_t:
        lines.add(ms(t), {"Utc": stamp(log.zero, t + 0.003)})
        t += 15.0
    return lines


def weather(log: SessionLog) -> Lines:
    """One reading a minute."""
    lines = Lines()
    for w in log.weather:
        lines.add(
            ms(w.t),
            {
                "AirTemp": f"{w.air_c:.1f}",
                "Humidity": f"{w.humidity_pct:.1f}",
                "Pressure": f"{w.pressure_hpa:.1f}",
                "Rainfall": "1" if w.rain else "0",
                "TrackTemp": f"{w.track_c:.1f}",
                "WindDirection": str(w.wind_deg),
                "WindSpeed": f"{w.wind_ms:.1f}",
            },
        )
    return lines


def race_control(log: SessionLog) -> Lines:
    """Messages, the first as a list, later ones by index."""
    lines = Lines()
    for i, message in enumerate(sorted(log.messages, key=lambda m: m.t)):
        body = _message(message, log.zero)
        lines.add(ms(message.t) + 60, {"Messages": [body] if i == 0 else {str(i): body}})
    return lines


def _message(message: Message, zero: datetime) -> Json:
    body: Patch = {"Utc": (zero + timedelta(seconds=message.t)).strftime("%Y-%m-%dT%H:%M:%S")}
    fields: tuple[tuple[str, Json], ...] = (
        ("Lap", message.lap),
        ("Category", message.category),
        ("Status", message.status),
        ("Mode", message.mode),
        ("Flag", message.flag),
        ("Scope", message.scope),
        ("Sector", message.sector),
        ("RacingNumber", message.number),
        ("Message", message.text),
    )
    body.update((key, value) for key, value in fields if value is not None)
    return body
