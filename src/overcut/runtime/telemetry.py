"""Which telemetry a session has for whom: the driver and the laps that someone means, and the tables of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from overcut.domain.circuits import CIRCUITS
from overcut.domain.frame import Frame
from overcut.domain.laps import Lap
from overcut.domain.state import CarState
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.runtime.drivers import driver_called
from overcut.runtime.replay import no_message
from overcut.sources.source import Source
from overcut.timing.engine import Engine
from overcut.timing.telemetry.modes import AidPeriod, aid_periods
from overcut.timing.telemetry.rows import CAR_DATA, POSITION
from overcut.timing.telemetry.session import LapTelemetry, SessionTelemetry, read_session

_WITHHELD = (
    "no CarData.z was recorded or kept; since the 2025 Dutch Grand Prix the feed gives it to clients with an F1TV "
    "token alone"
)


@dataclass(frozen=True, slots=True)
class TelemetryLibrary:
    """A session's telemetry, and what it takes to find a lap in it.

    ``aids``: when race control allowed DRS, overtake mode or straight mode, for the whole field.
    """

    telemetry: SessionTelemetry
    cars: tuple[CarState, ...]
    laps: tuple[Lap, ...]
    aids: tuple[AidPeriod, ...]

    def driver(self, wanted: str) -> CarState:
        """The car of a driver: a racing number, a code or (part of) a name, in any case.

        Raises:
            DataMissingError: nobody is called so.
            WrongUsageError: several are.
        """
        return driver_called(wanted, self.cars)

    def chosen(self, car: CarState, which: str) -> list[Lap]:
        """A car's laps: ``all``, a number, or the ``fastest`` (not deleted; from or into the pits only if all are).

        Raises:
            DataMissingError: there is no such lap.
            WrongUsageError: ``which`` is none of these.
        """
        own = sorted((lap for lap in self.laps if lap.number == car.number), key=lambda lap: lap.lap)
        name = car.code or car.number
        if not own:
            raise DataMissingError(f"{name} completed no lap in this session")
        if which == "all":
            return own
        if which == "fastest":
            timed = [lap for lap in own if lap.lap_ms is not None and not lap.deleted]
            # a lap from the pits may have been timed from their exit (2022 Saudi qualifying, car 1: 1:01.871)
            flying = [lap for lap in timed if not lap.pit_out and not lap.pit_in] or timed
            if not flying:
                raise DataMissingError(f"{name} has no lap time in this session", hint="--lap all, or a number")
            return [min(flying, key=lambda lap: (lap.lap_ms or 0, lap.lap))]
        if not (which.isascii() and which.isdecimal()):
            raise WrongUsageError(f"--lap {which} is no lap", hint="give a number, fastest or all")
        found = [lap for lap in own if lap.lap == int(which)]
        if not found:
            raise DataMissingError(f"{name} has no lap {which}", hint=f"there are laps {own[0].lap} to {own[-1].lap}")
        return found

    def lap(self, car: CarState, lap: Lap) -> LapTelemetry | None:
        """The telemetry of a lap; None where the feed has none of it."""
        return self.telemetry.lap(lap, car.code)


def open_telemetry(source: Source) -> TelemetryLibrary:
    """Read a session's telemetry and laps. Takes a second or two of CPU for a race: call it off the event loop.

    Raises:
        DataMissingError: the session has no message, or no car data.
    """
    frames = list(source.frames())
    if not frames:
        raise no_message(source)
    engine = Engine(source.key, source.kind, source.simulated)
    for frame in frames:
        if frame.topic not in (CAR_DATA, POSITION):
            engine.advance(frame)
    return library_of(str(source.key), frames, engine)


def library_of(session: str, frames: Sequence[Frame], engine: Engine) -> TelemetryLibrary:
    """The same from frames that an engine has read.

    Raises:
        DataMissingError: the frames hold no car data.
    """
    circuit = CIRCUITS.get(engine.circuit_id or "")
    telemetry = read_session(session, frames, engine.laps(), circuit.length_m if circuit else None)
    if not telemetry.tracks:
        broken = next(iter(telemetry.defects.values()), None)
        raise DataMissingError(
            f"The session {session} holds no car telemetry",
            why=f"no CarData.z message in it can be read ({broken.example})" if broken else _WITHHELD,
            hint="fetch or record it with a token (`overcut login`), or simulate a session, which has everything",
        )
    state = engine.state()
    told = [state.messages[index] for index in sorted(state.messages)]
    return TelemetryLibrary(telemetry, tuple(state.order()), engine.laps(), tuple(aid_periods(told)))
