"""Anybody's files by a mapping: units converted, bad values told by row, three hundred channels, texts."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.domain.tables import TABLES, LakeSource
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.lake import Lake
from overcut.runtime.lake_imports import import_own_data
from overcut.sources.own_data.files import read_own_data
from overcut.sources.own_data.units import LAP_TIME, UNITS, converted

LAPS = """car;Lap no;time;s1 ms;out;tyre;life
44;1;1:31.500;30100;Y;S;1
44;2;1:30.250;29900;N;S;2
16;1;91.75;30500;Y;M;1
"""
MAPPING = """
[session]
key = "rec-club-day"
event = "Club day"
start = "2025-05-04T09:00:00Z"

[[file]]
path = "laps.csv"
table = "laps"
separator = ";"
[file.columns]
driver_number = "car"
lap = "Lap no"
lap_time_s = { column = "time", unit = "lap time" }
s1_s = { column = "s1 ms", unit = "ms" }
pit_out = { column = "out", true = ["Y"], false = ["N"] }
compound = { column = "tyre", words = { S = "SOFT", M = "MEDIUM" } }
tyre_life = "life"
team = { constant = "Club" }
"""


def mapping(folder: Path, text: str = MAPPING, **files: str) -> Path:
    for name, content in {"laps.csv": LAPS, **{k.replace("_", ".", 1): v for k, v in files.items()}}.items():
        (folder / name).write_text(content)
    path = folder / "mapping.toml"
    path.write_text(text)
    return path


def test_columns_are_named_and_converted(tmp_path: Path) -> None:
    laps = read_own_data(mapping(tmp_path)).tables["laps"]
    assert laps.columns == list(TABLES["laps"].names)
    told = laps.select("driver_number", "lap", "lap_time_s", "s1_s", "pit_out", "compound", "tyre_life", "team").rows()
    assert told == [
        ("16", 1, 91.75, 30.5, True, "MEDIUM", 1, "Club"),
        ("44", 1, 91.5, 30.1, True, "SOFT", 1, "Club"),
        ("44", 2, 90.25, 29.9, False, "SOFT", 2, "Club"),
    ]
    assert laps["session_key"].unique().to_list() == ["rec-club-day"]


def test_import_twice_changes_nothing_and_the_session_is_named(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    first, second = (import_own_data(lake, mapping(tmp_path)) for _ in range(2))
    assert (first.changed, second.changed) == (True, False)
    assert first.rows == {"laps": 3, "sessions": 1}
    session = lake.read("sessions", source=LakeSource.OWN).row(0, named=True)
    assert session["event"] == "Club day"
    assert session["start_utc"] == datetime(2025, 5, 4, 9, tzinfo=UTC)


BAD = LAPS + "16;two;91.0;x;Y;M;2\n16;3;91.0;30000;maybe;M;1\n;4;90.0;30000;N;M;1\n"


def test_bad_values_are_told_by_row_and_nothing_is_imported(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with pytest.raises(WrongUsageError) as refused:
        import_own_data(lake, mapping(tmp_path, laps_csv=BAD))
    assert "row 5: lap is not a whole number" in refused.value.why
    assert "row 5: s1_s is not a number ('x')" in refused.value.why
    assert "row 6: pit_out is not yes or no ('maybe')" in refused.value.why
    assert "row 7: driver_number is missing" in refused.value.why
    assert "--skip-bad-rows" in refused.value.hint
    assert lake.generation == 0


def test_bad_rows_can_be_left_out_and_are_noted(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    done = import_own_data(lake, mapping(tmp_path, laps_csv=BAD), skip_bad_rows=True)
    assert done.rows["laps"] == 3
    assert len(done.left_out) == 4
    defects = lake.read("defects")
    assert defects.filter(pl.col("source") == "own")["rows"].sum() == 4


def test_row_that_stands_twice_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match="cannot be taken") as refused:
        import_own_data(Lake(tmp_path / "lake"), mapping(tmp_path, laps_csv=LAPS + "44;2;1:30.0;1;N;S;2\n"))
    assert "too often" in refused.value.why


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('table = "laps"', 'table = "lapz"', "no table 'lapz'"),
        ('lap = "Lap no"', 'lapp = "Lap no"', "no column 'lapp'"),
        ('unit = "ms"', 'unit = "furlong"', "cannot be in 'furlong'"),
        ('column = "s1 ms"', 'column = "s9"', "no column 's9'"),
        ('driver_number = "car"\n', "", "needs driver_number"),
        ('path = "laps.csv"', 'path = "none.csv"', "no file none.csv"),
        ("[[file]]", "[[files]]", "no mapping"),
        ("[session]", "[session", "not TOML"),
        ('{ constant = "Club" }', '{ constant = "Club", column = "car" }', "either column or constant"),
        ('start = "2025-05-04T09:00:00Z"', 'start = "yesterday"', "no instant"),
        ('separator = ";"', 'separator = ","', "no column"),
    ],
)
def test_mapping_that_cannot_be_is_told(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert old in MAPPING
    with pytest.raises(OvercutError, match=what):
        read_own_data(mapping(tmp_path, MAPPING.replace(old, new)))


def test_missing_mapping_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="No mapping"):
        read_own_data(tmp_path / "none.toml")


CHANNELS = """
[session]
key = "rec-logger"

[[file]]
path = "logger.parquet"
table = "channels"
[file.columns]
driver_number = { constant = "7" }
t_ms = { column = "t", unit = "s" }
[file.channels]
ERS = { column = "ers_store", unit = "MJ" }
"*" = "*"
"""


def test_three_hundred_channels_at_a_hundred_hertz(tmp_path: Path) -> None:
    seconds, hertz, channels = 10, 100, 300
    rows = seconds * hertz
    columns = {f"ch{n:03d}": [float(n + k) for k in range(rows)] for n in range(channels - 1)}
    frame = pl.DataFrame(
        {"t": [k / hertz for k in range(rows)], "ers_store": [4.0] * rows, "note": ["x"] * rows, **columns}
    )
    frame.write_parquet(tmp_path / "logger.parquet")
    lake = Lake(tmp_path / "lake")
    began = time.perf_counter()
    done = import_own_data(lake, mapping(tmp_path, CHANNELS))
    assert time.perf_counter() - began < 15
    assert done.rows["channels"] == rows * channels
    read = lake.read("channels", units=["rec-logger"], where=pl.col("channel") == "ERS")
    assert read.height == rows
    assert read["unit"].unique().to_list() == ["MJ"]
    assert lake.read("channels", columns=["channel"])["channel"].n_unique() == channels


def test_samples_within_a_millisecond_are_told(tmp_path: Path) -> None:
    pl.DataFrame({"t": [0.0, 0.0001, 0.002], "ers_store": [1.0, 2.0, 3.0]}).write_parquet(tmp_path / "logger.parquet")
    data = read_own_data(mapping(tmp_path, CHANNELS))
    assert data.tables["channels"].select("t_ms", "value").rows() == [(0, 2.0), (2, 3.0)]
    assert "share a millisecond" in str(data.problems[0])


DOCUMENTS = """
[[file]]
path = "notes/*.md"
table = "documents"
[file.columns]
kind = { constant = "upgrade" }
language = { constant = "en" }
published_utc = { constant = "2025-05-02T08:00:00Z" }
"""


def test_texts_become_documents_and_later_ones_join_them(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "floor.md").write_text("A new floor.")
    assert import_own_data(lake, mapping(tmp_path, DOCUMENTS)).rows == {"documents": 1}
    (notes / "floor.md").unlink()
    (notes / "wing.md").write_text("A new wing.")
    import_own_data(lake, mapping(tmp_path, DOCUMENTS))
    documents = lake.read("documents").sort("title")
    assert documents["title"].to_list() == ["floor", "wing"]
    assert documents["body"].to_list() == ["A new floor.", "A new wing."]
    assert set(documents["kind"]) == {"upgrade"}


def test_every_unit_of_a_column_comes_back_by_its_own_scale() -> None:
    columns = {column.unit: column for table in TABLES.values() for column in table.columns if column.unit in UNITS}
    for unit, column in columns.items():
        for other, scale in UNITS[unit].items():
            told = pl.DataFrame({"v": [(20.0 - scale.offset) / scale.factor]})
            assert told.select(converted(pl.col("v"), column, other)).item() == pytest.approx(20.0), (unit, other)


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [("°F", 212.0, 100.0), ("K", 273.15, 0.0), ("mph", 100.0, 160.9344), ("psi", 14.503773773, 1000.0)],
)
def test_units_agree_with_their_definitions(unit: str, value: float, expected: float) -> None:
    own = next(name for name, units in UNITS.items() if unit in units and name in ("°C", "km/h", "mbar"))
    column = next(c for table in TABLES.values() for c in table.columns if c.unit == own)
    told = pl.DataFrame({"v": [value]}).select(converted(pl.col("v"), column, unit)).item()
    assert told == pytest.approx(expected, abs=1e-6)


@given(st.integers(0, 36_000_000))
def test_any_lap_time_is_read_as_it_is_written(ms: int) -> None:
    minutes, rest = divmod(ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02d}:{rest / 1000:06.3f}" if hours else f"{minutes}:{rest / 1000:06.3f}"
    column = next(column for column in TABLES["laps"].columns if column.name == "lap_time_s")
    told = pl.DataFrame({"v": [text]}).select(converted(pl.col("v"), column, LAP_TIME)).item()
    assert told == pytest.approx(ms / 1000)
