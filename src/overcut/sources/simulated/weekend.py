"""How a whole weekend is simulated: practice, qualifying and the race, each written as a session of the archive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from overcut.domain.calendar import race_day
from overcut.domain.circuits import CIRCUITS
from overcut.domain.rules import RULES
from overcut.domain.session import SessionKind
from overcut.kernel.errors import WrongUsageError
from overcut.sources.simulated.chance import stream
from overcut.sources.simulated.form import Form, weekend_form
from overcut.sources.simulated.log import SessionLog
from overcut.sources.simulated.practice import simulate_practice
from overcut.sources.simulated.qualifying import Qualifying
from overcut.sources.simulated.race import FORMATION, Race
from overcut.sources.simulated.track import Track, lay_out
from overcut.sources.simulated.weather import Sky
from overcut.sources.simulated.wire.folder import write_session

WEEKEND = (SessionKind.FP1, SessionKind.FP2, SessionKind.FP3, SessionKind.QUALIFYING, SessionKind.RACE)
"""The sessions of a weekend, in order."""

Progress = Callable[[str], None]

_TIMETABLE: dict[SessionKind, tuple[int, float]] = {
    SessionKind.FP1: (2, -1.5),
    SessionKind.FP2: (2, 2.0),
    SessionKind.FP3: (1, -2.5),
    SessionKind.QUALIFYING: (1, 1.0),
}
"""Days before the race, and hours from the race's time of day."""

_FEED_BEFORE_S = 600.0
"""The feed begins this long before the formation lap, or before the pit exit opens."""


def simulate_weekend(
    season: int,
    circuit_id: str,
    seed: int,
    out: Path,
    sessions: Sequence[SessionKind] = WEEKEND,
    telemetry: bool = True,
    progress: Progress | None = None,
) -> list[Path]:
    """Simulate and write the sessions asked for; returns their folders, in the order of the weekend.

    Equal arguments give equal bytes. What is written for one session does not depend on which others are asked for.
    Raises WrongUsageError for an unknown season or circuit, or a kind that a simulated weekend does not have.
    """
    track = _track(season, circuit_id)
    unknown = [kind.value for kind in sessions if kind not in WEEKEND]
    if unknown:
        raise WrongUsageError(
            f"A simulated weekend has no {', '.join(unknown)}.", hint=f"Choose from {', '.join(WEEKEND)}."
        )
    say = progress or _silent
    forms = weekend_form(season, circuit_id, seed)
    folders: list[Path] = []
    for kind in (kind for kind in WEEKEND if kind in sessions):
        say(f"{kind.value}: simulating")
        log = simulate_session(track, season, seed, kind, forms)
        say(f"{kind.value}: writing {len(log.cars)} cars, {log.end_t / 60:.0f} minutes")
        folders.append(write_session(log, track, seed, out, telemetry=telemetry))
    return folders


def _silent(_: str) -> None:
    """Tell nobody."""


def _track(season: int, circuit_id: str) -> Track:
    if season not in RULES:
        raise WrongUsageError(
            f"No rules are known for the season {season}.", hint=f"Choose from {', '.join(map(str, RULES))}."
        )
    if circuit_id not in CIRCUITS:
        raise WrongUsageError(f"No circuit is called {circuit_id!r}.", hint=f"Choose from {', '.join(CIRCUITS)}.")
    return lay_out(CIRCUITS[circuit_id], season)


def simulate_session(track: Track, season: int, seed: int, kind: SessionKind, forms: list[Form]) -> SessionLog:
    """One session of the weekend, as a log. The race starts from the grid of the weekend's qualifying."""
    if kind is SessionKind.QUALIFYING:
        return simulate_qualifying(track, season, seed, forms)[0]
    if kind is SessionKind.RACE:
        return simulate_race(track, season, seed, starting_grid(track, season, seed, forms))
    log, sky = _timed_log(track, season, seed, kind, kind.value, 3600.0)
    simulate_practice(track, season, forms, seed, kind, log, sky)
    return _finished(log, sky)


def simulate_qualifying(track: Track, season: int, seed: int, forms: list[Form]) -> tuple[SessionLog, list[Form]]:
    """Qualifying, and everyone in its order."""
    log, sky = _timed_log(track, season, seed, SessionKind.QUALIFYING, "Q", 4500.0)
    qualifying = Qualifying(track, RULES[season], forms, seed, log, sky)
    qualifying.run()
    return _finished(log, sky), [car.form for car in qualifying.result]


def starting_grid(track: Track, season: int, seed: int, forms: list[Form]) -> list[Form]:
    """The order of qualifying. (No grid penalties are simulated.)"""
    return simulate_qualifying(track, season, seed, forms)[1]


def _timed_log(
    track: Track, season: int, seed: int, kind: SessionKind, label: str, length_s: float
) -> tuple[SessionLog, Sky]:
    circuit = track.circuit
    days, hours = _TIMETABLE[kind]
    local = datetime.strptime(circuit.race_start_local, "%H:%M")  # noqa: DTZ007 - a time of day
    day = race_day(season, circuit.id) - timedelta(days=days)
    scheduled = datetime.combine(day, local.time()) + timedelta(hours=hours)
    start = round(_FEED_BEFORE_S + 0.2, 3)
    zero = (scheduled - timedelta(hours=circuit.utc_offset_h, seconds=_FEED_BEFORE_S)).replace(tzinfo=UTC)
    log = SessionLog(kind, season, zero, scheduled, start, [])
    log.status.append((12.704, "Inactive"))
    log.track_status.append((0.0, "1"))
    return log, Sky(circuit, seed, label, start + length_s, circuit.rain_chance * 0.6)


def _finished(log: SessionLog, sky: Sky) -> SessionLog:
    """What every session ends with."""
    log.track_status.sort()
    log.status.extend([(log.finalised_t, "Finalised"), (log.end_t - 2.0, "Ends")])
    log.status.sort(key=lambda item: item[0])
    log.messages.sort(key=lambda message: message.t)
    log.weather = sky.readings(log.end_t)
    return log


def simulate_race(track: Track, season: int, seed: int, grid: list[Form], laps: int | None = None) -> SessionLog:
    """The race from a grid."""
    circuit = track.circuit
    hour, minute = (int(part) for part in circuit.race_start_local.split(":"))
    scheduled = datetime.combine(race_day(season, circuit.id), time(hour, minute))
    lights = round(_FEED_BEFORE_S + FORMATION * track.lap_s + 72.0 + stream("lights", seed).uniform(0, 6), 3)
    zero = (scheduled - timedelta(hours=circuit.utc_offset_h, seconds=_FEED_BEFORE_S)).replace(tzinfo=UTC)
    log = SessionLog(SessionKind.RACE, season, zero, scheduled, lights, [])
    log.status.extend([(6.578, "Inactive"), (lights, "Started")])
    log.track_status.append((0.0, "1"))
    log.clock.extend([(3.11, 7200, False), (lights + 1.0, 7199, True)])
    sky = Sky(circuit, seed, "R", lights + 5400.0)
    Race(track, RULES[season], grid, seed, log, sky, laps).run()
    log.status.append((log.flag_t, "Finished"))
    return _finished(log, sky)
