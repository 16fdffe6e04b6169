"""How a source is played through the engine in one go, as fast as possible or paced by a clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from overcut.domain.events import AnyEvent
from overcut.domain.frame import Frame
from overcut.kernel.errors import DataMissingError
from overcut.runtime.clock import Clock, MonotonicClock
from overcut.sources.source import Source
from overcut.timing.engine import Engine


def paced(
    frames: Iterator[Frame], speed: float, clock: Clock, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Frame]:
    """The same frames, each no earlier than its stamp divided by ``speed``, counted from the first frame."""
    origin: tuple[float, int] | None = None
    for frame in frames:
        if origin is None:
            origin = (clock.now_s(), frame.t_ms)
        wait = origin[0] + (frame.t_ms - origin[1]) / 1000 / speed - clock.now_s()
        if wait > 0:
            sleep(wait)
        yield frame


def replay(
    source: Source,
    *,
    speed: float | None = None,
    clock: Clock | None = None,
    sleep: Callable[[float], None] = time.sleep,
    on_events: Callable[[Engine, list[AnyEvent]], None] | None = None,
) -> Engine:
    """Play ``source`` to its end and return its engine.

    Args:
        source: the session.
        speed: times real time; None plays as fast as possible.
        clock, sleep: for pacing; the machine's own by default.
        on_events: called after each frame with the engine and the events that the frame caused (often none).

    The engine's final state does not depend on ``speed``: time inside it is the frames' own.

    Raises:
        DataMissingError: the source has no frame.
    """
    engine = Engine(source.key, source.kind, source.simulated)
    frames, empty = source.frames(), True
    for frame in frames if speed is None else paced(frames, speed, clock or MonotonicClock(), sleep):
        empty = False
        events = engine.advance(frame)
        if on_events is not None:
            on_events(engine, events)
    if empty:
        raise no_message(source)
    engine.report(source.defects)
    return engine


def no_message(source: Source) -> DataMissingError:
    """What to say of a source that was read and held no frame."""
    first = next(iter(source.defects.values()), None)
    seen = f"; first, in {first.topic}: {first.kind} ({first.example})" if first else ""
    return DataMissingError(
        f"The session {source.key} holds no timing message",
        why=f"every line of its streams is empty or unreadable{seen}",
        hint="download or generate the session again",
    )
