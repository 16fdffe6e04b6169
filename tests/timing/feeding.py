"""Short sessions for the engine, written as the feed sends them."""

from __future__ import annotations

import json

from overcut.domain.events import AnyEvent
from overcut.domain.frame import Frame, FrameSource
from overcut.domain.session import SessionKey
from overcut.timing.engine import Engine


def engine() -> Engine:
    return Engine(SessionKey("rec-test"), FrameSource.ARCHIVE)


def race() -> Engine:
    """An engine that has been told it is a race."""
    session = engine()
    feed(session, (0, "SessionInfo", {"Name": "Race", "Type": "Race"}))
    return session


def frame(t_ms: int, topic: str, patch: object) -> Frame:
    return Frame(t_ms, topic, json.dumps(patch).encode(), FrameSource.ARCHIVE)


def feed(target: Engine, *messages: tuple[int, str, object]) -> list[AnyEvent]:
    """Advance through messages of (t_ms, topic, patch); all events, in order."""
    return [event for message in messages for event in target.advance(frame(*message))]


def line(number: str, patch: object) -> dict[str, object]:
    """A `TimingData` or `TimingAppData` message for one car."""
    return {"Lines": {number: patch}}
