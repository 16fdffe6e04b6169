"""``overcut serve``: the board, the API and the stream for recorded and simulated sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.kernel.settings import Settings
    from overcut.runtime.live import LiveFeed
    from overcut.runtime.sessions import Opening, Sessions


def serve(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SESSIONS]...",
            help="Session folders, recordings, folders of sessions, or names such as 2024-14-R; none serves those in "
            "Overcut's home.",
        ),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.", show_default="8018 or the next")
    ] = None,
    speed: Annotated[float, typer.Option(help="Times real time (0.25 to 60); 0 is as fast as possible.")] = 1.0,
    paused: Annotated[bool, typer.Option("--paused", help="Stand still until somebody presses play.")] = False,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Begin with the recording, not a minute before the session's start.")
    ] = False,
) -> None:
    """Serve sessions: the board, REST, and a WebSocket for programs."""
    from overcut.kernel.settings import load_settings
    from overcut.runtime.sessions import Opening

    settings = load_settings(host=host, port=port)
    opening = Opening(speed=speed, paused=paused, run_up_ms=None if from_start else 60_000)
    run_server(list(paths or []), settings, opening, exact_port=port is not None, browser=False)


def run_server(
    paths: Sequence[str | Path],
    settings: Settings,
    opening: Opening,
    *,
    exact_port: bool,
    browser: bool,
    follow: Callable[[Sessions], LiveFeed] | None = None,
) -> None:
    """Serve until stopped, with an address for people on standard error; following a live feed, if there is one.

    Raises:
        OvercutError: a path is no session, or the port is taken.
    """
    from rich.console import Console
    from rich.markup import escape

    from overcut.kernel.logs import configure_logs
    from overcut.runtime.catalogue import Catalogue
    from overcut.runtime.playback import checked_speed
    from overcut.server.serving import address_of, listen, serve_until_stopped

    console = Console(stderr=True, highlight=False)
    checked_speed(opening.speed)
    catalogue = Catalogue(paths, settings.home, settings)
    listener = listen(settings.host, settings.port, exact=exact_port)
    address = address_of(listener)
    configure_logs(settings.log_level, as_json=settings.log_json)

    def ready() -> None:
        for folder, reason in catalogue.unusable.items():
            console.print(f"[yellow]left out[/] {escape(f'{folder}: {reason}')}")
        sessions = catalogue.named() or catalogue.all()
        shown = ", ".join(session.key for session in sessions[:4]) + (" …" if len(sessions) > 4 else "")
        shown = "waiting for the feed" if follow else shown or "no session yet"
        console.print(f"[bold green]Overcut[/] [bold]{address}[/]  {shown}")
        console.print("[dim]Ctrl-C ends it.[/]")
        if browser:
            _open_browser(address)

    with listener:
        serve_until_stopped(
            catalogue,
            settings,
            listener,
            opening=opening,
            on_ready=ready,
            follow=follow,
        )
    console.print("[dim]Stopped.[/]")


def _open_browser(address: str) -> None:
    """Open the reader's browser without waiting for it; nothing happens on a machine without one."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
