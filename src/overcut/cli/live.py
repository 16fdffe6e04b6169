"""``overcut live``: the session that is on right now, recorded and on the board."""

from __future__ import annotations

from typing import Annotated

import typer


def live(
    url: Annotated[
        str | None,
        typer.Option(help="Address of the hub; `overcut hub` prints its own.", show_default="the live feed's"),
    ] = None,
    delay: Annotated[
        float, typer.Option(min=0, max=120, help="Show the session this many seconds late, in step with a broadcast.")
    ] = 0.0,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Send no token, even where one is held.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.", show_default="8018 or the next")
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the board in a browser, where there is one.")
    ] = True,
) -> None:
    """Watch the session that is on now: record the live feed, show it on the board.

    Every message is on disk before anything reads it. Without a session it waits for the next one.
    """
    from overcut.cli.demo import has_screen
    from overcut.cli.serve import run_server
    from overcut.kernel.settings import load_settings
    from overcut.runtime.live import LiveFeed
    from overcut.runtime.sessions import Opening, Sessions
    from overcut.sources.live import LiveClient
    from overcut.sources.live.client import TOPICS
    from overcut.sources.live.recorder import FOLDER, Recorder

    settings = load_settings(host=host, port=port, live_url=url)

    def follow(sessions: Sessions) -> LiveFeed:
        def connect() -> LiveClient:
            return LiveClient(settings, TOPICS, Recorder(settings.home / FOLDER), anonymous=anonymous)

        return LiveFeed(connect, sessions, delay_ms=round(delay * 1000))

    opening = Opening()
    run_server([], settings, opening, exact_port=port is not None, browser=browser and has_screen(), follow=follow)
