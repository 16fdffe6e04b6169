"""``overcut features``: which features there are, their values, and whether they hold what they declare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.lake.features.declaration import Feature

app = typer.Typer(
    name="features",
    help="Features for forecasts: the catalogue, values of any session, checks.",
    no_args_is_help=True,
)

Json = Annotated[bool, typer.Option("--json", help="JSON lines, one object a feature, row or season.")]
SHOWN = 40
"""Rows printed at most; a file holds all of them."""


@app.command("list")
def list_features(
    entity: Annotated[
        str | None, typer.Argument(help="Only of this entity, for example car_lap.", show_default=False)
    ] = None,
    json_output: Json = False,
) -> None:
    """Every feature: what it means, its unit and window, when it is known, what it reads."""
    import msgspec

    from overcut.lake.features.catalogue import CATALOGUE, chosen

    found = chosen([entity]) if entity else list(CATALOGUE.values())
    if json_output:
        for feature in found:
            typer.echo(msgspec.json.encode(feature))
        return
    _print_catalogue(found)


@app.command()
def show(
    feature: Annotated[str, typer.Argument(help="The feature, as car_lap.pace_3_s or pace_3_s.", show_default=False)],
    session: Annotated[str | None, typer.Option(help="Print its values in this session.", show_default=False)] = None,
    driver: Annotated[str | None, typer.Option(help="Only this racing number.", show_default=False)] = None,
    json_output: Json = False,
) -> None:
    """One feature in full; with a session, its values.

    \b
    overcut features show pace_3_s
    overcut features show gap_ahead_s --session 2023-05-R --driver 14
    """
    import msgspec

    from overcut.lake.features.catalogue import feature_called

    found = feature_called(feature)
    if session is not None:
        _print_values(found, session, driver, json_output=json_output)
    elif json_output:
        typer.echo(msgspec.json.encode(found))
    else:
        _print_feature(found)


@app.command()
def build(
    sessions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SESSION...]", help="Sessions, or seasons; all in the lake when left out.", show_default=False
        ),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes that compute at once.")] = 2,
    out: Annotated[Path | None, typer.Option(help="Where to; the home folder's features.", show_default=False)] = None,
    json_output: Json = False,
) -> None:
    """Compute the features of sessions in the lake and keep them, one Parquet file a season and entity.

    What is kept is used wherever features are asked for, as long as the lake's rows and the features have not changed.
    """
    import time

    import msgspec

    from overcut.kernel.errors import DataMissingError
    from overcut.kernel.settings import load_settings
    from overcut.runtime.features import FEATURES_FOLDER, BuiltGroup, build_features
    from overcut.runtime.lake import lake_of

    settings = load_settings()
    lake = lake_of(settings)
    known = lake.units("laps")
    wanted = [
        key for key in known if not sessions or any(key == name or key.startswith(f"{name}-") for name in sessions)
    ]
    if not wanted:
        raise DataMissingError(
            "The lake has no laps of these sessions" if sessions else "The lake has no laps",
            hint="overcut lake add SESSION, or overcut history import, brings some",
        )

    def tell(group: BuiltGroup) -> None:
        if json_output:
            typer.echo(msgspec.json.encode(group))
        else:
            rows = ", ".join(f"{count} {entity}" for entity, count in group.rows.items())
            typer.echo(f"{group.group}: {'up to date' if group.kept else f'{rows} in {group.seconds:.1f} s'}")

    began = time.perf_counter()
    folder = out or settings.home / FEATURES_FOLDER
    done = build_features(lake, folder, wanted, jobs=jobs, tell=tell)
    rows = sum(count for group in done for count in group.rows.values())
    took_s = time.perf_counter() - began
    typer.secho(f"{rows} rows in {took_s:.1f} s, kept in {folder}", err=True, fg=typer.colors.GREEN)


@app.command()
def check(
    session: Annotated[
        list[str] | None,
        typer.Option(help="Sessions to check; the lake's ten latest when left out.", show_default=False),
    ] = None,
    json_output: Json = False,
) -> None:
    """Whether features hold what they declare: ranges, lineage, and that no value rests on what came later.

    Leaves with 1 when one does not.
    """
    import msgspec
    from rich.console import Console

    from overcut.kernel.settings import load_settings
    from overcut.lake.features.checks import checked
    from overcut.runtime.features import feature_store

    store = feature_store(load_settings())
    report = checked(store, session or store.sessions()[-10:])
    if json_output:
        typer.echo(msgspec.json.encode(report))
    else:
        console = Console(highlight=False)
        console.print(f"{report.features} features, {report.rows} rows of {len(report.sessions)} sessions")
        for fault in report.faults:
            console.print(f"[red]{fault}[/]")
        console.print("[green]all hold[/]" if not report.faults else f"[red]{len(report.faults)} faults[/]")
    if report.faults:
        raise typer.Exit(1)


def _print_catalogue(found: list[Feature]) -> None:
    from itertools import groupby

    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    for entity, features in groupby(found, key=lambda feature: feature.entity):
        shown = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0), title_justify="left",
                      title=f"[bold]{entity.value}[/]", title_style="")  # fmt: skip
        for heading in ("feature", "unit", "window", "meaning"):
            shown.add_column(heading, no_wrap=heading in ("feature", "unit"))
        for feature in features:
            shown.add_row(feature.name, feature.unit or feature.type.value, feature.window, feature.meaning)
        console.print(shown)
        console.print()


def _print_feature(feature: Feature) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    bounds = f"{'' if feature.low is None else feature.low} to {'' if feature.high is None else feature.high}"
    rows = {
        "feature": f"{feature.id}, version {feature.version}",
        "meaning": feature.meaning,
        "type": f"{feature.type.value}{f', {feature.unit}' if feature.unit else ''}",
        "window": feature.window,
        "known": feature.known,
        "reads": ", ".join(feature.reads),
        "range": ", ".join(feature.choices) or (bounds if bounds != " to " else "any number"),
        "owner": feature.owner,
    }
    for name, text in rows.items():
        console.print(f"[dim]{name:8}[/] {text}")


def _print_values(feature: Feature, session: str, driver: str | None, *, json_output: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    from overcut.kernel.errors import DataMissingError
    from overcut.kernel.settings import load_settings
    from overcut.runtime.features import feature_store

    rows = feature_store(load_settings()).values(feature, session, driver)
    if rows.is_empty():
        raise DataMissingError(
            f"The lake has no {feature.id} in {session}" + (f" of car {driver}" if driver else ""),
            hint=f"overcut lake add {session} brings the session into the lake",
        )
    if json_output:
        typer.echo(rows.write_ndjson(), nl=False)
        return
    shown = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in rows.columns:
        shown.add_column(column)
    for row in rows.head(SHOWN).iter_rows():
        shown.add_row(*(_cell(value) for value in row))
    Console(highlight=False).print(shown)
    if rows.height > SHOWN:
        typer.echo(f"{rows.height - SHOWN} more; --json prints all")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)
