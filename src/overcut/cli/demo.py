"""``overcut demo``: a race on the board, from one command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.kernel.settings import Settings

DEMO_SEED = 6
"""Of the first seeds at Monza, one with a safety car, no long stop, and a drive from 17th to third."""

RUN_UP_MS = 20_000
"""The demo begins this long before the lights go out: time to see the grid, not to get bored."""


def demo(
    session: Annotated[
        str | None,
        typer.Argument(
            help="Session to show: a folder, a recording, or a name such as 2024-14-R.", show_default="a simulated race"
        ),
    ] = None,
    session_option: Annotated[str | None, typer.Option("--session", help="The same, as an option.")] = None,
    speed: Annotated[float, typer.Option(help="Times real time (0.25 to 60); 0 is as fast as possible.")] = 10.0,
    season: Annotated[int, typer.Option(help="Season of the simulated race: 2025 or 2026.")] = 2025,
    circuit: Annotated[str, typer.Option(help="Circuit of the simulated race, by id or name.")] = "monza",
    seed: Annotated[int, typer.Option(help="The same seed gives the same race.")] = DEMO_SEED,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.", show_default="8018 or the next")
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the board in a browser, where there is one.")
    ] = True,
) -> None:
    """Watch a race right now, on a board in the browser.

    Simulates a race (or takes SESSION), and serves it at ten times real time.
    """
    from overcut.cli.serve import run_server
    from overcut.kernel.errors import WrongUsageError
    from overcut.kernel.settings import load_settings
    from overcut.runtime.playback import checked_speed
    from overcut.runtime.sessions import Opening

    if session is not None and session_option is not None:
        raise WrongUsageError("Two sessions are named", hint="name one: overcut demo SESSION")
    checked_speed(speed)
    settings = load_settings(host=host, port=port)
    path = session or session_option or _simulated(settings, season, circuit, seed)
    opening = Opening(speed=speed, run_up_ms=RUN_UP_MS)
    run_server([path], settings, opening, exact_port=port is not None, browser=browser and has_screen())


def _simulated(settings: Settings, season: int, circuit: str, seed: int) -> Path:
    from rich.console import Console

    from overcut.domain.circuits import UnknownCircuitError, find_circuit
    from overcut.kernel.errors import WrongUsageError
    from overcut.runtime.simulated_home import simulated_race

    try:
        known = find_circuit(circuit)
    except UnknownCircuitError as unknown:
        raise WrongUsageError(str(unknown), hint="overcut demo --circuit monza is a good start") from unknown
    with Console(stderr=True).status("") as status:
        return simulated_race(
            settings.home,
            season=season,
            circuit=known.id,
            seed=seed,
            progress=lambda text: status.update(f"{known.grand_prix}: {text}"),
        )


def has_screen() -> bool:
    """Whether a browser window could be seen: a display, and somebody at the terminal."""
    import os
    import sys

    if not sys.stderr.isatty():
        return False
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
