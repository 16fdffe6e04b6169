"""`overcut telemetry`: what a car did on a lap, channel by channel, as a table in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.runtime.telemetry import TelemetryLibrary
    from overcut.timing.telemetry.session import LapTelemetry

SHOWN_LAPS = 12


def telemetry(
    session: Annotated[
        str, typer.Argument(metavar="PATH", help="Session: a path, or a name as 2025-20-Q.", show_default=False)
    ],
    driver: Annotated[
        list[str], typer.Option(help="Driver by code, number or name; several by repeating it.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(help="File to write: .parquet, .csv, .json or .jsonl.", show_default=False)],
    lap: Annotated[str, typer.Option(help="Lap number, fastest, or all.")] = "fastest",
) -> None:
    """What a car did on a lap: speed, pedals, gear, place, distance, by time.

    \b
    overcut telemetry 2025-20-Q --driver NOR --lap fastest --out norris.parquet
    overcut telemetry SESSION --driver NOR --driver PIA --lap 12 --out two.csv

    What is missing is null and marked, never zero. Errors that remain are told on standard error.
    """
    import polars as pl

    from overcut.kernel.errors import DataMissingError
    from overcut.kernel.settings import load_settings
    from overcut.runtime.drivers import drivers_called
    from overcut.runtime.finding import find_source
    from overcut.runtime.lap_tables import check_format, write_table
    from overcut.runtime.telemetry import open_telemetry

    check_format(out)
    library = open_telemetry(find_source(session, load_settings()))
    cars = drivers_called(driver, library.cars)
    found: list[LapTelemetry] = []
    without = 0
    for car in cars:
        for one in library.chosen(car, lap):
            read = library.lap(car, one)
            without += read is None
            found += [read] if read else []
    if not found:
        raise DataMissingError(
            f"The feed has no car data of {', '.join(car.code or car.number for car in cars)} on that lap",
            why="the car sent nothing, or the feed did not tell when the lap began",
            hint="try --lap all",
        )
    write_table(pl.concat([read.table for read in found]), out)
    _tell(library, found, without, out)


def _tell(library: TelemetryLibrary, found: list[LapTelemetry], without: int, out: Path) -> None:
    """The summary on standard error."""
    from overcut.runtime.quality.words import count_of

    for read in found[:SHOWN_LAPS]:
        typer.echo(_sentence(read), err=True)
    if len(found) > SHOWN_LAPS:
        typer.echo(f"… and {count_of(len(found) - SHOWN_LAPS, 'lap')} more", err=True)
    if without:
        typer.echo(f"{count_of(without, 'lap')} without car data left out", err=True)
    damaged = sum(defect.count for defect in library.telemetry.defects.values())
    if damaged:
        typer.echo(f"{damaged} damaged telemetry messages in the session were left out", err=True)
    rows = sum(read.table.height for read in found)
    typer.secho(f"wrote {rows} rows, {count_of(len(found), 'lap')}, to {out}", err=True, fg=typer.colors.GREEN)


def _sentence(read: LapTelemetry) -> str:
    """One lap: who, how many samples, how well placed, how far off, what is missing."""
    from overcut.runtime.quality.words import count_of

    report, name = read.report, read.table["driver"][0] or read.table["driver_number"][0]
    fit = report.fit
    parts = [
        f"{name} lap {report.lap}: {report.car_samples} car samples, {report.position_samples} positions",
        {
            "both_crossings": "placed by both crossings of the line",
            "one_crossing": "placed by one crossing of the line",
            "told": "placed as the feed told it",
        }[report.alignment.value]
        + (f" ({report.error_ms:+.0f} ms between them)" if report.error_ms is not None else ""),
    ]
    if fit.residual_m is None:
        parts.append(f"{fit.integrated_m:.0f} m by speed, not fitted")
    else:
        sectors = ", ".join(f"{metres:+.0f}" for metres in fit.sector_residuals_m)
        parts.append(
            f"{fit.integrated_m:.0f} m by speed, {fit.residual_m:+.0f} m off the lap's length"
            + (f" (sectors {sectors})" if sectors else "")
            + (", fitted" if fit.fitted else ", too far to be fitted")
        )
    lost = sum(gap.to_ms - gap.from_ms for gap in report.gaps if gap.channel == "car") / 1000
    parts.append(f"{count_of(len(report.gaps), 'gap')}, {lost:.1f} s without car data" if report.gaps else "no gaps")
    return "; ".join(parts)
