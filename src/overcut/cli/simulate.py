"""``overcut simulate``: write a simulated weekend in the archive's own format."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from overcut.domain.session import SessionKind
from overcut.kernel.errors import WrongUsageError

WEEKEND = "FP1,FP2,FP3,Q,R"


def simulate(
    season: Annotated[int, typer.Option(help="Season whose cars, drivers and rules take part: 2025 or 2026.")] = 2025,
    circuit: Annotated[str, typer.Option(help="Circuit, by id or name: monza, baku, silverstone ...")] = "monza",
    seed: Annotated[int, typer.Option(help="The same seed gives the same weekend, byte for byte.")] = 7,
    out: Annotated[Path, typer.Option(help="Folder under which the sessions are written.")] = Path("simulated"),
    sessions: Annotated[
        str, typer.Option("--sessions", "--session", help="Sessions to write, separated by commas.")
    ] = WEEKEND,
    telemetry: Annotated[bool, typer.Option(help="Write CarData.z and Position.z too.")] = True,
) -> None:
    """Simulate a Grand Prix weekend: practice, qualifying, race.

    Each session is written in the archive's own format, with everything that a board needs.
    """
    from rich.console import Console

    from overcut.domain.circuits import UnknownCircuitError, find_circuit
    from overcut.sources.simulated.weekend import simulate_weekend

    console = Console(stderr=True)
    try:
        known = find_circuit(circuit)
    except UnknownCircuitError as unknown:
        raise WrongUsageError(str(unknown), hint="`overcut simulate --circuit monza` is a good start.") from unknown
    kinds = _kinds(sessions)
    began = time.perf_counter()
    with console.status("") as status:
        folders = simulate_weekend(
            season, known.id, seed, out, kinds, telemetry, lambda text: status.update(f"{known.grand_prix}: {text}")
        )
    for folder in folders:
        size = sum(file.stat().st_size for file in folder.iterdir())
        console.print(f"[green]wrote[/] {folder}  [dim]{size / 1e6:.1f} MB[/]")
    last = folders[-1]
    console.print(
        f"[dim]{time.perf_counter() - began:.1f} s.[/] Watch it: [bold]overcut demo {last}[/]  "
        f"or in the terminal: [bold]overcut replay {last} --speed 10[/]"
    )


def _kinds(text: str) -> list[SessionKind]:
    kinds: list[SessionKind] = []
    for name in (part.strip().upper() for part in text.split(",") if part.strip()):
        try:
            kinds.append(SessionKind(name))
        except ValueError as unknown:
            raise WrongUsageError(f"No session is called {name!r}.", hint=f"Choose from {WEEKEND}.") from unknown
    if not kinds:
        raise WrongUsageError("No session was asked for.", hint=f"Choose from {WEEKEND}.")
    return kinds
