"""``overcut record``: the live feed into a file, until the session is over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overcut.kernel.errors import DataMissingError, OvercutError

if TYPE_CHECKING:
    from collections.abc import Callable

    from overcut.sources.live.status import LiveStatus

PLAIN_EVERY_S = 30.0


def record(
    url: Annotated[
        str | None,
        typer.Option(help="Address of the hub; `overcut hub` prints its own.", show_default="the live feed's"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write this file; it is appended to.", show_default="recordings in Overcut's home"),
    ] = None,
    topics: Annotated[str, typer.Option(help="Topics to record, separated by commas.", show_default="all")] = "",
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Send no token, even where one is held.")] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Record session after session, until Ctrl-C.")
    ] = False,
    json_output: Annotated[bool, typer.Option("--json", help="How it ended as one JSON object.")] = False,
) -> None:
    """Record the live feed until the session is over, or until Ctrl-C.

    Every message is appended as it came, before anything reads it; a killed recording loses nothing that it had, and
    goes on in the same file. Play it with `overcut replay FILE`, at once if you like.

    \b
    Exit codes: 0 recorded, 1 the disk did not take everything, 3 nothing came, 4 the feed refused us.
    """
    import asyncio

    from rich.console import Console
    from rich.markup import escape

    from overcut.kernel.logs import configure_logs
    from overcut.kernel.settings import load_settings
    from overcut.runtime.lake_at_end import add_now
    from overcut.sources.live.client import TOPICS, LiveClient
    from overcut.sources.live.recorder import FOLDER, Recorder
    from overcut.sources.live.recording_run import record_session

    settings = load_settings(live_url=url)
    configure_logs("WARNING" if settings.log_level == "INFO" else settings.log_level, as_json=settings.log_json)
    chosen = tuple(topic.strip() for topic in topics.split(",") if topic.strip()) or TOPICS
    recorder = Recorder(out.parent if out else settings.home / FOLDER, file=out, earlier=False)
    client = LiveClient(settings, chosen, recorder, anonymous=anonymous)
    console = Console(stderr=True, highlight=False)
    teller = _Teller(console.is_terminal)
    recorded: list[Path] = []
    with console.status("") as line:
        teller.line = lambda text: line.update(escape(text))
        status = asyncio.run(record_session(client, teller.tell, keep_going=keep_going, begun=recorded.append))
    if json_output:
        import msgspec

        typer.echo(msgspec.json.encode(status, enc_hook=str).decode())
    if status.recording is None:
        raise DataMissingError(
            "Nothing was recorded",
            why=status.why or "no message came before it was stopped",
            hint="`overcut record` can be started long before a session; `overcut hub SESSION` plays one to try it on",
        )
    console.print(f"[green]recorded[/] {escape(str(status.recording))}  [dim]{describe(status)}[/]")
    for file in dict.fromkeys([*recorded, status.recording]):
        if told := add_now(settings, str(file)):
            console.print(f"[dim]{escape(told)}[/]")
    if status.unrecorded:
        raise OvercutError(
            f"{status.unrecorded} messages are not in the recording", why=status.why, hint="free some space on its disk"
        )


class _Teller:
    """The calm status line: rewritten each second on a terminal, a plain line each half minute elsewhere."""

    def __init__(self, terminal: bool) -> None:
        from overcut.sources.live.recording_run import TELL_EVERY_S

        self._every = 1 if terminal else round(PLAIN_EVERY_S / TELL_EVERY_S)
        self._terminal = terminal
        self._told = 0
        self.line: Callable[[str], None] = typer.echo

    def tell(self, status: LiveStatus) -> None:
        """Say how the recording is doing, when it is time to."""
        self._told += 1
        if self._terminal:
            self.line(describe(status))
        elif self._told % self._every == 0:
            typer.echo(describe(status), err=True)


def describe(status: LiveStatus) -> str:
    """One line: state, frames, topics, age of the last frame, reconnects, size."""
    parts = [str(status.state)]
    if status.next_try_s is not None:
        parts[0] += f", next try in {status.next_try_s:.0f} s ({status.why})"
    parts += [f"{status.frames:,} frames of {len(status.topics)} topics", f"{status.recording_bytes / 1e6:.1f} MB"]
    if status.last_heard_s is not None:
        parts.append(f"last heard {status.last_heard_s:.0f} s ago")
    if status.reconnects:
        parts.append(f"{status.reconnects} reconnect{'s' * (status.reconnects != 1)}")
    if status.unrecorded:
        parts.append(f"{status.unrecorded} not on disk: {status.why}")
    if status.session_over:
        parts.append("session over")
    return " · ".join(parts)
