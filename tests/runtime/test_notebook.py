"""`import overcut as oc`: light to import, sessions by name, frames that FastF1's own methods take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import overcut as oc
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.kernel.settings import Settings, load_settings
from overcut.lake import Lake
from overcut.runtime import notebook_fastf1
from overcut.runtime.lake import lake_of
from overcut.runtime.notebook import Session
from overcut.runtime.notebook_history import History
from tests.small_race import KEY, small_race


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose lake has the small race."""
    home = load_settings(home=tmp_path_factory.mktemp("home"))
    assert oc.add(str(small_race()), settings=home) == KEY
    return home


@pytest.fixture(scope="module")
def race(settings: Settings) -> Session:
    return oc.load(KEY, settings=settings)


def test_importing_overcut_loads_nothing_heavy() -> None:
    code = "import sys, overcut; print(sorted({'polars', 'numpy', 'pandas', 'httpx', 'duckdb'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_session_from_the_lake_equals_the_one_read_from_its_frames(race: Session, settings: Settings) -> None:
    fresh = oc.load(str(small_race()), settings=settings, refresh=True)
    assert race.source == "frames"
    assert fresh.source is None
    for name in ("laps", "stints", "weather", "race_control", "track_status", "positions", "pit_stops", "drivers"):
        assert getattr(race, name).equals(getattr(fresh, name)), name
    assert race.info["circuit_id"] == "monza"
    code = race.laps["driver"][0]
    assert race.telemetry(code, 3).equals(fresh.telemetry(code, 3))


@pytest.mark.parametrize("which", ["fastest", 2, "all"])
def test_telemetry_is_the_same_for_lake_and_frames(race: Session, settings: Settings, which: str | int) -> None:
    number = race.laps["driver_number"][0]
    fresh = oc.load(str(small_race()), settings=settings, refresh=True)
    assert race.telemetry(number, which).equals(fresh.telemetry(number, which))


def test_what_is_not_there_is_told(race: Session, settings: Settings) -> None:
    with pytest.raises(DataMissingError, match="NOBODY"):
        race.telemetry("NOBODY")
    with pytest.raises(DataMissingError, match="no telemetry"):
        race.telemetry(race.laps["driver_number"][0], 99)
    with pytest.raises(WrongUsageError, match="no lap"):
        race.telemetry(race.laps["driver_number"][0], "slowest")
    with pytest.raises(WrongUsageError, match="no table"):
        race.table("lapz")
    with pytest.raises(DataMissingError):
        oc.load("sim-2025-baku-99-R", settings=settings)
    with pytest.raises(WrongUsageError, match="no session"):
        oc.add(object(), settings=settings)


def test_queries_answer_and_cannot_write(settings: Settings) -> None:
    laps = oc.sql(f"SELECT count(*) AS n FROM laps WHERE session_key = '{KEY}'", settings=settings)  # noqa: S608
    assert laps["n"].item() == oc.load(KEY, settings=settings).laps.height
    with pytest.raises(OvercutError):
        oc.sql("DROP TABLE laps", settings=settings)


def test_history_answers_in_words(small_history: Lake) -> None:
    history = History(small_history)
    assert history.driver("Anna Brandt") == history.driver("anna-brandt")
    assert history.race(2019, 1).results
    assert history.standings(2019).rows[0].position == 1
    assert history.table("results").height > 0
    assert history.seasons().total == 5
    with pytest.raises(WrongUsageError, match="no table"):
        history.table("laps")
    with pytest.raises(DataMissingError):
        history.driver("zzzzqqqq")


class TestFastF1Frames:
    """Against the columns, dtypes and methods of FastF1's own classes."""

    core = pytest.importorskip("fastf1.core")

    def test_laps_have_fastf1s_columns_in_order_with_its_dtypes(self, race: Session) -> None:
        laps = race.fastf1().laps
        wanted = self.core.Laps._COLUMNS
        assert list(laps.columns) == list(wanted)
        for name, kind in wanted.items():
            if name == "Deleted":
                assert laps[name].dtype in (np.dtype(bool), np.dtype(object))
                continue
            expected = np.dtype(object) if kind is str else np.dtype(kind)
            assert laps[name].dtype == expected, name

    def test_values_survive_the_change_of_units(self, race: Session) -> None:
        laps, ours = race.fastf1().laps, race.laps
        assert (
            laps["LapTime"].dt.total_seconds().round(3).fillna(-1).tolist()
            == ours["lap_time_s"].fill_null(-1).to_list()
        )
        assert laps["LapNumber"].tolist() == ours["lap"].to_list()
        assert laps["Driver"].tolist() == ours["driver"].to_list()
        assert (laps["LapStartDate"] - laps["LapStartTime"]).dropna().nunique() == 1

    def test_methods_of_fastf1s_laps_work_on_ours(self, race: Session) -> None:
        laps = race.fastf1().laps
        assert isinstance(laps, self.core.Laps)
        code = race.laps["driver"][0]
        mine = laps.pick_drivers(code)
        assert set(mine["Driver"]) == {code}
        best = mine.pick_fastest()
        assert best["LapTime"] == mine["LapTime"].min()
        assert len(laps.pick_accurate()) == race.laps["is_accurate"].sum()
        assert len(laps.pick_laps([2, 3])) == race.laps.filter(pl.col("lap").is_in([2, 3])).height
        assert len(laps.pick_quicklaps()) > 0
        assert set(laps.pick_compounds(race.laps["compound"][0])["Compound"]) == {race.laps["compound"][0]}
        assert len(laps.pick_wo_box()) == race.laps.filter(
            pl.col("pit_in_time_s").is_null() & pl.col("pit_out_time_s").is_null()
        ).height  # fmt: skip
        assert len(laps.pick_not_deleted()) == len(laps)
        assert list(laps.get_weather_data().columns)[:3] == ["Time", "AirTemp", "Humidity"]

    def test_telemetry_methods_of_fastf1_work_on_ours(self, race: Session) -> None:
        frames = race.fastf1()
        lap = frames.laps.pick_drivers(race.laps["driver"][0]).pick_laps(4).iloc[0]
        car = lap.get_car_data().add_distance()
        for name, kind in self.core.Telemetry._COLUMNS.items():
            if name in car.columns and kind is not str:
                assert car[name].dtype == np.dtype(kind), name
        assert 5_600 < car["Distance"].iloc[-1] < 5_950, "Monza's lap is 5793 m"
        assert set(lap.get_telemetry()["Source"]) <= {"car", "pos", "interpolation"}
        assert lap.get_weather_data()["AirTemp"] > 0

    def test_parts_of_a_session_bear_fastf1s_names(self, race: Session) -> None:
        frames = race.fastf1()
        assert frames.name == "Race"
        assert frames.total_laps == 7
        assert list(frames.track_status.columns) == ["Time", "Status", "Message"]
        assert list(frames.session_status["Status"])[:2] == ["Inactive", "Started"]
        assert frames.session_start_time == frames.session_status["Time"].iloc[1]
        assert frames.get_driver(race.laps["driver"][0])["DriverNumber"] == race.laps["driver_number"][0]
        assert frames.race_control_messages["Message"].tolist() == race.race_control["message"].to_list()
        assert len(frames.car_data) == len(frames.drivers)
        with pytest.raises(KeyError):
            frames.car_data["999"]
        with pytest.raises(ValueError, match="Invalid driver"):
            frames.get_driver("XXX")

    def test_plain_pandas_without_fastf1(self, race: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        pd = pytest.importorskip("pandas")
        monkeypatch.setattr(notebook_fastf1, "find_spec", lambda name: None if name == "fastf1" else object())
        laps = race.fastf1().laps
        assert type(laps) is pd.DataFrame
        assert list(laps.columns) == list(self.core.Laps._COLUMNS)

    def test_missing_pandas_is_told(self, race: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(notebook_fastf1, "find_spec", lambda _: None)
        with pytest.raises(OvercutError, match="pandas is not installed"):
            race.fastf1()

    def test_to_pandas_has_every_row(self, race: Session) -> None:
        assert len(race.to_pandas()) == race.laps.height
        assert list(race.to_pandas("weather").columns) == race.weather.columns


def test_open_lake_is_the_users_lake(settings: Settings) -> None:
    assert oc.open_lake(settings) is lake_of(settings)
    assert Path(oc.open_lake(settings).folder).parent == settings.home
