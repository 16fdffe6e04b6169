"""How frames become session state and events: the one engine behind live, replay and simulation."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from overcut.domain.defects import merge_defects
from overcut.domain.events import AnyEvent
from overcut.domain.extras import SessionExtras
from overcut.domain.frame import Frame, FrameSource, is_known_topic
from overcut.domain.laps import Lap
from overcut.domain.session import SessionKey
from overcut.domain.state import Defect, MapState, SessionState
from overcut.timing import messages, pit_times, records, session_topics, side_topics, stand_ins, tyres
from overcut.timing.memory import Memory
from overcut.timing.places import map_state
from overcut.timing.snapshot import Snapshot
from overcut.timing.status import car_status
from overcut.timing.telemetry import recent
from overcut.timing.timing_data import apply as apply_timing
from overcut.timing.timing_data import decode as decode_timing
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
    "TimingStats": records.apply,
    "PitLaneTimeCollection": pit_times.apply_lane_times,
    "PitStop": pit_times.apply_stop,
    "PitStopSeries": pit_times.apply_stops,
    "ArchiveStatus": side_topics.apply_archive_status,
    "OvertakeSeries": side_topics.apply_overtakes,
    "ChampionshipPrediction": side_topics.apply_championship,
    "AudioStreams": side_topics.apply_audio,
    "ContentStreams": side_topics.apply_content,
    "WeatherDataSeries": side_topics.apply_weather_series,
    "DriverScore": side_topics.count_unread,
    "RcmSeries": side_topics.count_unread,
    "TimingDataF1": stand_ins.apply_timing_f1,
    "TyreStintSeries": stand_ins.apply_stint_series,
    "CurrentTyres": stand_ins.apply_current_tyres,
    "TopThree": stand_ins.apply_top_three,
    "DriverRaceInfo": stand_ins.apply_race_info,
    "LapSeries": stand_ins.apply_lap_series,
    "TlaRcm": stand_ins.apply_plain_message,
    **dict.fromkeys(tyres.TOPICS, tyres.apply),
}
"""Who reads which topic as a JSON document; `TimingData`, nine of ten messages, has a decoder of its own."""

COMPRESSED: dict[str, PayloadReader] = {
    "CarData.z": recent.apply_car_data,
    "Position.z": recent.apply_position,
}

CHECKPOINT_SCHEMA = b"overcut-engine-2\n"

_decode = msgspec.json.Decoder().decode
_encode_memory = msgspec.msgpack.Encoder().encode
_decode_memory = msgspec.msgpack.Decoder(Memory).decode
_decode_extras = msgspec.msgpack.Decoder(SessionExtras).decode
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
        memory, topic, t_ms = self._memory, frame.topic, frame.t_ms
        state = memory.state
        if t_ms > state.t_ms:  # noqa: PLR1730 -- a call of max costs more than the message's other bookkeeping
            state.t_ms = t_ms
        if memory.utc_zero_ms is None and frame.utc_ms is not None:
            memory.note_utc(frame.utc_ms, t_ms)
        try:
            if topic == "TimingData":
                memory.spoke_t_ms[topic] = t_ms
                apply_timing(memory, t_ms, decode_timing(frame.payload), topic)
            elif (reader := READERS.get(topic)) is not None:
                reader(memory, t_ms, _decode(frame.payload), topic)
                memory.spoke_t_ms[topic] = t_ms
            elif (unpack := COMPRESSED.get(topic)) is not None:
                unpack(memory, t_ms, frame.payload)
            elif not is_known_topic(topic):
                memory.defect("a topic nobody knows", topic[:40], t_ms, _shown(frame.payload))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            memory.defect("broken JSON", topic, t_ms, f"{error}: {_shown(frame.payload)}")
        except PatchError as error:
            memory.defect("an unreadable message", topic, t_ms, str(error))
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

    @property
    def is_race(self) -> bool:
        """Whether cars race each other rather than the clock."""
        return self._memory.is_race

    def state(self) -> SessionState:
        """The session now, an independent copy."""
        memory = self._memory
        state = _decode_state(_encode_memory(memory.state))
        for car in state.cars.values():
            car.status = car_status(memory, car)
        if memory.utc_zero_ms is not None:
            state.utc_ms = memory.utc_zero_ms + state.t_ms
        return state

    def peek(self) -> SessionState:
        """The session now, not a copy: to be read before the next frame, and never changed. Cars' status is not set."""
        return self._memory.state

    def map(self, t_ms: int | None = None) -> MapState:
        """Where the cars are at ``t_ms`` (default: the latest frame's stamp)."""
        return map_state(self._memory, self.t_ms if t_ms is None else t_ms)

    def laps(self) -> tuple[Lap, ...]:
        """Every completed lap so far, in order of completion, amendments in place."""
        return tuple(self._memory.laps)

    def extras(self) -> SessionExtras:
        """What is told beside the board, an independent copy."""
        return _decode_extras(_encode_memory(self._memory.extras))

    @property
    def events(self) -> int:
        """How many events there were."""
        return self._memory.events

    @property
    def session(self) -> int:
        """Which session of this feed it is, from 0: another may begin on the same connection (wire.md, trap 15)."""
        return self._memory.session

    def snapshot(self) -> Snapshot:
        """The engine as it is now, for ``back_to``; far cheaper than a checkpoint."""
        return Snapshot.of(self._memory)

    def back_to(self, snapshot: Snapshot) -> None:
        """Be as this engine was when it gave ``snapshot``."""
        self._memory = snapshot.memory()

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
