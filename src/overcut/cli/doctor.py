"""`overcut doctor`: what is missing on this machine, and what to do about it."""

from __future__ import annotations

from typing import Annotated

import typer

from overcut.kernel.errors import ExitCode


def doctor(
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Say what is missing on this machine, and what to do.

    Leaves with 0 when Overcut can run here, with 3 when something that it needs is missing. What is only useful (Node,
    a browser, real recordings) is listed and does not fail.
    """
    from overcut.cli.checkup import Verdict, examine

    findings = examine()
    healthy = all(finding.verdict is not Verdict.MISSING for finding in findings)
    if json_output:
        import msgspec

        typer.echo(msgspec.json.encode({"healthy": healthy, "checks": findings}).decode())
    else:
        from rich.console import Console
        from rich.table import Table

        marks = {
            Verdict.FINE: "[green]fine[/]",
            Verdict.OPTIONAL: "[yellow]optional[/]",
            Verdict.MISSING: "[red]missing[/]",
        }
        table = Table(box=None, pad_edge=False)
        for heading in ("check", "", "found", "what to do"):
            table.add_column(heading, overflow="fold")
        for finding in findings:
            table.add_row(finding.name, marks[finding.verdict], finding.found, finding.advice)
        console = Console()
        console.print(table)
        console.print("\nOvercut can run here." if healthy else "\nSomething that Overcut needs is missing.")
    if not healthy:
        raise typer.Exit(ExitCode.DATA_MISSING)
