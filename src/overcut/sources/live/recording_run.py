"""How a session is recorded until it is over, or until someone says stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Generator
from pathlib import Path

from overcut.sources.live.client import LiveClient
from overcut.sources.live.recorder import SessionChanged
from overcut.sources.live.status import LiveStatus

GRACE_S = 30.0
"""Recording goes on so long after a session has ended: late amendments are part of it."""

TELL_EVERY_S = 1.0


async def record_session(
    client: LiveClient,
    tell: Callable[[LiveStatus], None],
    *,
    keep_going: bool = False,
    grace_s: float = GRACE_S,
    tell_every_s: float = TELL_EVERY_S,
    begun: Callable[[Path], None] | None = None,
) -> LiveStatus:
    """Record until the session is over (``keep_going``: never), the hub ends, or SIGINT or SIGTERM comes.

    Args:
        client: what follows the feed. ``tell``: told how it is doing, every ``tell_every_s`` seconds and at the end.
        grace_s: how long to go on after the session's end.
        begun: told the file of each session as it begins.

    Raises:
        OvercutError: as `LiveClient.batches`.
    """
    watching = asyncio.create_task(_watch(client, tell, keep_going, grace_s, tell_every_s))
    with _stopped_by_signals(client):
        try:
            async for item in client.batches():  # the frames are in the file; nobody needs them here
                if begun is not None and isinstance(item, SessionChanged):
                    begun(item.recording)
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
    status = client.status()
    tell(status)
    return status


async def _watch(
    client: LiveClient, tell: Callable[[LiveStatus], None], keep_going: bool, grace_s: float, every_s: float
) -> None:
    over_s = 0.0
    while True:
        await asyncio.sleep(every_s)
        status = client.status()
        tell(status)
        over_s = over_s + every_s if status.session_over else 0.0
        if over_s > grace_s and not keep_going:
            client.stop()
            return


@contextlib.contextmanager
def _stopped_by_signals(client: LiveClient) -> Generator[None, None, None]:
    loop = asyncio.get_running_loop()
    signals = () if sys.platform == "win32" else (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, client.stop)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
