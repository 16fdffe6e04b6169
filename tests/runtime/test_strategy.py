"""Which race is asked about: in the lake, from a source, and one that is still going on."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from overcut.domain.session import SessionKind
from overcut.domain.tables import LakeSource
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.kernel.settings import Settings
from overcut.lake import Lake
from overcut.runtime.recorded import Recorded, record
from overcut.runtime.session_tables.reading import read_session_tables
from overcut.runtime.strategy import (
    StrategyRecord,
    named_record,
    race_of,
    record_in_lake,
    record_of_recorded,
    record_of_state,
    sessions_in_lake,
)
from overcut.sources.opening import open_source
from overcut.sources.simulated.weekend import simulate_weekend
from overcut.strategy.model import TrackStatus
from tests.strategy.invented_races import lake_of_races

CIRCUIT, SEED = "monaco", 3


@pytest.fixture(scope="module")
def weekend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (folder,) = simulate_weekend(
        2025, CIRCUIT, SEED, tmp_path_factory.mktemp("strategy"), [SessionKind.RACE], telemetry=False
    )
    return folder


@pytest.fixture(scope="module")
def recorded(weekend: Path) -> Recorded:
    return record(open_source(weekend))


@pytest.fixture(scope="module")
def simulated(recorded: Recorded) -> StrategyRecord:
    return record_of_recorded(recorded)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return lake_of_races(tmp_path_factory.mktemp("strategy-lake") / "lake", 3)


def test_simulated_race_is_told_whole(simulated: StrategyRecord) -> None:
    told = simulated.session
    assert (told.circuit_id, told.laps, told.simulated, told.live, told.sprint) == (CIRCUIT, 78, True, False, False)
    assert simulated.finished
    happened = simulated.happened()
    winner = [car for car in happened.cars if car.finish == 1]
    assert len(winner) == 1
    assert winner[0].laps == 78
    assert all(car.stops for car in happened.cars if car.finish is not None)
    assert sorted(car.finish for car in happened.cars if car.finish) == list(
        range(1, 1 + sum(car.finish is not None for car in happened.cars))
    )


def test_race_at_a_lap_begins_where_the_cars_were(simulated: StrategyRecord) -> None:
    answer = simulated.answer(30)
    assert [car.position for car in answer.cars if not car.retired] == list(
        range(1, 1 + sum(not car.retired for car in answer.cars))
    )
    places = {car.driver_number: car.places[29] for car in answer.actual if len(car.places) >= 30}
    here = {car.driver_number: car.position for car in answer.cars if not car.retired}
    assert sum(places.get(number) == place for number, place in here.items()) >= 0.9 * len(here)
    assert {"SOFT", "MEDIUM", "HARD", "INTERMEDIATE", "WET"} == {tyre.compound for tyre in answer.tyres}
    assert answer.pit_loss_s.mean > answer.pit_loss_vsc_s.mean > answer.pit_loss_sc_s.mean > 0
    assert all(len(car.colour) == 6 for car in answer.cars)


def test_grid_is_the_feeds(simulated: StrategyRecord, recorded: Recorded) -> None:
    race = simulated.race(0)
    grid = {car.number: car.grid for car in recorded.latest().engine.state().cars.values()}
    assert {car.driver_number: state.position for car, state in zip(race.cars, race.states, strict=True)} == grid
    assert race.track.status is TrackStatus.GREEN


def test_live_race_knows_nothing_of_what_is_to_come(recorded: Recorded, simulated: StrategyRecord) -> None:
    end = next(t_ms for t_ms, lap in recorded.timeline.laps if lap == 26)
    engine = recorded.engine_after(recorded.frames_until(end))
    so_far = record_of_state(
        engine.state(),
        engine.laps(),
        [reading for reading in recorded.weather if reading.t_ms <= end],
        lights_out_ms=recorded.timeline.lights_out_ms(),
        live=True,
    )
    assert not so_far.finished
    assert so_far.session.lap in (24, 25)
    assert so_far.race(20) == simulated.race(20)
    assert all(car.finish is None for car in so_far.happened().cars)
    with pytest.raises(DataMissingError, match="not over"):
        so_far.race(40)


@pytest.mark.parametrize("lap", [-1, 78, 99])
def test_lap_outside_the_race_is_wrong_usage(simulated: StrategyRecord, lap: int) -> None:
    with pytest.raises(WrongUsageError, match=f"Lap {lap}"):
        simulated.race(lap)


def test_sessions_of_the_lake_are_listed_newest_first(lake: Lake) -> None:
    listed = sessions_in_lake(lake)
    assert [one.session_key for one in listed] == ["2031-03-R", "2031-02-R", "2031-01-R"]
    assert (listed[0].season, listed[0].circuit_id, listed[0].lap, listed[0].origin) == (2031, "monza", 12, "lake")
    assert sessions_in_lake(Lake(lake.folder / "none")) == ()


def test_race_of_the_lake_is_found_by_name(lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OVERCUT_SHARED", str(tmp_path / "nothing"))
    settings = Settings(home=lake.folder.parent)
    found = named_record("2031-02-R", settings)
    assert found.session.origin == "lake"
    assert race_of(settings, "2031-02-R", 5) == found.race(5)
    with pytest.raises(DataMissingError):
        named_record("2031-09-R", settings)


def test_race_without_tyres_says_so(tmp_path: Path, lake: Lake) -> None:
    bare = Lake(tmp_path / "lake")
    laps = lake.read("laps", units=["2031-01-R"]).with_columns(pl.lit(None, pl.String).alias("compound"))
    with bare.writing() as writer:
        writer.replace("laps", laps, source=LakeSource.OWN, origin="made up")
        writer.replace("entries", lake.read("entries", units=["2031-01-R"]), source=LakeSource.OWN, origin="made up")
        writer.replace("sessions", lake.read("sessions", units=["2031-01-R"]), source=LakeSource.OWN, origin="made up")
        writer.replace("races", lake.read("races"), source=LakeSource.F1DB, origin="made up")
    with pytest.raises(DataMissingError, match="tyres"):
        record_in_lake(bare, "2031-01-R")
    assert record_in_lake(bare, "2031-02-R") is None


def test_simulated_race_that_was_put_into_the_lake_keeps_its_grid(
    weekend: Path, tmp_path: Path, simulated: StrategyRecord
) -> None:
    lake = Lake(tmp_path / "lake")
    tables = read_session_tables(open_source(weekend), telemetry=False).tables
    with lake.writing() as writer:
        for name in ("laps", "sessions", "entries", "positions", "weather", "track_status", "session_status"):
            writer.replace(name, tables[name], source=LakeSource.OWN, origin="simulated")
    kept = record_in_lake(lake, simulated.session.session_key)
    assert kept is not None
    assert kept.session.simulated
    grid = {one.driver_number: one.grid for one in simulated.facts.entrants}
    assert {one.driver_number: one.grid for one in kept.facts.entrants} == grid


def test_qualifying_is_no_race(weekend: Path, tmp_path: Path) -> None:
    (folder,) = simulate_weekend(2025, CIRCUIT, SEED, tmp_path, [SessionKind.FP1], telemetry=False)
    with pytest.raises(WrongUsageError, match="is no race"):
        named_record(str(folder), Settings(home=tmp_path))
