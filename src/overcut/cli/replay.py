"""`overcut replay`: play a session through the engine, in the terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from overcut.kernel.errors import WrongUsageError

if TYPE_CHECKING:
    from overcut.domain.events import AnyEvent
    from overcut.sources.source import Source
    from overcut.timing.engine import Engine

MIN_SPEED, MAX_SPEED = 0.25, 1000.0


def replay(
    session: Annotated[
        str,
        typer.Argument(
            help="A session's folder, a recording, or a name: 2024-14-R, “2025 monaco Q”.", show_default=False
        ),
    ],
    speed: Annotated[str, typer.Option(help="Times real time (0.25 to 1000), or max.")] = "max",
    json_output: Annotated[bool, typer.Option("--json", help="Final classification as one JSON object.")] = False,
    events: Annotated[bool, typer.Option("--events", help="Every event as a JSON line, as it happens.")] = False,
) -> None:
    """Play a session in the terminal, or print how it ended.

    \b
    overcut replay 2024-14-R               one that was fetched, or that tables hold
    overcut replay 2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race
    overcut replay SESSION --speed 20      the live board, twenty times faster
    overcut replay SESSION --json          the final classification
    overcut replay SESSION --events        what happened, one JSON line each
    """
    from overcut.kernel.settings import load_settings
    from overcut.runtime.finding import find_source

    pace = parse_speed(speed)
    source = find_source(session, load_settings())
    if json_output or events:
        _print_json(source, pace, json_output=json_output, events=events)
    else:
        from overcut.cli.board import watch

        watch(source, pace)


def parse_speed(text: str) -> float | None:
    """Times real time; None for ``max``.

    Raises:
        WrongUsageError: neither ``max`` nor a number from 0.25 to 1000.
    """
    if text == "max":
        return None
    try:
        speed = float(text.rstrip("xX"))
    except ValueError:
        speed = float("nan")
    if not MIN_SPEED <= speed <= MAX_SPEED:
        raise WrongUsageError(
            f"--speed {text} is not a speed", hint=f"give max, or a number from {MIN_SPEED:g} to {MAX_SPEED:g}"
        )
    return speed


def _print_json(source: Source, speed: float | None, *, json_output: bool, events: bool) -> None:
    import sys

    import msgspec

    from overcut.runtime.classification import classify
    from overcut.runtime.replay import replay as play

    out = sys.stdout.buffer
    encode = msgspec.json.Encoder().encode

    def write(engine: Engine, happened: list[AnyEvent]) -> None:
        for event in happened:
            out.write(encode(event) + b"\n")
        if happened and speed is not None:  # whoever watches a paced replay wants each as it happens
            out.flush()

    engine = play(source, speed=speed, on_events=write if events else None)
    if json_output:
        out.write(encode(classify(engine.state())) + b"\n")
    out.flush()
