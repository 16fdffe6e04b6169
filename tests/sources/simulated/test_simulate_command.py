"""``overcut simulate`` writes what it was asked for and says what to do next."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from overcut.cli.simulate import simulate
from overcut.kernel.errors import WrongUsageError

_app = typer.Typer()
_app.command()(simulate)


def test_it_writes_the_sessions_and_says_what_to_do_next(tmp_path: Path) -> None:
    options = ["--circuit", "Italian Grand Prix", "--seed", "5", "--out", str(tmp_path), "--session", "fp3"]
    result = CliRunner().invoke(_app, [*options, "--no-telemetry"])
    assert result.exit_code == 0, result.output
    folder = tmp_path / "2025/2025-09-07_Italian_Grand_Prix/2025-09-06_Practice_3"
    assert (folder / "TimingData.jsonStream").is_file()
    assert not (folder / "CarData.z.jsonStream").exists()
    shown = "".join(result.stderr.split())
    assert f"overcutdemo{''.join(str(folder).split())}" in shown
    assert "overcutreplay" in shown
    assert result.stdout == ""


@pytest.mark.parametrize(
    "options", [["--circuit", "atlantis"], ["--session", "SPRINTY"], ["--session", ","], ["--season", "1950"]]
)
def test_wrong_usage_is_told_with_the_choices(options: list[str], tmp_path: Path) -> None:
    result = CliRunner().invoke(_app, [*options, "--out", str(tmp_path)])
    assert isinstance(result.exception, WrongUsageError)
    assert result.exception.hint
    assert not list(tmp_path.iterdir())
