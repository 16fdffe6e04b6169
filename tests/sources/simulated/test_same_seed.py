"""The same seed gives the same weekend, byte for byte; another seed another one."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from overcut.domain.session import SessionKind
from overcut.kernel.errors import WrongUsageError
from overcut.sources.simulated.chance import stream
from overcut.sources.simulated.form import weekend_form
from overcut.sources.simulated.weekend import simulate_race, simulate_weekend, starting_grid
from overcut.sources.simulated.wire.folder import write_session

from .conftest import track_of


def _digest(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def _short_race(seed: int, out: Path) -> Path:
    track = track_of("monza", 2025)
    grid = starting_grid(track, 2025, seed, weekend_form(2025, "monza", seed))
    return write_session(simulate_race(track, 2025, seed, grid, laps=4), track, seed, out)


def test_same_seed_same_bytes_with_telemetry(tmp_path: Path) -> None:
    first, second = _short_race(11, tmp_path / "a"), _short_race(11, tmp_path / "b")
    assert _digest(first) == _digest(second)
    assert len(_digest(first)) >= 17


def test_other_seed_other_race(tmp_path: Path) -> None:
    first, second = _digest(_short_race(11, tmp_path / "a")), _digest(_short_race(12, tmp_path / "b"))
    same = {name for name in first if first[name] == second.get(name)}
    # What no chance touches: the meeting, and the quarter-minute heartbeat when both feeds are as long.
    assert not same & {"TimingData.jsonStream", "CarData.z.jsonStream", "WeatherData.jsonStream", "overcut.json"}


def test_a_session_does_not_depend_on_which_others_are_written(tmp_path: Path) -> None:
    both = simulate_weekend(
        2025, "monza", 4, tmp_path / "a", [SessionKind.FP3, SessionKind.QUALIFYING], telemetry=False
    )
    alone = simulate_weekend(2025, "monza", 4, tmp_path / "b", [SessionKind.QUALIFYING], telemetry=False)
    assert [folder.name for folder in both] == ["2025-09-06_Practice_3", "2025-09-06_Qualifying"]
    assert _digest(both[1]) == _digest(alone[0])


def test_writing_again_replaces_what_was_there(tmp_path: Path) -> None:
    folder = _short_race(11, tmp_path)
    (folder / "TeamRadio.jsonStream").write_text("stale")
    assert _short_race(11, tmp_path) == folder
    assert not (folder / "TeamRadio.jsonStream").exists()


def test_streams_of_chance_are_apart() -> None:
    assert stream("a", 1).random() == stream("a", 1).random()
    assert stream("a", 1).random() != stream("a", 2).random() != stream("b", 2).random()


@pytest.mark.parametrize(
    ("season", "circuit", "kinds", "says"),
    [
        (1999, "monza", [SessionKind.RACE], "2025"),
        (2025, "atlantis", [SessionKind.RACE], "monza"),
        (2025, "monza", [SessionKind.SPRINT], "FP1"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_the_choices(
    season: int, circuit: str, kinds: list[SessionKind], says: str, tmp_path: Path
) -> None:
    with pytest.raises(WrongUsageError) as refused:
        simulate_weekend(season, circuit, 1, tmp_path, kinds)
    assert says in refused.value.hint
    assert not list(tmp_path.iterdir())
