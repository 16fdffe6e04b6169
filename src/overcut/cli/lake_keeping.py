"""``overcut lake backup``, ``restore``, ``compact``, ``export``, ``archive``, ``recall``, ``forget``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from overcut.kernel.errors import WrongUsageError

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]
UNITS_HELP = "Sessions and seasons: 2024-05-R, 1996."


def backup(
    folder: Annotated[Path, typer.Argument(help="New, empty, or an earlier backup.", show_default=False)],
    json_output: JsonOption = False,
) -> None:
    """Copy the lake to another folder, checked; only what is not there yet."""
    from overcut.kernel.settings import load_settings
    from overcut.lake.store.backups import back_up
    from overcut.runtime.lake import lake_of

    done = back_up(lake_of(load_settings()), folder)
    mega = done.bytes / 1e6
    said = f"generation {done.generation} is in {folder}: {done.copied} files copied ({mega:.1f} MB), {done.kept} kept"
    _tell(done, said, json_output=json_output)


def restore(
    folder: Annotated[Path | None, typer.Argument(help="A backup.", show_default=False)] = None,
    whole: Annotated[bool, typer.Option("--whole", help="The lake becomes what the backup holds.")] = False,
    generation: Annotated[
        int | None, typer.Option(help="Go back to this generation of the lake, or of the backup.", show_default=False)
    ] = None,
    drop_damaged: Annotated[
        bool, typer.Option("--drop-damaged", help="Take out what cannot be healed, so that other sources answer.")
    ] = False,
    json_output: JsonOption = False,
) -> None:
    """Make a damaged lake whole: from its own files, and from a backup for what these lack.

    \b
    overcut lake restore                     after a damaged manifest: the files themselves tell
    overcut lake restore BACKUP              damaged and missing files come from there
    overcut lake restore BACKUP --whole      go back to what was backed up
    """
    from overcut.kernel.settings import load_settings
    from overcut.lake.store.restoring import restore as bring_back
    from overcut.runtime.lake import lake_of

    done = bring_back(lake_of(load_settings()), folder, whole=whole, generation=generation, drop_damaged=drop_damaged)
    said = (
        f"generation {done.generation}, manifest from {done.manifest_from}: {len(done.healed)} files healed, "
        f"{len(done.recovered)} entered again, {len(done.still_damaged)} still damaged, {len(done.dropped)} taken out"
    )
    _tell(done, said, json_output=json_output)
    for path in (*done.still_damaged, *done.unreadable):
        if path not in done.dropped:
            typer.secho(f"no copy of {path}: import it again, or --drop-damaged", err=True, fg=typer.colors.YELLOW)
    if done.still_damaged and not drop_damaged:
        raise typer.Exit(1)


def compact(
    keep_generations: Annotated[int, typer.Option(min=1, help="Older ones are forgotten.")] = 2,
    json_output: JsonOption = False,
) -> None:
    """Merge small files, drop replaced rows, migrate old schemas for good, remove leftovers."""
    from rich.console import Console

    from overcut.kernel.settings import load_settings
    from overcut.lake.store.compacting import compact as merge_all
    from overcut.runtime.lake import lake_of

    with Console(stderr=True).status("compacting") as line:
        done = merge_all(lake_of(load_settings()), keep_generations=keep_generations, progress=line.update)
    said = (
        f"{done.parts_before} files became {done.parts_after}, {done.bytes_before / 1e6:.1f} MB became "
        f"{done.bytes_after / 1e6:.1f} MB; {done.files_removed} old files removed"
    )
    _tell(done, said, json_output=json_output)


def export(
    folder: Annotated[Path, typer.Argument(help="New or empty.", show_default=False)],
    form: Annotated[str, typer.Option("--format", help="parquet, delta, csv, jsonl, arrow or duckdb.")] = "parquet",
    table: Annotated[list[str] | None, typer.Option(help="Only these tables.", show_default=False)] = None,
    unit: Annotated[list[str] | None, typer.Option(help=f"Only these. {UNITS_HELP}", show_default=False)] = None,
    json_output: JsonOption = False,
) -> None:
    """Write tables for other tools: partitioned Parquet, Delta, CSV, JSON lines, Arrow, one DuckDB file."""
    from rich.console import Console

    from overcut.kernel.settings import load_settings
    from overcut.lake.store.exporting import ExportFormat
    from overcut.lake.store.exporting import export as write_out
    from overcut.runtime.lake import lake_of

    if form not in ExportFormat.__members__.values():
        raise WrongUsageError(f"{form} is no format", hint=", ".join(ExportFormat))
    with Console(stderr=True).status("exporting") as line:
        done = write_out(
            lake_of(load_settings()),
            folder,
            ExportFormat(form),
            tables=table or (),
            units=unit or (),
            progress=line.update,
        )
    said = f"{sum(done.rows.values()):,} rows of {len(done.rows)} tables in {done.files} files below {folder}"
    _tell(done, said, json_output=json_output)


def archive(
    hot_days: Annotated[int, typer.Option(min=0, help="Left as they are until then.")] = 90,
    warm_days: Annotated[int, typer.Option(min=0, help="Packed tighter until then, then archived.")] = 365,
    cold_days: Annotated[int, typer.Option(min=0, help="Said to be overdue after this.")] = 5 * 365,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    json_output: JsonOption = False,
) -> None:
    """Pack away the telemetry and gaps of old sessions; `overcut lake recall` brings them back. Nothing is deleted."""
    from datetime import UTC, datetime

    from overcut.kernel.settings import load_settings
    from overcut.lake.store.retention import Retention, age
    from overcut.runtime.lake import lake_of

    policy = Retention(hot_days, warm_days, cold_days)
    done = age(lake_of(load_settings()), datetime.now(UTC).date(), policy, dry=dry_run)
    after = (
        "" if done.bytes_after is None else f"; {done.bytes_before / 1e6:.1f} MB became {done.bytes_after / 1e6:.1f}"
    )
    would = "to be " if dry_run else ""
    said = (
        f"{len(done.repacked)} sessions {would}packed tighter, {len(done.archived)} {would}archived, "
        f"{len(done.overdue)} overdue (overcut lake forget){after}"
    )
    _tell(done, said, json_output=json_output)


def recall(
    units: Annotated[list[str], typer.Argument(metavar="SESSION...", help=UNITS_HELP, show_default=False)],
    json_output: JsonOption = False,
) -> None:
    """Bring archived sessions back into the tables."""
    from overcut.kernel.settings import load_settings
    from overcut.lake.store.retention import recall as bring_back
    from overcut.runtime.lake import lake_of

    done = bring_back(lake_of(load_settings()), units)
    _tell({"recalled": done}, f"back in the tables: {', '.join(done)}", json_output=json_output)


def forget(
    units: Annotated[list[str], typer.Argument(metavar="UNIT...", help=UNITS_HELP, show_default=False)],
    table: Annotated[list[str] | None, typer.Option(help="Only from these tables.", show_default=False)] = None,
    source: Annotated[str | None, typer.Option(help="Only what this source told.", show_default=False)] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json_output: JsonOption = False,
) -> None:
    """Remove sessions or seasons from every table, and from the disk, for good."""
    from overcut.domain.tables import LakeSource
    from overcut.kernel.settings import load_settings
    from overcut.lake.store.forgetting import forget as remove
    from overcut.lake.store.forgetting import what_would_go
    from overcut.runtime.lake import lake_of

    if source is not None and source not in LakeSource.__members__.values():
        raise WrongUsageError(f"{source} is no source", hint=", ".join(LakeSource))
    lake, only = lake_of(load_settings()), None if source is None else LakeSource(source)
    rows = what_would_go(lake, units, tables=table or (), source=only)
    if rows and not yes:
        named = ", ".join(f"{count:,} of {name}" for name, count in rows.items())
        typer.confirm(f"Remove rows for good ({named})?", abort=True, err=True)
    done = remove(lake, units, tables=table or (), source=only)
    said = f"{sum(done.rows.values()):,} rows of {len(done.rows)} tables are gone; {done.files_removed} files removed"
    _tell(done, said, json_output=json_output)


def _tell(done: object, said: str, *, json_output: bool) -> None:
    import msgspec

    if json_output:
        typer.echo(msgspec.json.encode(done).decode())
    else:
        typer.secho(said, fg=typer.colors.GREEN, err=True)
