"""How pace reports look on a terminal."""

from __future__ import annotations

import polars as pl
import typer
from rich.console import Console
from rich.text import Text

from overcut.cli.fitted_table import Cell, Column, show_fitted
from overcut.insights.pace.fairness import told_laps
from overcut.insights.pace.practice_report import PracticeReport, PracticeView
from overcut.insights.pace.report import CompoundPace, Estimate, PaceReport, VerdictCount

SHOWN_LAPS = 300

_DRIVER_COLUMNS = (
    Column(""),
    Column("driver", left=True),
    Column("team", rank=4, left=True),
    Column("pace"),
    Column("gap"),
    Column("90 %", told="90 %"),
    Column("P(next)", rank=6),
    Column("wear", rank=1),
    Column("spread", rank=3),
    Column("clear", rank=2),
    Column("held up", rank=5),
    Column("lost", rank=5),
)
_COMPOUND_COLUMNS = (
    Column("tyre", left=True),
    Column("laps", rank=2),
    Column("sets", rank=3),
    Column("oldest", rank=4),
    Column("against", rank=1, told="against"),
    Column("90 %", rank=5, told="90 % of against"),
    Column("wear/lap"),
    Column("90 %", told="90 % of wear"),
    Column("stopwatch/lap", rank=1),
    Column("90 %", rank=6, told="90 % of stopwatch"),
    Column("cliff", rank=1),
)
_SET_COLUMNS = (
    Column("driver", left=True),
    Column("set"),
    Column("tyre", left=True),
    Column("laps"),
    Column("counted", rank=1),
    Column("mean", rank=2),
    Column("fair"),
    Column("90 %"),
    Column("wear", rank=1),
    Column("90 %", rank=3, told="90 % of wear"),
)
_RUN_COLUMNS = (
    Column("driver", left=True),
    Column("run"),
    Column("kind", rank=3, left=True),
    Column("tyre", left=True),
    Column("age"),
    Column("laps"),
    Column("push", rank=5),
    Column("long", rank=4),
    Column("cool", rank=5),
    Column("best", rank=1),
    Column("mean", rank=2),
    Column("fair", rank=1),
    Column("90 %", rank=1, told="90 % of fair"),
    Column("wear", rank=2),
)
_VIEW_COLUMNS = (
    Column(""),
    Column("driver", left=True),
    Column("team", rank=1, left=True),
    Column("pace"),
    Column("gap"),
    Column("90 %"),
    Column("laps", rank=2),
)
_LAP_COLUMNS = (
    Column("driver", left=True),
    Column("lap"),
    Column("time"),
    Column("tyre", left=True),
    Column("age", rank=1),
    Column("ahead", rank=2),
    Column("verdict", left=True),
    Column("fuel", rank=4),
    Column("tyres", rank=4),
    Column("track", rank=4),
    Column("fair", rank=1),
    Column("off", rank=3),
)


def show(report: PaceReport | PracticeReport, console: Console, *, stints: bool) -> None:
    """Print a report; ``stints``: sets of tyres, or runs, too."""
    if isinstance(report, PaceReport):
        _race(report, console, stints=stints)
    else:
        _practice(report, console, runs=stints)
    console.print(Text("Intervals hold nine times in ten under these assumptions:", style="dim"))
    for line in report.assumptions:
        console.print(Text(f"  {line}", style="dim"))


def show_laps(table: pl.DataFrame, console: Console) -> None:
    """Print laps with their verdicts."""
    rows: list[list[Cell]] = []
    for row in told_laps(table).head(SHOWN_LAPS).iter_rows(named=True):
        gaps = [gap for gap in (row["gap_start_s"], row["gap_end_s"]) if gap is not None]
        rows.append(
            [
                str(row["driver"] or row["driver_number"]),
                str(row["lap"]),
                _number(row["lap_time_s"]),
                str(row["compound"] or "").lower(),
                "" if row["age_laps"] is None else f"{row['age_laps']:.0f}",
                f"{min(gaps):.1f}" if gaps else "",
                Text(str(row["verdict"]).replace("_", " "), style="green" if row["verdict"] == "clean" else "dim"),
                *(_signed(row[name]) for name in ("fuel_s", "tyre_s", "track_s")),
                _number(row["fair_s"]),
                _signed(row["off_pace_s"]),
            ]
        )
    show_fitted(_LAP_COLUMNS, rows, console)
    if table["fair_s"].is_null().all():
        console.print(Text("No lap has a fair time: too few laps count for a comparison.", style="yellow"))
    if table.height > SHOWN_LAPS:
        typer.echo(f"{table.height - SHOWN_LAPS} more laps: --driver chooses, --json writes all", err=True)


def _race(report: PaceReport, console: Console, *, stints: bool) -> None:
    at = report.conditions
    console.print(Text.assemble((report.event or report.session, "bold"), (f"  {report.session}", "dim")))
    tyres = f"{at.compound.lower()} tyres {_laps(at.age_laps)} old"
    console.print(f"Fair pace in clear air at {at.fuel_kg:.0f} kg of fuel on {tyres}\n")
    drivers: list[list[Cell]] = []
    for place, one in enumerate(report.drivers, start=1):
        drivers.append(
            [
                str(place),
                Text(one.driver + (" ?" if one.from_traffic else ""), style="bold"),
                one.team,
                f"{one.pace_s.value:.3f}",
                f"{one.gap_s.value:+.3f}" if place > 1 else "",
                _interval(one.to_field_s),
                "" if one.quicker_than_next is None else f"{one.quicker_than_next:.2f}",
                _signed(one.wear_s_per_lap.value),
                "" if one.spread_s is None else f"{one.spread_s.value:.2f}",
                str(one.clear_laps),
                str(one.held_up_laps),
                "" if one.held_up_s is None else f"{one.held_up_s.value:+.1f} s",
            ]
        )
    show_fitted(_DRIVER_COLUMNS, drivers, console)
    console.print(
        Text(
            "90 %: against the mean of the field. ?: hardly any clear air. wear, lost: against the field.\n",
            style="dim",
        )
    )
    _compounds(report.compounds, console)
    if stints:
        sets: list[list[Cell]] = [
            [
                one.driver,
                str(one.stint),
                one.compound.lower(),
                f"{one.first_lap}-{one.last_lap}",
                str(one.counted),
                f"{one.mean_lap_s:.3f}",
                f"{one.pace_s.value:.3f}",
                _half(one.pace_s),
                _signed(one.wear_s_per_lap.value),
                _half(one.wear_s_per_lap),
            ]
            for one in report.stints
        ]
        show_fitted(_SET_COLUMNS, sets, console)
    track = ", ".join(f"lap {p.lap} {p.change_s.value:+.2f}" for p in report.evolution[::3])
    fuel = report.fuel.found_s_per_kg
    console.print(f"Track against mid-race (s): {track}")
    console.print(
        f"Fuel: {fuel.value:.4f} s/kg [{fuel.low:.4f}, {fuel.high:.4f}], of which the laps decided "
        f"{100 * report.fuel.learned:.0f} %; a lap scatters by {report.noise_s:.2f} s"
    )
    _verdicts(report.laps, console)


def _practice(report: PracticeReport, console: Console, *, runs: bool) -> None:
    console.print(Text.assemble((report.event or report.session, "bold"), (f"  {report.session}", "dim")))
    for name, view in (("Long runs", report.long_runs), ("One lap", report.one_lap)):
        if view is not None:
            _view(name, view, console)
    for line in report.missing:
        console.print(Text(line, style="yellow"))
    listed = [run for run in report.runs if runs or run.kind == "long"]
    if listed:
        rows: list[list[Cell]] = [
            [
                one.driver,
                str(one.run),
                one.kind,
                (one.compound or "").lower(),
                "" if one.age_laps is None else str(one.age_laps),
                f"{one.first_lap}-{one.last_lap}",
                *(str(count or "") for count in (one.push, one.long, one.cool)),
                _number(one.best_s),
                _number(one.mean_s),
                "" if one.pace_s is None else f"{one.pace_s.value:.3f}",
                "" if one.pace_s is None else _half(one.pace_s),
                "" if one.wear_s_per_lap is None else _signed(one.wear_s_per_lap.value),
            ]
            for one in listed
        ]
        show_fitted(_RUN_COLUMNS, rows, console)
    _verdicts(report.laps, console)


def _view(name: str, view: PracticeView, console: Console) -> None:
    at = view.conditions
    console.print(
        f"\n[bold]{name}[/] on {at.compound.lower()} tyres {_laps(at.age_laps)} old; the track changed by "
        f"{view.track_change_s.value:+.2f} s {_interval(view.track_change_s)}"
    )
    rows: list[list[Cell]] = [
        [
            str(place),
            one.driver,
            one.team,
            f"{one.pace_s.value:.3f}",
            f"{one.gap_s.value:+.3f}" if place > 1 else "",
            _interval(one.to_field_s),
            str(one.laps),
        ]
        for place, one in enumerate(view.drivers, start=1)
    ]
    show_fitted(_VIEW_COLUMNS, rows, console)
    _compounds(view.compounds, console)


def _compounds(compounds: list[CompoundPace], console: Console) -> None:
    rows: list[list[Cell]] = [
        [
            one.compound.lower(),
            str(one.laps),
            str(one.sets),
            f"{one.oldest_laps:.0f}",
            "" if one.offset_s is None else f"{one.offset_s.value:+.2f}",
            "" if one.offset_s is None else _interval(one.offset_s),
            f"{one.wear_s_per_lap.value:+.3f}",
            _interval(one.wear_s_per_lap, 3),
            f"{one.stopwatch_s_per_lap.value:+.3f}",
            _interval(one.stopwatch_s_per_lap, 3),
            "" if one.cliff is None else f"from {one.cliff.age_laps:.0f}: {one.cliff.more_s_per_lap.value:+.2f}/lap",
        ]
        for one in compounds
    ]
    show_fitted(_COMPOUND_COLUMNS, rows, console)


def _verdicts(counts: list[VerdictCount], console: Console) -> None:
    told = ", ".join(f"{one.laps} {one.verdict.replace('_', ' ')}" for one in counts)
    console.print(f"Laps: {told}\n")


def _laps(count: float) -> str:
    return "1 lap" if round(count) == 1 else f"{count:.0f} laps"


def _interval(found: Estimate, digits: int = 2) -> str:
    return f"{found.low:+.{digits}f}…{found.high:+.{digits}f}"


def _half(found: Estimate) -> str:
    return f"±{(found.high - found.low) / 2:.3f}"


def _number(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else ""


def _signed(value: object) -> str:
    return f"{value:+.3f}" if isinstance(value, float) else ""
