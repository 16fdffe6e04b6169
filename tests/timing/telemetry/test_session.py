"""Laps of telemetry against the truth of a simulated race, and against a real qualifying."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from overcut.domain.frame import Frame
from overcut.domain.laps import Lap
from overcut.runtime.telemetry import TelemetryLibrary, library_of, open_telemetry
from overcut.sources.archive import ArchiveSource
from overcut.sources.simulated.wire.folder import write_session
from overcut.timing.engine import Engine
from overcut.timing.telemetry.lap import Alignment
from overcut.timing.telemetry.modes import Aid
from overcut.timing.telemetry.table import SCHEMA
from tests.sources.simulated.conftest import Played, race_of


@pytest.fixture(scope="module")
def played() -> Played:
    return race_of("monza", 3, 2025, 6)


@pytest.fixture(scope="module")
def folder(played: Played, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_session(played.log, played.track, played.seed, tmp_path_factory.mktemp("race"))


@pytest.fixture(scope="module")
def library(folder: Path) -> TelemetryLibrary:
    return open_telemetry(ArchiveSource(folder))


def flying(library: TelemetryLibrary) -> list[Lap]:
    return [
        lap for lap in library.laps if lap.lap_ms is not None and lap.lap > 1 and not lap.pit_in and not lap.pit_out
    ]


def test_laps_begin_and_end_where_the_car_truly_crossed_the_line(library: TelemetryLibrary, played: Played) -> None:
    truth = {
        (car.entry.number, crossing.lap): crossing.t * 1000
        for car in played.log.cars
        for crossing in car.crossings
        if crossing.node == played.track.count
    }
    off: list[float] = []
    for lap in flying(library):
        read = library.lap(library.driver(lap.number), lap)
        assert read is not None
        assert read.report.alignment is Alignment.BOTH
        assert read.report.end_ms - read.report.start_ms == pytest.approx(lap.lap_ms)
        off.append(read.report.end_ms - truth[lap.number, lap.lap])
    assert len(off) > 60
    late = float(np.median(off))
    assert 0 <= late < 300  # the feed's usual delay, which nothing in the feed tells
    assert np.percentile(np.abs(np.array(off) - late), 95) < 10


def test_distance_is_the_circuit_s_at_the_line_and_at_the_sectors(library: TelemetryLibrary, played: Played) -> None:
    circuit = played.track.circuit
    assert library.telemetry.sector_fractions == pytest.approx(circuit.sector_ends, abs=0.002)
    for lap in flying(library)[:20]:
        read = library.lap(library.driver(lap.number), lap)
        assert read is not None
        fit, table = read.report.fit, read.table
        assert fit.fitted
        assert abs(fit.residual_m or 0) < 12
        assert all(abs(metres) < 8 for metres in fit.sector_residuals_m)
        assert table["distance_m"][-1] == pytest.approx(circuit.length_m)
        assert lap.s1_ms is not None
        at_end = np.interp(lap.s1_ms / 1000, table["t_s"], table["distance_m"])
        assert at_end == pytest.approx(library.telemetry.sector_fractions[0] * circuit.length_m, abs=2)


def test_a_table_has_the_written_schema_and_an_axis_that_ascends(library: TelemetryLibrary) -> None:
    read = library.lap(library.driver("4"), library.chosen(library.driver("4"), "fastest")[0])
    assert read is not None
    table = read.table
    assert dict(table.schema) == dict(SCHEMA)
    assert table["t_s"].is_sorted()
    assert (table["t_s"].diff().drop_nulls() > 0).all()
    assert table["relative_distance"].is_between(0, 1).all()
    assert set(table["source"].cast(str)) <= {"car", "position", "both", "edge"}
    assert table["source"].cast(str).is_in(["car", "both"]).sum() == read.report.car_samples


def test_speeds_and_places_belong_together(library: TelemetryLibrary) -> None:
    """Between two positions the car moves as its own speed says: the two topics share one clock."""
    off: list[float] = []
    for lap in flying(library)[:20]:
        read = library.lap(library.driver(lap.number), lap)
        assert read is not None
        table = read.table.filter(pl.col("source").cast(pl.String).is_in(["position", "both"]))
        step = np.hypot(np.diff(table["x_m"]), np.diff(table["y_m"])) / np.diff(table["t_s"]) * 3.6
        speed = (table["speed_kmh"].to_numpy()[1:] + table["speed_kmh"].to_numpy()[:-1]) / 2
        off.append(float(np.median(np.abs(step - speed))))
    assert np.median(off) < 8


def test_out_laps_and_the_first_lap_are_not_fitted(library: TelemetryLibrary) -> None:
    for lap in library.laps:
        if lap.lap == 1 or lap.pit_in or lap.pit_out:
            read = library.lap(library.driver(lap.number), lap)
            assert read is None or not read.report.fit.fitted


def test_both_readings_give_the_same_tables(folder: Path, library: TelemetryLibrary) -> None:
    source = ArchiveSource(folder)
    frames = list(source.frames())
    engine = Engine(source.key, source.kind, source.simulated)
    for frame in frames:
        engine.advance(frame)
    again = library_of(str(source.key), frames, engine)
    car = again.driver("VER")
    for lap in again.chosen(car, "all"):
        ours, theirs = again.lap(car, lap), library.lap(car, lap)
        assert ours is not None
        assert theirs is not None
        assert ours.table.equals(theirs.table)


def test_damaged_messages_are_counted_and_the_rest_is_read(folder: Path, library: TelemetryLibrary) -> None:
    source = ArchiveSource(folder)
    engine = Engine(source.key, source.kind, source.simulated)
    frames: list[Frame] = []
    damaged = 0
    for index, frame in enumerate(source.frames()):
        if frame.topic == "CarData.z" and index % 7 == 0:
            damaged += 1
            frames.append(Frame(frame.t_ms, frame.topic, frame.payload[: len(frame.payload) // 2], frame.source))
        else:
            frames.append(frame)
        engine.advance(frames[-1])
    found = library_of("rec-damaged", frames, engine)
    assert damaged > 10
    assert sum(defect.count for defect in found.telemetry.defects.values()) == damaged
    assert sum(defect.count for defect in engine.state().defects.values()) == damaged
    car = found.driver("4")
    read = found.lap(car, found.chosen(car, "fastest")[0])
    assert read is not None
    assert read.report.gaps


def test_since_2026_there_is_no_drs_and_overtake_mode_is_race_control_s_word(tmp_path: Path) -> None:
    played = race_of("monza", 3, 2026, 5)
    found = open_telemetry(ArchiveSource(write_session(played.log, played.track, played.seed, tmp_path)))
    car = found.driver(played.log.order[0])
    read = found.lap(car, found.chosen(car, "fastest")[0])
    assert read is not None
    assert read.table["drs"].null_count() == read.table.height
    assert read.table["speed_kmh"].null_count() == 0
    assert {period.aid for period in found.aids} == {Aid.OVERTAKE}


@pytest.mark.shared
def test_crossings_of_a_real_qualifying_agree_with_its_lap_times(mexico_2025_q: Path) -> None:
    found = open_telemetry(ArchiveSource(mexico_2025_q))
    line = found.telemetry.line
    assert line is not None
    assert line.laps > 150
    errors: list[float] = []
    residuals: list[float] = []
    for lap in found.laps:
        read = found.lap(found.driver(lap.number), lap)
        assert read is not None
        if read.report.error_ms is not None:
            errors.append(abs(read.report.error_ms))
        if lap.accurate and read.report.fit.residual_m is not None:
            residuals.append(read.report.fit.residual_m)
    assert len(errors) > 90
    assert np.median(errors) < 60
    assert np.percentile(errors, 90) < 150
    assert len(residuals) > 90
    assert np.all(np.abs(residuals) < 0.025 * 4_304)  # speed adds up to the official length within 2.5 %
    assert found.telemetry.sector_fractions == pytest.approx((0.448, 0.793), abs=0.005)


def test_a_lap_timed_from_the_pit_exit_is_not_the_fastest(tmp_path: Path) -> None:
    played = race_of("monza", 3, 2026, 5)
    found = open_telemetry(ArchiveSource(write_session(played.log, played.track, played.seed, tmp_path)))
    car = found.driver(played.log.order[0])
    own = [msgspec.structs.replace(lap, pit_in=False, pit_out=False) for lap in found.laps if lap.number == car.number]
    quickest = replace(found, laps=tuple(own)).chosen(car, "fastest")[0]
    short = msgspec.structs.replace(own[1], lap_ms=(quickest.lap_ms or 0) - 20_000, pit_out=True)
    assert replace(found, laps=(*own, short)).chosen(car, "fastest") == [quickest]
    assert replace(found, laps=(short,)).chosen(car, "fastest") == [short]
