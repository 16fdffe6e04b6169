"""The commands: plans and hindsight on the terminal and as JSON, and sets of tyres as people write them."""

from __future__ import annotations

import io

import msgspec
import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from overcut.cli.strategy_hindsight import hindsight, show
from overcut.cli.strategy_optimise import optimise, read_set
from overcut.domain.tyres import Compound
from overcut.kernel.errors import WrongUsageError
from overcut.runtime import strategy
from overcut.strategy.hindsight import season_hindsight
from overcut.strategy.model import Race
from overcut.strategy.optimiser import Effort, TyreSet, asking
from overcut.strategy.optimiser.asking import EffortAsked
from overcut.strategy.whatif.asking import Happened
from tests.strategy.hindsight.invented import invented_past, invented_race
from tests.strategy.hindsight.test_looking_back import _race

APP = typer.Typer()
APP.command("optimise")(optimise)
APP.command("hindsight")(hindsight)
TINY = Effort(6, ((16, 2),), 1, 8, 16, 8)


class Record:
    """Stands for a race in the lake."""

    def race(self, *_: object) -> Race:
        return invented_race()

    def happened(self) -> Happened:
        return invented_past()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strategy, "named_record", lambda *_: Record())
    monkeypatch.setattr(asking, "EFFORTS", dict.fromkeys(EffortAsked, TINY))


def test_plan_is_shown_with_its_window_and_what_it_rests_on() -> None:
    done = CliRunner().invoke(APP, ["optimise", "2024-01-R", "--driver", "D03", "--seed", "2"])
    assert done.exit_code == 0, done.output
    assert "Window of the next stop" in done.output
    assert "new ones of every compound without limit" in done.output


def test_stages_are_json_lines_the_last_of_them_final() -> None:
    done = CliRunner().invoke(APP, ["optimise", "2024-01-R", "-d", "3", "--json", "--no-replies", "--set", "HARDx2"])
    lines = [msgspec.json.decode(line) for line in done.stdout.splitlines()]
    assert [line["final"] for line in lines] == [False] * (len(lines) - 1) + [True]
    fitted = {stop["compound"] for stop in lines[-1]["plans"][0]["plan"]["stops"]}
    assert fitted <= {"HARD"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("SOFT", TyreSet(Compound.SOFT, 0, 1)),
        ("hardx2", TyreSet(Compound.HARD, 0, 2)),
        ("MEDIUM:3", TyreSet(Compound.MEDIUM, 3, 1)),
        ("MEDIUM:12x3", TyreSet(Compound.MEDIUM, 12, 3)),
    ],
)
def test_set_is_read(text: str, meant: TyreSet) -> None:
    assert read_set(text) == meant


@pytest.mark.parametrize("text", ["", "CHEESE", "SOFT:-1", "SOFTx", "SOFT 3"])
def test_set_that_is_none_says_how_to_write_one(text: str) -> None:
    with pytest.raises(WrongUsageError, match="is no set of tyres"):
        read_set(text)


def test_hindsight_of_one_driver_says_what_was_missed() -> None:
    done = CliRunner().invoke(APP, ["hindsight", "2024-01-R", "-d", "D06"], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    assert "it did not finish" in done.output


def test_season_is_a_table_of_teams_and_the_median_team() -> None:
    season = season_hindsight(2024, [_race("2024-01-R", {"A": 1.0, "B": 0.0, "C": -1.0})], [("2024-02-R", "no laps")])
    text = io.StringIO()
    show(season, Console(file=text, width=200))
    assert "thought over at each caution" in text.getvalue()
    assert "2024-02-R left out: no laps" in text.getvalue()


def test_season_wants_a_year() -> None:
    done = CliRunner().invoke(APP, ["hindsight", "2024-01-R", "--season"])
    assert isinstance(done.exception, WrongUsageError)
