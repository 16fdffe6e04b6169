"""``overcut quality``: how good a session's data is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from overcut.runtime.quality.report import QualityFinding, QualityReport

FINDINGS_SHOWN = 25


def quality(
    session: Annotated[
        str,
        typer.Argument(
            help="A session's folder, a recording, or a name: 2024-14-R, “2025 monaco Q”.", show_default=False
        ),
    ],
    json_output: Annotated[bool, typer.Option("--json", help="The whole report as one JSON object.")] = False,
    compare: Annotated[
        bool, typer.Option("--compare/--no-compare", help="Compare with other sources of the same session.")
    ] = True,
    everything: Annotated[bool, typer.Option("--all", help="Every finding, however small.")] = False,
) -> None:
    """Say how good a session's data is: what is missing, repaired, doubtful.

    \b
    overcut quality 2024-14-R
    overcut quality RECORDING --json
    """
    from overcut.kernel.settings import load_settings
    from overcut.runtime.finding import find_source
    from overcut.runtime.quality.comparison import compare_sources
    from overcut.runtime.quality.examine import examine

    settings = load_settings()
    source = find_source(session, settings)
    report = examine(source, compare_sources(source, settings) if compare else ())
    if json_output:
        import msgspec

        typer.echo(msgspec.json.encode(report).decode())
        return
    from rich.console import Console

    _show(report, Console(highlight=False), None if everything else FINDINGS_SHOWN)


_VERDICT_STYLE = {"good": "bold green", "fair": "bold yellow", "poor": "bold red", "absent": "dim"}
_SEVERITY_STYLE = {"missing": "red", "doubtful": "yellow", "repaired": "green", "info": "dim"}


def _show(report: QualityReport, console: Console, most: int | None) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from overcut.runtime.quality.words import lasting

    title = Text(report.name or report.session, style="bold")
    title.append(f"  {report.session}", style="dim")
    if report.simulated:
        title.append("  SIMULATED ", style="bold black on cyan")
    title.append(f"  {report.source.value}, {lasting(report.end_ms - report.start_ms)}", style="dim")
    console.print(title)
    areas = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for area in report.areas:
        counted = ", ".join(f"{count} {severity.value}" for severity, count in area.findings.items())
        areas.add_row(
            area.area.value.replace("_", " "),
            Text(area.verdict.value, style=_VERDICT_STYLE[area.verdict.value]),
            area.text,
            Text(counted, style="dim"),
        )
    console.print(Padding(areas, (1, 0)))
    shown = report.findings if most is None else report.findings[:most]
    findings = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    findings.add_column(no_wrap=True)
    findings.add_column(no_wrap=True)
    findings.add_column()
    for found in shown:
        findings.add_row(*_row(found))
    console.print(findings if shown else Text("Nothing is missing, doubtful or repaired.", style="green"))
    if len(shown) < len(report.findings):
        console.print(f"[dim]… and {len(report.findings) - len(shown)} smaller ones: --all[/]")


def _row(found: QualityFinding) -> tuple[Text, Text, Text]:
    from rich.text import Text

    told = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in found.text)
    return (
        Text(found.severity.value, style=_SEVERITY_STYLE[found.severity.value]),
        Text(found.area.value.replace("_", " "), style="dim"),
        Text(told),
    )
