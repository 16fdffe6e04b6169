"""``overcut strategy``: the race simulator's parameters, what-ifs, plans and hindsight."""

from __future__ import annotations

import typer

from overcut.cli.strategy_circuit import circuit
from overcut.cli.strategy_fit import fit
from overcut.cli.strategy_hindsight import hindsight
from overcut.cli.strategy_marginals import marginals
from overcut.cli.strategy_optimise import optimise
from overcut.cli.strategy_parameters import parameters
from overcut.cli.strategy_whatif import whatif
from overcut.cli.strategy_window import window

app = typer.Typer(help="Ten thousand races before the next corner: fit, ask what if, plan, look back.")
app.command("fit")(fit)
app.command("circuit")(circuit)
app.command("marginals")(marginals)
app.add_typer(parameters, name="parameters")
app.command("window")(window)
app.command("optimise")(optimise)
app.command("hindsight")(hindsight)
app.command("whatif")(whatif)
