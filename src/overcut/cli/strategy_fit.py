"""``overcut strategy fit``: the simulator's parameters from the lake."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def fit(
    out: Annotated[Path, typer.Option("--out", help="File to write the parameters to.", show_default=False)],
    before: Annotated[
        str | None,
        typer.Option("--before", help="Read only sessions earlier than this one, as 2024-05-R.", show_default=False),
    ] = None,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object: what was read and written.")] = False,
) -> None:
    """Fit pace, tyres, pit lane, passing, cautions and the rest from the lake's races.

    \b
    overcut strategy fit --out parameters.json
    overcut strategy fit --out before-monaco.json --before 2024-08-R
    """
    import msgspec

    from overcut.kernel.errors import WrongUsageError
    from overcut.kernel.settings import load_settings
    from overcut.runtime.lake import lake_of
    from overcut.strategy.fitting import fit as fitted

    if out.is_dir():  # said before a minute of fitting, not after it
        raise WrongUsageError(f"{out} is a folder", hint="--out names the file to write")
    found = fitted(lake_of(load_settings()), before=before)
    found.save(out)
    if json_output:
        typer.echo(msgspec.json.encode({"file": str(out), "provenance": found.provenance}).decode())
        return
    typer.echo(f"{out}: {found.provenance.words()}, {len(found.pace.circuits)} circuits")
