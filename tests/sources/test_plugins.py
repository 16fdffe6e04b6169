"""A package of somebody else's plugs a source in by an entry point."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import polars as pl
import pytest

from overcut.domain.tables import LakeSource
from overcut.kernel.errors import WrongUsageError
from overcut.kernel.settings import load_settings
from overcut.lake import Lake
from overcut.runtime.finding import find_source
from overcut.runtime.lake_imports import add_named
from overcut.sources import plugins
from overcut.sources.imported import ImportedSession
from overcut.sources.opening import open_source
from overcut.sources.plugins import GROUP, PluginError, SourcePlugin, open_plugged, plugged_in
from overcut.sources.source import Source
from tests.small_race import small_race


def karting(name: str) -> Source | None:
    """A plug-in whose sessions are frames."""
    return open_source(small_race()) if name == "2025-05-04" else None


def timesheet(name: str) -> ImportedSession:
    """A plug-in whose sessions are tables."""
    laps = pl.DataFrame(
        {"session_key": f"rec-{name}", "driver_number": ["7", "7"], "lap": [1, 2], "lap_time_s": [60.5, 59.9]}
    )
    return ImportedSession(f"rec-{name}", {"laps": laps})


def wrong(_: str) -> object:
    return {"not": "a session"}


no_callable = 7


def point(name: str, attribute: str) -> EntryPoint:
    return EntryPoint(name, f"{__name__}:{attribute}", GROUP)


POINTS = [
    point("karting", "karting"), point("timesheet", "timesheet"), point("wrong", "wrong"),
    point("seven", "no_callable"), point("gone", "no_such_thing"), EntryPoint("absent", "no_such_package:x", GROUP),
]  # fmt: skip


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "entry_points", lambda group: POINTS if group == GROUP else [])


def test_plugin_of_frames_is_a_session_wherever_one_is_named(installed: None, tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    assert isinstance(karting, SourcePlugin)
    source = find_source("karting:2025-05-04", settings)
    assert next(iter(source.frames())).topic == "SessionInfo"
    added = add_named(Lake(tmp_path / "lake"), "karting:2025-05-04", settings)
    assert added.rows["laps"] > 0


def test_plugin_of_tables_goes_into_the_lake_alone(installed: None, tmp_path: Path) -> None:
    settings, lake = load_settings(home=tmp_path), Lake(tmp_path / "lake")
    added = add_named(lake, "timesheet:club", settings)
    assert (added.session, added.source) == ("rec-club", LakeSource.OWN)
    assert lake.read("laps", units=["rec-club"])["lap_time_s"].to_list() == [60.5, 59.9]
    with pytest.raises(WrongUsageError, match="tables, not frames"):
        find_source("timesheet:club", settings)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("karting:1999-01-01", "knows no session"),
        ("wrong:x", "gave a dict"),
        ("seven:x", "no callable"),
        ("gone:x", "cannot be loaded"),
        ("absent:x", "cannot be loaded"),
    ],
)
def test_plugin_that_does_not_keep_to_the_protocol_is_told(text: str, what: str) -> None:
    with pytest.raises(PluginError, match=what):
        open_plugged(text, POINTS)


@pytest.mark.parametrize("text", ["2018-04-R", "unknown:x", "https://example.org/a", "a:b:c", "./x:y", ""])
def test_other_names_are_left_to_others(text: str) -> None:
    assert open_plugged(text, POINTS) is None


def test_first_of_two_plugins_of_one_name_counts() -> None:
    other = EntryPoint("karting", "zzz:karting", GROUP)
    assert plugged_in([other, *POINTS])["karting"].value == f"{__name__}:karting"
