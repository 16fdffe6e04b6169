"""How frames become session state and events: the one engine behind live, replay and simulation."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from overcut.domain.defects import merge_defects
from overcut.domain.events import AnyEvent
from overcut.domain.frame import Frame, FrameSource, is_known_topic
from overcut.domain.laps import Lap
from overcut.domain.session import SessionKey
from overcut.domain.state import Defect, MapState, SessionState
from overcut.timing import messages, session_topics, telemetry, timing_data, tyres
from overcut.timing.memory import Memory
from overcut.timing.places import map_state
from overcut.timing.status import car_status
from overcut.timing.values import PatchError

DocumentReader = Callable[[Memory, int, object, str], None]
PayloadReader = Callable[[Memory, int, bytes], None]

READERS: dict[str, DocumentReader] = {
    "SessionInfo": session_topics.apply_info,
    "SessionStatus": session_topics.apply_status,
    "SessionData": session_topics.apply_data,
    "TrackStatus": session_topics.apply_track,
    "ExtrapolatedClock": session_topics.apply_clock,
    "Heartbeat": session_topics.apply_heartbeat,
    "LapCount": session_topics.apply_lap_count,
    "DriverList": session_topics.apply_drivers,
    "RaceControlMessages": messages.apply_race_control,
    "WeatherData": messages.apply_weather,
    "TeamRadio": messages.apply_radio,
    **dict.fromkeys(timing_data.TOPICS, timing_data.apply),
    **dict.fromkeys(tyres.TOPICS, tyres.apply),
}
"""Who reads which topic. Known topics that are not here say nothing that these do not."""

COMPRESSED: dict[str, PayloadReader] = {
    "CarData.z": telemetry.apply_car_data,
    "Position.z": telemetry.apply_position,
}

CHECKPOINT_SCHEMA = b"overcut-engine-1\n"

_decode = msgspec.json.Decoder().decode
_encode_memory = msgspec.msgpack.Encoder().encode
_decode_memory = msgspec.msgpack.Decoder(Memory).decode
_decode_state = msgspec.msgpack.Decoder(SessionState).decode


class Engine:
    """One session's engine: synchronous, without I/O, its only clock the frames' own stamps.

    The same frames give the same state and the same events, however they are fed. Nothing in a payload makes it raise:
    what cannot be used is counted in ``state().defects``, and the rest of the session plays on.

    Args:
        key: the session's name.
        kind: where its frames come from.
        simulated: whether they were generated.
    """

    def __init__(self, key: SessionKey, kind: FrameSource, simulated: bool = False) -> None:
        self._memory = Memory(state=SessionState(key=str(key), source=kind, simulated=simulated))

    def advance(self, frame: Frame) -> list[AnyEvent]:
        """Take in one frame; the events it caused, in order."""
        memory, topic = self._memory, frame.topic
        memory.state.t_ms = max(memory.state.t_ms, frame.t_ms)
        if frame.utc_ms is not None and memory.utc_zero_ms is None:
            memory.utc_zero_ms = frame.utc_ms - frame.t_ms
        try:
            if (reader := READERS.get(topic)) is not None:
                reader(memory, frame.t_ms, _decode(frame.payload), topic)
            elif (unpack := COMPRESSED.get(topic)) is not None:
                unpack(memory, frame.t_ms, frame.payload)
            elif not is_known_topic(topic):
                memory.defect("a topic nobody knows", topic[:40], frame.t_ms, _shown(frame.payload))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            memory.defect("broken JSON", topic, frame.t_ms, f"{error}: {_shown(frame.payload)}")
        except PatchError as error:
            memory.defect("an unreadable message", topic, frame.t_ms, str(error))
        if not memory.fresh:
            return []
        events, memory.fresh = memory.fresh, []
        return events

    def report(self, defects: dict[str, Defect]) -> None:
        """Add what the source could not turn into frames to the state's defects."""
        merge_defects(self._memory.state.defects, defects)

    @property
    def t_ms(self) -> int:
        """The stamp of the latest frame."""
        return self._memory.state.t_ms

    @property
    def circuit_id(self) -> str | None:
        """The F1DB id of the circuit, where it is one of ours."""
        return self._memory.circuit_id

    def state(self) -> SessionState:
        """The session now, an independent copy."""
        memory = self._memory
        state = _decode_state(_encode_memory(memory.state))
        for car in state.cars.values():
            car.status = car_status(memory, car)
        if memory.utc_zero_ms is not None:
            state.utc_ms = memory.utc_zero_ms + state.t_ms
        return state

    def map(self, t_ms: int | None = None) -> MapState:
        """Where the cars are at ``t_ms`` (default: the latest frame's stamp)."""
        return map_state(self._memory, self.t_ms if t_ms is None else t_ms)

    def laps(self) -> tuple[Lap, ...]:
        """Every completed lap so far, in order of completion, amendments in place."""
        return tuple(self._memory.laps)

    def checkpoint(self) -> bytes:
        """Everything needed to go on from here; ``restore`` reads it."""
        return CHECKPOINT_SCHEMA + _encode_memory(self._memory)

    @classmethod
    def restore(cls, data: bytes) -> Engine:
        """The engine that wrote ``data``.

        Raises:
            ValueError: ``data`` is not a checkpoint of this version.
        """
        if not data.startswith(CHECKPOINT_SCHEMA):
            raise ValueError(f"not an engine checkpoint of version {CHECKPOINT_SCHEMA.decode().strip()}")
        try:
            memory = _decode_memory(data[len(CHECKPOINT_SCHEMA) :])
        except msgspec.DecodeError as error:
            raise ValueError(f"a damaged engine checkpoint: {error}") from error
        engine = cls(SessionKey(memory.state.key), memory.state.source, memory.state.simulated)
        engine._memory = memory
        return engine


def _shown(payload: bytes) -> str:
    return payload[:60].decode("utf-8", "backslashreplace")
