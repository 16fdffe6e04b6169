"""Which commands there are, where each one lives, and how an error reaches the person at the terminal.

A command's module is imported only when that command runs or when help lists it, and command modules keep their heavy
imports inside the function, so ``overcut --help`` costs no more than Typer itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Annotated, NamedTuple

import typer

from overcut.cli.output import OutputError, check_output, drop_output, finish_output
from overcut.kernel.errors import OvercutError
from overcut.kernel.version import __version__


class CommandEntry(NamedTuple):
    """One line of the table: the command's name, ``module:attribute`` of its function or sub-app, its help panel."""

    name: str
    target: str
    panel: str


WATCH, READ, MAKE, RUN = "Watch a session", "Read a session", "Make one up", "Run Overcut"

COMMANDS: tuple[CommandEntry, ...] = (
    CommandEntry("demo", "overcut.cli.demo:demo", WATCH),
    CommandEntry("live", "overcut.cli.live:live", WATCH),
    CommandEntry("replay", "overcut.cli.replay:replay", WATCH),
    CommandEntry("serve", "overcut.cli.serve:serve", WATCH),
    CommandEntry("record", "overcut.cli.record:record", WATCH),
    CommandEntry("fetch", "overcut.cli.fetch:fetch", WATCH),
    CommandEntry("login", "overcut.cli.login:login", WATCH),
    CommandEntry("laps", "overcut.cli.laps:laps", READ),
    CommandEntry("telemetry", "overcut.cli.telemetry:telemetry", READ),
    CommandEntry("compare-laps", "overcut.cli.compare_laps:compare_laps", READ),
    CommandEntry("quality", "overcut.cli.quality:quality", READ),
    CommandEntry("pace", "overcut.cli.pace:pace", READ),
    CommandEntry("championship", "overcut.cli.championship:championship", READ),
    CommandEntry("sql", "overcut.cli.sql:sql", READ),
    CommandEntry("simulate", "overcut.cli.simulate:simulate", MAKE),
    CommandEntry("hub", "overcut.cli.hub:hub", MAKE),
    CommandEntry("doctor", "overcut.cli.doctor:doctor", RUN),
    CommandEntry("openapi", "overcut.cli.openapi:openapi", RUN),
    CommandEntry("backtest", "overcut.cli.backtest:backtest", RUN),
    CommandEntry("bench", "overcut.cli.bench:bench", RUN),
    CommandEntry("analyse", "overcut.cli.analyse:app", READ),
    CommandEntry("history", "overcut.cli.history:app", READ),
    CommandEntry("features", "overcut.cli.features:app", READ),
    CommandEntry("strategy", "overcut.cli.strategy:app", READ),
    CommandEntry("lake", "overcut.cli.lake:app", RUN),
    CommandEntry("config", "overcut.cli.config:config", RUN),
)
"""Every command, in the order of the help text (Typer lists sub-apps last)."""


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"overcut {__version__}")
        raise typer.Exit()


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Formula 1 sessions, told truthfully: replay a recording, simulate a race weekend, watch it on a live board.

    Unofficial; not associated with Formula 1. Each command explains itself with `overcut COMMAND --help`.
    """


def build(entries: Iterable[CommandEntry] = COMMANDS) -> typer.Typer:
    """The command-line app with the given commands; importing each one's module."""
    app = typer.Typer(
        name="overcut",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    app.callback()(_root)
    for entry in entries:
        module, attribute = entry.target.split(":")
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=entry.name, rich_help_panel=entry.panel)
        else:
            app.command(entry.name, rich_help_panel=entry.panel)(found)
    return app


def _needed(arguments: Sequence[str]) -> tuple[CommandEntry, ...]:
    """Only the command that is named first; all of them where help or a suggestion may have to list them."""
    named = tuple(entry for entry in COMMANDS if arguments and entry.name == arguments[0])
    return named or COMMANDS


def print_error(error: OvercutError) -> None:
    """What went wrong, why, and what to try, on standard error."""
    typer.secho(f"Error: {error.what}", err=True, fg=typer.colors.RED, bold=True)
    if error.why:
        typer.echo(f"  Why: {error.why}", err=True)
    if error.hint:
        typer.echo(f"  Try: {error.hint}", err=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 fine, 1 failed, 2 wrong usage, 3 data missing, 4 not allowed.

    130 when interrupted. Only an `OvercutError` is turned into a message; any other exception is a bug and shows.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    check_output()
    try:
        return _run(given)
    except OutputError as error:
        drop_output()
        if error.quiet:
            return 0
        print_error(error)
        return int(error.exit_code)
    except OvercutError as error:
        print_error(error)
        return int(error.exit_code)


def _run(given: list[str]) -> int:
    code = 0
    if given == ["--version"]:
        typer.echo(f"overcut {__version__}")
    else:
        try:
            build(_needed(given))(given, prog_name="overcut")
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    finish_output()
    return code


if __name__ == "__main__":
    sys.exit(main())
