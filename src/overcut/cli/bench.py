"""``overcut bench``: the measurements behind the project's figures, on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError


def bench(
    name: Annotated[
        str, typer.Argument(help="Which measurement; without one, the list.", show_default=False, metavar="NAME")
    ] = "",
    json_output: Annotated[bool, typer.Option("--json", help="The figures as one JSON object.")] = False,
) -> None:
    """Measure speeds and bars on this machine; needs a checkout of the project.

    \b
    overcut bench                    which measurements there are
    overcut bench timing             the decoder's speed, against FastF1 and a naive merge
    overcut bench timing --json
    """
    import sys

    folder = scripts()
    sys.path.insert(0, str(folder))
    from importlib import import_module

    bars = import_module("bars")
    if not name:
        _list(folder, {entry: bar.script for entry, bar in bars.BARS.items()}, json_output=json_output)
        return
    if name not in bars.BARS:
        raise WrongUsageError(
            f"No measurement is called {name}", hint=f"there are {', '.join(bars.BARS)}; `overcut bench` describes them"
        )
    measured = bars.measure(bars.BARS[name])
    if measured.failed:
        raise OvercutError(
            f"The measurement {name} could not be made",
            why=measured.failed,
            hint=f"run it alone to see more: python benchmarks/{bars.BARS[name].script}",
        )
    if json_output:
        import msgspec

        report = bars.Report(name, measured.results)
        typer.echo(msgspec.json.encode(report).decode())
    else:
        typer.echo("\n".join(bars.lines(name, measured)))


def scripts() -> Path:
    """The folder of measurements beside this package's source.

    Raises:
        DataMissingError: the package was installed without the checkout.
    """
    import overcut

    folder = Path(overcut.__file__).resolve().parents[2] / "benchmarks"
    if not (folder / "bars.py").is_file():
        raise DataMissingError(
            "There are no measurements here",
            why="they are scripts of the project's checkout, not of the installed package",
            hint="clone the project, run `make setup`, and use the `overcut` of its .venv",
        )
    return folder


def _list(folder: Path, registered: dict[str, str], *, json_output: bool) -> None:
    import ast

    import msgspec

    described = {
        name: (ast.get_docstring(ast.parse((folder / script).read_text(encoding="utf-8"))) or "").split("\n")[0]
        for name, script in registered.items()
    }
    if json_output:
        typer.echo(msgspec.json.encode(described).decode())
        return
    width = max(map(len, described))
    for name, question in described.items():
        typer.echo(f"{name:{width}}  {question}")
