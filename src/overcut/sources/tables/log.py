"""What became public when: messages in the feed's own form, collected in any order, handed out as frames."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from overcut.domain.frame import Frame, FrameSource, topic_rank

Patch = dict[str, object]

_encode = msgspec.json.Encoder().encode


class FeedLog:
    """Messages with their stamps; ties are broken by the fixed order of topics, then by the order of adding."""

    def __init__(self) -> None:
        self._messages: list[tuple[int, tuple[int, str], int, str, bytes]] = []

    def add(self, t_ms: int, topic: str, patch: Patch) -> None:
        """A message that became public at ``t_ms``; nothing is told before the feed began (0)."""
        self._messages.append((max(0, t_ms), topic_rank(topic), len(self._messages), topic, _encode(patch)))

    def car(self, t_ms: int, number: str, patch: Patch, topic: str = "TimingData") -> None:
        """A message about one car."""
        self.add(t_ms, topic, {"Lines": {number: patch}})

    def frames(self, utc_zero_ms: int | None) -> Iterator[Frame]:
        """The frames in order, with UTC where the feed's zero is known."""
        self._messages.sort(key=lambda message: message[:3])
        for t_ms, _, _, topic, payload in self._messages:
            utc_ms = None if utc_zero_ms is None else utc_zero_ms + t_ms
            yield Frame(t_ms, topic, payload, FrameSource.RECONSTRUCTED, utc_ms)
