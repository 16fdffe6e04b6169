"""`overcut config`: what each setting is, and who decided it."""

from __future__ import annotations

from typing import Annotated

import typer

config = typer.Typer(
    help="Show each setting, its value and where that came from.", no_args_is_help=True, rich_markup_mode="rich"
)


@config.callback()
def _config() -> None:  # pyright: ignore[reportUnusedFunction] -- keeps `show` a command of its own
    pass


@config.command()
def show(
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Print every setting: value, origin (default, file, environment), meaning.

    Later origins win: default, overcut.toml in this folder, OVERCUT_NAME in the environment, a command's flag. Secrets
    are masked.
    """
    from overcut.kernel.settings import explain_settings

    values = explain_settings()
    if json_output:
        import msgspec

        document = {
            value.name: {"value": value.value, "origin": value.origin, "where": value.where} for value in values
        }
        typer.echo(msgspec.json.encode(document).decode())
        return

    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("setting", "value", "origin", "meaning"):
        table.add_column(heading, overflow="fold")
    for value in values:
        origin = f"{value.origin}: {value.where}" if value.where else str(value.origin)
        table.add_row(value.name, str(value.value), origin, value.description)
    Console().print(table)
