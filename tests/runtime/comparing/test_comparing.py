"""Every value on which sources differ is found, and the verdict follows from evidence, not from habit."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from overcut.domain.tables import TABLES, LakeSource
from overcut.kernel.errors import DataMissingError
from overcut.kernel.frame_schema import frame_schema
from overcut.lake import Lake
from overcut.runtime.comparing import compare, disagreements, store
from overcut.runtime.imports.timing import import_timing
from tests.history_data import lake_with_history
from tests.timing_data import lap_rows, write_timing


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = lake_with_history(tmp_path / "lake")
    write_timing(tmp_path / "timing", lake)
    import_timing(lake, tmp_path / "timing")
    return lake


def verdicts(lake: Lake, table: str, column: str) -> dict[tuple[str, str], tuple[str, str]]:
    _, rows = compare(lake)
    chosen = rows.filter((pl.col("table_name") == table) & (pl.col("column_name") == column))
    return {(row["place"], row["row_key"]): (row["who_is_right"], row["why"]) for row in chosen.iter_rows(named=True)}


def with_laps(lake: Lake, change: pl.Expr | list[pl.Expr], keep: pl.Expr | None = None) -> None:
    """Put changed laps in place of those that agree."""
    laps = lake.read("laps", source=LakeSource.TABLES).with_columns(change)
    with lake.writing() as writer:
        writer.replace("laps", laps if keep is None else laps.filter(keep), source=LakeSource.TABLES)


def winner(lake: Lake) -> tuple[str, str]:
    row = (
        lake.read("results", units=["2024"])
        .filter((pl.col("round") == 1) & (pl.col("position") == 1))
        .row(0, named=True)
    )
    return row["driver_id"], row["driver_number"]


def test_tables_that_agree_have_no_disagreements_but_the_known_faults(lake: Lake) -> None:
    figures, rows = compare(lake)
    assert dict(rows.schema) == frame_schema(TABLES["disagreements"])
    by_what = {one.what: one for one in figures}
    assert by_what["race times against the sum of laps and penalties"].differ == 0
    assert by_what["finishing order against the order over the line"].differ == 0
    assert by_what["race times against the sum of laps and penalties"].compared > 10


def test_a_lap_that_ended_in_the_pits_was_not_completed(lake: Lake) -> None:
    retired = lake.read("results", units=["2024"]).filter(
        (pl.col("round") <= 2) & (pl.col("position_text") == "DNF") & (pl.col("laps") > 0)
    )
    found = verdicts(lake, "results", "laps")
    assert {key[1] for key in found} == set(retired["driver_id"])
    assert all(who == "left" and "never reached the line" in why for who, why in found.values())


def test_a_result_counted_back_is_the_result(lake: Lake, tmp_path: Path) -> None:
    results = lake.read("results", units=["2024"], source=LakeSource.F1DB)
    back = pl.when((pl.col("round") == 1) & pl.col("position").is_not_null()).then(pl.col("laps") - 2)
    with lake.writing() as writer:
        changed = results.with_columns(back.otherwise(pl.col("laps")).alias("laps"))
        writer.replace("results", changed, source=LakeSource.F1DB)
    found = verdicts(lake, "results", "laps")
    who, why = found["2024-01-R", winner(lake)[0]]
    assert who == "left"
    assert "counted back" in why


def test_a_penalty_that_is_not_named_explains_a_time(lake: Lake) -> None:
    driver, _ = winner(lake)
    results = lake.read("results", units=["2024"], source=LakeSource.F1DB)
    mine = (pl.col("driver_id") == driver) & (pl.col("round") == 1)
    with lake.writing() as writer:
        slower = pl.when(mine).then(pl.col("time_ms") + 5000).otherwise(pl.col("time_ms")).alias("time_ms")
        writer.replace("results", results.with_columns(slower), source=LakeSource.F1DB)
    who, why = verdicts(lake, "results", "time_ms")["2024-01-R", driver]
    assert who == "left"
    assert "penalty of 5.0 s that it does not name" in why


def test_one_car_whose_laps_do_not_add_up_is_wrong_where_the_others_do(lake: Lake) -> None:
    driver, number = winner(lake)
    bad = (pl.col("driver_number") == number) & (pl.col("lap") == 7) & (pl.col("session_key") == "2024-01-R")
    with_laps(lake, pl.when(bad).then(pl.col("lap_time_s") + 61.234).otherwise("lap_time_s").alias("lap_time_s"))
    found = verdicts(lake, "results", "time_ms")
    assert list(found) == [("2024-01-R", driver)]
    who, why = found["2024-01-R", driver]
    assert who == "left"
    assert "61.234 s" in why


def test_positions_changed_by_a_penalty_after_the_flag(lake: Lake) -> None:
    order = (
        lake.read("results", units=["2024"])
        .filter((pl.col("round") == 1) & pl.col("position").is_in([1, 2]))
        .sort("position")
    )
    first, second = order["driver_number"].to_list()
    ours = pl.col("session_key") == "2024-01-R"
    # The second crossed the line six seconds ahead, and lost ten.
    with_laps(lake, pl.when(ours & (pl.col("driver_number") == second)).then(pl.col("lap_end_s") - 10.321)
              .otherwise("lap_end_s").alias("lap_end_s"))  # fmt: skip
    results = lake.read("results", units=["2024"], source=LakeSource.F1DB)
    penalty = pl.when((pl.col("round") == 1) & (pl.col("driver_number") == second)).then(10_321).otherwise(None)
    with lake.writing() as writer:
        writer.replace("results", results.with_columns(penalty.alias("penalty_ms")), source=LakeSource.F1DB)
    found = verdicts(lake, "results", "position")
    driver_of = dict(zip(order["driver_number"], order["driver_id"], strict=True))
    assert found["2024-01-R", driver_of[second]] == ("left", "a penalty of 10.321 s after the flag")
    assert found["2024-01-R", driver_of[first]] == ("left", "penalties or disqualifications of others after the flag")


def test_a_faster_lap_that_was_deleted_does_not_count(lake: Lake) -> None:
    driver, number = winner(lake)
    best = lake.read("fastest_laps", units=["2024"]).filter((pl.col("round") == 1) & (pl.col("driver_id") == driver))
    time_s = best["time_ms"].item() / 1000
    mine = (pl.col("driver_number") == number) & (pl.col("session_key") == "2024-01-R")
    at, other = mine & (pl.col("lap") == 40), mine & (pl.col("lap") == 12)
    times = pl.when(at).then(time_s).when(other).then(time_s - 0.5).otherwise(pl.col("lap_time_s")).alias("lap_time_s")
    with_laps(lake, [times, other.alias("deleted")])
    assert verdicts(lake, "fastest_laps", "time_ms")["2024-01-R", driver] == (
        "left",
        "race control deleted the faster lap",
    )


def test_stops_that_only_one_has_and_times_that_differ_are_found(lake: Lake) -> None:
    laps = verdicts(lake, "pit_stops", "lap")
    assert {place for place, _ in laps} == {"2024-01-R", "2024-02-R"}
    times = verdicts(lake, "pit_stops", "pit_lane_s")
    assert len(times) == 2
    assert all(who == "unknown" for who, _ in times.values())


def test_what_is_found_is_kept_once_and_can_be_asked_for(lake: Lake) -> None:
    _, rows = compare(lake)
    store(lake, rows)
    generation = lake.generation
    store(lake, rows)
    assert lake.generation == generation
    assert disagreements(lake).height == rows.height
    assert disagreements(lake, place="2024-02").height < rows.height
    assert disagreements(lake, who="unknown")["who_is_right"].unique().to_list() == ["unknown"]
    store(lake, rows.clear())
    assert disagreements(lake).is_empty()


def test_nothing_to_compare_says_what_to_import(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="no history"):
        compare(Lake(tmp_path / "empty"))
    with pytest.raises(DataMissingError, match="nothing"):
        compare(lake_with_history(tmp_path / "lake"))


def test_the_laps_of_the_fixture_add_up(lake: Lake) -> None:
    rows = lap_rows(lake, (1,))
    driver, number = winner(lake)
    total = rows.filter(pl.col("driver_number") == number)["lap_time_s"].sum()
    time_ms = lake.read("results", units=["2024"]).filter((pl.col("round") == 1) & (pl.col("driver_id") == driver))
    assert round(total * 1000) == time_ms["time_ms"].item()


@pytest.mark.shared
def test_the_real_tables_differ_from_f1db_as_history_says(shared: Path, shared_history: Lake, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with lake.writing() as writer:
        for table in (
            "races",
            "results",
            "sprints",
            "qualifying",
            "practice",
            "fastest_laps",
            "history_pit_stops",
            "drivers",
        ):
            writer.replace(table, shared_history.read(table), source=LakeSource.F1DB)
    folder = tmp_path / "timing"
    folder.mkdir()
    for name in ("laps", "drivers", "pit_stops"):
        (folder / f"{name}.parquet").symlink_to(shared / f"data/timing/{name}.parquet")
    import_timing(lake, folder)
    figures, rows = compare(lake)
    assert sum(one.compared for one in figures) > 30_000
    known = {
        ("2021-12-R", "max-verstappen", "laps"): "counted back",  # Spa: three laps behind the safety car, one counted
        ("2018-07-R", "sebastian-vettel", "laps"): "counted back",  # Canada: the flag fell two laps early
        ("2019-17-R", "valtteri-bottas", "laps"): "counted back",  # Japan: the panel showed the flag a lap early
        ("2020-15-R", "lewis-hamilton", "time_ms"): "an hour is missing",  # Bahrain: Grosjean's fire
        ("2014-17-R", "pastor-maldonado", "time_ms"): "penalty of 5.0 s that it does not name",
    }
    for (place, driver, column), why in known.items():
        found = rows.filter(
            (pl.col("place") == place) & (pl.col("row_key") == driver) & (pl.col("column_name") == column)
        )
        assert found["who_is_right"].to_list() == ["left"], place
        assert why in found["why"].item()
    canada_2025 = rows.filter((pl.col("place") == "2025-10-R") & (pl.col("table_name") == "pit_stops"))
    assert canada_2025["why"].str.contains("through the pit lane").sum() > 40


def test_a_whole_field_that_is_out_alike_has_one_reason(lake: Lake) -> None:
    ours = pl.col("session_key") == "2024-01-R"
    first = ours & (pl.col("lap") == 1)
    times = pl.when(first).then(pl.col("lap_time_s") - 4.8).otherwise(pl.col("lap_time_s")).alias("lap_time_s")
    source = pl.when(first).then(pl.lit("derived_lap1")).otherwise("lap_time_source").alias("lap_time_source")
    with_laps(lake, [times, source])
    found = verdicts(lake, "results", "time_ms")
    assert len(found) > 5
    assert {who for who, _ in found.values()} == {"left"}
    assert all("every car of the session is out by about -4.8 s" in why for _, why in found.values())
