"""Where a session is that someone named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from overcut.domain.frame import FrameSource
from overcut.domain.session import SessionKey
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.kernel.settings import Settings
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.finding import archive_folders, find_place, find_source, locate, table_folders
from overcut.sources.archive import key_of_folder
from tests.runtime.short_session import write_short_session
from tests.sources.tables.conftest import Written
from tests.sources.tables.conftest import race_tables as race_tables  # noqa: PLC0414 -- a fixture

FOLDER = Path("2025/2025-09-07_Italian_Grand_Prix/2025-09-07_Race")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home and an empty working folder; nothing shared is near."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.delenv("OVERCUT_SHARED", raising=False)
    return Settings(home=tmp_path / "home")


def test_home_comes_before_the_archive_and_the_archive_before_the_tables(
    settings: Settings, race_tables: Written, tmp_path: Path
) -> None:
    shutil.copytree(race_tables.folder, settings.home / "tables")
    assert find_source("2025-16-R", settings).kind is FrameSource.RECONSTRUCTED
    write_short_session(tmp_path / "archived" / FOLDER)
    both = settings.model_copy(update={"archive": tmp_path / "archived"})
    assert find_place("2025 italy", both).path == tmp_path / "archived" / FOLDER
    write_short_session(settings.home / "mine" / FOLDER)
    assert find_place("2025-16-r", both).path == settings.home / "mine" / FOLDER


def test_a_folder_without_timing_gives_way_to_tables(settings: Settings, race_tables: Written) -> None:
    folder = write_short_session(settings.home / "archive" / FOLDER)
    (folder / "TimingData.jsonStream").unlink()
    assert not find_place("2025-16-R", settings).reconstructed  # better than nothing
    shutil.copytree(race_tables.folder, settings.home / "tables")
    assert find_place("2025-16-R", settings).reconstructed


def test_a_recording_is_found_by_the_session_that_it_holds(settings: Settings) -> None:
    file = settings.home / "recordings" / "saturday.jsonl"
    file.parent.mkdir(parents=True)
    file.write_text('["Heartbeat", {"Utc": "2025-09-07T12:00:00Z"}, "2025-09-07T12:00:00Z"]\n')
    assert find_place("rec-saturday", settings).path == file


def test_paths_win_over_names_and_a_path_that_is_not_there_says_so(settings: Settings, tmp_path: Path) -> None:
    folder = write_short_session(tmp_path / "work" / "2025 monaco R")
    assert find_place("2025 monaco R", settings).path.resolve() == folder
    with pytest.raises(DataMissingError, match="nothing at"):
        find_place(str(tmp_path / "absent"), settings)
    with pytest.raises(DataMissingError, match="nothing at"):
        find_place("session.txt", settings)
    with pytest.raises(DataMissingError, match="nothing at xxx"):
        find_place("x" * 5_000, settings)
    for nothing in ("", "  "):  # not the folder where the command runs
        with pytest.raises(WrongUsageError, match="No session is named"):
            find_place(nothing, settings)
    with pytest.raises(WrongUsageError, match="No session is called 2025 atlantis") as raised:
        find_place("2025 atlantis", settings)
    assert "no race called 'atlantis'" in raised.value.why


def test_a_folder_of_tables_of_one_session_is_that_session(settings: Settings, race_tables: Written) -> None:
    source = find_source(str(race_tables.folder), settings)
    assert (str(source.key), source.kind) == ("2025-16-R", FrameSource.RECONSTRUCTED)


@pytest.mark.parametrize(
    ("name", "said", "hint"),
    [
        ("2025 monaco Q", "2025-08-Q is not here (2025 Monaco Grand Prix, qualifying)", "overcut fetch 2025-08-Q"),
        ("sim-2025-monza-7-R", "sim-2025-monza-7-R is not here", "overcut simulate"),
        ("rec-nothing", "rec-nothing is not here", "recording's file"),
        ("2011-05-R", "2011-05-R is not here", "never archived"),
    ],
)
def test_a_session_that_is_nowhere_says_where_it_was_looked_for_and_how_to_get_it(
    settings: Settings, name: str, said: str, hint: str
) -> None:
    with pytest.raises(DataMissingError) as raised:
        find_source(name, settings)
    assert said in raised.value.what
    assert str(settings.home) in raised.value.why
    assert hint in raised.value.hint


def test_an_ambiguous_name_lists_what_it_may_mean(settings: Settings) -> None:
    with pytest.raises(WrongUsageError) as raised:
        find_source("2020 silverstone", settings)
    assert "2020-04-R (British Grand Prix)" in raised.value.hint


def test_an_archive_address_finds_what_was_fetched(settings: Settings) -> None:
    url = f"https://livetiming.formula1.com/static/{FOLDER}/"
    with pytest.raises(DataMissingError, match="2025-16-R is not here"):
        find_place(url, settings)
    folder = write_short_session(settings.home / "archive" / FOLDER)
    assert find_place(url, settings).path == folder
    assert find_place(url + "TimingData.jsonStream", settings).path == folder
    folder.rename(settings.home / "elsewhere")
    assert key_of_folder(settings.home / "elsewhere").text == "rec-elsewhere"
    with pytest.raises(WrongUsageError, match="no session of the archive"):
        find_place("https://livetiming.formula1.com/", settings)


def test_shared_data_is_found_by_its_variable_or_beside_the_working_folder(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert table_folders(settings) == archive_folders(settings) == ()
    (tmp_path / "shared/data/timing").mkdir(parents=True)
    assert [folder.resolve() for folder in table_folders(settings)] == [tmp_path / "shared/data/timing"]
    (tmp_path / "other/data/timing").mkdir(parents=True)
    monkeypatch.setenv("OVERCUT_SHARED", str(tmp_path / "other"))
    assert table_folders(settings) == (tmp_path / "other/data/timing",)
    named = settings.model_copy(update={"tables": tmp_path / "shared/data/timing"})
    assert table_folders(named) == (tmp_path / "shared/data/timing",)


def test_a_catalogue_opens_names_and_finds_keys_that_nobody_listed(settings: Settings, race_tables: Written) -> None:
    write_short_session(settings.home / "archive" / "2025/2025-07-27_Belgian_Grand_Prix/2025-07-27_Race")
    shutil.copytree(race_tables.folder, settings.home / "tables")
    catalogue = Catalogue(["2025 italian R"], settings=settings)
    [named] = catalogue.named()
    assert (named.key, named.source, named.meeting.session) == ("2025-16-R", FrameSource.RECONSTRUCTED, "Race")
    assert named.meeting.name == "Italian Grand Prix"
    assert catalogue.find("2025-13-r").key == "2025-13-R"
    assert catalogue.find("2025-16-R") is named
    assert len(catalogue.all()) == 2
    with pytest.raises(DataMissingError):
        catalogue.find("../../etc/passwd")
    with pytest.raises(DataMissingError):
        catalogue.find("2025-01-R")


def test_without_a_search_only_the_archive_s_own_layout_is_looked_at(settings: Settings) -> None:
    write_short_session(settings.home / "mine" / FOLDER)
    key = SessionKey("2025-16-R")
    assert locate(key, settings) is not None
    assert locate(key, settings, search=False) is None
