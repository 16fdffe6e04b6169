"""FastF1's cache and loaded sessions give the same laps as our own engine, where both tell."""

from __future__ import annotations

import pickle
import sqlite3
from pathlib import Path

import polars as pl
import pytest

from overcut.domain.tables import LakeSource
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.kernel.settings import load_settings
from overcut.lake import Lake
from overcut.runtime.imported_sessions import add_imported, completed
from overcut.runtime.lake_imports import import_fastf1
from overcut.runtime.lake_sessions import add_session
from overcut.runtime.notebook import load
from overcut.runtime.session_tables.reading import read_session_tables
from overcut.sources.fastf1.cache import cached_sessions, read_cached
from overcut.sources.fastf1.loaded import read_loaded
from overcut.sources.opening import open_source
from tests.small_race import fastf1_cache, small_race

pytest.importorskip("fastf1")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fastf1_cache(small_race(), tmp_path_factory.mktemp("fastf1"))


@pytest.fixture(scope="module")
def ours() -> dict[str, pl.DataFrame]:
    return read_session_tables(open_source(small_race())).tables


@pytest.fixture(scope="module")
def theirs(cache: Path) -> dict[str, pl.DataFrame]:
    session = read_cached(cache)
    assert session.defects == {}
    return completed(session)


def test_session_bears_its_official_name(theirs: dict[str, pl.DataFrame]) -> None:
    assert theirs["sessions"].select("session_key", "season", "round", "session").row(0) == ("2025-16-R", 2025, 16, "R")
    assert theirs["sessions"]["event"].item() == "Italian Grand Prix"


@pytest.mark.parametrize(
    "column",
    ["lap_time_s", "s1_s", "s2_s", "s3_s", "compound", "stint", "tyre_life", "pit_in", "pit_out", "driver", "team"],
)
def test_cached_laps_are_those_of_our_engine(
    ours: dict[str, pl.DataFrame], theirs: dict[str, pl.DataFrame], column: str
) -> None:
    both = ours["laps"].join(theirs["laps"], on=["driver_number", "lap"], suffix="_theirs")
    assert both.height >= 0.98 * ours["laps"].height
    told = both.filter(pl.col(f"{column}_theirs").is_not_null() & pl.col(column).is_not_null())
    assert told.height > 0.7 * both.height
    assert told.filter(pl.col(column) != pl.col(f"{column}_theirs")).is_empty()


def test_cached_session_has_its_other_tables_too(
    ours: dict[str, pl.DataFrame], theirs: dict[str, pl.DataFrame]
) -> None:
    assert theirs["weather"]["air_temp_c"].to_list() == ours["weather"]["air_temp_c"].to_list()
    assert theirs["race_control"]["message"].to_list() == ours["race_control"]["message"].to_list()
    assert theirs["track_status"]["status"].to_list() == ours["track_status"]["status"].to_list()
    assert set(theirs["entries"]["driver"]) == set(ours["entries"]["driver"])
    assert theirs["positions"].height > 0.5 * ours["positions"].height


def test_cached_telemetry_is_as_ours_sample_by_sample(
    ours: dict[str, pl.DataFrame], theirs: dict[str, pl.DataFrame]
) -> None:
    number = ours["laps"]["driver_number"][0]
    mine, other = (
        tables["telemetry"].filter(
            (pl.col("driver_number") == number) & (pl.col("lap") == 4) & (pl.col("source") == "car")
        )
        for tables in (ours, theirs)
    )
    assert other.height == pytest.approx(mine.height, abs=2)
    assert other["speed_kmh"].max() == mine["speed_kmh"].max()
    assert other["distance_m"].drop_nulls().max() == pytest.approx(mine["distance_m"].drop_nulls().max(), rel=0.01)


def test_importing_a_cache_twice_changes_nothing(cache: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    (first,) = import_fastf1(lake, cache.parents[2])
    (second,) = import_fastf1(lake, cache.parents[2])
    assert not isinstance(first, OvercutError)
    assert not isinstance(second, OvercutError)
    assert (first.changed, second.changed) == (True, False)
    assert first.source is LakeSource.FASTF1
    assert lake.read("telemetry", units=["2025-16-R"]).height == first.rows["telemetry"] > 0


def test_refused_part_costs_only_itself_and_is_told(cache: Path, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> object:
            return (print, ("run",))

    place = tmp_path / Path(*cache.parts[-3:])
    place.mkdir(parents=True)
    for file in cache.iterdir():
        if not file.name.startswith(("car_data", "position_data")):
            (place / file.name).write_bytes(file.read_bytes())
    (place / "weather_data.ff1pkl").write_bytes(pickle.dumps({"version": 17, "data": Evil()}))
    (place / "driver_info.ff1pkl").write_bytes(b"\x80\x04broken")
    session = read_cached(place)
    assert {defect.topic for defect in session.defects.values()} == {"weather_data", "driver_info"}
    assert "weather" not in session.tables
    assert session.tables["laps"].height > 0
    (place / "_extended_timing_data.ff1pkl").write_bytes(pickle.dumps({"version": 17, "data": Evil()}))
    (refused,) = import_fastf1(Lake(tmp_path / "lake"), tmp_path)
    assert isinstance(refused, OvercutError)
    assert "names" in refused.why


def test_folder_with_raw_answers_alone_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="no folder"):
        cached_sessions(tmp_path / "nowhere")
    sqlite3.connect(tmp_path / "fastf1_http_cache.sqlite").close()
    with pytest.raises(DataMissingError) as missing:
        cached_sessions(tmp_path)
    assert "sqlite" in missing.value.why


def test_loaded_session_goes_into_the_lake_and_comes_back_the_same(tmp_path: Path) -> None:
    """What we hand out in FastF1's shape, and quacks like its Session, is what we take back."""
    settings = load_settings(home=tmp_path)
    lake = Lake(tmp_path / "lake")
    key = add_session(lake, open_source(small_race())).session
    frames = load(key, settings=settings).fastf1()
    session = read_loaded(frames)
    added = add_imported(lake, session, LakeSource.FASTF1, origin="test")
    back = lake.read("laps", units=[added.session], source=LakeSource.FASTF1)
    mine = lake.read("laps", units=[key], source=LakeSource.FRAMES)
    lost = {"session_key", "season", "round", "event", "session", "lap_time_source", "accuracy_reason", "amended_at"}
    same = [name for name in mine.columns if name not in lost and name != "part"]
    assert back.select(same).equals(mine.select(same))
    told = lake.read("telemetry", units=[added.session], source=LakeSource.FASTF1)
    assert told["speed_kmh"].max() == lake.read("telemetry", units=[key])["speed_kmh"].max()


def test_something_else_than_a_session_is_refused() -> None:
    with pytest.raises(WrongUsageError, match="no session"):
        read_loaded("2018-04-R")


def test_session_that_was_not_loaded_is_told() -> None:
    class Session:
        """FastF1 raises when something is asked for that was not loaded."""

        @property
        def laps(self) -> object:
            raise LookupError

        weather_data = race_control_messages = laps

    with pytest.raises(DataMissingError, match="no laps"):
        read_loaded(Session())


@pytest.mark.shared
def test_cache_of_baku_2018_agrees_with_our_engine(baku_2018: Path, tmp_path: Path) -> None:
    theirs = completed(read_cached(fastf1_cache(baku_2018, tmp_path)))
    ours = read_session_tables(open_source(baku_2018)).tables
    both = ours["laps"].join(theirs["laps"], on=["driver_number", "lap"], suffix="_theirs")
    assert both.height == ours["laps"].height == 841
    for column, most in {"lap_time_s": 5, "s1_s": 1, "s2_s": 0, "s3_s": 0, "pit_in": 0, "track_status": 0}.items():
        assert both.filter(pl.col(column).ne_missing(pl.col(f"{column}_theirs"))).height <= most, column
