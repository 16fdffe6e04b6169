"""``overcut strategy circuit``: how hard passing is, what a stop costs, how likely a safety car is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.strategy.circuits import CircuitAnswer, Interval


def circuit(
    name: Annotated[str, typer.Argument(help="A circuit: id, name, place or Grand Prix.", show_default=False)],
    season: Annotated[int, typer.Option(min=1950, max=2100, help="The year.")] = 2025,
    laps: Annotated[
        int | None, typer.Option(min=1, max=127, help="Distance; the usual one if not given.", show_default=False)
    ] = None,
    car: Annotated[
        list[str] | None,
        typer.Option(help="team/driver, as ferrari/LEC: its risk of retiring; may be repeated.", show_default=False),
    ] = None,
    parameters: Annotated[
        Path | None, typer.Option(help="File of parameters; the shipped ones if not given.", show_default=False)
    ] = None,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Overtaking difficulty, pit loss, and the odds of safety cars and retirements, each with its 80 % interval.

    \b
    overcut strategy circuit monaco
    overcut strategy circuit spa --season 2026 --car mclaren/NOR --json
    """
    from overcut.kernel.errors import WrongUsageError
    from overcut.strategy.circuits import circuit_answer, known_circuit
    from overcut.strategy.parameters import ParameterSet, shipped

    wrong = [text for text in car or () if not text.replace("/", "").strip()]
    if wrong:
        raise WrongUsageError(f"{wrong[0]!r} names no car", hint="write team/driver, as ferrari/LEC")
    used = ParameterSet.load(parameters) if parameters else shipped()
    pairs = [(text.partition("/")[0], text.partition("/")[2].upper()) for text in car or ()]
    found = circuit_answer(used, known_circuit(used, name), season, laps, pairs)
    if json_output:
        import msgspec

        typer.echo(msgspec.json.encode(found).decode())
        return
    _show(found)


def _show(found: CircuitAnswer) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{found.circuit_id}, {found.season}, {found.laps} laps", caption=found.provenance)
    table.add_column("")
    for column in ("middle", "80 % interval"):
        table.add_column(column, justify="right")
    hard, flags = found.difficulty, found.neutralisations
    place = f" (rank {hard.rank} of {hard.of})" if hard.rank else " (circuit not seen: what is usual)"
    _row(table, f"overtaking difficulty, 0 to 100{place}", hard.index, 1.0, "")
    _row(table, "ahead by, for an even chance to pass", hard.needed_s, 1.0, " s")
    _row(table, "stop under green", found.pit.green_s, 1.0, " s")
    _row(table, "stop behind the safety car", found.pit.safety_car_s, 1.0, " s")
    _row(table, "stop under a virtual safety car", found.pit.virtual_s, 1.0, " s")
    _row(table, "a safety car in the race", flags.safety_car, 100.0, " %")
    _row(table, "a safety car within five laps", flags.next_five_laps, 100.0, " %")
    _row(table, "a virtual safety car in the race", flags.virtual, 100.0, " %")
    _row(table, "a red flag in the race", flags.red, 100.0, " %")
    for risk in found.retirements:
        who = f"{risk.team} {risk.driver}".strip() or "an average car"
        _row(table, f"{who} retires", risk.retires, 100.0, " %")
    Console().print(table)
    seen = found.seen
    typer.echo(
        f"seen: {seen.races} races, {seen.passes} passes, {seen.safety_cars} safety cars, {seen.virtual} virtual, "
        f"{seen.red} red flags, {seen.retirements} of {seen.starters} cars retired"
    )


def _row(table: object, name: str, interval: Interval, scale: float, unit: str) -> None:
    from rich.table import Table

    assert isinstance(table, Table)  # noqa: S101 -- for the type checker; rich is imported late
    low, high = interval.low * scale, interval.high * scale
    table.add_row(name, f"{interval.middle * scale:.1f}{unit}", f"{low:.1f} to {high:.1f}{unit}")
