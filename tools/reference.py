"""What docs/reference says, written from the code: commands, settings, events, state, circuits, exit codes, HTTP.

``python tools/reference.py`` writes the pages; ``--check`` leaves with 1 when a page on disk is not what the code says.
"""

from __future__ import annotations

import inspect
import re
import sys
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import figures
import msgspec
import server_reference
import typer.main

from overcut.cli.main import COMMANDS, build
from overcut.domain import events, frame, laps, state, track_map, tyres
from overcut.domain.circuits import CIRCUITS
from overcut.domain.tables import TABLES, Unit
from overcut.kernel import errors
from overcut.kernel.errors import ExitCode, OvercutError
from overcut.kernel.settings import SETTINGS_FILE, Settings
from overcut.lake.features.catalogue import features_of_entity
from overcut.lake.features.declaration import ENTITY_KEYS, KNOWN

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
NOTE = "<!-- Written by `make docs` from the code. Edit the code, not this page. -->"

STATE_STRUCTS: tuple[type[msgspec.Struct], ...] = (
    state.SessionState,
    state.Meeting,
    state.CarState,
    state.TimedLap,
    state.SectorState,
    state.Gap,
    state.TrapSpeed,
    tyres.Stint,
    state.SessionClock,
    state.LapCounter,
    state.Weather,
    state.RaceControlMessage,
    state.RadioClip,
    state.Defect,
    laps.Lap,
    state.MapState,
    state.CarPlace,
    state.CarSample,
    track_map.TrackOutline,
    track_map.MapCorner,
    frame.Frame,
)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars within cells are escaped."""
    lines = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    for row in rows:
        lines.append("| " + " | ".join(str(cell).replace("|", r"\|").replace("\n", " ") for cell in row) + " |")
    return "\n".join(lines)


def prose(docstring: str | None) -> str:
    """A docstring as Markdown: roles and double backticks become code, ``\\b`` blocks become fenced ones."""
    text = inspect.cleandoc(docstring or "").replace("``", "`")
    parts: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.startswith("\b"):
            parts.append("```console\n" + paragraph.lstrip("\b\n") + "\n```")
        elif re.match(r"(Attributes|Args|Raises):\n", paragraph):
            head, *rest = paragraph.splitlines()
            parts.append(f"{head}\n\n" + "\n".join(f"- {line}" for line in _entries(rest)))
        else:
            parts.append(paragraph)
    return "\n\n".join(parts)


def _entries(lines: Iterable[str]) -> list[str]:
    """The entries of an Attributes block; a line indented deeper continues the one before."""
    entries: list[str] = []
    for line in lines:
        if line.startswith("    " * 2) and entries:
            entries[-1] += " " + line.strip()
        else:
            entries.append(line.strip())
    return entries


def first_line(docstring: str | None) -> str:
    """The first line of a docstring, as Markdown."""
    return prose(docstring).split("\n", 1)[0]


def fields_of(struct: type[msgspec.Struct]) -> str:
    """A table of a struct's own fields: name, type as written, default."""
    inherited = {name for parent in struct.__mro__[1:] for name in getattr(parent, "__annotations__", {})}
    rows: list[tuple[str, str, str]] = []
    for field in msgspec.structs.fields(struct):
        if field.name in inherited:
            continue
        written = struct.__annotations__[field.name]
        default = "" if field.default is msgspec.NODEFAULT else f"`{_value(field.default)}`"
        if field.default_factory is not msgspec.NODEFAULT:
            default = (
                "empty" if not field.default_factory() or isinstance(field.default_factory(), msgspec.Struct) else "set"
            )
        rows.append((f"`{field.encode_name}`", f"`{written}`", default))
    return table(("field", "type", "default"), rows)


def _value(value: object) -> str:
    """A default as JSON has it, without quotes around a word."""
    if isinstance(value, str) and value:
        return str(value)
    return msgspec.json.encode(value).decode()


def event_types() -> tuple[type[msgspec.Struct], ...]:
    """Every event, in the order of `AnyEvent`."""
    return typing.get_args(events.AnyEvent)


# --- pages ----------------------------------------------------------------------------------------------------------


def commands_page() -> str:
    """Each command with its arguments and options."""
    root = typer.main.get_command(build())
    context = root.make_context("overcut", [], resilient_parsing=True)
    parts = ["# Commands", "What `overcut` can do; `overcut COMMAND --help` says the same at the terminal."]
    for entry in COMMANDS:
        command = root.get_command(context, entry.name)  # type: ignore[attr-defined]
        if command is not None:
            parts.extend(_command(f"overcut {entry.name}", command))
    return "\n\n".join(parts)


def _command(name: str, command: typing.Any) -> Iterator[str]:
    yield f"## `{name}`"
    yield prose(command.help)
    rows: list[tuple[str, str, str]] = []
    for parameter in command.params:
        if parameter.name == "help":
            continue
        argument = parameter.param_type_name == "argument"
        shown = parameter.name.upper() if argument else ", ".join((*parameter.opts, *parameter.secondary_opts))
        default = (
            "required" if parameter.required else "" if parameter.default in (None, False) else f"`{parameter.default}`"
        )
        rows.append((f"`{shown}`", default, parameter.help or ""))
    if rows:
        yield table(("argument or option", "default", "meaning"), rows)
    for inner_name, inner in getattr(command, "commands", {}).items():
        yield from _command(f"{name} {inner_name}", inner)


def settings_page() -> str:
    """Each setting with its default, variable and meaning."""
    rows = [
        (
            f"`{name}`",
            "the platform's data folder" if field.default_factory else f"`{_value(field.default)}`",
            f"`OVERCUT_{name.upper()}`",
            field.description,
        )
        for name, field in Settings.model_fields.items()
    ]
    return "\n\n".join(
        (
            "# Settings",
            f"Later origins win: the default, `{SETTINGS_FILE}` in the folder where the command runs, the\n"
            "environment, a command's flag. `overcut config show` prints each value and who decided it. A name in the\n"
            "file that is no setting is an error.",
            table(("setting", "default", "environment", "meaning"), rows),
            "One variable is for the tests alone: `OVERCUT_SHARED`, the folder of real recordings.",
        )
    )


def events_page() -> str:
    """Each event with its fields."""
    parts = [
        "# Events",
        "What happened, in the past tense. Each carries `event` (its name), `n` (its number within the session,\n"
        "from 1, without holes) and `t_ms` (milliseconds since the session's feed began). `overcut replay\n"
        "PATH --events` prints them as JSON lines; the stream's `events` channel carries them.",
    ]
    for event in event_types():
        parts += [f"## `{event.__name__}`", prose(event.__doc__), fields_of(event)]
    return "\n\n".join(parts)


def state_page() -> str:
    """Each struct that the state, the map and the laps are made of."""
    parts = [
        "# State",
        f"Schema version {state.STATE_SCHEMA}. `SessionState` is what is true at one instant of a session; its\n"
        "JSON form is what clients receive ([stream](stream.md)). `null` means not known (yet).",
    ]
    for struct in STATE_STRUCTS:
        parts += [f"## `{struct.__name__}`", prose(struct.__doc__), fields_of(struct)]
    return "\n\n".join(parts)


def circuits_page() -> str:
    """Each circuit that can be simulated and drawn."""
    rows = [
        (f"`{circuit.id}`", circuit.name, f"{circuit.length_m:,.0f}", circuit.race_laps, len(circuit.corners))
        for circuit in CIRCUITS.values()
    ]
    return "\n\n".join(
        (
            "# Circuits",
            "Drawn by us: control points through a spline, scaled to the real length. Ids are those of\n"
            "[F1DB](https://github.com/f1db/f1db). `overcut simulate --circuit ID` runs a weekend on one; the\n"
            "board draws cars on it where a session has no positions of its own.",
            table(("id", "name", "length (m)", "race laps", "corners"), rows),
        )
    )


def errors_page() -> str:
    """Exit codes and the shape of an error."""
    meaning = {
        ExitCode.FINE: "all went well",
        ExitCode.FAILED: first_line(OvercutError.__doc__),
    }
    for kind in (errors.WrongUsageError, errors.DataMissingError, errors.NotAllowedError):
        meaning[kind.exit_code] = first_line(kind.__doc__)
    rows = [(f"{int(code)}", code.name.lower().replace("_", " "), meaning[code]) for code in ExitCode]
    return "\n\n".join(
        (
            "# Errors and exit codes",
            "An error says what went wrong, why as far as it is known, and what to try, on standard error;\n"
            "standard output carries results only.",
            table(("code", "name", "meaning"), [*rows, ("130", "interrupted", "Ctrl-C before a result was there")]),
        )
    )


def http_page() -> str:
    """Each path of the server."""
    return "\n\n".join(
        (
            "# HTTP",
            "What the server answers; `GET /api/v1/openapi.json` has it with every schema, and so does\n"
            "`overcut openapi`. Errors are problem documents ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).\n"
            "The WebSocket is described in [the stream](stream.md).",
            table(("request", "parameters", "answer"), server_reference.http_rows()),
            "## Types",
            table(("schema", "what it is"), server_reference.schema_rows()),
        )
    )


def metrics_page() -> str:
    """Each metric of the server."""
    return "\n\n".join(
        (
            "# Metrics",
            "What `GET /metrics` tells, in Prometheus's text format.",
            table(("metric", "kind", "meaning"), server_reference.metric_rows()),
        )
    )


_REPLACED = {
    Unit.SESSION: "a session at a time",
    Unit.SEASON: "a season at a time",
    Unit.WHOLE: "as a whole",
}


def tables_page() -> str:
    """Each table of the lake and of the files that commands write: what a row is, its key, its columns."""
    parts = [
        "# Tables",
        "The tables of the lake, for `overcut sql` and for the files that commands write (`overcut laps` writes "
        "`laps`, `overcut telemetry` writes `telemetry`). `t_ms` and seconds count from the start of the session's "
        "feed, unless a column says otherwise. A value that is not known is null. Columns marked * are never null.",
        table(
            ("table", "a row is", "imported"),
            ((f"[{name}](#{name})", found.meaning, _REPLACED[found.unit]) for name, found in TABLES.items()),
        ),
    ]
    for name, found in TABLES.items():
        rows = ((f"`{c.name}`{'' if c.nullable else ' *'}", c.type.value, c.unit, c.meaning) for c in found.columns)
        key = ", ".join(f"`{column}`" for column in found.key)
        parts += [
            f"## {name}",
            f"{found.meaning[0].upper()}{found.meaning[1:]}. Key: {key}. Version {found.version}.",
            table(("column", "type", "unit", "meaning"), rows),
        ]
    return "\n\n".join(parts)


def features_page() -> str:
    """Each feature: what it means, its window and unit, and the columns that it rests on."""
    parts = [
        "# Features",
        "Inputs of forecasts, made from their declarations; [how they are computed](../concepts/features.md). A value "
        "that is not known is null.",
    ]
    for entity, keys in ENTITY_KEYS.items():
        features = features_of_entity(entity)
        rows = (
            (f"`{f.name}`", f.unit or f.type.value, f.window, f.meaning, ", ".join(f"`{read}`" for read in f.reads))
            for f in features
        )
        parts += [
            f"## {entity.value}",
            f"Known {KNOWN[entity]}. Key: {', '.join(f'`{key}`' for key in keys)}.",
            table(("feature", "unit", "window", "meaning", "reads"), rows),
        ]
    return "\n\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "settings.md": settings_page,
    "events.md": events_page,
    "state.md": state_page,
    "tables.md": tables_page,
    "features.md": features_page,
    "circuits.md": circuits_page,
    "errors.md": errors_page,
    "http.md": http_page,
    "metrics.md": metrics_page,
    "figures.md": figures.figures_page,
}


def render(name: str) -> str:
    """The whole text of one page."""
    return f"{NOTE}\n\n{PAGES[name]().strip()}\n"


def stale() -> list[str]:
    """Pages on disk that differ from what the code says."""
    old = [name for name in PAGES if not _same(FOLDER / name, render(name))]
    readme = figures.README.read_text(encoding="utf-8")
    return old if figures.with_figures(readme) == readme else [*old, "../../README.md"]


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with ``--check`` compare them."""
    if "--check" in arguments:
        old = stale()
        for name in old:
            print(f"docs/reference/{name} is not what the code says: run `make docs`")
        if not old:
            print(f"docs: {len(PAGES)} reference pages agree with the code")
        return int(bool(old))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (FOLDER / name).write_text(render(name), encoding="utf-8")
    readme = figures.README.read_text(encoding="utf-8")
    figures.README.write_text(figures.with_figures(readme), encoding="utf-8")
    print(f"docs: wrote {len(PAGES)} reference pages and the README's figures")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
