"""``overcut analyse``: saved analyses of laps, and the quick comparison of two drivers or teams."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.runtime.analysis import AnalysisResult

app = typer.Typer(
    no_args_is_help=True,
    help="Compare drivers, teams and eras on laps; run saved analyses.",
)

EXAMPLE = """\
# An analysis: overcut analyse run FILE. docs/concepts/pace.md explains every field.
version = 1
name = "Two teams on fair laps"
mode = "race"                       # race: laps; qualifying: best laps by part; season: fair pace by race
sessions = ["2024-07-R"]            # keys, patterns such as 2024-*-R, or names
seed = 1

[filters]                           # all optional
verdicts = ["clean"]
teams = ["McLaren", "Ferrari"]

[[steps]]
do = "compare"
by = "team"
a = ["McLaren"]
b = ["Ferrari"]
measure = "fair_s"

[[steps]]
do = "regress"
measure = "lap_time_s"
terms = ["driver", "compound", "age_laps", "lap"]

[[steps]]
do = "summarise"
by = ["driver", "compound"]
measure = "fair_s"

[[outputs]]
what = "result"
path = "two-teams.json"
"""


@app.command("run")
def run(
    file: Annotated[Path, typer.Argument(help="The analysis: a .toml or .json file.", show_default=False)],
    json_output: Annotated[bool, typer.Option("--json", help="The result as one JSON object.")] = False,
) -> None:
    """Run a saved analysis, and write the files that it names beside it."""
    from overcut.kernel.settings import load_settings
    from overcut.runtime.analysis import load_pipeline, run_analysis

    found = run_analysis(load_pipeline(file), load_settings(), file.parent, _reading)
    for path in found.written:
        typer.secho(f"wrote {path}", err=True, fg=typer.colors.GREEN)
    _tell(found.result, json_output=json_output)


@app.command("example")
def example() -> None:
    """Print a saved analysis to begin with: overcut analyse example > mine.toml."""
    typer.echo(EXAMPLE, nl=False)


@app.command("compare")
def compare(
    a: Annotated[str, typer.Argument(help="One side: a driver's code, or a team with --by team.", show_default=False)],
    b: Annotated[str, typer.Argument(help="The other side.", show_default=False)],
    sessions: Annotated[
        list[str], typer.Argument(help="Races: keys or patterns such as 2024-*-R.", show_default=False)
    ],
    by: Annotated[str, typer.Option(help="driver, team, compound, season …")] = "driver",
    mode: Annotated[
        str, typer.Option(help="race (laps), qualifying (best laps) or season (fair pace by race).")
    ] = "race",
    measure: Annotated[
        str | None, typer.Option(help="What is compared; the mode's own measure when not given.", show_default=False)
    ] = None,
    json_output: Annotated[bool, typer.Option("--json", help="The result as one JSON object.")] = False,
) -> None:
    """Compare two drivers, teams or eras: the difference with its interval, named tests, their assumptions checked.

    \b
    overcut analyse compare NOR PIA 2024-07-R
    overcut analyse compare McLaren Ferrari "2024-*-R" --by team --mode season
    """
    from overcut.insights.analysis.pipeline import Compare, Filters, Mode, Pipeline
    from overcut.kernel.errors import WrongUsageError
    from overcut.kernel.settings import load_settings
    from overcut.runtime.analysis import run_analysis

    if mode not in list(Mode):
        raise WrongUsageError(f"There is no mode {mode}", hint=f"modes are {', '.join(Mode)}")
    chosen = Mode(mode)
    own = {Mode.RACE: "fair_s" if len(sessions) == 1 and "*" not in sessions[0] else "fair_pct"}
    wanted = measure or own.get(chosen, "gap_pct" if chosen is Mode.QUALIFYING else "to_field_pct")
    paired = "session_key" if chosen is not Mode.RACE and by in ("driver", "team") else ""
    pipeline = Pipeline(
        version=1,
        name=f"{a} against {b}",
        mode=chosen,
        sessions=sessions,
        filters=Filters(verdicts=["clean"] if chosen is Mode.RACE else []),
        steps=[Compare(by=by, measure=wanted, a=a.split(","), b=b.split(","), paired=paired)],
    )
    _tell(run_analysis(pipeline, load_settings(), Path(), _reading).result, json_output=json_output)


def _reading(session: str) -> None:
    typer.secho(f"reading {session}", err=True, dim=True)


def _tell(result: AnalysisResult, *, json_output: bool) -> None:
    if json_output:
        import msgspec

        typer.echo(msgspec.json.encode(result).decode())
        return
    from rich.console import Console

    from overcut.cli.analysis_tables import show

    show(result, Console(highlight=False))
