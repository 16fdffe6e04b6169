"""``overcut hub``: a hub on this machine that plays any session as if it were live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.sources.hub import Hub

PORT = 8019


def hub(
    path: Annotated[str, typer.Argument(help="What to play: a path, or a session's name.", show_default=False)],
    speed: Annotated[str, typer.Option(help="Times real time (0.25 to 1000), or max.")] = "1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.")] = PORT,
    begin: Annotated[float, typer.Option("--from", min=0, help="Begin so many minutes into the session.")] = 0.0,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Begin when the first client subscribes.")] = True,
    hold: Annotated[bool, typer.Option("--hold", help="Stand still while no client is subscribed.")] = False,
    stay: Annotated[bool, typer.Option("--stay", help="Keep connections open after the session.")] = False,
    drop_every: Annotated[str, typer.Option(help="Break connections off: 30s, 500f (frames).")] = "never",
    stall_every: Annotated[str, typer.Option(help="Fall silent on open connections: 30s, 500f.")] = "never",
    close_every: Annotated[str, typer.Option(help="Close in good order: 30s, 500f.")] = "never",
    close_error: Annotated[str, typer.Option(help="The error that a close names.", show_default="none")] = "",
    invite: Annotated[bool, typer.Option("--invite", help="A close lets clients come back at once.")] = False,
    batch: Annotated[int, typer.Option(min=1, help="Messages put into one WebSocket message.")] = 1,
    split: Annotated[int, typer.Option(min=0, help="Cut WebSocket messages into ones of so many bytes.")] = 0,
    repeat: Annotated[float, typer.Option(min=0, max=1, help="Share of messages sent twice.")] = 0.0,
    lose: Annotated[float, typer.Option(min=0, max=1, help="Share of messages never sent.")] = 0.0,
    delay: Annotated[float, typer.Option(min=0, max=1, help="Share of messages sent late, up to 10 s.")] = 0.0,
    repeat_last: Annotated[int, typer.Option(min=0, max=1000, help="Messages sent again after a reconnect.")] = 0,
    require_token: Annotated[bool, typer.Option("--require-token", help="Turn away clients without a token.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Turn everyone away.")] = False,
    seed: Annotated[int, typer.Option(help="Which messages suffer.")] = 7,
) -> None:
    """Play a session as a live feed, on this machine, to try everything live.

    \b
    overcut hub sim-2025-monza-7-R --speed 10
    overcut live --url http://127.0.0.1:8019/signalrcore
    curl -d '{"do":"drop"}' http://127.0.0.1:8019/hub/control
    """
    import asyncio

    from overcut.cli.replay import parse_speed
    from overcut.kernel.settings import load_settings
    from overcut.runtime.finding import find_source
    from overcut.sources.hub import Every, Faults, Hub

    faults = Faults(
        drop=Every.read(drop_every),
        stall=Every.read(stall_every),
        close=Every.read(close_every),
        close_error=close_error,
        invite=invite,
        batch=batch,
        split=split,
        repeat=repeat,
        lose=lose,
        delay=delay,
        repeat_last=repeat_last,
        token="any" if require_token else "",
        refuse=403 if refuse else 0,
        seed=seed,
    )
    playing = Hub(
        find_source(path, load_settings()),
        speed=parse_speed(speed),
        faults=faults,
        port=port,
        wait=wait,
        hold=hold,
        begin_ms=round(begin * 60_000),
        stay=stay,
    )
    asyncio.run(_run(playing))


async def _run(playing: Hub) -> None:
    """Serve until Ctrl-C."""
    import asyncio
    import contextlib
    import signal
    import sys

    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True, highlight=False)
    stop = asyncio.Event()
    if sys.platform != "win32":
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with playing:
        status = playing.status()
        console.print(
            f"[bold green]hub[/] [bold]{escape(playing.url)}[/]  {status.session}, {status.frames:,} messages"
        )
        console.print(f"[dim]overcut live --url {escape(playing.url)}    Ctrl-C ends it.[/]")
        with contextlib.suppress(KeyboardInterrupt):
            await stop.wait()
    console.print("[dim]Stopped.[/]")
