"""The command line as a person meets it: the help, the exit codes, the messages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
import typer.main
from typer.testing import CliRunner

from overcut import __version__
from overcut.cli import main as command_line
from overcut.cli import simulate
from overcut.cli.main import COMMANDS, CommandEntry, build, main
from overcut.kernel.errors import DataMissingError, NotAllowedError, OvercutError, WrongUsageError
from overcut.sources.simulated.weekend import WEEKEND

HEAVY = ("numpy", "fastapi", "uvicorn", "starlette", "pydantic", "websockets", "prometheus_client", "polars")


def parameters() -> Iterator[tuple[str, typer.core.TyperOption | typer.core.TyperArgument]]:
    """Each argument and option of each command, sub-commands included."""
    root = typer.main.get_command(build())
    assert isinstance(root, typer.core.TyperGroup)
    commands = dict(root.commands)
    while commands:
        name, command = commands.popitem()
        commands.update({f"{name} {inner}": each for inner, each in getattr(command, "commands", {}).items()})
        for parameter in command.params:
            assert isinstance(parameter, typer.core.TyperOption | typer.core.TyperArgument)
            yield f"{name} {parameter.name}", parameter


def raising(error: BaseException) -> CommandEntry:
    def fail() -> None:
        raise error

    command_line.fail = fail  # type: ignore[attr-defined]
    return CommandEntry("fail", "overcut.cli.main:fail", "Tests")


def test_help_lists_every_command_with_one_plain_line() -> None:
    text = CliRunner().invoke(build(), ["--help"], env={"COLUMNS": "160"}).stdout
    root = typer.main.get_command(build())
    assert isinstance(root, typer.core.TyperGroup)
    assert list(root.commands) == [entry.name for entry in COMMANDS]
    for name, command in root.commands.items():
        line = (command.help or "").splitlines()[0]
        assert line.endswith("."), f"{name}: {line}"
        assert len(line) <= 80, f"{name}: {line}"
        assert line in text
    for panel in {entry.panel for entry in COMMANDS}:
        assert panel in text


def test_every_argument_and_option_says_what_it_is_for() -> None:
    silent = [name for name, parameter in parameters() if not parameter.help]
    assert silent == []


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from overcut.cli.main import main; main(['--help']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_running_a_command_imports_no_other_command() -> None:
    program = (
        "import sys; from overcut.cli.main import main; main(['config', 'show', '--json']); "
        "print(sorted(n for n in sys.modules if n.startswith('overcut.cli.')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "['overcut.cli.config', 'overcut.cli.main', 'overcut.cli.output']"


def test_version_is_the_package_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"overcut {__version__}\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OvercutError("it broke"), 1),
        (WrongUsageError("it broke"), 2),
        (DataMissingError("it broke"), 3),
        (NotAllowedError("it broke"), 4),
        (KeyboardInterrupt(), 130),
    ],
    ids=lambda value: type(value).__name__,
)
def test_error_leaves_with_its_own_code(error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "COMMANDS", (raising(error),))
    assert main(["fail"]) == code


def test_error_says_what_why_and_what_to_try_on_standard_error_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = DataMissingError("there is no session", why="the folder is empty", hint="name another folder")
    monkeypatch.setattr(command_line, "COMMANDS", (raising(error),))
    main(["fail"])
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "Error: there is no session",
        "  Why: the folder is empty",
        "  Try: name another folder",
    ]


def test_bug_is_not_dressed_up_as_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "COMMANDS", (raising(ZeroDivisionError("a bug")),))
    with pytest.raises(ZeroDivisionError):
        main(["fail"])


def test_misspelt_command_is_wrong_usage_and_names_the_likely_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["repaly"]) == 2
    assert "replay" in capsys.readouterr().err


def test_simulate_names_the_sessions_of_a_weekend_without_loading_the_simulator() -> None:
    assert simulate.WEEKEND.split(",") == [kind.value for kind in WEEKEND]
