"""``overcut strategy parameters``: what the simulator believes, by circuit, season and car; and changing it by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.strategy.model import CircuitModel, Estimate
    from overcut.strategy.parameters import ParameterSet

parameters = typer.Typer(help="The simulator's fitted figures: show, and change a copy by hand.", no_args_is_help=True)

FileOption = Annotated[
    Path | None, typer.Option("--parameters", help="A file of `fit`; else those shipped.", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@parameters.command("show")
def show(
    circuit: Annotated[
        str | None, typer.Argument(help="A circuit by F1DB id, as monaco; else all.", show_default=False)
    ] = None,
    season: Annotated[
        int | None, typer.Option(help="The year it is asked for; else the last one.", show_default=False)
    ] = None,
    file: FileOption = None,
    json_output: JsonOption = False,
) -> None:
    """Show where the figures come from and what they are for a circuit.

    \b
    overcut strategy parameters show
    overcut strategy parameters show monaco --season 2024
    """
    import msgspec

    found = _read(file)
    year = season or max((one.season for one in found.pace.circuits), default=2025)
    if circuit is None:
        if json_output:
            typer.echo(msgspec.json.encode({"provenance": found.provenance, "pace": found.pace}).decode())
            return
        _show_all(found, year)
        return
    _known(found, circuit)
    model = found.circuit(circuit, year)
    if json_output:
        typer.echo(msgspec.json.encode({"provenance": found.provenance, "circuit": model}).decode())
        return
    _show_circuit(found, model)


@parameters.command("edit")
def edit(
    changes: Annotated[list[str], typer.Argument(help="PATH=VALUE, as circuits.monaco.pit.loss_s.mean=19.5")],
    out: Annotated[Path, typer.Option("--out", help="File to write the changed copy to.", show_default=False)],
    file: FileOption = None,
) -> None:
    """Write a copy with some figures changed; the copy says which.

    \b
    overcut strategy parameters edit circuits.monaco.pit.loss_s.mean=19.5 --out mine.json
    """
    from overcut.kernel.errors import WrongUsageError
    from overcut.strategy.parameters.editing import edited

    wanted: dict[str, float] = {}
    for change in changes:
        path, _, value = change.partition("=")
        try:
            wanted[path] = float(value)
        except ValueError as error:
            raise WrongUsageError(
                f"{change!r} is no change of a figure", hint="PATH=VALUE, as noise.drift_kept=0.8"
            ) from error
    found = edited(_read(file), wanted)
    found.save(out)
    for note in found.provenance.edits[-len(wanted) :]:
        typer.echo(note)


def _read(file: Path | None) -> ParameterSet:
    from overcut.strategy.parameters import ParameterSet, shipped

    return shipped() if file is None else ParameterSet.load(file)


def _known(found: ParameterSet, circuit: str) -> None:
    """Refuse a name that was never raced at: the model would silently be that of any circuit."""
    from overcut.kernel.errors import WrongUsageError

    names = sorted({one.circuit_id for one in found.pace.circuits})
    if circuit not in names:
        raise WrongUsageError(f"Nobody raced at {circuit!r} in these parameters", hint=f"one of: {', '.join(names)}")


def _show_all(found: ParameterSet, season: int) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"Parameters: {found.provenance.words()}; for {season}; ± is one standard deviation")
    table = Table("circuit", "laps", "races", "lap s", "fuel s/lap", "soft s", "hard s", "wear S/M/H s/lap", "stop s")
    for one in found.pace.circuits:
        model = found.circuit(one.circuit_id, season, one.laps)
        soft, medium, hard = model.tyres[:3]
        table.add_row(
            one.circuit_id,
            str(one.laps),
            str(one.races),
            f"{model.lap_s.mean:.1f}",
            f"{model.fuel_s.mean:.3f}",
            f"{soft.offset_s.mean:+.2f}",
            f"{hard.offset_s.mean:+.2f}",
            f"{soft.wear_s.mean:.3f} {medium.wear_s.mean:.3f} {hard.wear_s.mean:.3f}",
            _told(model.pit.loss_s, 1),
        )
    console.print(table)


def _show_circuit(found: ParameterSet, model: CircuitModel) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"{model.circuit_id} {model.season}, {model.laps} laps; {found.provenance.words()}")
    tyres = Table("tyre", "against medium s", "wear s/lap", "known to lap", "beyond s/lap", "out-lap s", "usual stint")
    for tyre in model.tyres[:3]:
        tyres.add_row(
            tyre.compound.value,
            _told(tyre.offset_s, 2),
            _told(tyre.wear_s, 3),
            _told(tyre.life_laps, 0),
            _told(tyre.cliff_s, 3),
            _told(tyre.warm_up_s, 2),
            f"{tyre.typical_stint_laps:.0f}",
        )
    console.print(tyres)
    rows = Table("what", "figure")
    for name, text in (
        ("lap of the reference car, s", _told(model.lap_s, 2)),
        ("a lap of fuel, s", _told(model.fuel_s, 4)),
        ("track evolution a lap, s", _told(model.evolution_s, 4)),
        ("stop under green, s", _told(model.pit.loss_s, 2)),
        ("stop under SC, s", _told(model.pit.loss_sc_s, 2)),
        ("stop under VSC, s", _told(model.pit.loss_vsc_s, 2)),
        ("a slot on the grid, s", f"{model.start.slot_s:.2f}"),
        ("spread of the first lap, s", f"{model.start.spread_s:.2f}"),
        ("log-odds of a pass", _told(model.traffic.pass_intercept, 2)),
        ("safety cars per green lap", _told(model.neutralisations.sc_per_lap, 4)),
    ):
        rows.add_row(name, text)
    console.print(rows)


def _told(figure: Estimate, places: int) -> str:
    return f"{figure.mean:.{places}f} ± {figure.sd:.{places}f}"
