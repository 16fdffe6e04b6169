"""``overcut lake add``: sessions into the lake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.runtime.lake_sessions import Added


def add(
    sessions: Annotated[
        list[str],
        typer.Argument(
            metavar="SESSION...",
            help="Sessions: folders, recordings, folders of sessions, or names as 2024-14-R.",
            show_default=False,
        ),
    ],
    telemetry: Annotated[bool, typer.Option(help="Take car telemetry too, most of the rows.")] = True,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON line a session.")] = False,
    in_background: Annotated[
        bool, typer.Option("--in-background", help="Leave the machine to others first.", hidden=True)
    ] = False,
) -> None:
    """Put sessions into the lake: laps, stints, stops, gaps, weather, messages, events, telemetry.

    A session that is there already is read again and replaced; the same rows change nothing. Sessions that you record,
    or watch to the end, come by themselves (setting lake_sessions).
    """
    import os
    from pathlib import Path

    import msgspec
    from rich.console import Console
    from rich.markup import escape

    from overcut.kernel.errors import OvercutError
    from overcut.kernel.settings import load_settings
    from overcut.runtime.lake import lake_of
    from overcut.runtime.lake_imports import add_named
    from overcut.sources.opening import find_sessions

    if in_background and hasattr(os, "nice"):
        os.nice(10)
    settings = load_settings()
    lake = lake_of(settings)
    console = Console(stderr=True, highlight=False)
    failures: list[OvercutError] = []
    for text in sessions:
        path = Path(text)
        inside = find_sessions(path) if path.is_dir() else []
        for folder in inside or [None]:
            name = str(folder or text)
            with console.status(escape(name)) as line:
                try:
                    added = add_named(
                        lake,
                        name,
                        settings,
                        telemetry=telemetry,
                        progress=lambda what, name=name: line.update(escape(f"{name}: {what}")),
                    )
                except OvercutError as error:
                    failures.append(error)
                    console.print(f"[red]{escape(name)}[/]: {escape(error.what)}")
                    continue
            if json_output:
                typer.echo(msgspec.json.encode(added).decode())
            else:
                console.print(f"[green]{escape(added.session)}[/] {escape(described(added))}")
    if failures:
        raise failures[0]


def described(added: Added) -> str:
    """One line: what came, and how long it took."""
    rows = added.rows
    parts = [f"{rows.get('laps', 0)} laps of {rows.get('entries', 0)} cars", f"{rows.get('events', 0)} events"]
    if rows.get("telemetry"):
        parts.append(f"{rows['telemetry']:,} telemetry rows")
    if not added.changed:
        parts.append("as it was there already")
    if added.defects:
        times = sum(defect.count for defect in added.defects.values())
        parts.append(f"{times} messages could not be used (overcut quality tells which)")
    return ", ".join(parts) + f"; {added.reading_s + added.writing_s:.1f} s"
